/* SPDX-License-Identifier: MIT */
#include "tokens/merge_many.h"

/* What merges to rank, from left to right; returns the symbols that are left. A pair that this
 * makes ranks behind rank, as a token does behind its parts. */
static uint32_t
merge_rank(const struct vocab *v, uint32_t rank, uint32_t *id, uint32_t *pair, uint32_t n)
{
	uint32_t to = 0;

	for (uint32_t from = 0; from < n; from++, to++) {
		bool joined = pair[from] == rank;

		id[to] = joined ? rank : id[from];
		from += joined;
		pair[to] = pair[from];
		if (joined && to > 0)
			pair[to - 1] = vocab_pair(v, id[to - 1], rank);
		if (joined && from + 1 < n)
			pair[to] = vocab_pair(v, rank, id[from + 1]);
	}
	return to;
}

uint32_t
merge_many(const struct vocab *v, struct slice piece, uint32_t *ids)
{
	const unsigned char *p = (const unsigned char *)piece.ptr;
	uint32_t pair[MANY_MOST], n = (uint32_t)piece.len;

	for (uint32_t i = 0; i < n; i++)
		ids[i] = v->of_byte[p[i]];
	for (uint32_t i = 0; i + 1 < n; i++)
		pair[i] = v->of_two[p[i] << 8 | p[i + 1]];
	for (;;) {
		uint32_t rank = VOCAB_NONE;

		pair[n - 1] = VOCAB_NONE;
		for (uint32_t i = 0; i < n; i++)
			rank = pair[i] < rank ? pair[i] : rank;
		if (rank == VOCAB_NONE)
			return n;
		n = merge_rank(v, rank, ids, pair, n);
	}
}
