/* SPDX-License-Identifier: MIT */
#include "meaning/nearest_path.h"

#if SIMD_X86
#include <immintrin.h>

#define TARGET __attribute__((target("avx2,popcnt")))
#include "meaning/nearest_tail.h"

/* Ones of each 64 bits: a table of sixteen for both halves of each byte, then sums of bytes
 * (Mula, Kurz, Lemire, "Faster Population Counts Using AVX2 Instructions", 2018). */
static inline TARGET __m256i
ones(__m256i x)
{
	const __m256i table = _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4,
	    0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
	const __m256i low = _mm256_set1_epi8(15);
	__m256i a = _mm256_shuffle_epi8(table, _mm256_and_si256(x, low));
	__m256i b = _mm256_shuffle_epi8(table, _mm256_and_si256(_mm256_srli_epi16(x, 4), low));

	return _mm256_add_epi8(a, b);
}

static inline TARGET unsigned
near_four(__m256i sum, __m256i bound, struct candidate *four)
{
	uint64_t distance[4];
	unsigned far =
	    (unsigned)_mm256_movemask_pd(_mm256_castsi256_pd(_mm256_cmpgt_epi64(sum, bound)));

	if (far == 15)
		return 0;
	_mm256_storeu_si256((__m256i *)distance, sum);
	for (unsigned i = 0; i < 4; i++)
		four[i].distance = (uint32_t)distance[i];
	return ~far & 15;
}

static TARGET size_t
bits(const uint64_t *blocks, size_t from, size_t to, size_t words, const uint64_t *query,
    uint32_t bound, struct candidate *out, size_t *count, size_t room)
{
	const __m256i zero = _mm256_setzero_si256(), most = _mm256_set1_epi64x(bound);
	size_t block = from;

	for (; block < to && room - *count >= BLOCK_ROWS; block++) {
		const uint64_t *b = blocks + block * words * BLOCK_ROWS;
		__m256i sums[2] = { zero, zero };

		for (size_t w = 0; w < words; w++) {
			__m256i q = _mm256_set1_epi64x((int64_t)query[w]);

			for (size_t h = 0; h < 2; h++) {
				const __m256i *at =
				    (const __m256i *)(b + w * BLOCK_ROWS + 4 * h);
				__m256i x = ones(_mm256_xor_si256(_mm256_loadu_si256(at), q));

				sums[h] = _mm256_add_epi64(sums[h], _mm256_sad_epu8(x, zero));
			}
		}
		for (size_t h = 0; h < 2; h++) {
			struct candidate four[4];
			unsigned near = near_four(sums[h], most, four);

			for (; near; near &= near - 1) {
				unsigned r = (unsigned)__builtin_ctz(near);

				four[r].row = (uint32_t)(block * BLOCK_ROWS + 4 * h + r);
				out[(*count)++] = four[r];
			}
		}
	}
	return block;
}

static TARGET int32_t
dot(const int8_t *a, const int8_t *b, size_t n)
{
	__m256i sum = _mm256_setzero_si256();
	__m128i half;

	for (size_t i = 0; i < n; i += 16) {
		__m256i x = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(a + i)));
		__m256i y = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(b + i)));

		sum = _mm256_add_epi32(sum, _mm256_madd_epi16(x, y));
	}
	half = _mm_add_epi32(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
	half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0x4e));
	half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0xb1));
	return _mm_cvtsi128_si32(half);
}

const struct nearest_path nearest_avx2 = { bits, tail, dot };
#endif
