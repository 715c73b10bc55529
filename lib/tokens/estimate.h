/* SPDX-License-Identifier: MIT */
/* How many tokens a tokenizer that is not at hand makes of a text: a sum of fitted weights. */
#ifndef TOKENS_ESTIMATE_H
#define TOKENS_ESTIMATE_H

#include "base/slice.h"
#include "tokens/weights.h"

/* In thousandths of a token, over all texts added. */
struct estimate {
	int64_t middle;
	int64_t low, high; /* how far below and above the middle the band reaches */
	int64_t texts;
};

/* The weights of this name; NULL if there are none. */
const struct weights *weights_named(struct slice name);
/* Adds a text of so many tokens of w->base. An empty text adds nothing. */
void estimate_add(
    struct estimate *e, const struct weights *w, uint64_t tokens, struct slice text);
/* Ends of the band, in thousandths: 95 of 100 texts that the weights have not seen lie inside
 * (scripts/fit-families prints the share by family and kind of text). */
int64_t estimate_low(const struct estimate *e, const struct weights *w);
int64_t estimate_high(const struct estimate *e, const struct weights *w);

#endif
