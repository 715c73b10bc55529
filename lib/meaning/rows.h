/* SPDX-License-Identifier: MIT */
/*
 * The rows of the token table and their sums. A row is 128 bytes: byte j holds dimension j in
 * its low and dimension j + 128 in its high half, each plus 8; its scale is a number below
 * 2^14. Sums are of whole numbers, so that each instruction set gives the same.
 */
#ifndef LLM_MEANING_ROWS_H
#define LLM_MEANING_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/simd.h"

#define ROW_DIMS 256
#define ROW_BYTES (ROW_DIMS / 2)
/* So many rows always fit in 32 bits: 16 * 2^14 * 2^13 = 2^31. */
#define ROWS_MOST 8000

struct rows {
	const uint8_t *row;   /* ROW_BYTES each */
	const uint8_t *scale; /* two bytes each, low one first */
};

/* sum[j] = the scaled digits of dimension j, over ids[0..n), n at most ROWS_MOST. */
typedef void (*rows_sum_fn)(
    const struct rows *r, const uint32_t *ids, size_t n, int32_t sum[ROW_DIMS]);
/* unit[0..ROW_DIMS) = the sum, which is scratch, at length 1; false, zeros: it is zero. */
typedef bool (*rows_unit_fn)(int32_t sum[ROW_DIMS], float *unit);

/* What there is for an instruction set. */
struct rows_path {
	rows_sum_fn sum;
	rows_unit_fn unit;
};

void rows_sum_portable(
    const struct rows *r, const uint32_t *ids, size_t n, int32_t sum[ROW_DIMS]);
bool rows_unit_portable(int32_t sum[ROW_DIMS], float *unit);
#if SIMD_X86
void rows_sum_avx2(const struct rows *r, const uint32_t *ids, size_t n, int32_t sum[ROW_DIMS]);
bool rows_unit_avx2(int32_t sum[ROW_DIMS], float *unit);
#endif

/* The best of this machine, or what LLM_SIMD names. Static. */
const struct rows_path *rows_best(void);

static inline int32_t
rows_scale(const struct rows *r, uint32_t id)
{
	const uint8_t *scale = r->scale + 2 * (size_t)id;

	return scale[0] | scale[1] << 8;
}

#endif
