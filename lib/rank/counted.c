/* SPDX-License-Identifier: MIT */
/* The words of all units, counted. */
#include "rank/score_parts.h"

static size_t
bytes_of(const struct units *u)
{
	size_t n = 0;

	for (size_t i = 0; i < u->count; i++)
		n += u->list[i].text.len;
	return n;
}

void
counted_read(struct counted *c, const struct units *u)
{
	size_t room = bytes_of(u) / 4 + 16, count = 0, seen_room = 4096;
	uint32_t *seen = arena_zero(c->arena, seen_room, sizeof(*seen));

	c->df = arena_zero(c->arena, seen_room, sizeof(*c->df));
	c->id = arena_alloc(c->arena, room * sizeof(*c->id));
	c->from = arena_alloc(c->arena, (u->count + 1) * sizeof(*c->from));
	for (size_t i = 0; i < u->count; i++) {
		struct slice rest = u->list[i].text;
		uint32_t id;

		c->from[i] = (uint32_t)count;
		while (terms_next(&c->terms, &rest, &id)) {
			c->id = arena_more(c->arena, c->id, count, &room, sizeof(*c->id));
			if (id >= seen_room) {
				uint32_t *more =
				    arena_zero(c->arena, 4 * seen_room, sizeof(*more));
				uint32_t *df = arena_zero(c->arena, 4 * seen_room, sizeof(*df));

				memcpy(more, seen, seen_room * sizeof(*more));
				memcpy(df, c->df, seen_room * sizeof(*df));
				seen = more;
				c->df = df;
				seen_room *= 4;
			}
			c->id[count++] = id;
			c->df[id] += seen[id] != i + 1;
			seen[id] = (uint32_t)i + 1;
		}
	}
	c->from[u->count] = (uint32_t)count;
	c->words = arena_alloc(c->arena, (u->count + 1) * sizeof(*c->words));
	for (size_t i = 0; i < u->count; i++)
		c->words[i] = (float)(c->from[i + 1] - c->from[i]);
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
