/* SPDX-License-Identifier: MIT */
/* The signs that are made of vectors. */
#include "rank/score_parts.h"

#include <stdlib.h>

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
		if (unit_is_body(&u->list[i]))
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

		if (best_of(score, i, end) < least || !unit_is_body(&u->list[i]))
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
		unit[i] = unit_is_body(&u->list[i]) ? cosine(e, asked, u->list[i].text, v) : 0;
	sign_smooth(u, words, unit, w->width, true, window);
}

void
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
	sign_add(score, unit, n, w->meaning);
	sign_add(score, section, n, w->meaning_section);
}
