/* SPDX-License-Identifier: MIT */
#include "meaning/rows_unit.h"

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

bool
rows_unit_portable(int32_t sum[ROW_DIMS], float *unit)
{
	return rows_unit_of(sum, unit);
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

const struct rows_path *
rows_best(void)
{
	static const struct rows_path portable = { rows_sum_portable, rows_unit_portable };
#if SIMD_X86
	static const struct rows_path avx2 = { rows_sum_avx2, rows_unit_avx2 };
	struct simd simd = { .has = machine_has };

	if (simd_form(&simd) == SIMD_AVX2)
		return &avx2;
#else
	(void)machine_has;
#endif
	return &portable;
}
