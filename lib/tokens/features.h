/* SPDX-License-Identifier: MIT */
/* What a text is made of, counted in one pass: tokenizers differ in how they treat it. */
#ifndef TOKENS_FEATURES_H
#define TOKENS_FEATURES_H

#include "base/slice.h"
#include "tokens/weights.h"

struct features {
	int64_t count[COUNTS];
	int64_t script[SCRIPTS];
	int64_t characters; /* bytes that begin one */
	bool ascii;
};

/* Counts text, of any bytes. Linear, about a byte a nanosecond. The same as counted() of
 * scripts/fit.d/features.py. */
void features_of(struct slice text, struct features *f);

#endif
