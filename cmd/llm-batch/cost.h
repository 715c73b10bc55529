/* SPDX-License-Identifier: MIT */
/* What requests would cost in a batch, and without. */
#ifndef LLM_BATCH_COST_H
#define LLM_BATCH_COST_H

#include "json/write.h"
#include "money/usd.h"

struct request;

struct cost {
	struct {
		struct usd batch, normal;
	} input, most;     /* most: with as much output as the caps allow */
	uint64_t unpriced; /* requests whose price is not known; they are in no amount */
	uint64_t uncapped; /* those whose greatest output is not known; not in most */
};

/* Of one request with so many input tokens, at the prices of now. provider and model as a price
 * table names them. */
struct cost cost_of(
    struct slice provider, struct slice model, const struct request *r, uint64_t tokens);
void cost_add(struct cost *sum, const struct cost *one);
/* {"input":{"batch":"…","normal":"…"},"most":{…}}; an amount that is not known of all requests
 * is null. */
void cost_write(struct writer *w, const struct cost *c);
/* The same in a sentence for people. */
void cost_say(const struct cost *c);

#endif
