/* SPDX-License-Identifier: MIT */
/*
 * The encoder's arithmetic on floats, written once for registers of LANES numbers (4, 8 or 16).
 * A path sets LANES, TARGET, VEC_MAX and VEC_MIN, across lanes VEC_LEAST and VEC_MOST, and
 * VEC_LOW (the lowest byte of each number), and includes this. Each number goes the same way in
 * each width: lanes are independent, and sums over a row are taken in 16 stripes which are
 * added in one order. Build without contraction of a * b + c (build.mk).
 */
#ifndef LLM_MEANING_ENCODER_LANES_H
#define LLM_MEANING_ENCODER_LANES_H

#include <float.h>
#include <math.h>

#include "meaning/encoder_path.h"

#define STRIPES 16
#define PER_STRIPES (STRIPES / LANES)
#define FN static inline TARGET __attribute__((always_inline))
#if defined(__clang__)
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL _Pragma("GCC unroll 64")
#endif

typedef float vec __attribute__((vector_size(4 * LANES), may_alias));
typedef int32_t ivec __attribute__((vector_size(4 * LANES), may_alias));

/* Added to a number below 2^22 and taken away, it rounds to the nearest whole, ties to even. */
#define ROUND 12582912.0f

FN vec
load(const float *p)
{
	vec v;

	memcpy(&v, p, sizeof v);
	return v;
}

FN void
store(float *p, vec v)
{
	memcpy(p, &v, sizeof v);
}

FN vec
all(float f)
{
	return (vec){ 0 } + f;
}

/* A register of outputs of a row, from the sums of its products. */
FN void
finish(const struct encoder_matrix *m, vec total, size_t row, size_t column, float *out)
{
	store(out + row * m->out + column,
	    total * load(m->scale + column) + load(m->bias + column));
}

/* The lowest byte of each number's representation. */
FN void
store_low(uint8_t *p, vec v)
{
	__auto_type low = VEC_LOW(v);

	_Static_assert(sizeof low == LANES, "a byte a number");
	memcpy(p, &low, sizeof low);
}

/* Of the stripes of a row: s[0] + s[8], …, halves until one is left. */
FN float
join(const vec *v)
{
	float s[STRIPES];

	for (size_t i = 0; i < PER_STRIPES; i++)
		store(s + i * LANES, v[i]);
	for (size_t half = STRIPES / 2; half; half /= 2)
		for (size_t i = 0; i < half; i++)
			s[i] += s[i + half];
	return s[0];
}

/* n is a multiple of STRIPES. */
FN float
sum(const float *p, size_t n)
{
	vec v[PER_STRIPES] = { { 0 } };

	for (size_t i = 0; i < n; i += STRIPES)
		UNROLL
	for (size_t k = 0; k < PER_STRIPES; k++)
		v[k] += load(p + i + k * LANES);
	return join(v);
}

/* Least and greatest of p[0..n), n a multiple of LANES, and of 0. */
FN void
bounds(const float *p, size_t n, float *least, float *most)
{
	vec lo = all(0), hi = all(0);

	for (size_t i = 0; i < n; i += LANES) {
		vec v = load(p + i);

		lo = VEC_MIN(v, lo);
		hi = VEC_MAX(v, hi);
	}
	*least = VEC_LEAST(lo);
	*most = VEC_MOST(hi);
}

FN void
pack_group(const float *p, uint8_t *out, float *scale, int32_t *zero)
{
	float least, most, range, per, z;

	bounds(p, ENCODER_GROUP, &least, &most);
	range = most - least;
	per = range > FLT_MIN && range < FLT_MAX ? 255.0f / range : 0.0f;
	z = per > 0 ? (-least * per + ROUND) - ROUND : 0.0f;
	*scale = range / 255.0f;
	*zero = (int32_t)z;
	for (size_t i = 0; i < ENCODER_GROUP; i += LANES) {
		vec v = load(p + i) * per + z;

		v = VEC_MIN(VEC_MAX(v, all(0)), all(255.0f)) + ROUND;
		store_low(out + i, v);
	}
}

static TARGET void
pack(const float *in, size_t count, size_t wide, struct encoder_packed *out)
{
	size_t groups = count * wide / ENCODER_GROUP;

	for (size_t g = 0; g < groups; g++)
		pack_group(in + g * ENCODER_GROUP, out->bytes + g * ENCODER_GROUP,
		    out->scale + g, out->zero + g);
}

/* x / 2 * (1 + erf(x / sqrt 2)); erf from a polynomial in x^2 up to 4.8, off by at most 4e-6.
 */
static TARGET void
gelu(float *v, size_t n)
{
	static const float c[] = { 0.294425368309021f, -0.1459672898054123f,
		0.10582584142684937f, -0.08099127560853958f, 0.06121984124183655f,
		-0.04503319784998894f, 0.028619982302188873f, -0.013781341724097729f,
		0.009405207820236683f, -0.008992928080260754f, 0.003603569231927395f };

	for (size_t i = 0; i < n; i += LANES) {
		vec x = load(v + i);
		vec cut = VEC_MIN(VEC_MAX(x, all(-4.8f)), all(4.8f));
		vec t = cut * cut * 0.0868055522441864f - 1.0f;
		vec p = all(c[10]);

		UNROLL
		for (int k = 9; k >= 0; k--)
			p = p * t + c[k];
		store(v + i, x * 0.5f * (1.0f + p * cut));
	}
}

