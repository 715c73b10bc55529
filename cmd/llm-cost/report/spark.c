/* SPDX-License-Identifier: MIT */
#include "spark.h"

#include "show/terminal.h"

#define EIGHTHS 8

/* part * scale / whole, rounded down, 0 to scale. */
static size_t
scaled(struct usd part, struct usd whole, size_t scale)
{
	__int128 n = part.units, d = whole.units;

	if (n <= 0 || d <= 0)
		return 0;
	while (d >> 100 || n >> 100)
		d >>= 1, n >>= 1;
	if (n >= d)
		return scale;
	return (size_t)(n * (__int128)scale / d);
}

void
spark_bar(struct buf *out, struct usd part, struct usd whole, size_t width)
{
	/* U+258F to U+2588: one eighth to a whole */
	size_t tenths = scaled(part, whole, 1000), n;

	buf_printf(out, "%3zu.%zu %% ", tenths / 10, tenths % 10);
	if (!terminal_utf8()) {
		for (n = scaled(part, whole, width); n; n--)
			buf_add_byte(out, '#');
		return;
	}
	for (n = scaled(part, whole, width * EIGHTHS); n >= EIGHTHS; n -= EIGHTHS)
		buf_add(out, SLICE("\xE2\x96\x88"));
	if (n) {
		buf_add(out, SLICE("\xE2\x96"));
		buf_add_byte(out, (char)(0x90 - n));
	}
}

void
spark_line(struct buf *out, const struct timeline *t)
{
	static const char plain[] = "_.-=*#";
	struct usd most = { 0 };
	int64_t start = t->list[0].start;
	bool utf8 = terminal_utf8();

	for (size_t i = 0; i < t->count; i++)
		if (usd_cmp(t->list[i].cost, most) > 0)
			most = t->list[i].cost;
	for (size_t i = 0; i < t->count; start = period_next(t->period, start)) {
		struct usd cost = { 0 };

		if (t->list[i].start <= start)
			cost = t->list[i++].cost;
		if (!utf8) {
			buf_add_byte(out, plain[scaled(cost, most, sizeof(plain) - 2)]);
			continue;
		}
		/* U+2581 to U+2588; a blank is a day of nothing */
		if (cost.units <= 0) {
			buf_add_byte(out, ' ');
			continue;
		}
		buf_add(out, SLICE("\xE2\x96"));
		buf_add_byte(out, (char)(0x81 + scaled(cost, most, 7)));
	}
}
