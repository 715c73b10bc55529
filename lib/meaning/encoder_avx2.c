/* SPDX-License-Identifier: MIT */
#include "meaning/encoder_path.h"

#if SIMD_X86
#include <immintrin.h>

#define TARGET __attribute__((target("avx2")))
#define LANES 8
#define VEC_MAX(a, b) ((vec)_mm256_max_ps((__m256)(a), (__m256)(b)))
#define VEC_MIN(a, b) ((vec)_mm256_min_ps((__m256)(a), (__m256)(b)))
#define VEC_LEAST(v)       \
	least4(_mm_min_ps( \
	    _mm256_castps256_ps128((__m256)(v)), _mm256_extractf128_ps((__m256)(v), 1)))
#define VEC_MOST(v)       \
	most4(_mm_max_ps( \
	    _mm256_castps256_ps128((__m256)(v)), _mm256_extractf128_ps((__m256)(v), 1)))

#define VEC_LOW(v) low8((__m256i)(v))

static inline TARGET uint64_t
low8(__m256i v)
{
	const __m256i first = _mm256_set1_epi32(0x0c080400);

	v = _mm256_shuffle_epi8(v, first);
	return (uint64_t)_mm_cvtsi128_si64(
	    _mm_unpacklo_epi32(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1)));
}

static inline TARGET float
least4(__m128 v)
{
	v = _mm_min_ps(v, _mm_movehl_ps(v, v));
	return _mm_cvtss_f32(_mm_min_ss(v, _mm_movehdup_ps(v)));
}

static inline TARGET float
most4(__m128 v)
{
	v = _mm_max_ps(v, _mm_movehl_ps(v, v));
	return _mm_cvtss_f32(_mm_max_ss(v, _mm_movehdup_ps(v)));
}

#include "meaning/encoder_lanes.h"

#define ROWS 4
#define COLUMNS 16
#include "meaning/encoder_tiles.h"

/* Sum of products of one group, of bytes less 128. In each pair of products that is added in 16
 * bits, the first factor is at most 128 and the second at most 127: 2 * 128 * 127 still fits.
 */
FN void
group(const int8_t *w, const uint8_t *in, size_t wide, __m256i (*a)[2], const size_t n)
{
	const __m256i ones = _mm256_set1_epi16(1);

	UNROLL
	for (size_t r = 0; r < n; r++)
		a[r][0] = a[r][1] = _mm256_setzero_si256();
	for (size_t k = 0; k < ENCODER_GROUP; k += 4, w += 4 * ENCODER_BLOCK) {
		__m256i w0 = _mm256_loadu_si256((const __m256i *)w);
		__m256i w1 = _mm256_loadu_si256((const __m256i *)(w + 32));

		UNROLL
		for (size_t r = 0; r < n; r++) {
			uint32_t four;
			__m256i x, size, p0, p1;

			memcpy(&four, in + r * wide + k, sizeof four);
			x = _mm256_set1_epi32((int32_t)(four ^ 0x80808080u));
			size = _mm256_abs_epi8(x);
			p0 = _mm256_maddubs_epi16(size, _mm256_sign_epi8(w0, x));
			p1 = _mm256_maddubs_epi16(size, _mm256_sign_epi8(w1, x));
			a[r][0] = _mm256_add_epi32(a[r][0], _mm256_madd_epi16(p0, ones));
			a[r][1] = _mm256_add_epi32(a[r][1], _mm256_madd_epi16(p1, ones));
		}
	}
}

/* n rows times 16 outputs. */
FN void
tile(const struct encoder_matrix *m, const struct encoder_packed *rows, size_t row,
    size_t column, float *out, const size_t n)
{
	const int8_t *w = m->weights + column / ENCODER_BLOCK * ENCODER_BLOCK * m->in +
			  column % ENCODER_BLOCK * 4;
	size_t groups = m->in / ENCODER_GROUP;
	vec total[ROWS][2];

	UNROLL
	for (size_t r = 0; r < n; r++)
		total[r][0] = total[r][1] = all(0);
	for (size_t g = 0; g < groups; g++, w += ENCODER_GROUP * ENCODER_BLOCK) {
		const __m128i *sums = (const __m128i *)(m->sums + g * m->out + column);
		__m256i sum0 = _mm256_cvtepi16_epi32(_mm_loadu_si128(sums));
		__m256i sum1 = _mm256_cvtepi16_epi32(_mm_loadu_si128(sums + 1));
		__m256i a[ROWS][2];

		group(w, rows->bytes + row * m->in + g * ENCODER_GROUP, m->in, a, n);
		UNROLL
		for (size_t r = 0; r < n; r++) {
			size_t at = (row + r) * groups + g;
			__m256i zero = _mm256_set1_epi32(rows->zero[at] - 128);
			float scale = rows->scale[at];
			__m256i b0 = _mm256_sub_epi32(a[r][0], _mm256_mullo_epi32(sum0, zero));
			__m256i b1 = _mm256_sub_epi32(a[r][1], _mm256_mullo_epi32(sum1, zero));

			total[r][0] += scale * (vec)_mm256_cvtepi32_ps(b0);
			total[r][1] += scale * (vec)_mm256_cvtepi32_ps(b1);
		}
	}
	UNROLL
	for (size_t r = 0; r < n; r++)
		UNROLL
	for (size_t c = 0; c < 2; c++)
		finish(m, total[r][c], row + r, column + c * LANES, out);
}

const struct encoder_path encoder_avx2 = { pack, multiply, gelu, norm, attend };
#endif
