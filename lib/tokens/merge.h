/* SPDX-License-Identifier: MIT */
/* The tokens of one piece, as merging by rank gives them, in time linear in its length. */
#ifndef TOKENS_MERGE_H
#define TOKENS_MERGE_H

#include "tokens/vocab.h"

/* Where the tokens of a piece go; the first ones need no memory. Set to { .id = x.few, .room =
 * MERGE_FEW }; merge_free when done. */
#define MERGE_FEW 256
struct merge {
	uint32_t *id;
	size_t count, room;
	uint32_t few[MERGE_FEW];
};

/* Replaces the content of m with the tokens of piece, which is not empty. A piece that is a
 * token as a whole is no special case here: the caller has looked for it. */
void merge_piece(const struct vocab *v, struct slice piece, struct merge *m);
/* How many these tokens are, in memory that does not grow with the piece. (There may be pieces
 * for which it does, by 4 bytes a token, but none is known: see merge.c.) */
uint64_t merge_count(const struct vocab *v, struct slice piece);
/* Replaces the content of m with this one token. */
void merge_set(struct merge *m, uint32_t id);
void merge_free(struct merge *m);

#endif
