/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "money/price_build.h"

#define MEANT 15  /* digits that a double keeps of any decimal */
#define FINEST 14 /* decimals that a price for a million tokens may have, see usd.h */

static const char *const lane_member[LANES] = { "prices", "batch", "flex", "priority" };

/* Digits of a number without zeros at the head, and the power of ten behind the last. */
struct digits {
	char text[MEANT + 2];
	int count;
	long power;
};

static bool
digits_read(struct slice s, struct digits *d)
{
	bool point = false, any = false;
	size_t i = 0;

	*d = (struct digits){ 0 };
	for (; i < s.len && (s.ptr[i] == '.' || (s.ptr[i] >= '0' && s.ptr[i] <= '9')); i++) {
		if (s.ptr[i] == '.') {
			if (point || !any)
				return false;
			point = true;
			continue;
		}
		any = true;
		d->power -= point;
		if (d->count > MEANT)
			d->power++;
		else if (d->count || s.ptr[i] != '0')
			d->text[d->count++] = s.ptr[i];
	}
	if (!any)
		return false;
	if (i < s.len) {
		bool negative;
		long exponent = 0;

		if ((s.ptr[i] != 'e' && s.ptr[i] != 'E') || ++i == s.len)
			return false;
		negative = s.ptr[i] == '-';
		i += s.ptr[i] == '-' || s.ptr[i] == '+';
		if (i == s.len)
			return false;
		for (; i < s.len; i++) {
			if (s.ptr[i] < '0' || s.ptr[i] > '9')
				return false;
			exponent =
			    exponent < 10000 ? exponent * 10 + (s.ptr[i] - '0') : exponent;
		}
		d->power += negative ? -exponent : exponent;
	}
	return true;
}

/* Keeps so many digits, rounds half up, and drops zeros at the end. */
static void
digits_round(struct digits *d, int kept)
{
	bool up = false;

	if (kept < d->count) {
		up = kept >= 0 && d->text[kept] >= '5';
		d->power += d->count - kept;
		d->count = kept > 0 ? kept : 0;
	}
	for (int i = d->count; up && i-- > 0;) {
		up = d->text[i] == '9';
		d->text[i] = up ? '0' : (char)(d->text[i] + 1);
	}
	if (up) {
		d->power += d->count;
		d->text[0] = '1';
		d->count = 1;
	}
	while (d->count && d->text[d->count - 1] == '0') {
		d->count--;
		d->power++;
	}
}

bool
decimal_shift(struct slice text, int shift, char out[DRAFT_DIGITS])
{
	struct digits d;
	int n = 0;
	long point;

	if (text.len > 400 || !digits_read(text, &d))
		return false;
	digits_round(&d, MEANT);
	d.power += shift;
	digits_round(&d, (int)(d.count + (d.power > -FINEST ? 0 : d.power + FINEST)));
	if (!d.count) {
		memcpy(out, "0", 2);
		return true;
	}
	point = d.count + d.power; /* so many digits stand before the point */
	if (point > 20 || point < -20)
		return false;
	for (long i = point <= 0 ? point - 1 : 0; i < point || i < d.count; i++) {
		if (i == point)
			out[n++] = '.';
		out[n++] = i >= 0 && i < d.count ? d.text[i] : '0';
	}
	out[n] = 0;
	return true;
}

void
draft_clear(struct price_draft *d)
{
	memset(d, 0, sizeof(*d));
	d->tiers = 1;
}

/* Index of the tier, which is added in its order; PRICE_TIERS if there is no room. */
static size_t
tier_at(struct price_draft *d, uint64_t above)
{
	size_t i = 0;

	while (i < d->tiers && d->above[i] < above)
		i++;
	if (i < d->tiers && d->above[i] == above)
		return i;
	if (d->tiers == PRICE_TIERS)
		return PRICE_TIERS;
	memmove(&d->above[i + 1], &d->above[i], (d->tiers - i) * sizeof(d->above[0]));
	d->above[i] = above;
	for (unsigned lane = 0; lane < LANES; lane++) {
		memmove(&d->text[lane][i + 1], &d->text[lane][i],
		    (d->tiers - i) * sizeof(d->text[lane][0]));
		memset(&d->text[lane][i], 0, sizeof(d->text[lane][0]));
	}
	d->tiers++;
	return i;
}

bool
draft_set(struct price_draft *d, enum lane lane, uint64_t above, enum price_class class,
    struct value v, int shift)
{
	struct slice text = json_type(v) == JSON_STRING ? json_string_raw(v) : json_raw(v);
	char decimal[DRAFT_DIGITS];
	size_t i;

	if ((json_type(v) != JSON_STRING && json_type(v) != JSON_NUMBER) ||
	    !decimal_shift(text, shift, decimal))
		return false;
	i = tier_at(d, above);
	if (i < PRICE_TIERS)
		memcpy(d->text[lane][i][class], decimal, sizeof(decimal));
	return i < PRICE_TIERS;
}

bool
draft_has(const struct price_draft *d, enum lane lane, uint64_t above, enum price_class class)
{
	for (size_t i = 0; i < d->tiers; i++)
		if (d->above[i] == above && d->text[lane][i][class][0])
			return true;
	return false;
}

static bool
set_write(const char text[PRICE_CLASSES][DRAFT_DIGITS], bool comma, struct buf *out)
{
	for (unsigned i = 0; i < PRICE_CLASSES; i++) {
		if (!text[i][0])
			continue;
		buf_printf(
		    out, "%s\"%s\":\"%s\"", comma ? "," : "", price_class_name[i], text[i]);
		comma = true;
	}
	return comma;
}

static bool
tier_is_empty(const struct price_draft *d, unsigned lane, size_t i)
{
	for (unsigned c = 0; c < PRICE_CLASSES; c++)
		if (d->text[lane][i][c][0])
			return false;
	return true;
}

static void
lane_write(const struct price_draft *d, unsigned lane, struct buf *out)
{
	bool comma = set_write(d->text[lane][0], false, out), first = true;

	for (size_t i = 1; i < d->tiers; i++) {
		if (tier_is_empty(d, lane, i))
			continue;
		if (first)
			buf_printf(out, "%s\"above\":[", comma ? "," : "");
		buf_printf(out, "%s{\"tokens\":", first ? "" : ",");
		buf_add_number(out, d->above[i]);
		set_write(d->text[lane][i], true, out);
		buf_add_byte(out, '}');
		first = false;
	}
	if (!first)
		buf_add_byte(out, ']');
}

void
draft_write(const struct price_draft *d, struct buf *out)
{
	for (unsigned lane = 0; lane < LANES; lane++) {
		bool used = lane == LANE_REALTIME;

		for (size_t i = 0; i < d->tiers; i++)
			used |= !tier_is_empty(d, lane, i);
		if (!used)
			continue;
		buf_printf(out, ",\"%s\":{", lane_member[lane]);
		lane_write(d, lane, out);
		buf_add_byte(out, '}');
	}
}
