/* SPDX-License-Identifier: MIT */
#include "meaning/nearest_path.h"

static uint32_t
ones(uint64_t x)
{
	return (uint32_t)__builtin_popcountll(x);
}

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
				distance[r] += ones(b[w * BLOCK_ROWS + r] ^ query[w]);
		for (size_t r = 0; r < BLOCK_ROWS; r++)
			if (distance[r] <= bound)
				out[(*count)++] =
				    (struct candidate){ (uint32_t)(block * BLOCK_ROWS + r),
					    distance[r] };
	}
	return block;
}

static void
tail(const uint64_t *rows, size_t words, const uint64_t *query, struct candidate *list,
    size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const uint64_t *row = rows + list[i].row * words;

		for (size_t w = 0; w < words; w++)
			list[i].distance += ones(row[w] ^ query[w]);
	}
}

static int32_t
dot(const int8_t *a, const int8_t *b, size_t n)
{
	int32_t sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += a[i] * b[i];
	return sum;
}

const struct nearest_path nearest_portable = { "portable", bits, tail, dot };
