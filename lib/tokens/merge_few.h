/* SPDX-License-Identifier: MIT */
/* Merging a short piece as the definition says it. */
#ifndef TOKENS_MERGE_FEW_H
#define TOKENS_MERGE_FEW_H

#include "tokens/vocab.h"

#define FEW_MOST 62 /* bytes */

/* Writes the tokens of piece, of 1 to FEW_MOST bytes, to ids, room for as many as it has bytes;
 * returns how many. */
uint32_t merge_few(const struct vocab *v, struct slice piece, uint32_t *ids);
/* A piece of many that are merged side by side. */
struct few {
	struct slice piece;
	uint32_t count; /* tokens; 0: too long, not told */
};
/* Sets the counts; pieces are valid UTF-8. Faster than one by one: the look-ups of one piece
 * are waited for while those of the others go on. */
void merge_side_by_side(const struct vocab *v, struct few *few, size_t count);

#endif
