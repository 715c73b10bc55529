/* SPDX-License-Identifier: MIT */
/* Merging as a list of merges defines it: the one of the lowest rank first, then the leftmost.
 */
#ifndef TOKENS_BPE_REDUCE_H
#define TOKENS_BPE_REDUCE_H

#include "tokens/bpe.h"

/* A merge of two tokens, by their indexes; token VOCAB_NONE: a free slot. */
struct bpe_pair {
	uint32_t left, right, rank, token;
};

/* The slot of a pair, or the free one where it belongs; there is one. */
struct bpe_pair *bpe_slot(const struct bpe *b, uint32_t left, uint32_t right);
/* Replaces the content of m with the indexes of the tokens of piece, which is not empty; *last
 * is the merge that was made last, unchanged where there was none. */
void bpe_reduce(
    const struct bpe *b, struct slice piece, struct merge *m, struct bpe_pair *last);

#endif
