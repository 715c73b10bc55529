/* SPDX-License-Identifier: MIT */
/* The price of one class of a row: lane, tier, rule. */
#ifndef MONEY_PRICE_LANE_H
#define MONEY_PRICE_LANE_H

#include "money/price_row.h"

struct class_price {
	bool has;
	bool contained;     /* it is the price of the class that contains it */
	struct usd usd;     /* of one token or call */
	const char *source; /* BILL_TABLE or BILL_RULE */
	const char *note;   /* what a reader should know, or NULL */
	const char *why;    /* without a price: the reason */
};

/* For a prompt of that many tokens at that time; region is "us" or NULL. What is not priced
 * apart costs what its class does that contains it: cached input as input, and so on. */
struct class_price price_class_price(const struct price *p, enum lane lane, const char *region,
    uint64_t prompt, int64_t when, enum price_class class);

#endif
