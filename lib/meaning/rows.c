/* SPDX-License-Identifier: MIT */
#include "meaning/rows.h"

#include <string.h>

void
rows_sum_portable(const struct rows *r, const uint32_t *ids, size_t n, int32_t sum[ROW_DIMS])
{
	memset(sum, 0, ROW_DIMS * sizeof *sum);
	for (size_t i = 0; i < n; i++) {
		const uint8_t *row = r->row + (size_t)ids[i] * ROW_BYTES;
		int32_t scale = rows_scale(r, ids[i]);

		for (size_t j = 0; j < ROW_BYTES; j++) {
			sum[j] += ((row[j] & 15) - 8) * scale;
			sum[j + ROW_BYTES] += ((row[j] >> 4) - 8) * scale;
		}
	}
}

static bool
machine_has(enum simd_form form)
{
#if SIMD_X86
	return form == SIMD_AVX2 && __builtin_cpu_supports("avx2");
#else
	(void)form;
	return false;
#endif
}

rows_sum_fn
rows_sum_best(void)
{
	struct simd simd = { .has = machine_has };

#if SIMD_X86
	if (simd_form(&simd) == SIMD_AVX2)
		return rows_sum_avx2;
#else
	(void)simd;
#endif
	return rows_sum_portable;
}
