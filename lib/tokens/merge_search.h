/* SPDX-License-Identifier: MIT */
/* Merging a long piece by search: slow, but linear whatever the piece. */
#ifndef TOKENS_MERGE_SEARCH_H
#define TOKENS_MERGE_SEARCH_H

#include "tokens/merge.h"

/* Replaces the content of m with the tokens of piece, which is not empty. Takes an eighth of
 * a byte for each byte, besides m. */
void merge_search(const struct vocab *v, struct slice piece, struct merge *m);
/* Adds a token. */
void merge_push(struct merge *m, uint32_t id);

#endif
