/* SPDX-License-Identifier: MIT */
/* Random numbers that depend on a seed and a place alone: Philox4x64 with 10 rounds (Salmon,
 * Moraes, Dror, Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011). The same on
 * every machine. */
#ifndef STATS_RANDOM_H
#define STATS_RANDOM_H

#include <stdint.h>

/* The block that belongs to this counter under this key. */
void random_block(const uint64_t counter[4], const uint64_t key[2], uint64_t out[4]);

/* A sequence: that of a seed, in one of 2^64 streams. */
struct random {
	uint64_t key[2], counter[4], block[4];
	unsigned used;
};
void random_open(struct random *r, uint64_t seed, uint64_t stream);
uint64_t random_next(struct random *r);
/* A whole number from 0 to bound - 1, bound > 0, by multiplication (Lemire 2019 without the
 * rejection: its bias is below bound / 2^64). */
uint64_t random_below(struct random *r, uint64_t bound);

#endif
