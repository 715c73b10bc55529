/* SPDX-License-Identifier: MIT */
/* What is wrong with an answer, told without another model. */
#ifndef LLM_ROUTE_CHECK_FAULT_H
#define LLM_ROUTE_CHECK_FAULT_H

#include "base/arena.h"
#include "model/request.h"

enum fault {
	FAULT_NONE,
	FAULT_REFUSAL,
	FAULT_TRUNCATED,
	FAULT_EMPTY,
	FAULT_NOT_JSON,
	FAULT_SCHEMA,
	FAULT_SHORT,
	FAULT_VERDICT,
	FAULT_SCORE,
	FAULTS
};
extern const char *const fault_names[FAULTS];

struct fault_options {
	bool json;         /* answers are JSON whatever the request says */
	uint64_t shortest; /* least characters; 0: any */
};

/* What is read of an answered record. */
struct judged {
	struct slice text; /* of the answer, all its texts; empty where it only calls tools */
	bool calls;        /* it calls a tool */
	unsigned hedges;   /* words and phrases of doubt in it */
	bool has_confidence;
	double confidence; /* the geometric mean of its tokens' probabilities */
};
void fault_read(struct judged *j, const struct request *r, struct arena *a);
/* The first fault of the answer; what the request's own schema or JSON mode wants counts. */
enum fault fault_of(const struct judged *j, const struct request *r,
    const struct fault_options *o, struct arena *a);
/* The text without a code fence around it. */
struct slice fault_unfence(struct slice text);

#endif
