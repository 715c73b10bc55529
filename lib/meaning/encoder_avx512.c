/* SPDX-License-Identifier: MIT */
#include "meaning/encoder_path.h"

#if SIMD_X86
#include <immintrin.h>

#define TARGET __attribute__((target("avx2,avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")))
#define LANES 16
#define VEC_MAX(a, b) ((vec)_mm512_max_ps((__m512)(a), (__m512)(b)))
#define VEC_MIN(a, b) ((vec)_mm512_min_ps((__m512)(a), (__m512)(b)))
#define VEC_LEAST(v) _mm512_reduce_min_ps((__m512)(v))
#define VEC_MOST(v) _mm512_reduce_max_ps((__m512)(v))
#define VEC_LOW(v) _mm512_cvtepi32_epi8((__m512i)(v))
#include "meaning/encoder_lanes.h"

#define ROWS 6
#define COLUMNS ENCODER_BLOCK
#include "meaning/encoder_tiles.h"

/* sum += products of four bytes and four weights; the intrinsic makes gcc 12 copy each sum
 * twice */
FN void
add_products(__m512i *sum, __m512i x, __m512i w)
{
	__asm__("vpdpbusd %2, %1, %0" : "+v"(*sum) : "v"(x), "v"(w));
}

/* n rows times 32 outputs. */
FN void
tile(const struct encoder_matrix *m, const struct encoder_packed *rows, size_t row,
    size_t column, float *out, const size_t n)
{
	const int8_t *w = m->weights + column * m->in;
	size_t groups = m->in / ENCODER_GROUP;
	__m512 total[ROWS][2];

	UNROLL
	for (size_t r = 0; r < n; r++)
		total[r][0] = total[r][1] = _mm512_setzero_ps();
	for (size_t g = 0; g < groups; g++) {
		const uint8_t *in = rows->bytes + row * m->in + g * ENCODER_GROUP;
		const __m256i *sums = (const __m256i *)(m->sums + g * m->out + column);
		__m512i sum0 = _mm512_cvtepi16_epi32(_mm256_loadu_si256(sums));
		__m512i sum1 = _mm512_cvtepi16_epi32(_mm256_loadu_si256(sums + 1));
		__m512i a[ROWS][2];

		UNROLL
		for (size_t r = 0; r < n; r++)
			a[r][0] = a[r][1] = _mm512_setzero_si512();
		for (size_t k = 0; k < ENCODER_GROUP; k += 4, w += 128) {
			__m512i w0 = _mm512_loadu_si512(w), w1 = _mm512_loadu_si512(w + 64);

			UNROLL
			for (size_t r = 0; r < n; r++) {
				int32_t four;
				__m512i x;

				memcpy(&four, in + r * m->in + k, sizeof four);
				x = _mm512_set1_epi32(four);
				add_products(&a[r][0], x, w0);
				add_products(&a[r][1], x, w1);
			}
		}
		UNROLL
		for (size_t r = 0; r < n; r++) {
			size_t at = (row + r) * groups + g;
			__m512i zero = _mm512_set1_epi32(rows->zero[at]);
			__m512 scale = _mm512_set1_ps(rows->scale[at]);
			/* the upper half of each 32 bits of zero is 0 */
			__m512i b0 = _mm512_sub_epi32(a[r][0], _mm512_madd_epi16(sum0, zero));
			__m512i b1 = _mm512_sub_epi32(a[r][1], _mm512_madd_epi16(sum1, zero));

			total[r][0] = _mm512_add_ps(
			    total[r][0], _mm512_mul_ps(scale, _mm512_cvtepi32_ps(b0)));
			total[r][1] = _mm512_add_ps(
			    total[r][1], _mm512_mul_ps(scale, _mm512_cvtepi32_ps(b1)));
		}
	}
	UNROLL
	for (size_t r = 0; r < n; r++)
		UNROLL
	for (size_t c = 0; c < 2; c++)
		finish(m, (vec)total[r][c], row + r, column + c * LANES, out);
}

const struct encoder_path encoder_avx512 = { pack, multiply, gelu, norm, attend };
#endif
