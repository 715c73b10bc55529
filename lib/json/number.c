/* SPDX-License-Identifier: MIT */
#include "json/number.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "json/scan.h"

/* Exponents of more digits than this are far. */
#define EXPONENT_DIGITS 17

/* The exponent behind the mantissa, "e-12" or nothing. */
static int64_t
read_exponent(struct slice text, bool *far)
{
	bool negative = false;
	int64_t e = 0;

	text = slice_drop(text, 1);
	if (text.len && (text.ptr[0] == '-' || text.ptr[0] == '+')) {
		negative = text.ptr[0] == '-';
		text = slice_drop(text, 1);
	}
	while (text.len && text.ptr[0] == '0')
		text = slice_drop(text, 1);
	*far = text.len > EXPONENT_DIGITS;
	for (size_t i = 0; i < text.len && !*far; i++)
		e = e * 10 + (text.ptr[i] - '0');
	return negative ? -e : e;
}

static bool
is_significant(char c)
{
	return c >= '1' && c <= '9';
}

void
decimal_of(struct slice raw, struct decimal *d)
{
	size_t mantissa = 0, first, last, point;
	struct slice m;

	*d = (struct decimal){ .negative = raw.ptr[0] == '-' };
	raw = slice_drop(raw, d->negative);
	while (mantissa < raw.len && (raw.ptr[mantissa] | 0x20) != 'e')
		mantissa++;
	d->exponent = read_exponent(slice_drop(raw, mantissa), &d->far);
	m = slice_take(raw, mantissa);
	for (first = 0; first < m.len && !is_significant(m.ptr[first]); first++)
		;
	if (first == m.len) {
		d->exponent = 0;
		d->far = false;
		return;
	}
	for (last = m.len - 1; !is_significant(m.ptr[last]); last--)
		;
	point = slice_find(m, '.');
	/* places from the last digit to the point */
	d->exponent += last < point ? (int64_t)(point - last - 1) : -(int64_t)(last - point);
	d->digits = slice_of(m.ptr + first, last - first + 1);
	for (size_t i = first; i <= last; i++) {
		if (i == point)
			continue;
		if (d->count < DECIMAL_HEAD)
			d->head[d->count] = m.ptr[i];
		d->count++;
	}
}

bool
json_whole(struct value v, uint64_t *n)
{
	struct decimal d;
	uint64_t sum = 0;

	if (json_type(v) != JSON_NUMBER)
		return false;
	decimal_of(json_raw(v), &d);
	if (d.count == 0) {
		*n = 0;
		return true;
	}
	if (d.negative || d.far || d.exponent < 0 || d.exponent > 18 || d.count > 19)
		return false;
	for (size_t i = 0; i < d.count + (size_t)d.exponent; i++) {
		unsigned digit = i < d.count ? (unsigned)(d.head[i] - '0') : 0;

		if (sum > ((uint64_t)INT64_MAX - digit) / 10)
			return false;
		sum = sum * 10 + digit;
	}
	*n = sum;
	return true;
}

bool
json_double(struct value v, double *d)
{
	char small[64], *copy = small;
	struct slice raw;

	if (json_type(v) != JSON_NUMBER)
		return false;
	raw = json_raw(v);
	if (raw.len >= sizeof(small))
		copy = mem_alloc(raw.len + 1);
	memcpy(copy, raw.ptr, raw.len);
	copy[raw.len] = '\0';
	*d = strtod(copy, NULL);
	if (copy != small)
		free(copy);
	return isfinite(*d);
}
