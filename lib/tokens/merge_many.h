/* SPDX-License-Identifier: MIT */
/* Merging a part of a long piece as the definition says it, all pairs of a rank at once. */
#ifndef TOKENS_MERGE_MANY_H
#define TOKENS_MERGE_MANY_H

#include "tokens/vocab.h"

#define MANY_MOST 1024 /* bytes */

/* Writes the tokens of piece, of 1 to MANY_MOST bytes, to ids, room for as many as it has
 * bytes; returns how many. Takes as many passes as there are different ranks. */
uint32_t merge_many(const struct vocab *v, struct slice piece, uint32_t *ids);

#endif
