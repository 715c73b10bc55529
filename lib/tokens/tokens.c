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

static struct tokenizer *
make(struct slice model)
{
	struct tokenizer *t = mem_zero(sizeof *t);
	const struct calibration *calibration = calibration_of(model);
	const struct encoding *given = encoding_given(model);
	struct slice name;

	t->model = model;
	t->family = family_of(model);
	if (given) {
		t->encoding = given;
		t->exact = true;
		if (!t->family->encoding.ptr)
			t->family = family_named(slice_z(encoding_name(given)));
	} else if (t->family->encoding.ptr) {
		t->encoding = encoding_find(t->family->encoding);
		t->exact = true;
	} else {
		t->encoding = encoding_find(SLICE("o200k_base"));
	}
	if (calibration && !t->exact) {
		t->factor = calibration->factor;
		t->low = calibration->low;
		t->high = calibration->high;
	}
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

/* Digits and characters beyond ASCII: tokenizers differ most in them. */
static void
features(struct slice text, int64_t *digits, int64_t *beyond)
{
	int64_t d = 0, b = 0;

	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];

		d += (unsigned)(c - '0') < 10;
		b += c >= 0xc0;
	}
	*digits = d;
	*beyond = b;
}

void
tally_text(struct tally *s, struct slice text)
{
	const struct family *f = s->t->family;
	int64_t count = (int64_t)encoding_count(s->t->encoding, text), digits, beyond, n;

	if (!text.len)
		return;
	if (s->t->exact) {
		s->exact += (uint64_t)count;
		return;
	}
	features(text, &digits, &beyond);
	n = count * f->token + digits * f->digit + beyond * f->beyond;
	s->estimate += n < 1000 ? 1000 : n;
}

/* n thousandths, taken per cent. */
static uint64_t
share(int64_t n, int64_t percent)
{
	return (uint64_t)((n * percent + 50000) / 100000);
}

/* A calibration is of the user's making: what overflows is cut. */
static uint64_t
scaled(int64_t n, double by)
{
	double scaled = (double)n / 1000 * by + 0.5;

	return scaled >= 9e15 ? (uint64_t)9e15 : (uint64_t)scaled;
}

void
tally_unsure(struct tally *s, struct slice text)
{
	int64_t before = s->estimate + (int64_t)s->exact * 1000;

	tally_text(s, text);
	s->unsure += (uint64_t)(s->estimate + (int64_t)s->exact * 1000 - before + 999) / 1000;
}

static void
widen(struct tokens *sum, uint64_t unsure)
{
	if (!unsure)
		return;
	sum->class = TOKENS_ESTIMATE;
	sum->low -= sum->low < unsure / 2 ? sum->low : unsure / 2;
	sum->high += unsure / 4 + 8;
}

struct tokens
tally_sum(const struct tally *s)
{
	const struct tokenizer *t = s->t;
	int64_t n = s->estimate + (int64_t)s->exact * 1000;
	struct tokens sum = { .class = t->exact ? TOKENS_EXACT : TOKENS_ESTIMATE,
		.missing = s->missing };

	if (t->exact) {
		sum.count = sum.low = sum.high = s->exact;
	} else if (t->factor > 0) {
		sum.count = scaled(n, t->factor);
		sum.low = scaled(n, t->low);
		sum.high = scaled(n, t->high);
	} else if (n > 0) {
		/* the band is of long texts: a short one may be a token off besides */
		sum.count = share(n, 100);
		sum.low = share(n, t->family->low);
		sum.low -= sum.low > 0;
		sum.high = share(n, t->family->high) + 1;
	}
	widen(&sum, s->unsure);
	return sum;
}

struct tokens
tokens_text(const struct tokenizer *t, struct slice text)
{
	struct tally s = { .t = t };

	tally_text(&s, text);
	return tally_sum(&s);
}
