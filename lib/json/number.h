/* SPDX-License-Identifier: MIT */
/* The exact decimal value of a number's text. */
#ifndef JSON_NUMBER_H
#define JSON_NUMBER_H

#include "base/slice.h"

#define DECIMAL_HEAD 20

/* value = digits * 10^exponent, where digits has no zero at either end; zero has count 0. */
struct decimal {
	bool negative;
	bool far; /* the exponent is beyond all sense; exponent is not valid */
	int64_t exponent;
	size_t count;            /* of digits */
	char head[DECIMAL_HEAD]; /* the first of them, not NUL-ended */
	struct slice digits;     /* all of them in the text, perhaps with a point in between */
};

/* raw must be a scanned number. */
void decimal_of(struct slice raw, struct decimal *d);

#endif
