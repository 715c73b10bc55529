/* SPDX-License-Identifier: MIT */
#include "tokens/tokens.h"

#include "base/hash.h"
#include "base/mem.h"
#include "tokens/tokenizer.h"

static const struct {
	const char *name;
} classes[] = { [TOKENS_EXACT] = { "exact" },
	[TOKENS_TEMPLATE] = { "template" },
	[TOKENS_ESTIMATE] = { "estimate" } };

const char *
token_class_name(enum token_class c)
{
	return classes[c].name;
}

/* What counts texts of the model: what the user gave, the compiled-in encoding, or that which
 * the family's estimate starts from. */
static void
choose_encoding(struct tokenizer *t, const struct encoding *given)
{
	const struct family *unknown = family_named(SLICE("unknown"));

	t->encoding = given ? given : encoding_find(t->family->encoding);
	t->exact = t->encoding != NULL;
	/* who names a compiled-in encoding means its framing; of a file none is documented */
	if (given && !t->family->encoding.ptr) {
		struct slice name = slice_z(encoding_name(given));

		t->family = family_named(encoding_find(name) == given ? name : SLICE("own"));
	}
	if (t->exact)
		return;
	if (!t->family->weights)
		t->family = unknown;
	t->encoding = encoding_find(slice_z(t->family->weights->base));
}

static struct tokenizer *
make(struct slice model)
{
	struct tokenizer *t = mem_zero(sizeof *t);
	struct slice meant = models_resolve(model), name;
	const struct encoding *given = encoding_given(model);

	t->model = model;
	t->family = family_of(meant);
	t->image = family_image(meant);
	choose_encoding(t, given ? given : encoding_given(meant));
	t->calibration = calibration_of(model);
	if (!t->calibration)
		t->calibration = calibration_of(meant);
	name = t->exact ? slice_z(encoding_name(t->encoding)) : t->family->name;
	t->family_name = mem_zero(name.len + 1);
	memcpy(t->family_name, name.ptr, name.len);
	return t;
}

/* More names than this are no configuration but a stream of them: they share one estimate, so
 * that memory stays bounded. */
#define NAMES_MOST 4096

const struct tokenizer *
tokenizer_for(struct slice model)
{
	static struct hash_map names;
	static struct tokenizer **tokenizers, *unknown;
	bool added;
	size_t i = hash_map_find(&names, model);

	if (i != SIZE_MAX)
		return tokenizers[i];
	if (names.count >= NAMES_MOST) {
		if (!unknown)
			unknown = make(SLICE(""));
		return unknown;
	}
	i = hash_map_add(&names, model, &added);
	tokenizers = mem_grow(tokenizers, i + 1, sizeof *tokenizers);
	return tokenizers[i] = make(names.keys[i]);
}

const struct encoding *
tokenizer_encoding(const struct tokenizer *t)
{
	return t->exact ? t->encoding : NULL;
}

bool
tokenizer_learns(const struct tokenizer *t)
{
	return !t->exact || t->family->hidden;
}

const char *
tokenizer_family(const struct tokenizer *t)
{
	return t->family_name;
}

const char *
tokenizer_date(void)
{
	return families_date();
}

void
tally_text(struct tally *s, struct slice text)
{
	uint64_t count = encoding_count(s->t->encoding, text);

	if (s->t->exact)
		s->exact += count;
	else
		estimate_add(&s->estimate, s->t->family->weights, count, text);
}

void
tally_unsure(struct tally *s, struct slice text)
{
	int64_t before = s->estimate.middle + (int64_t)s->exact * 1000;
	uint64_t count;

	tally_text(s, text);
	count = (uint64_t)(s->estimate.middle + (int64_t)s->exact * 1000 - before + 999) / 1000;
	s->below += count / 2;
	s->above += count / 4 + 8;
}

/* Thousandths to whole tokens. */
static uint64_t
whole(int64_t n)
{
	return n > 0 ? (uint64_t)(n + 500) / 1000 : 0;
}

/* A calibration is of the user's making: what overflows is cut. */
static uint64_t
cut(double n)
{
	return n <= 0 ? 0 : n >= 9e15 ? (uint64_t)9e15 : (uint64_t)(n + 0.5);
}

static void
reach_down(struct tokens *sum, uint64_t by)
{
	sum->low -= sum->low < by ? sum->low : by;
}

struct tokens
tally_sum(const struct tally *s)
{
	const struct tokenizer *t = s->t;
	const struct weights *w = t->family->weights;
	struct tokens sum = { .class = t->exact ? TOKENS_EXACT : TOKENS_ESTIMATE,
		.missing = s->missing };

	sum.count = sum.low = sum.high = s->exact;
	if (!t->exact && s->estimate.texts) {
		/* a token off is no error of the weights: they are of longer texts */
		sum.count += whole(s->estimate.middle);
		sum.low += (uint64_t)estimate_low(&s->estimate, w) / 1000;
		reach_down(&sum, 1);
		sum.high += (uint64_t)estimate_high(&s->estimate, w) / 1000 + 1;
	}
	if (s->below || s->above)
		sum.class = TOKENS_ESTIMATE;
	reach_down(&sum, s->below);
	sum.high += s->above;
	return sum;
}

/* By the factor alone: of the overhead of requests a text has nothing. */
static void
calibrate_text(const struct calibration *c, struct tokens *sum)
{
	struct calibration factor = *c;

	factor.overhead = 0;
	tally_calibrate(&factor, sum);
}

void
tally_calibrate(const struct calibration *c, struct tokens *sum)
{
	double n = (double)sum->count;

	sum->count = cut(n * c->factor + c->overhead);
	sum->low = cut(n * c->low + c->overhead);
	reach_down(sum, 1);
	sum->high = cut(n * c->high + c->overhead) + 1;
}

struct tokens
tokens_text(const struct tokenizer *t, struct slice text)
{
	struct tally s = { .t = t };
	struct tokens sum;

	tally_text(&s, text);
	sum = tally_sum(&s);
	if (t->calibration && !t->exact && sum.count)
		calibrate_text(t->calibration, &sum);
	return sum;
}
