/* SPDX-License-Identifier: MIT */
/* The table of merges, without collisions. */
#ifndef TOKENS_BUILD_PAIRS_H
#define TOKENS_BUILD_PAIRS_H

#include "tokens/vocab.h"

/* Makes the arrays of struct vocab that vocab_pair reads, of the sizes in head (of which pairs
 * may become larger), from the parts of its tokens. The caller frees them, also on failure:
 * false where no table of a size that may be was found. */
bool build_pairs(struct vocab_header *head, const uint32_t *left, const uint32_t *right,
    uint16_t **moved, uint64_t **pair);

#endif
