/* SPDX-License-Identifier: MIT */
/* What is unlike the others. */
#include <math.h>
#include <stdlib.h>

#include "base/ascii.h"
#include "cmd/llm-compress/table/drop.h"

#define FAR 8

/* A run of letters and digits that goes from one to the other and back is a name that a
 * machine made up: 7d4b9, x2x9z. */
size_t
drop_made_up(struct slice s, size_t at)
{
	size_t i = at, turns = 0;

	if (at && (ascii_digit(s.ptr[at - 1]) || ascii_letter(s.ptr[at - 1])))
		return 0;
	for (; i < s.len && (ascii_digit(s.ptr[i]) || ascii_letter(s.ptr[i])); i++)
		turns += i > at && ascii_digit(s.ptr[i]) != ascii_digit(s.ptr[i - 1]);
	return turns > 1 && i - at > 4 ? i - at : 0;
}

uint64_t
drop_mask(struct slice s)
{
	uint64_t h = 0xCBF29CE484222325u;
	bool digit = false;

	for (size_t i = 0, made; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];
		bool now = ascii_digit(s.ptr[i]) ||
			   (digit && ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')));

		if ((made = drop_made_up(s, i)) != 0) {
			i += made - 1;
			now = true;
			digit = false;
		}
		if (now && digit)
			continue;
		digit = now;
		h = (h ^ (now ? '0' : c)) * 0x100000001B3u;
	}
	return h;
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

void
drop_far(const double *v, size_t n, struct arena *a, bool *far)
{
	double *sorted = arena_alloc(a, (n + 1) * sizeof(*sorted)), middle, spread;

	if (n < 5)
		return;
	memcpy(sorted, v, n * sizeof(*v));
	qsort(sorted, n, sizeof(*sorted), by_value);
	middle = sorted[n / 2];
	for (size_t i = 0; i < n; i++)
		sorted[i] = fabs(v[i] - middle);
	qsort(sorted, n, sizeof(*sorted), by_value);
	spread = sorted[n / 2];
	if (spread <= 0) /* most are equal: whatever differs, if few do */
		spread = sorted[n - 1 - n / 50] > 0 ? sorted[n - 1 - n / 50] : 1e-9;
	for (size_t i = 0; i < n; i++)
		far[i] |= fabs(v[i] - middle) > FAR * spread;
}
