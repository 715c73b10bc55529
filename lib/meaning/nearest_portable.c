/* SPDX-License-Identifier: MIT */
#define TARGET
#include "meaning/nearest_tail.h"

static size_t
bits(const uint64_t *blocks, size_t from, size_t to, size_t words, const uint64_t *query,
    uint32_t bound, struct candidate *out, size_t *count, size_t room)
{
	size_t block = from;

	for (; block < to && room - *count >= BLOCK_ROWS; block++) {
		const uint64_t *b = blocks + block * words * BLOCK_ROWS;
		uint32_t distance[BLOCK_ROWS] = { 0 };

		for (size_t w = 0; w < words; w++)
			for (size_t r = 0; r < BLOCK_ROWS; r++)
				distance[r] += (uint32_t)__builtin_popcountll(
				    b[w * BLOCK_ROWS + r] ^ query[w]);
		for (size_t r = 0; r < BLOCK_ROWS; r++)
			if (distance[r] <= bound)
				out[(*count)++] =
				    (struct candidate){ (uint32_t)(block * BLOCK_ROWS + r),
					    distance[r] };
	}
	return block;
}

static int32_t
dot(const int8_t *a, const int8_t *b, size_t n)
{
	int32_t sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += a[i] * b[i];
	return sum;
}

const struct nearest_path nearest_portable = { bits, tail, dot };
