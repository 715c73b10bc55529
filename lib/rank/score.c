/* SPDX-License-Identifier: MIT */
#include "rank/score_parts.h"

#include <math.h>
#include <stdlib.h>

const struct rank_weights *
rank_weights_for(const struct units *u)
{
	size_t n = 0;

	for (size_t i = 0; i < u->count; i++)
		n += u->list[i].dialogue;
	return n * 2 > u->count ? &rank_dialogue : &rank_prose;
}

static bool
is_body(const struct unit *u)
{
	return u->kind != UNIT_HEADING && u->kind != UNIT_END;
}

static void
scale(float *v, size_t n)
{
	float most = 0;

	for (size_t i = 0; i < n; i++)
		most = v[i] > most ? v[i] : most;
	for (size_t i = 0; i < n && most > 0; i++)
		v[i] /= most;
}

static void
add_scaled(float *score, float *sign, size_t n, float weight)
{
	scale(sign, n);
	for (size_t i = 0; i < n; i++)
		score[i] += weight * sign[i];
}

/* Rarity of the terms by how many of n rows have them, times their weights. */
static void
rarities(const struct asked *q, const float *tf, size_t n, float rare, float *idf)
{
	float df[ASKED_MAX] = { 0 };

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < q->count; k++)
			df[k] += tf[i * q->count + k] > 0;
	for (size_t k = 0; k < q->count; k++) {
		float r = logf(1 + ((float)n - df[k] + .5f) / (df[k] + .5f));

		idf[k] = q->weight[k] * powf(r, rare);
	}
}

/* BM25 of n rows; part: only the terms of this part of the question, or -1. */
static void
bm25(const struct asked *q, const float *tf, const float *length, size_t n, const float *idf,
    float k1, float b, int part, float *out)
{
	float mean = 1;

	for (size_t i = 0; i < n; i++)
		mean += length[i] / (float)n;
	for (size_t i = 0; i < n; i++) {
		float norm = k1 * (1 - b + b * length[i] / mean), s = 0;

		for (size_t k = 0; k < q->count; k++) {
			float f = tf[i * q->count + k];

			if (f > 0 && (part < 0 || (q->parts[k] >> part & 1)))
				s += idf[k] * f * (k1 + 1) / (f + norm);
		}
		out[i] = s;
	}
}

/* One pass of the kernel exp(-distance / width) in both directions over rows of `step` values,
 * where distance is in words from middle to middle. Sums, not means. */
static void
spread_once(const struct units *u, const float *words, float width, bool across,
    const float *in, size_t step, float *out)
{
	float carry[ASKED_MAX + 2] = { 0 };

	for (size_t i = 0; i < u->count; i++) {
		float decay = i ? expf(-(words[i] + words[i - 1]) / 2 / width) : 0;

		if (i && !across && u->list[i].section != u->list[i - 1].section)
			decay = 0;
		for (size_t k = 0; k < step; k++) {
			carry[k] = carry[k] * decay + in[i * step + k];
			out[i * step + k] = carry[k];
		}
	}
	memset(carry, 0, sizeof(carry));
	for (size_t i = u->count; i--;) {
		float decay =
		    i + 1 < u->count ? expf(-(words[i] + words[i + 1]) / 2 / width) : 0;

		if (i + 1 < u->count && !across && u->list[i].section != u->list[i + 1].section)
			decay = 0;
		for (size_t k = 0; k < step; k++) {
			carry[k] *= decay;
			out[i * step + k] += carry[k];
			carry[k] += in[i * step + k];
		}
	}
}

/* The kernel twice over, which is near to a Gaussian. */
static void
spread(const struct units *u, const float *words, float width, bool across, const float *in,
    size_t step, float *out)
{
	float *once = arena_alloc(u->arena, (u->count * step + 1) * sizeof(*once));

	spread_once(u, words, width, across, in, step, once);
	spread_once(u, words, width, across, once, step, out);
}

/* The mean over the neighbours, each as heavy as it has words. */
static void
smooth(const struct units *u, const float *words, const float *in, float width, bool across,
    float *out)
{
	float *pair = arena_alloc(u->arena, (2 * u->count + 1) * sizeof(*pair));
	float *sums = arena_alloc(u->arena, (2 * u->count + 1) * sizeof(*sums));

	for (size_t i = 0; i < u->count; i++) {
		float mass = is_body(&u->list[i]) ? words[i] : 0;

		pair[2 * i] = in[i] * mass;
		pair[2 * i + 1] = mass;
	}
	spread(u, words, width, across, pair, 2, sums);
	for (size_t i = 0; i < u->count; i++)
		out[i] = sums[2 * i + 1] > 0 ? sums[2 * i] / sums[2 * i + 1] : 0;
}

