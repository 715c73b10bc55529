/* SPDX-License-Identifier: MIT */
#include "figure.h"

struct slice
audit_percent(struct usd part, struct usd whole, struct arena *a)
{
	__int128 n = part.units, d = whole.units;
	unsigned long tenths;

	if (d <= 0 || n < 0)
		return SLICE("-");
	while (d >> 100 || n >> 100) {
		d >>= 1;
		n >>= 1;
	}
	tenths = (unsigned long)((n * 2000 + d) / (d * 2));
	return arena_printf(a, "%lu.%lu %%", tenths / 10, tenths % 10);
}

struct slice
audit_dollars(struct usd d, unsigned decimals, struct arena *a)
{
	char text[64];

	return arena_copy(a, slice_z(usd_dollars(d, decimals, text)));
}
