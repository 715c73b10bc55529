/* SPDX-License-Identifier: MIT */
/* A request before it is sent: its tokens, how long its answer can get, and the price tiers
 * that its prompt crosses. */
#ifndef COST_OUTLOOK_H
#define COST_OUTLOOK_H

#include "cmd/llm-cost/rows/row.h"
#include "tokens/tokens.h"

/* Output tokens that are expected where nothing else tells. */
#define OUTLOOK_OUTPUT 500

struct outlook {
	struct tokens input;
	uint64_t answers;  /* `n` of the request: each is billed */
	bool capped;       /* the request sets an output cap */
	uint64_t most;     /* output tokens at most, of all answers; 0 is an embedding's */
	const char *bound; /* what bounds them: "cap", "model", "window"; NULL: nothing known */
};
/* Counts the request of the row. Without a cap the worst is what the model can write at most,
 * else what its window leaves. */
void outlook_read(const struct row *row, struct arena *a, struct outlook *o);
/* The output tokens that are expected of it if one answer has so many: cut at the cap. */
uint64_t outlook_output(const struct outlook *o, uint64_t one);

/* --model: of requests that name none. Makes the row a request that waits for its answer. */
void outlook_model(struct row *row, const char *model);

/* Where a prompt is dearer per token because it is long. */
struct cliff {
	uint64_t bound;  /* the longest prompt at the prices below */
	struct usd at;   /* input of so many tokens */
	struct usd past; /* input of one token more */
};
/* The highest tier that a prompt of so many tokens lies in; false if it lies in none. */
bool cliff_find(const struct price_query *q, uint64_t tokens, struct cliff *c);

#endif