/* Sums of the rows of each section, with what heads it counted once. */
struct sections {
	float *tf, *length, *score;
};

static struct sections
gather(const struct counted *c, const struct units *u, const struct asked *q, float heading)
{
	struct arena *a = c->arena;
	struct sections s = { arena_zero(a, u->sections * q->count + 1, sizeof(float)),
		arena_zero(a, u->sections + 1, sizeof(float)),
		arena_zero(a, u->sections + 1, sizeof(float)) };
	bool *headed = arena_zero(a, u->sections + 1, 1);

	for (size_t i = 0; i < u->count; i++) {
		const struct unit *n = &u->list[i];
		uint32_t h = n->heading;

		if (!is_body(n))
			continue;
		for (size_t k = 0; k < q->count; k++) {
			float f = c->tf[i * q->count + k];

			if (h != UNITS_NONE && headed[n->section])
				f -= heading * c->tf[h * q->count + k];
			s.tf[n->section * q->count + k] += f;
		}
		s.length[n->section] += (float)(c->from[i + 1] - c->from[i]);
		headed[n->section] = true;
	}
	return s;
}

/* Pairs of words of the question that stand side by side in the unit. */
static void
phrases(const struct counted *c, const struct units *u, const struct asked *q, const float *idf,
    float *out)
{
	uint32_t *behind = arena_zero(c->arena, c->terms.count, sizeof(*behind));

	for (size_t k = 0; k < q->count; k++)
		if (q->next[k] != k)
			behind[q->term[k]] = q->next[k] + 1;
	for (size_t i = 0; i < u->count; i++) {
		out[i] = 0;
		for (uint32_t j = c->from[i]; j + 1 < c->from[i + 1]; j++) {
			uint32_t n = behind[c->id[j]];

			if (n && c->id[j + 1] == q->term[n - 1])
				out[i] += idf[n - 1];
		}
	}
}

/* Whether the unit has what is asked for: a number, a year or a month, a name. */
static float
has_kind(const struct asked *q, struct slice s)
{
	size_t digits = 0;
	bool number = false, year = false, name = false;

	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];

		if (c >= '0' && c <= '9') {
			digits++;
			number = true;
			continue;
		}
		year |= digits == 4;
		digits = 0;
		name |=
		    i > 2 && c >= 'A' && c <= 'Z' && s.ptr[i - 1] == ' ' && s.ptr[i - 2] != '.';
	}
	year |= digits == 4;
	return (q->number && number) || (q->date && year) || (q->name && name) ? 1 : 0;
}

static void
kinds(const struct units *u, const struct asked *q, float *out)
{
	bool any = q->number || q->date || q->name;

	for (size_t i = 0; i < u->count; i++)
		out[i] = any && is_body(&u->list[i]) ? has_kind(q, u->list[i].text) : 0;
}

static void
places(const struct units *u, float *out)
{
	size_t start = 0;

	for (size_t i = 0; i < u->count; i++) {
		if (i && u->list[i].section != u->list[i - 1].section)
			start = i;
		out[i] = is_body(&u->list[i]) ? 1.f / (float)(1 + i - start) : 0;
	}
}

static struct slice
section_text(const struct units *u, size_t i, size_t *end)
{
	size_t k = i;

	while (k + 1 < u->count && u->list[k + 1].section == u->list[i].section)
		k++;
	*end = k + 1;
	return slice_of(u->list[i].text.ptr,
	    (size_t)(u->list[k].text.ptr + u->list[k].text.len - u->list[i].text.ptr));
}

static float
cosine(struct embed *e, const float *q, struct slice text, float *v)
{
	float dot;

	if (embed_text(e, text, v) == EMBED_EMPTY)
		return 0;
	dot = vector_dot(q, v, embed_dims(e));
	return dot > 0 ? dot : 0;
}

/* Heading and text as one. */
static struct slice
headed(const struct units *u, size_t i, struct slice text, struct arena *a)
{
	uint32_t h = u->list[i].heading;
	struct slice head;
	char *p;

	if (h == UNITS_NONE)
		return text;
	head = u->list[h].text;
	p = arena_alloc(a, head.len + text.len + 1);
	memcpy(p, head.ptr, head.len);
	p[head.len] = '\n';
	memcpy(p + head.len + 1, text.ptr, text.len);
	return slice_of(p, head.len + 1 + text.len);
}

static float
best_of(const float *score, size_t from, size_t to)
{
	float best = score[from];

	while (++from < to)
		best = score[from] > best ? score[from] : best;
	return best;
}

