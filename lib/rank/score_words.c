/* SPDX-License-Identifier: MIT */
/* The signs that are made of words. */
#include "rank/score_parts.h"

#include <math.h>

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

		if (!unit_is_body(n))
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

/* BM25 of what stands around each unit, as if it were one text. */
static void
windows(const struct counted *c, const struct units *u, const struct asked *q,
    const float *words, float width, const struct rank_weights *w, const float *idf, float *out)
{
	size_t n = u->count;
	float *tf = arena_alloc(u->arena, (n * q->count + 1) * sizeof(*tf));
	float *length = arena_alloc(u->arena, (n + 1) * sizeof(*length));

	sign_spread(u, words, width, w->across > 0, c->tf, q->count, tf);
	sign_spread(u, words, width, w->across > 0, words, 1, length);
	bm25(q, tf, length, n, idf, w->window_k1, w->section_b, -1, out);
}

/* A turn behind a question says as much to it. */
static void
answers(const struct units *u, float *unit)
{
	for (size_t i = u->count; i-- > 1;)
		if (u->list[i].kind == UNIT_TURN && slice_ends(u->list[i - 1].text, SLICE("?")) &&
		    unit[i] < unit[i - 1])
			unit[i] = unit[i - 1];
}

void
score_words(const struct units *u, const struct counted *c, const struct asked *q,
    const struct rank_weights *w, float *score, float *unit)
{
	size_t n = u->count;
	float idf[ASKED_MAX], *sign = arena_alloc(u->arena, (n + 1) * sizeof(*sign));
	const float *words = c->words;

	rarities(q, c->tf, n, w->rare, idf);
	bm25(q, c->tf, c->length, n, idf, w->k1, w->b, -1, unit);
	for (size_t i = 0; i < n; i++)
		unit[i] = unit_is_body(&u->list[i]) ? unit[i] : 0;
	sign_scale(unit, n);
	answers(u, unit);
	for (size_t i = 0; i < n; i++)
		score[i] += w->unit * unit[i];
	if (w->near != 0) {
		sign_smooth(u, words, unit, w->width, w->across > 0, sign);
		sign_add(score, sign, n, w->near);
	}
	if (w->window != 0) {
		windows(c, u, q, words, w->width, w, idf, sign);
		sign_add(score, sign, n, w->window);
	}
	if (w->far != 0) {
		windows(c, u, q, words, w->wide, w, idf, sign);
		sign_add(score, sign, n, w->far);
	}
	if (w->phrase != 0) {
		phrases(c, u, q, idf, sign);
		sign_add(score, sign, n, w->phrase);
	}
	for (int p = 0; w->part != 0 && q->part_count > 1 && p < (int)q->part_count; p++) {
		bm25(q, c->tf, c->length, n, idf, w->k1, w->b, p, sign);
		sign_add(score, sign, n, w->part);
	}
	if (w->section != 0) {
		struct sections s = gather(c, u, q, w->heading);

		rarities(q, s.tf, u->sections, w->rare, idf);
		bm25(q, s.tf, s.length, u->sections, idf, w->k1, w->section_b, -1, s.score);
		for (size_t i = 0; i < n; i++)
			sign[i] = s.score[u->list[i].section];
		sign_add(score, sign, n, w->section);
	}
}
