/* SPDX-License-Identifier: MIT */
/* The way from a sum to a vector of length 1, compiled once for each instruction set. */
#ifndef LLM_MEANING_ROWS_UNIT_H
#define LLM_MEANING_ROWS_UNIT_H

#include <math.h>
#include <string.h>

#include "meaning/rows.h"

typedef int32_t rows_wide __attribute__((vector_size(32)));
typedef float rows_floats __attribute__((vector_size(32)));
typedef int32_t rows_four __attribute__((vector_size(16)));
typedef double rows_doubles __attribute__((vector_size(32)));

#define ROWS_WIDE 8
#define ROWS_FOUR 4

/* All bits of the values, of negative ones those of their complement. */
static inline __attribute__((always_inline)) uint32_t
rows_bits(const int32_t v[ROW_DIMS])
{
	rows_wide all = { 0 }, x;
	uint32_t bits = 0;

	for (size_t j = 0; j < ROW_DIMS; j += ROWS_WIDE) {
		memcpy(&x, v + j, sizeof x);
		all |= x ^ (x < 0); /* of a vector all bits of a true one are set */
	}
	for (size_t k = 0; k < ROWS_WIDE; k++)
		bits |= (uint32_t)all[k];
	return bits;
}

static inline __attribute__((always_inline)) void
rows_shift(int32_t v[ROW_DIMS], int shift)
{
	for (size_t j = 0; j < ROW_DIMS; j += ROWS_WIDE) {
		rows_wide x;

		memcpy(&x, v + j, sizeof x);
		x >>= shift;
		memcpy(v + j, &x, sizeof x);
	}
}

/* Values are below 2^22: a double holds the sum of their squares. */
static inline __attribute__((always_inline)) double
rows_squares(const int32_t v[ROW_DIMS])
{
	rows_doubles sum = { 0 };

	for (size_t j = 0; j < ROW_DIMS; j += ROWS_FOUR) {
		rows_four x;
		rows_doubles wide;

		memcpy(&x, v + j, sizeof x);
		wide = __builtin_convertvector(x, rows_doubles);
		sum += wide * wide;
	}
	return sum[0] + sum[1] + sum[2] + sum[3];
}

/* Whole numbers up to a correctly rounded root and its inverse: the same on each machine. */
static inline __attribute__((always_inline)) bool
rows_unit_of(int32_t v[ROW_DIMS], float *unit)
{
	uint32_t bits = rows_bits(v);
	double squares;
	float inverse;
	int shift = 0;

	/* below 2^22: so that a float holds each */
	while (bits >> shift >= 1u << 22)
		shift++;
	if (shift)
		rows_shift(v, shift);
	squares = rows_squares(v);
	inverse = squares > 0 ? (float)(1 / sqrt(squares)) : 0;
	for (size_t j = 0; j < ROW_DIMS; j += ROWS_WIDE) {
		rows_wide x;
		rows_floats scaled;

		memcpy(&x, v + j, sizeof x);
		scaled = __builtin_convertvector(x, rows_floats) * inverse;
		memcpy(unit + j, &scaled, sizeof scaled);
	}
	return squares > 0;
}

#endif