static int
by_size(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;

	return (x < y) - (x > y);
}

#define FEW 8 /* sections that are looked at in any case */

/* What a section's best score must be so that it is among the better half of those with a body.
 */
static float
least_of_best(const struct units *u, const float *score)
{
	float *best = arena_alloc(u->arena, (u->sections + 1) * sizeof(*best));
	size_t n = 0;

	for (size_t i = 0, end; i < u->count; i = end) {
		section_text(u, i, &end);
		if (is_body(&u->list[i]))
			best[n++] = best_of(score, i, end);
	}
	if (n <= FEW)
		return 0;
	qsort(best, n, sizeof(*best), by_size);
	return best[n / 2 > FEW ? n / 2 : FEW];
}

/* Cosines of units and of their sections, for the better half of the sections by their words.
 */
static void
meanings(const struct units *u, const float *asked, const struct rank_weights *w,
    struct embed *e, const float *score, float *unit, float *section)
{
	float *v = arena_alloc(u->arena, embed_dims(e) * sizeof(*v));
	float least = least_of_best(u, score);

	for (size_t i = 0, end; i < u->count; i = end) {
		struct slice text = section_text(u, i, &end);
		float s = 0;

		if (best_of(score, i, end) < least || !is_body(&u->list[i]))
			continue;
		if (w->meaning_section != 0)
			s = cosine(e, asked, headed(u, i, text, u->arena), v);
		for (size_t k = i; k < end; k++) {
			section[k] = s;
			unit[k] = w->meaning != 0 ? cosine(e, asked, u->list[k].text, v) : 0;
		}
	}
}

/* Cosines of a window over the units. */
static void
window_meanings(const struct units *u, const float *words, const float *asked,
    const struct rank_weights *w, struct embed *e, float *unit, float *window)
{
	float *v = arena_alloc(u->arena, embed_dims(e) * sizeof(*v));

	for (size_t i = 0; i < u->count; i++)
		unit[i] = is_body(&u->list[i]) ? cosine(e, asked, u->list[i].text, v) : 0;
	smooth(u, words, unit, w->width, true, window);
}

#define IDENTIFIERS 8
#define PINNED_MOST 4
#define NAMED 100 /* more than all signs together */

/* The next word of the question that is an identifier: 6 bytes or more with 3 digits. */
static bool
identifier_next(struct slice *rest, struct slice *id)
{
	while (rest->len) {
		size_t n = 0;
		size_t digits = 0;
		struct slice word;

		while (rest->len && memchr(" \t\r\n\"'`(),;?!", rest->ptr[0], 13))
			*rest = slice_drop(*rest, 1);
		while (n < rest->len && !memchr(" \t\r\n\"'`(),;?!", rest->ptr[n], 13))
			digits += rest->ptr[n] >= '0' && rest->ptr[n] <= '9', n++;
		word = slice_take(*rest, n);
		*rest = slice_drop(*rest, n);
		while (word.len && memchr(".:", word.ptr[word.len - 1], 2))
			word.len--;
		if (digits >= 3 && word.len >= 6) {
			*id = word;
			return true;
		}
	}
	return false;
}

static void
pin_identifiers(struct units *u, struct slice question, float *score)
{
	struct slice id;

	for (size_t n = 0; n < IDENTIFIERS && identifier_next(&question, &id); n++) {
		size_t found[PINNED_MOST], count = 0;

		for (size_t i = 0; i < u->count && count <= PINNED_MOST; i++) {
			struct slice t = u->list[i].text;

			if (t.len < id.len || !memmem(t.ptr, t.len, id.ptr, id.len))
				continue;
			if (count < PINNED_MOST)
				found[count] = i;
			count++;
		}
		for (size_t i = 0; i < count && count <= PINNED_MOST; i++) {
			enum unit_kind kind = u->list[found[i]].kind;

			score[found[i]] += NAMED;
			u->list[found[i]].pinned |= kind == UNIT_RECORD || kind == UNIT_ROW ||
						    kind == UNIT_ITEM || kind == UNIT_LINE;
		}
	}
}

/* BM25 of what stands around each unit, as if it were one text. */
static void
windows(const struct counted *c, const struct units *u, const struct asked *q,
    const float *words, const struct rank_weights *w, const float *idf, float *out)
{
	size_t n = u->count;
	float *tf = arena_alloc(u->arena, (n * q->count + 1) * sizeof(*tf));
	float *length = arena_alloc(u->arena, (n + 1) * sizeof(*length));

	spread(u, words, w->width, w->across > 0, c->tf, q->count, tf);
	spread(u, words, w->width, w->across > 0, words, 1, length);
	bm25(q, tf, length, n, idf, w->window_k1, w->section_b, -1, out);
}

