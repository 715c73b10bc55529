/* SPDX-License-Identifier: MIT */
/* Dollars, exactly: whole numbers of 10^-20 dollars in 128 bits (at most 1.7 * 10^18 dollars).
 */
#ifndef MONEY_USD_H
#define MONEY_USD_H

#include "base/buf.h"

struct usd {
	__int128 units; /* 10^-20 dollars */
};

/* A JSON number or plain decimal (1, -0.5, 2.5e-06). False if it has another form, more than
 * 20 decimals that are not zero, or is out of range. */
bool usd_read(struct slice text, struct usd *out);
/* Every digit, no zeros at the end, no exponent: "0", "-0.0000025". out needs 64 bytes; returns
 * it. */
const char *usd_write(struct usd d, char out[64]);
/* The same, appended. */
void usd_put(struct usd d, struct buf *out);
/* For people: rounded half up to the given decimals, with thousands separators: "1,234.57". */
const char *usd_round(struct usd d, unsigned decimals, char out[64]);
/* The same with its sign and a dollar: "$1,234.57", "-$0.50". */
const char *usd_dollars(struct usd d, unsigned decimals, char out[64]);
/* Sums and products that leave the range end the process with status 3. */
_Noreturn void usd_out_of_range(void);
static inline struct usd
usd_add(struct usd a, struct usd b)
{
	struct usd sum;

	if (__builtin_add_overflow(a.units, b.units, &sum.units))
		usd_out_of_range();
	return sum;
}
static inline struct usd
usd_sub(struct usd a, struct usd b)
{
	struct usd difference;

	if (__builtin_sub_overflow(a.units, b.units, &difference.units))
		usd_out_of_range();
	return difference;
}
struct usd usd_times_large(struct usd price, uint64_t count);
static inline struct usd
usd_times(struct usd price, uint64_t count)
{
	if (price.units >= 0 && price.units <= INT64_MAX)
		return (struct usd){ price.units * count };
	return usd_times_large(price, count);
}
/* d * numerator / denominator; false (and out untouched) if that is not a whole number of
 * units. */
bool usd_ratio(struct usd d, uint64_t numerator, uint64_t denominator, struct usd *out);
/* d * times / share, exactly if that has an end, else to twelve decimals, half away from zero.
 */
struct usd usd_part(struct usd d, uint64_t times, uint64_t share);
int usd_cmp(struct usd a, struct usd b);
/* Decimals that show dollars of about this size. */
unsigned usd_decimals(struct usd d);

#endif
