/* SPDX-License-Identifier: MIT */
/* Prices of one input token of a model in each role that the provider's cache gives it. */
#ifndef PROMPT_CACHE_RATES_H
#define PROMPT_CACHE_RATES_H

#include "model/request.h"
#include "money/price.h"

struct prompt_rates {
	bool priced; /* fresh, at least; the others are it where nothing is known */
	bool has_batch;
	struct usd fresh, write_5m, write_1h, read, batch;
};

/* From the price table at this moment, else by the hundredths of rules.def. Where neither knows
 * a price for writing or reading, there is no discount: OpenAI's kind writes for nothing. */
void prompt_rates_read(struct prompt_rates *r, const struct request *q, struct slice model);

#endif
