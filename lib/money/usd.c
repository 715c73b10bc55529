/* SPDX-License-Identifier: MIT */
#include "money/usd.h"

#include <assert.h>
#include <string.h>

#include "base/diag.h"
#include "json/bytes.h"

#define DECIMALS 20

typedef unsigned __int128 u128;

static const u128 largest = ((u128)1 << 127) - 1;
static const u128 dollar = (u128)10000000000u * 10000000000u;

static struct usd
with_sign(u128 magnitude, bool negative)
{
	return (struct usd){ negative ? -(__int128)magnitude : (__int128)magnitude };
}

static u128
magnitude_of(struct usd d)
{
	return d.units < 0 ? -(u128)d.units : (u128)d.units;
}

_Noreturn void
usd_out_of_range(void)
{
	diag_die(STATUS_FAILED, "an amount of money is out of range");
}

/* a * n, false where it does not fit. By halves: the compiler's own check of a signed
 * 128-bit product needs a run-time routine that not every tool chain has. */
static bool
multiply(u128 a, uint64_t n, u128 *product)
{
	u128 low = (u128)(uint64_t)a * n;
	u128 high = (u128)(uint64_t)(a >> 64) * n + (low >> 64);

	if (high >> 63)
		return false;
	*product = high << 64 | (uint64_t)low;
	return true;
}

static size_t
digits(struct slice text, size_t i)
{
	while (i < text.len && text.ptr[i] >= '0' && text.ptr[i] <= '9')
		i++;
	return i;
}

/* Parts of a number: [head, point) . [fraction, tail) e exponent. False if it has another form.
 */
struct number {
	size_t head, point, fraction, tail;
	int64_t exponent;
	bool negative;
};

static bool
exponent_read(struct slice text, size_t i, int64_t *exponent)
{
	bool negative = i < text.len && text.ptr[i] == '-';
	int64_t n = 0;

	if (i < text.len && (text.ptr[i] == '-' || text.ptr[i] == '+'))
		i++;
	if (i == text.len || digits(text, i) != text.len)
		return false;
	for (; i < text.len; i++)
		if (n < 1000000000)
			n = n * 10 + (text.ptr[i] - '0');
	*exponent = negative ? -n : n;
	return true;
}

static bool
number_read(struct slice text, struct number *n)
{
	*n = (struct number){ .negative = text.len && text.ptr[0] == '-' };
	n->head = n->negative;
	n->point = n->fraction = n->tail = digits(text, n->head);
	if (n->point == n->head)
		return false;
	if (n->point < text.len && text.ptr[n->point] == '.') {
		n->fraction = n->point + 1;
		n->tail = digits(text, n->fraction);
		if (n->tail == n->fraction)
			return false;
	}
	if (n->tail == text.len)
		return true;
	if (text.ptr[n->tail] != 'e' && text.ptr[n->tail] != 'E')
		return false;
	return exponent_read(text, n->tail + 1, &n->exponent);
}

bool
usd_read(struct slice text, struct usd *out)
{
	struct number n;
	u128 units = 0;
	int64_t power; /* of ten, of the digit that comes next, in units */

	if (text.len > INT32_MAX || !number_read(text, &n))
		return false;
	power = (int64_t)(n.point - n.head) - 1 + n.exponent + DECIMALS;
	for (size_t i = n.head; i < n.tail; i++) {
		unsigned digit = (unsigned)(text.ptr[i] - '0');

		if (i == n.point)
			continue;
		if (power >= 0 && (!multiply(units, 10, &units) || units > largest - digit))
			return false;
		if (power >= 0)
			units += digit;
		else if (digit)
			return false;
		power--;
	}
	for (; units && power >= 8; power -= 9)
		if (!multiply(units, 1000000000, &units))
			return false;
	for (; units && power >= 0; power--)
		if (!multiply(units, 10, &units))
			return false;
	*out = with_sign(units, n.negative);
	return true;
}

/* Digits of n before end, at least width of them; returns where they start. */
static char *
digits_before(char *end, u128 n, unsigned width)
{
	for (; n || width; n /= 10, width -= width > 0)
		*--end = (char)('0' + (unsigned)(n % 10));
	return end;
}

/* The same in 64 bits, which are divided many times faster. */
static char *
short_before(char *end, uint64_t n, unsigned width)
{
	for (; n || width; n /= 10, width -= width > 0)
		*--end = (char)('0' + (unsigned)(n % 10));
	return end;
}

static void
put_pair(char *out, unsigned n)
{
	memcpy(out, buf_digit_pairs + 2 * n, 2);
}

/* Exactly ten digits of n, which has no more, in steps that do not wait for each other. */
static char *
ten_before(char *end, uint64_t n)
{
	uint32_t high = (uint32_t)(n / 10000), low = (uint32_t)(n - high * UINT64_C(10000));
	uint32_t top = high / 10000, middle = high - top * 10000;

	put_pair(end - 2, low % 100);
	put_pair(end - 4, low / 100);
	put_pair(end - 6, middle % 100);
	put_pair(end - 8, middle / 100);
	put_pair(end - 10, top);
	return end - 10;
}

