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

struct filter {
	struct policy *policy;
	bool observe, split;
	uint64_t share, seed; /* of split */
	struct lanes lanes;
	/* not NULL: has the last word on each decision */
	void (*revise)(void *context, struct facts *f, struct decision *d);
	void *context;
};

void filter_run(struct filter *f, const struct stream_options *o);
/* The judgement of one record. */
enum verdict filter_record(void *filter, struct record *r);

#endif
