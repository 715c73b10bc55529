/* SPDX-License-Identifier: MIT */
/* The decision: which rule, which model, why, and what else could have been taken. */
#ifndef LLM_ROUTE_DECIDE_H
#define LLM_ROUTE_DECIDE_H

#include "base/buf.h"
#include "cmd/llm-route/facts.h"
#include "money/usd.h"

/* Room for the answer where the request sets no cap, in tokens. */
#define OUTPUT_RESERVE 1024

struct candidate {
	const struct model *model;
	bool fits;
	struct usd cost; /* of this row, its whole output reserve included */
	const char *why; /* where it does not fit */
};

struct decision {
	const struct rule *rule; /* NULL: none matched */
	const char *fallback;    /* "error", "label", "confidence", "tier"; NULL: none fired */
	bool keep;               /* the model stays */
	struct slice model; /* what the record names from now on; ptr NULL: it names none */
	struct slice known; /* the same as prices call it */
	struct model_facts model_facts;
	struct settings settings;
	bool priced;
	struct usd cost;
	const char *unpriced;
	unsigned confidence; /* per cent */
	struct slice reason;
	struct slice *alternates; /* the other candidates, the cheapest first */
	size_t alternate_count;
	const char *dropped[16]; /* parameters that the target would not take */
	size_t dropped_count;
	bool limit; /* a pattern hit its limit */
};

/* min_confidence in millionths. */
void decide(struct facts *f, uint64_t min_confidence, struct decision *d);
/* Judges one model for this row. */
struct candidate candidate_judge(
    struct facts *f, const struct model *m, const struct settings *settings);
/* The output cap that will hold: the lower of the record's and the rule's; 0 if none. */
uint64_t effective_cap(const struct request *r, const struct settings *settings);

#endif
