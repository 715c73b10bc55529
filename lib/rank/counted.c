/* SPDX-License-Identifier: MIT */
/* The words of all units, counted. */
#include "rank/score_parts.h"

static size_t
most_words(const struct units *u)
{
	size_t n = 0;

	for (size_t i = 0; i < u->count; i++)
		n += TERMS_MOST(u->list[i].text.len);
	return n;
}

/* What is pinned at an end is the question and what else says what to do: it stays, and would
 * speak for all that stands next to it. */
static void
find_task(const struct units *u, size_t *head, size_t *tail)
{
	*head = 0;
	*tail = u->count;
	while (*head < u->count && u->list[*head].pinned && unit_is_body(&u->list[*head]))
		++*head;
	while (*tail > *head && u->list[*tail - 1].pinned && unit_is_body(&u->list[*tail - 1]))
		--*tail;
}

void
counted_read(struct counted *c, const struct units *u)
{
	uint32_t count = 0;
	size_t head, tail;

	c->id = arena_alloc(c->arena, (most_words(u) + 1) * sizeof(*c->id));
	c->from = arena_alloc(c->arena, (u->count + 1) * sizeof(*c->from));
	c->words = arena_alloc(c->arena, (u->count + 1) * sizeof(*c->words));
	find_task(u, &head, &tail);
	for (size_t i = 0; i < u->count; i++) {
		c->from[i] = count;
		if (i >= head && i < tail)
			count += (uint32_t)terms_all(
			    &c->terms, said(u->list[i].text, c->arena), c->id + count);
		c->words[i] = (float)(count - c->from[i]);
	}
	c->from[u->count] = count;
}

void
counted_spread(struct counted *c, const struct units *u)
{
	uint32_t *last = arena_zero(c->arena, c->terms.count, sizeof(*last));

	c->df = arena_zero(c->arena, c->terms.count, sizeof(*c->df));
	for (uint32_t i = 0; i < u->count; i++)
		for (uint32_t j = c->from[i]; j < c->from[i + 1]; j++) {
			c->df[c->id[j]] += last[c->id[j]] != i + 1;
			last[c->id[j]] = i + 1;
		}
}

/* The words of unit i into tf. */
static void
count_unit(const struct counted *c, const uint16_t *place, size_t i, float *tf)
{
	for (uint32_t j = c->from[i]; j < c->from[i + 1]; j++)
		if (place[c->id[j]])
			tf[place[c->id[j]] - 1] += 1;
}

void
counted_asked(struct counted *c, const struct units *u, const struct asked *q, float heading)
{
	uint16_t *place = arena_zero(c->arena, c->terms.count, sizeof(*place));

	for (size_t k = 0; k < q->count; k++)
		place[q->term[k]] = (uint16_t)(k + 1);
	c->tf = arena_zero(c->arena, u->count * q->count + 1, sizeof(*c->tf));
	c->length = arena_zero(c->arena, u->count, sizeof(*c->length));
	for (size_t i = 0; i < u->count; i++) {
		uint32_t h = u->list[i].heading;

		c->length[i] = (float)(c->from[i + 1] - c->from[i]);
		count_unit(c, place, i, c->tf + i * q->count);
		if (h == UNITS_NONE || u->list[i].kind == UNIT_END || heading <= 0)
			continue;
		/* the heading's row holds its own words and its headings' already */
		for (size_t k = 0; k < q->count; k++)
			c->tf[i * q->count + k] += heading * c->tf[h * q->count + k];
		c->length[i] += heading * c->length[h];
	}
}