/* How many zeros stand there, behind another digit; at least ten digits stand there. */
static size_t
zeros_before(const char *end)
{
	const uint64_t zeros = UINT64_MAX / 255 * '0';
	uint64_t odd = bytes_eight_before(end, 8) ^ zeros;
	size_t n = 8;

	if (odd)
		return (size_t)__builtin_clzll(odd) / 8;
	while (end[-1 - (ptrdiff_t)n] == '0')
		n++;
	return n;
}

/* The text of d, somewhere in room. */
static struct slice
write_in(struct usd d, char room[48])
{
	char *end = room + 48, *start = end;
	u128 magnitude = magnitude_of(d), whole = magnitude < dollar ? 0 : magnitude / dollar;
	u128 fraction = whole ? magnitude - whole * dollar : magnitude;
	const uint64_t half = UINT64_C(10000000000); /* ten of the twenty decimals */

	if (fraction) {
		uint64_t high = fraction <= UINT64_MAX ? (uint64_t)fraction / half
						       : (uint64_t)(fraction / half);
		uint64_t low = (uint64_t)(fraction - (u128)high * half);

		if (low)
			start = ten_before(start, low);
		start = ten_before(start, high);
		end -= zeros_before(end);
		*--start = '.';
	}
	start = whole <= UINT64_MAX ? short_before(start, (uint64_t)whole, 1)
				    : digits_before(start, whole, 1);
	if (d.units < 0)
		*--start = '-';
	return slice_of(start, (size_t)(end - start));
}

const char *
usd_write(struct usd d, char out[64])
{
	char room[48];
	struct slice text = write_in(d, room);

	memcpy(out, text.ptr, text.len);
	out[text.len] = 0;
	return out;
}

void
usd_put(struct usd d, struct buf *out)
{
	char room[48];

	buf_add(out, write_in(d, room));
}

/* Digits of n with a comma after each group of three, written before end. */
static char *
grouped_before(char *end, u128 n)
{
	unsigned count = 0;

	do {
		if (count && count % 3 == 0)
			*--end = ',';
		*--end = (char)('0' + (unsigned)(n % 10));
		n /= 10;
		count++;
	} while (n);
	return end;
}

const char *
usd_round(struct usd d, unsigned decimals, char out[64])
{
	char *start = out + 63;
	u128 step = 1, shown;

	assert(decimals <= DECIMALS);
	for (unsigned i = decimals; i < DECIMALS; i++)
		step *= 10;
	shown = magnitude_of(d) / step + (magnitude_of(d) % step * 2 >= step && step > 1);
	*start = 0;
	if (decimals) {
		u128 one = dollar / step;

		start = digits_before(start, shown % one, decimals);
		*--start = '.';
		start = grouped_before(start, shown / one);
	} else {
		start = grouped_before(start, shown);
	}
	if (d.units < 0 && shown)
		*--start = '-';
	memmove(out, start, (size_t)(out + 64 - start));
	return out;
}

const char *
usd_dollars(struct usd d, unsigned decimals, char out[64])
{
	size_t minus;

	usd_round(d, decimals, out);
	minus = out[0] == '-';
	memmove(out + minus + 1, out + minus, strlen(out + minus) + 1);
	out[minus] = '$';
	return out;
}

struct usd
usd_times_large(struct usd price, uint64_t count)
{
	u128 product;

	if (!multiply(magnitude_of(price), count, &product))
		usd_out_of_range();
	return with_sign(product, price.units < 0);
}

static uint64_t
common_divisor(u128 a, uint64_t b)
{
	while (b) {
		uint64_t rest = (uint64_t)(a % b);

		a = b;
		b = rest;
	}
	return (uint64_t)a;
}

bool
usd_ratio(struct usd d, uint64_t numerator, uint64_t denominator, struct usd *out)
{
	u128 magnitude = magnitude_of(d), product;
	uint64_t common;

	assert(denominator);
	common = common_divisor(numerator, denominator);
	numerator /= common;
	denominator /= common;
	if (magnitude % denominator)
		return false;
	if (!multiply(magnitude / denominator, numerator, &product))
		return false;
	*out = with_sign(product, d.units < 0);
	return true;
}

int
usd_cmp(struct usd a, struct usd b)
{
	return (a.units > b.units) - (a.units < b.units);
}

unsigned
usd_decimals(struct usd d)
{
	u128 size = d.units < 0 ? -(u128)d.units : (u128)d.units;

	if (!size || size >= dollar * 100)
		return 2;
	return size >= dollar ? 4 : size >= dollar / 100 ? 6 : 8;
}

struct usd
usd_part(struct usd d, uint64_t times, uint64_t share)
{
	static const __int128 unit = 100000000; /* twelve decimals */
	struct usd out;
	__int128 whole, rest, half;

	if (usd_ratio(d, times, share, &out))
		return out;
	/* in parts, so that the product of a large sum does not leave the range */
	whole = d.units / unit;
	rest = whole % share * times;
	half = rest < 0 ? -(__int128)(share / 2) : (__int128)(share / 2);
	out = usd_add(usd_times((struct usd){ whole / share * unit }, times),
	    (struct usd){ (rest + half) / share * unit });
	return out;
}