/* The signs that are made of words. */
static void
score_words(const struct units *u, const struct counted *c, const struct asked *q,
    const struct rank_weights *w, float *score, float *unit)
{
	size_t n = u->count;
	float idf[ASKED_MAX], *sign = arena_alloc(u->arena, (n + 1) * sizeof(*sign));
	struct sections s = gather(c, u, q, w->heading);
	const float *words = c->words;

	rarities(q, c->tf, n, w->rare, idf);
	bm25(q, c->tf, c->length, n, idf, w->k1, w->b, -1, unit);
	for (size_t i = 0; i < n; i++)
		unit[i] = is_body(&u->list[i]) ? unit[i] : 0;
	scale(unit, n);
	for (size_t i = 0; i < n; i++)
		score[i] += w->unit * unit[i];
	if (w->near != 0) {
		smooth(u, words, unit, w->width, w->across > 0, sign);
		add_scaled(score, sign, n, w->near);
	}
	if (w->window != 0) {
		windows(c, u, q, words, w, idf, sign);
		add_scaled(score, sign, n, w->window);
	}
	if (w->far != 0) {
		smooth(u, words, unit, w->wide, w->across > 0, sign);
		add_scaled(score, sign, n, w->far);
	}
	if (w->phrase != 0) {
		phrases(c, u, q, idf, sign);
		add_scaled(score, sign, n, w->phrase);
	}
	for (int p = 0; w->part != 0 && q->part_count > 1 && p < (int)q->part_count; p++) {
		bm25(q, c->tf, c->length, n, idf, w->k1, w->b, p, sign);
		add_scaled(score, sign, n, w->part);
	}
	if (w->section != 0) {
		rarities(q, s.tf, u->sections, w->rare, idf);
		bm25(q, s.tf, s.length, u->sections, idf, w->k1, w->section_b, -1, s.score);
		for (size_t i = 0; i < n; i++)
			sign[i] = s.score[u->list[i].section];
		add_scaled(score, sign, n, w->section);
	}
}

static void
score_meaning(const struct units *u, const float *words, struct slice question,
    const struct rank_weights *w, struct embed *e, float *score)
{
	size_t n = u->count;
	float *asked = arena_alloc(u->arena, embed_dims(e) * sizeof(*asked));
	float *unit = arena_zero(u->arena, n + 1, sizeof(*unit));
	float *section = arena_zero(u->arena, n + 1, sizeof(*section));

	if (embed_text(e, question, asked) != EMBED_OK)
		return;
	if (w->across > 0)
		window_meanings(u, words, asked, w, e, unit, section);
	else
		meanings(u, asked, w, e, score, unit, section);
	add_scaled(score, unit, n, w->meaning);
	add_scaled(score, section, n, w->meaning_section);
}

void
rank_score(struct units *u, struct slice question, const struct rank_weights *w,
    struct embed *embed, float *score)
{
	struct asked q;
	struct counted c = { .arena = u->arena };
	float *sign = arena_alloc(u->arena, (u->count + 1) * sizeof(*sign));
	size_t n = u->count;

	memset(score, 0, n * sizeof(*score));
	terms_open(&c.terms, u->arena);
	asked_read(&q, question, &c.terms);
	counted_read(&c, u);
	u->word = c.id;
	u->from = c.from;
	u->words = c.terms.count;
	u->common = c.terms.common;
	if (q.count) {
		float *unit = arena_alloc(u->arena, (n + 1) * sizeof(*unit));

		counted_asked(&c, u, &q, w->heading);
		score_words(u, &c, &q, w, score, unit);
		if (w->feedback > 0) {
			size_t known = q.count;

			asked_feedback(&q, &c, u, score, w->feedback);
			if (q.count > known) {
				memset(score, 0, n * sizeof(*score));
				counted_asked(&c, u, &q, w->heading);
				score_words(u, &c, &q, w, score, unit);
			}
		}
		kinds(u, &q, sign);
		add_scaled(score, sign, n, w->kind);
		if (embed && (w->meaning != 0 || w->meaning_section != 0))
			score_meaning(u, c.words, question, w, embed, score);
		pin_identifiers(u, question, score);
	}
	places(u, sign);
	add_scaled(score, sign, n, q.count ? w->first : 1);
	for (size_t i = 0; i < n; i++)
		if (!is_body(&u->list[i]))
			score[i] = 0;
}
