/* SPDX-License-Identifier: MIT */
#include "stats/random.h"

#include <string.h>

#define ROUNDS 10
#define MULTIPLIER_0 0xD2E7470EE14C6C93u
#define MULTIPLIER_1 0xCA5A826395121157u
#define WEYL_0 0x9E3779B97F4A7C15u
#define WEYL_1 0xBB67AE8584CAA73Bu

void
random_block(const uint64_t counter[4], const uint64_t key[2], uint64_t out[4])
{
	uint64_t k0 = key[0], k1 = key[1], c[4];

	memcpy(c, counter, sizeof(c));
	for (int i = 0; i < ROUNDS; i++) {
		unsigned __int128 p = (unsigned __int128)MULTIPLIER_0 * c[0];
		unsigned __int128 q = (unsigned __int128)MULTIPLIER_1 * c[2];

		c[0] = (uint64_t)(q >> 64) ^ c[1] ^ k0;
		c[1] = (uint64_t)q;
		c[2] = (uint64_t)(p >> 64) ^ c[3] ^ k1;
		c[3] = (uint64_t)p;
		k0 += WEYL_0;
		k1 += WEYL_1;
	}
	memcpy(out, c, sizeof(c));
}

void
random_open(struct random *r, uint64_t seed, uint64_t stream)
{
	*r = (struct random){ .key = { seed, 0 }, .counter = { 0, stream, 0, 0 }, .used = 4 };
}

uint64_t
random_next(struct random *r)
{
	if (r->used == 4) {
		random_block(r->counter, r->key, r->block);
		r->counter[0]++;
		r->used = 0;
	}
	return r->block[r->used++];
}

uint64_t
random_below(struct random *r, uint64_t bound)
{
	return (uint64_t)((unsigned __int128)random_next(r) * bound >> 64);
}
