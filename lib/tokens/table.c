/* SPDX-License-Identifier: MIT */
#include "tokens/table.h"

#define LOW(n) (~(uint64_t)0 >> (64 - 8 * (n)))
#define LEN(n) ((uint64_t)(n) << 60)

const struct table_mask table_masks[17] = {
	{ { 0, 0 }, { 0, LEN(0) } },
	{ { LOW(1), 0 }, { 0, LEN(1) } },
	{ { LOW(2), 0 }, { 0, LEN(2) } },
	{ { LOW(3), 0 }, { 0, LEN(3) } },
	{ { LOW(4), 0 }, { 0, LEN(4) } },
	{ { LOW(5), 0 }, { 0, LEN(5) } },
	{ { LOW(6), 0 }, { 0, LEN(6) } },
	{ { LOW(7), 0 }, { 0, LEN(7) } },
	{ { LOW(8), 0 }, { 0, LEN(8) } },
	{ { LOW(8), LOW(1) }, { 0, LEN(9) } },
	{ { LOW(8), LOW(2) }, { 0, LEN(10) } },
	{ { LOW(8), LOW(3) }, { 0, LEN(11) } },
	{ { LOW(8), LOW(4) }, { 0, LEN(12) } },
	{ { LOW(8), LOW(5) }, { 0, LEN(13) } },
	{ { LOW(8), LOW(6) }, { 0, LEN(14) } },
	{ { LOW(8), LOW(7) }, { 0, LEN(15) } },
	{ { 0, 0 }, { UINT64_MAX, UINT64_MAX & ~TABLE_TOKENS } },
};
