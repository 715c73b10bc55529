/* SPDX-License-Identifier: MIT */
#include "meaning/encoder_path.h"

#define TARGET
#define LANES 4
#define VEC_MAX(a, b) vec_max(a, b)
#define VEC_MIN(a, b) vec_min(a, b)
#define VEC_LEAST(v) least4(v)
#define VEC_MOST(v) most4(v)
#define VEC_LOW(v) __builtin_convertvector((ivec)(v), bytes)

typedef float quad __attribute__((vector_size(16), may_alias));
typedef int32_t quad_mask __attribute__((vector_size(16), may_alias));

/* the second where they are equal or one is no number, as x86 has it */
static inline quad
vec_max(quad a, quad b)
{
	quad_mask m = a > b;

	return (quad)(((quad_mask)a & m) | ((quad_mask)b & ~m));
}

static inline quad
vec_min(quad a, quad b)
{
	quad_mask m = a < b;

	return (quad)(((quad_mask)a & m) | ((quad_mask)b & ~m));
}

static inline float
least4(quad v)
{
	float a = v[0] < v[1] ? v[0] : v[1], b = v[2] < v[3] ? v[2] : v[3];

	return a < b ? a : b;
}

static inline float
most4(quad v)
{
	float a = v[0] > v[1] ? v[0] : v[1], b = v[2] > v[3] ? v[2] : v[3];

	return a > b ? a : b;
}

typedef uint8_t bytes __attribute__((vector_size(4), may_alias));

#include "meaning/encoder_lanes.h"

#define OUTPUTS 4 /* at once: one register of weights */
#define ROWS 4

typedef int8_t weights __attribute__((vector_size(8), may_alias));
typedef int16_t shorts __attribute__((vector_size(16), may_alias));
typedef int32_t sums __attribute__((vector_size(32), may_alias));

/* Products of one group, rows times 4 outputs, of bytes less 128: such a product, and two of
 * them added, fit in 16 bits. got[row][0] has four sums for each of outputs 0 and 1,
 * got[row][1] for 2 and 3. */
FN void
group(const int8_t *w, const uint8_t *in, size_t wide, size_t n, sums (*got)[2])
{
	for (size_t r = 0; r < n; r++)
		got[r][0] = got[r][1] = (sums){ 0 };
	for (size_t k = 0; k < ENCODER_GROUP; k += 8, w += 8 * ENCODER_BLOCK) {
		shorts w4[4];

		for (size_t i = 0; i < 4; i++) {
			weights eight;

			memcpy(&eight, w + i / 2 * 4 * ENCODER_BLOCK + i % 2 * 8, sizeof eight);
			w4[i] = __builtin_convertvector(eight, shorts);
		}
		for (size_t r = 0; r < n; r++) {
			const uint8_t *b = in + r * wide + k;
			int16_t x0 = (int16_t)(b[0] - 128), x1 = (int16_t)(b[1] - 128);
			int16_t x2 = (int16_t)(b[2] - 128), x3 = (int16_t)(b[3] - 128);
			int16_t y0 = (int16_t)(b[4] - 128), y1 = (int16_t)(b[5] - 128);
			int16_t y2 = (int16_t)(b[6] - 128), y3 = (int16_t)(b[7] - 128);
			shorts x = { x0, x1, x2, x3, x0, x1, x2, x3 };
			shorts y = { y0, y1, y2, y3, y0, y1, y2, y3 };

			got[r][0] += __builtin_convertvector(w4[0] * x + w4[2] * y, sums);
			got[r][1] += __builtin_convertvector(w4[1] * x + w4[3] * y, sums);
		}
	}
}

/* n rows times 4 outputs. */
FN void
tile(const struct encoder_matrix *m, const struct encoder_packed *rows, size_t row,
    size_t column, float *out, size_t n)
{
	const int8_t *w = m->weights + column / ENCODER_BLOCK * ENCODER_BLOCK * m->in +
			  column % ENCODER_BLOCK * 4;
	size_t groups = m->in / ENCODER_GROUP;
	float total[ROWS][OUTPUTS] = { { 0 } };

	for (size_t g = 0; g < groups; g++, w += ENCODER_GROUP * ENCODER_BLOCK) {
		const int16_t *sum = m->sums + g * m->out + column;
		sums got[ROWS][2];

		group(w, rows->bytes + row * m->in + g * ENCODER_GROUP, m->in, n, got);
		for (size_t r = 0; r < n; r++)
			for (size_t o = 0; o < OUTPUTS; o++) {
				size_t at = (row + r) * groups + g;
				const sums *s = &got[r][o / 2];
				size_t k = o % 2 * 4;
				int32_t a = (*s)[k] + (*s)[k + 1] + (*s)[k + 2] + (*s)[k + 3];
				float part;

				a -= (rows->zero[at] - 128) * sum[o];
				part = rows->scale[at] * (float)a;
				total[r][o] += part;
			}
	}
	for (size_t r = 0; r < n; r++)
		finish(m, load(total[r]), row + r, column, out);
}

static void
multiply(
    const struct encoder_matrix *m, const struct encoder_packed *rows, size_t count, float *out)
{
	for (size_t column = 0; column < m->out; column += OUTPUTS)
		for (size_t row = 0; row < count; row += ROWS)
			tile(
			    m, rows, row, column, out, count - row < ROWS ? count - row : ROWS);
}

const struct encoder_path encoder_portable = { pack, multiply, gelu, norm, attend };
