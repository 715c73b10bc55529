/* SPDX-License-Identifier: MIT */
#include "sides.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"
#include "stats/distinct.h"

#define BITS (UINT64_C(1) << 23)
#define PROBES 6

static uint64_t
bit_of(uint64_t hash, unsigned probe)
{
	return (hash + probe * ((hash >> 32) | 1)) & (BITS - 1);
}

static void
add_parent(struct sides *s, struct slice id)
{
	uint64_t hash = distinct_hash(id);

	if (!s->bits)
		s->bits = mem_zero(BITS / 8);
	for (unsigned i = 0; i < PROBES; i++)
		s->bits[bit_of(hash, i) / 8] |= (unsigned char)(1u << (bit_of(hash, i) % 8));
}

static bool
has_parent(const struct sides *s, uint64_t hash)
{
	for (unsigned i = 0; s->bits && i < PROBES; i++)
		if (!(s->bits[bit_of(hash, i) / 8] & (1u << (bit_of(hash, i) % 8))))
			return false;
	return s->bits != NULL;
}

static void
add_call(struct sides *s, struct slice parent, struct usd usd)
{
	if (s->count == SIDES_LIMIT)
		return;
	if (s->count == s->room) {
		s->room = s->room ? s->room * 2 : 64;
		s->calls = mem_grow(s->calls, s->room, sizeof(*s->calls));
	}
	s->calls[s->count++] = (struct side_call){ distinct_hash(parent), usd };
}

void
sides_see(struct sides *s, const struct record *r, const struct row *row, bool first)
{
	struct slice parent = json_string(json_get(row->request.llm, "for"), r->arena);
	struct slice id = json_string(row->request.id, r->arena);

	if (!first)
		return;
	if (parent.ptr) {
		static const struct usd zero;

		add_call(s, parent, row->unpriced ? zero : row->bill.usd);
		return;
	}
	/* without an id of its own a record is known by its line */
	if (!id.ptr)
		id = arena_printf(r->arena, "r-%" PRIu64, r->ordinal);
	add_parent(s, id);
}

uint64_t
sides_missing(const struct sides *s, struct usd *cost)
{
	uint64_t n = 0;

	*cost = (struct usd){ 0 };
	for (size_t i = 0; i < s->count; i++) {
		if (has_parent(s, s->calls[i].parent))
			continue;
		*cost = usd_add(*cost, s->calls[i].usd);
		n++;
	}
	return n;
}

void
sides_free(struct sides *s)
{
	free(s->bits);
	free(s->calls);
	*s = (struct sides){ 0 };
}