/* e to the x, x <= 0: 2^n times a polynomial for the rest. */
FN vec
expo(vec x)
{
	vec n, r, p;

	x = VEC_MAX(x, all(-87.0f));
	n = x * 1.44269504f + ROUND;
	r = n - ROUND;
	r = (x - r * 0.693359375f) - r * -2.12194440e-4f;
	p = r * 1.9875691500e-4f + 1.3981999507e-3f;
	p = p * r + 8.3334519073e-3f;
	p = p * r + 4.1665795894e-2f;
	p = p * r + 1.6666665459e-1f;
	p = p * r + 5.0000001201e-1f;
	p = p * (r * r) + r + 1.0f;
	return p * (vec)(((ivec)n + 127) << 23);
}

static TARGET void
norm(float *v, const float *add, const struct encoder_norm *norm, const float *live,
    size_t wide, const struct encoder_model *m)
{
	vec squares[PER_STRIPES] = { { 0 } };
	float mean, per;

	for (size_t i = 0; i < wide; i += LANES)
		store(v + i, (load(v + i) + load(add + i)) * load(live + i));
	mean = sum(v, wide) / (float)m->hidden;
	for (size_t i = 0; i < wide; i += STRIPES)
		UNROLL
	for (size_t k = 0; k < PER_STRIPES; k++) {
		size_t at = i + k * LANES;
		vec d = (load(v + at) - mean) * load(live + at);

		squares[k] += d * d;
		store(v + at, d);
	}
	per = 1.0f / sqrtf(join(squares) / (float)m->hidden + m->epsilon);
	for (size_t i = 0; i < wide; i += LANES)
		store(v + i, load(v + i) * per * load(norm->gain + i) + load(norm->bias + i));
}

#define QUERIES 4 /* at a time */

/* Keys with a text's rows beside each other, values with padding, both zero where nothing is.
 */
FN void
gather(const struct encoder_head *h, size_t padded, size_t dims)
{
	size_t row = 3 * h->wide;

	memset(h->keys, 0, h->dims * padded * sizeof *h->keys);
	memset(h->values, 0, h->count * dims * sizeof *h->values);
	for (size_t i = 0; i < h->count; i++) {
		const float *key = h->qkv + i * row + h->wide + h->offset;

		for (size_t d = 0; d < h->dims; d++)
			h->keys[d * padded + i] = key[d];
		memcpy(h->values + i * dims, key + h->wide, h->dims * sizeof *key);
	}
}

/* shares[q][j] = e to the (product of query q and key j, less the greatest); what they sum to.
 */
FN void
shares(const struct encoder_head *h, const float *const *query, size_t padded, float *total)
{
	for (size_t j = 0; j < padded; j += LANES) {
		vec s[QUERIES] = { { 0 } };

		for (size_t d = 0; d < h->dims; d++) {
			vec key = load(h->keys + d * padded + j);

			UNROLL
			for (size_t q = 0; q < QUERIES; q++)
				s[q] += key * query[q][d];
		}
		UNROLL
		for (size_t q = 0; q < QUERIES; q++)
			store(h->shares + q * padded + j, s[q] * h->scale);
	}
	for (size_t q = 0; q < QUERIES; q++) {
		float *share = h->shares + q * padded, most = share[0];

		for (size_t j = 1; j < h->count; j++)
			most = share[j] > most ? share[j] : most;
		for (size_t j = 0; j < padded; j += LANES)
			store(share + j, expo(load(share + j) - most));
		for (size_t j = h->count; j < padded; j++)
			share[j] = 0;
		total[q] = sum(share, padded);
	}
}

FN void
blend(
    const struct encoder_head *h, size_t first, size_t padded, size_t dims, const float *total)
{
	for (size_t d = 0; d < dims; d += LANES) {
		vec s[QUERIES] = { { 0 } };

		for (size_t j = 0; j < h->count; j++) {
			vec value = load(h->values + j * dims + d);

			UNROLL
			for (size_t q = 0; q < QUERIES; q++)
				s[q] += value * h->shares[q * padded + j];
		}
		for (size_t q = 0; q < QUERIES && first + q < h->count; q++) {
			float *out = h->out + (first + q) * h->wide + h->offset + d;
			float got[LANES];

			store(got, s[q] * (1.0f / total[q]));
			memcpy(out, got,
			    (h->dims - d < LANES ? h->dims - d : LANES) * sizeof *out);
		}
	}
}

static TARGET void
attend(const struct encoder_head *h)
{
	size_t padded = (h->count + STRIPES - 1) / STRIPES * STRIPES;
	size_t dims = (h->dims + LANES - 1) / LANES * LANES;

	gather(h, padded, dims);
	for (size_t i = 0; i < h->count; i += QUERIES) {
		const float *query[QUERIES];
		float total[QUERIES];

		/* past the end the last one is taken again, and not stored */
		for (size_t q = 0; q < QUERIES; q++)
			query[q] = h->qkv + h->offset +
				   (i + q < h->count ? i + q : h->count - 1) * 3 * h->wide;
		shares(h, query, padded, total);
		blend(h, i, padded, dims, total);
	}
}

#endif
