/* SPDX-License-Identifier: MIT */
/* Record by record: decide, edit, annotate. */
#ifndef LLM_ROUTE_FILTER_H
#define LLM_ROUTE_FILTER_H

#include "cmd/llm-route/decide.h"

/* How many rows went into which lane, and what that saves against real time. */
struct lanes {
	uint64_t rows[LANES];
	struct usd saved;
};

/* What the rules would do to the rows: how many keep their model, and the sums of those that
 * have a price both as they are, in real time, and as the rules have them. */
struct observed {
	uint64_t rows, same, unpriced;
	struct usd now, then;
};

struct filter {
	struct policy *policy;
	bool observe, split;
	uint64_t share, seed; /* of split */
	struct lanes lanes;
	struct observed observed; /* with observe */
	/* not NULL: has the last word on each decision */
	void (*revise)(void *context, struct facts *f, struct decision *d);
	void *context;
};

void filter_run(struct filter *f, const struct stream_options *o);

#endif
