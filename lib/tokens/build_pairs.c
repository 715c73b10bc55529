/* SPDX-License-Identifier: MIT */
#include "tokens/build_pairs.h"

#include <stdlib.h>

#include "base/mem.h"

/* Hash and displace: all merges of one group are moved together until each falls on a slot
 * that is free, the largest groups first (D. Belazzougui, F. Botelho and M. Dietzfelbinger,
 * "Hash, displace, and compress", 2009). */

struct merges {
	uint64_t hash, slot;
	uint32_t group;
	uint32_t size; /* of its group */
};

static int
by_group(const void *a, const void *b)
{
	const struct merges *x = a, *y = b;

	if (x->size != y->size)
		return x->size > y->size ? -1 : 1;
	return x->group < y->group ? -1 : x->group > y->group;
}

/* Places one group moved by so much; false, and nothing is placed, if a slot is taken. */
static bool
place(const struct merges *g, unsigned shift, uint16_t moved, uint64_t *pair)
{
	for (uint32_t i = 0; i < g->size; i++) {
		uint64_t at = vocab_pair_at(g[i].hash, moved, shift);

		if (pair[at]) {
			while (i-- > 0)
				pair[vocab_pair_at(g[i].hash, moved, shift)] = 0;
			return false;
		}
		pair[at] = g[i].slot;
	}
	return true;
}

static bool
place_all(
    const struct merges *all, uint32_t count, unsigned shift, uint16_t *moved, uint64_t *pair)
{
	for (uint32_t i = 0; i < count; i += all[i].size) {
		uint32_t by = 0;

		while (by <= UINT16_MAX && !place(&all[i], shift, (uint16_t)by, pair))
			by++;
		if (by > UINT16_MAX)
			return false;
		moved[all[i].group] = (uint16_t)by;
	}
	return true;
}

static uint32_t
collect(const struct vocab_header *head, const uint32_t *left, const uint32_t *right,
    struct merges *all)
{
	uint32_t *sizes = mem_zero(head->moved * sizeof *sizes), count = 0;

	for (uint32_t id = 0; id < head->tokens; id++) {
		uint64_t hash;

		if (left[id] == VOCAB_NONE)
			continue;
		hash = vocab_pair_hash(left[id], right[id]);
		all[count] = (struct merges){ hash, vocab_pair_slot(left[id], right[id], id),
			hash >> 20 & (head->moved - 1), 0 };
		sizes[all[count++].group]++;
	}
	for (uint32_t i = 0; i < count; i++)
		all[i].size = sizes[all[i].group];
	free(sizes);
	qsort(all, count, sizeof *all, by_group);
	return count;
}

bool
build_pairs(struct vocab_header *head, const uint32_t *left, const uint32_t *right,
    uint16_t **moved, uint64_t **pair)
{
	struct merges *all = mem_grow(NULL, (size_t)head->tokens + 1, sizeof *all);
	uint32_t count;
	bool good = false;

	*moved = mem_zero(head->moved * sizeof **moved);
	*pair = NULL;
	count = collect(head, left, right, all);
	for (int tries = 0; !good && tries < 4; tries++) {
		if (tries > 0)
			head->pairs *= 2;
		free(*pair);
		*pair = mem_zero(head->pairs * sizeof **pair);
		good = place_all(
		    all, count, 64 - (unsigned)__builtin_ctz(head->pairs), *moved, *pair);
	}
	free(all);
	return good;
}
