/* SPDX-License-Identifier: MIT */
#include "meaning/nearest_path.h"

#if SIMD_X86
#include <immintrin.h>

#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl,avx512vpopcntdq,popcnt")))
#include "meaning/nearest_tail.h"

static inline TARGET __m512i
block_distance(const uint64_t *b, size_t words, const uint64_t *query)
{
	__m512i sum = _mm512_setzero_si512();

	for (size_t w = 0; w < words; w++) {
		__m512i x = _mm512_xor_si512(_mm512_loadu_si512(b + w * BLOCK_ROWS),
		    _mm512_set1_epi64((int64_t)query[w]));

		sum = _mm512_add_epi64(sum, _mm512_popcnt_epi64(x));
	}
	return sum;
}

static inline TARGET size_t
scan(const uint64_t *blocks, size_t from, size_t to, size_t words, const uint64_t *query,
    uint32_t bound, struct candidate *out, size_t *count, size_t room)
{
	const __m512i most = _mm512_set1_epi64(bound);
	size_t block = from;

	for (; block < to && room - *count >= BLOCK_ROWS; block++) {
		__m512i sum = block_distance(blocks + block * words * BLOCK_ROWS, words, query);
		unsigned near = _mm512_cmple_epu64_mask(sum, most);
		uint64_t distance[BLOCK_ROWS];

		if (!near)
			continue;
		_mm512_storeu_si512(distance, sum);
		for (; near; near &= near - 1) {
			unsigned r = (unsigned)__builtin_ctz(near);

			out[(*count)++] =
			    (struct candidate){ (uint32_t)(block * BLOCK_ROWS + r),
				    (uint32_t)distance[r] };
		}
	}
	return block;
}

static TARGET size_t
bits(const uint64_t *blocks, size_t from, size_t to, size_t words, const uint64_t *query,
    uint32_t bound, struct candidate *out, size_t *count, size_t room)
{
	/* with a count that the compiler knows, the query stays in registers */
	if (words == 2)
		return scan(blocks, from, to, 2, query, bound, out, count, room);
	return scan(blocks, from, to, words, query, bound, out, count, room);
}

static TARGET int32_t
dot(const int8_t *a, const int8_t *b, size_t n)
{
	__m512i sum = _mm512_setzero_si512();

	for (size_t i = 0; i < n; i += 32) {
		__m512i x = _mm512_cvtepi8_epi16(_mm256_loadu_si256((const __m256i *)(a + i)));
		__m512i y = _mm512_cvtepi8_epi16(_mm256_loadu_si256((const __m256i *)(b + i)));

		sum = _mm512_add_epi32(sum, _mm512_madd_epi16(x, y));
	}
	return _mm512_reduce_add_epi32(sum);
}

const struct nearest_path nearest_avx512 = { bits, tail, dot };
#endif
