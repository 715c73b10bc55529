/* SPDX-License-Identifier: MIT */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "json/canon_parts.h"
#include "json/number.h"

/* Digits that every decimal keeps through a double and back, and that every double needs. */
#define DIGITS_SAFE 15
#define DIGITS_MOST 17
/* Powers of ten far inside the range of normal doubles. */
#define RANGE_SAFE 300

/* 0.DIGITS * 10^point, no zero at either end of the digits. */
struct digits {
	char text[DIGITS_MOST + 1];
	int count;
	int point;
};

static double
value_of(const struct digits *d)
{
	char text[DIGITS_MOST + 16];

	snprintf(text, sizeof(text), "%.*se%d", d->count, d->text, d->point - d->count);
	return strtod(text, NULL);
}

/* v in `count` digits, correctly rounded. */
static void
round_to(double v, int count, struct digits *d)
{
	char text[DIGITS_MOST + 16], *p = text;

	snprintf(text, sizeof(text), "%.*e", count - 1, v);
	for (d->count = 0; *p != 'e'; p++)
		if (*p >= '0' && *p <= '9')
			d->text[d->count++] = *p;
	d->point = (int)strtol(p + 1, NULL, 10) + 1;
	while (d->count > 1 && d->text[d->count - 1] == '0')
		d->count--;
}

/* Adds one to the last digit. */
static void
next_up(struct digits *d)
{
	while (d->count && d->text[d->count - 1] == '9')
		d->count--;
	if (d->count) {
		d->text[d->count - 1]++;
		return;
	}
	d->text[d->count++] = '1';
	d->point++;
}

/* The fewest digits that give v back, and of those the nearest, as ECMAScript's
 * Number::toString wants. Below a power of two doubles lie twice as dense as above it, so
 * there the rounded digits may miss where their upper neighbour hits. */
static void
shortest(double v, struct digits *d)
{
	int exponent;
	bool power = frexp(v, &exponent) == 0.5;

	/* a normal double that fewer digits give back has zeros behind them in fifteen */
	for (int count = v < DBL_MIN ? 1 : DIGITS_SAFE; count <= DIGITS_MOST; count++) {
		round_to(v, count, d);
		if (value_of(d) == v)
			return;
		if (!power || d->count < count)
			continue;
		next_up(d);
		if (value_of(d) == v)
			return;
	}
}

static void
add_zeros(struct buf *out, int n)
{
	for (; n > 0; n--)
		buf_add_byte(out, '0');
}

/* ECMA-262 section 6.1.6.1.20 for a positive number. */
static void
write_number(struct buf *out, const struct digits *d)
{
	struct slice all = slice_of(d->text, (size_t)d->count);
	int n = d->point, whole = n < 0 ? 0 : n > d->count ? d->count : n;

	if (n > 21 || n <= -6) {
		buf_add(out, slice_take(all, 1));
		if (d->count > 1)
			buf_add_byte(out, '.');
		buf_add(out, slice_drop(all, 1));
		buf_printf(out, "e%+d", n - 1);
		return;
	}
	buf_add(out, slice_take(all, (size_t)whole));
	add_zeros(out, n - d->count);
	if (n <= 0)
		buf_add_byte(out, '0');
	if (n >= d->count)
		return;
	buf_add_byte(out, '.');
	add_zeros(out, -n);
	buf_add(out, slice_drop(all, (size_t)whole));
}

static void
write_exact(struct buf *out, const struct decimal *d)
{
	for (size_t i = 0; i < d->digits.len; i++)
		if (d->digits.ptr[i] != '.')
			buf_add_byte(out, d->digits.ptr[i]);
	buf_printf(out, "e%lld", (long long)d->exponent);
}

/* An exponent of more digits than anyone can mean: as it is written, in one case. */
static void
write_far(struct buf *out, struct slice raw)
{
	raw = slice_drop(raw, raw.ptr[0] == '-');
	for (size_t i = 0; i < raw.len; i++)
		buf_add_byte(out, raw.ptr[i] == 'E' ? 'e' : raw.ptr[i]);
}

/* The digits that RFC 8785 would write, where they are the number: either the same decimal,
 * or a fraction that says no more than a double can tell apart. */
static bool
as_double(const struct decimal *d, struct digits *out)
{
	struct digits own = { .count = (int)d->count };
	double v;

	if (d->count > DIGITS_MOST || d->exponent > 400 || d->exponent < -400)
		return false;
	memcpy(own.text, d->head, d->count);
	own.point = own.count + (int)d->exponent;
	*out = own;
	if (own.count <= DIGITS_SAFE && own.point <= RANGE_SAFE && own.point >= -RANGE_SAFE)
		return true;
	v = value_of(&own);
	if (v == 0 || isinf(v))
		return false;
	shortest(v, out);
	if (out->count == own.count && out->point == own.point &&
	    memcmp(out->text, own.text, d->count) == 0)
		return true;
	return d->exponent < 0 && v >= DBL_MIN;
}

void
canon_number(struct slice raw, struct buf *out)
{
	struct decimal d;
	struct digits digits;

	decimal_of(raw, &d);
	if (d.count == 0) {
		buf_add_byte(out, '0');
		return;
	}
	if (d.negative)
		buf_add_byte(out, '-');
	if (d.far)
		write_far(out, raw);
	else if (as_double(&d, &digits))
		write_number(out, &digits);
	else
		write_exact(out, &d);
}
