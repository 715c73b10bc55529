/* SPDX-License-Identifier: MIT */
#include "show/figure.h"

#include <stdio.h>

/* n / d as a whole number and parts of scale, half up. */
static uint64_t
split(struct figure f, uint64_t scale, uint64_t *part)
{
	unsigned __int128 twice = (unsigned __int128)(f.n % f.d) * scale * 2 + f.d;

	*part = (uint64_t)(twice / ((unsigned __int128)f.d * 2));
	if (*part < scale)
		return f.n / f.d;
	*part = 0;
	return f.n / f.d + 1;
}

static void
add_ratio(struct figure f, struct buf *out)
{
	uint64_t millionths, whole = split(f, 1000000, &millionths);
	char text[8];
	int len;

	buf_add_number(out, whole);
	if (!millionths)
		return;
	len = snprintf(text, sizeof(text), ".%06u", (unsigned)millionths);
	while (text[len - 1] == '0')
		len--;
	buf_add(out, slice_of(text, (size_t)len));
}

/* usd / whole as parts of scale, half away from zero; both are brought under 2^95 first. */
static uint64_t
share_parts(struct figure f, uint64_t scale, bool *negative)
{
	__int128 n = f.usd.units, d = f.whole.units;

	*negative = n < 0;
	n = n < 0 ? -n : n;
	while (d >> 95 || n >> 95)
		d >>= 1, n >>= 1;
	if (d <= 0 || n / d > INT32_MAX)
		return 0;
	return (uint64_t)((n * (__int128)scale * 2 + d) / (d * 2));
}

static void
add_share(struct figure f, struct buf *out)
{
	bool negative;
	uint64_t n = share_parts(f, 1000000, &negative);

	if (negative && n)
		buf_add_byte(out, '-');
	add_ratio((struct figure){ .n = n, .d = 1000000 }, out);
}

static void
add_exact(struct figure f, struct buf *out)
{
	char text[64];

	switch (f.kind) {
	case FIGURE_NONE: break;
	case FIGURE_COUNT: buf_add_number(out, f.n); break;
	case FIGURE_USD: buf_add(out, slice_z(usd_write(f.usd, text))); break;
	case FIGURE_RATIO: add_ratio(f, out); break;
	case FIGURE_SHARE: add_share(f, out); break;
	}
}

void
figure_json(struct figure f, struct buf *out)
{
	if (f.kind == FIGURE_NONE)
		buf_add(out, SLICE("null"));
	if (f.kind == FIGURE_USD)
		buf_add_byte(out, '"');
	add_exact(f, out);
	if (f.kind == FIGURE_USD)
		buf_add_byte(out, '"');
}

void
figure_plain(struct figure f, struct buf *out)
{
	add_exact(f, out);
}

static void
add_grouped(uint64_t n, struct buf *out)
{
	char digits[24];
	size_t len = (size_t)snprintf(digits, sizeof(digits), "%llu", (unsigned long long)n);

	for (size_t i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			buf_add_byte(out, ',');
		buf_add_byte(out, digits[i]);
	}
}

void
figure_people(struct figure f, unsigned decimals, struct buf *out)
{
	char text[64];
	bool negative;
	uint64_t n;

	switch (f.kind) {
	case FIGURE_NONE: buf_add_byte(out, '-'); break;
	case FIGURE_COUNT: add_grouped(f.n, out); break;
	case FIGURE_USD: buf_add(out, slice_z(usd_round(f.usd, decimals, text))); break;
	case FIGURE_RATIO:
		add_grouped(split(f, 100, &n), out);
		buf_printf(out, ".%02u", (unsigned)n);
		break;
	case FIGURE_SHARE:
		n = share_parts(f, 100, &negative);
		buf_printf(out, "%s%llu.%02u", negative && n ? "-" : "",
		    (unsigned long long)(n / 100), (unsigned)(n % 100));
		break;
	}
}

static int
cmp_number(unsigned __int128 a, unsigned __int128 b)
{
	return a < b ? -1 : a > b;
}

static int
cmp_share(struct figure a, struct figure b)
{
	bool minus_a, minus_b;
	int64_t x = (int64_t)share_parts(a, 1000000, &minus_a),
		y = (int64_t)share_parts(b, 1000000, &minus_b);

	x = minus_a ? -x : x;
	y = minus_b ? -y : y;
	return x < y ? -1 : x > y;
}

int
figure_cmp(struct figure a, struct figure b)
{
	if (a.kind != b.kind)
		return a.kind == FIGURE_NONE ? -1 : 1;
	switch (a.kind) {
	case FIGURE_NONE: return 0;
	case FIGURE_COUNT: return cmp_number(a.n, b.n);
	case FIGURE_USD: return usd_cmp(a.usd, b.usd);
	case FIGURE_RATIO:
		return cmp_number((unsigned __int128)a.n * b.d, (unsigned __int128)b.n * a.d);
	case FIGURE_SHARE: return cmp_share(a, b);
	}
	return 0;
}

bool
figure_empty(struct figure f)
{
	if (f.kind == FIGURE_USD || f.kind == FIGURE_SHARE)
		return f.usd.units == 0;
	return f.kind == FIGURE_NONE || f.n == 0;
}
