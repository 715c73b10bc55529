/* SPDX-License-Identifier: MIT */
/*
 * Two rows at a time: their digits lie side by side as bytes, so that one instruction
 * multiplies both by 7 bits of their scales and adds. The products of the upper and of the
 * lower 7 bits are kept apart in 16 bits, which hold those of 8 pairs: 8 * 2 * 15 * 127 < 2^15.
 */
#include "meaning/rows_unit.h"

#if SIMD_X86
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2"))) static inline
#define PAIRS 8
#define STEP 32 /* bytes of a row */

/* 16-bit sums of dimensions 0-7 and 16-23, then of 8-15 and 24-31, of those in low halves; then
 * the same of high halves. */
struct part {
	__m256i upper[4], lower[4];
};

AVX2 void
add_digits(struct part *p, int k, __m256i pairs, __m256i upper, __m256i lower)
{
	p->upper[k] = _mm256_add_epi16(p->upper[k], _mm256_maddubs_epi16(pairs, upper));
	p->lower[k] = _mm256_add_epi16(p->lower[k], _mm256_maddubs_epi16(pairs, lower));
}

/* Two rows, with the upper and the lower bits of the scales of both. */
struct pair {
	const uint8_t *a, *b;
	int16_t upper, lower;
};

AVX2 void
add_pair(struct part *p, const struct pair *pair, size_t at)
{
	__m256i x = _mm256_loadu_si256((const __m256i *)(const void *)(pair->a + at));
	__m256i y = _mm256_loadu_si256((const __m256i *)(const void *)(pair->b + at));
	__m256i upper = _mm256_set1_epi16(pair->upper), lower = _mm256_set1_epi16(pair->lower);
	__m256i half = _mm256_set1_epi8(15);
	__m256i l = _mm256_unpacklo_epi8(x, y), h = _mm256_unpackhi_epi8(x, y);

	add_digits(p, 0, _mm256_and_si256(l, half), upper, lower);
	add_digits(p, 1, _mm256_and_si256(h, half), upper, lower);
	add_digits(p, 2, _mm256_and_si256(_mm256_srli_epi16(l, 4), half), upper, lower);
	add_digits(p, 3, _mm256_and_si256(_mm256_srli_epi16(h, 4), half), upper, lower);
}

AVX2 void
add_eight(int32_t *sum, __m128i upper, __m128i lower)
{
	__m256i more = _mm256_add_epi32(
	    _mm256_slli_epi32(_mm256_cvtepi16_epi32(upper), 7), _mm256_cvtepi16_epi32(lower));
	__m256i *to = (__m256i *)(void *)sum;

	_mm256_storeu_si256(to, _mm256_add_epi32(_mm256_loadu_si256(to), more));
}

AVX2 void
add_part(int32_t *sum, const struct part *p)
{
	for (int k = 0; k < 4; k++) {
		int32_t *to = sum + (k / 2) * ROW_BYTES + (k % 2) * 8;

		add_eight(to, _mm256_castsi256_si128(p->upper[k]),
		    _mm256_castsi256_si128(p->lower[k]));
		add_eight(to + 16, _mm256_extracti128_si256(p->upper[k], 1),
		    _mm256_extracti128_si256(p->lower[k], 1));
	}
}

static inline struct pair
pair_of(const struct rows *r, uint32_t a, uint32_t b, uint32_t scale_a, uint32_t scale_b)
{
	return (struct pair){ r->row + (size_t)a * ROW_BYTES, r->row + (size_t)b * ROW_BYTES,
		(int16_t)(scale_a >> 7 | scale_b >> 7 << 8),
		(int16_t)((scale_a & 127) | (scale_b & 127) << 8) };
}

/* The pairs of n ids, the last of which may stay alone; how many. *scales grows by the scales of
 * all. */
static inline size_t
pairs_of(
    const struct rows *r, const uint32_t *ids, size_t n, struct pair *out, uint32_t *scales)
{
	size_t i = 0;

	for (; i + 2 <= n; i += 2) {
		uint32_t a = (uint32_t)rows_scale(r, ids[i]);
		uint32_t b = (uint32_t)rows_scale(r, ids[i + 1]);

		*scales += a + b;
		out[i / 2] = pair_of(r, ids[i], ids[i + 1], a, b);
	}
	if (i < n) {
		uint32_t a = (uint32_t)rows_scale(r, ids[i]);

		*scales += a;
		out[i / 2] = pair_of(r, ids[i], ids[i], a, 0);
	}
	return (n + 1) / 2;
}

AVX2 void
add_pairs(const struct pair *pair, size_t n, size_t at, int32_t *sum)
{
	struct part p;

	memset(&p, 0, sizeof p);
	for (size_t i = 0; i < n; i++)
		add_pair(&p, &pair[i], at);
	add_part(sum + at, &p);
}

__attribute__((target("avx2"))) void
rows_sum_avx2(const struct rows *r, const uint32_t *ids, size_t n, int32_t sum[ROW_DIMS])
{
	struct pair pair[PAIRS];
	uint32_t scales = 0;
	__m256i zero;

	memset(sum, 0, ROW_DIMS * sizeof *sum);
	for (size_t i = 0; i < n; i += 2 * PAIRS) {
		size_t pairs =
		    pairs_of(r, ids + i, n - i < 2 * PAIRS ? n - i : 2 * PAIRS, pair, &scales);

		for (size_t k = i + 2 * PAIRS; k < n && k < i + 4 * PAIRS; k++) {
			__builtin_prefetch(r->row + (size_t)ids[k] * ROW_BYTES);
			__builtin_prefetch(r->row + (size_t)ids[k] * ROW_BYTES + 64);
		}
		for (size_t at = 0; at < ROW_BYTES; at += STEP)
			add_pairs(pair, pairs, at, sum);
	}
	/* digits are above 8 */
	zero = _mm256_set1_epi32((int32_t)(8 * scales));
	for (size_t j = 0; j < ROW_DIMS; j += 8) {
		__m256i *to = (__m256i *)(void *)(sum + j);

		_mm256_storeu_si256(to, _mm256_sub_epi32(_mm256_loadu_si256(to), zero));
	}
}

__attribute__((target("avx2"))) bool
rows_unit_avx2(int32_t sum[ROW_DIMS], float *unit)
{
	return rows_unit_of(sum, unit);
}
#endif
