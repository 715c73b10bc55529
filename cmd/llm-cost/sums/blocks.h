/* SPDX-License-Identifier: MIT */
/* Blocks of five hours, as some subscriptions count use: an estimate, as nobody publishes where
 * they begin. A block begins at the full UTC hour of its first call and lasts five hours; the
 * next call begins the next one. Blocks are those of all calls together. */
#ifndef COST_BLOCKS_H
#define COST_BLOCKS_H

#include "sums.h"

#define BLOCK_HOURS 5

/* Replaces the hours in this field of all keys by the beginnings of their blocks. */
void blocks_make(struct groups *g, size_t field);
/* The last block's beginning, if it is not over at now; else "". */
void blocks_ongoing(const struct groups *g, size_t field, int64_t now, char out[32]);

#endif
