/* SPDX-License-Identifier: MIT */
/* Every call on its way through the techniques, each alone and all in the order of the pipe. */
#ifndef COST_AUDIT_WALK_H
#define COST_AUDIT_WALK_H

#include "base/arena.h"
#include "cmd/llm-cost/rows/row.h"

/* In the order of the pipe. */
enum technique {
	AUDIT_EXACT,
	AUDIT_SEMANTIC,
	AUDIT_ROUTE,
	AUDIT_PROVIDER,
	AUDIT_OUTPUT,
	AUDIT_COMPRESS,
	AUDIT_INSTRUCTIONS,
	AUDIT_HISTORY,
	AUDIT_TOOLS,
	AUDIT_PROMPT,
	AUDIT_BATCH,
	AUDIT_DISTILL,
	TECHNIQUES
};
extern const char *const technique_names[TECHNIQUES]; /* "exact-cache" … */

/* Is there evidence in the log that the technique fits the call, or is it only possible? */
enum evidence { PROVEN, GUESSED, EVIDENCES };

/* What could be done with one call. */
struct plan {
	unsigned fits[EVIDENCES]; /* sets of 1 << technique; no technique is in both */
	struct slice cheaper;     /* AUDIT_ROUTE: model */
	bool by_words;            /* AUDIT_ROUTE: judged here, the record brings no label */
	struct slice provider;    /* AUDIT_PROVIDER */
	uint64_t compress;        /* tokens of input that go */
	uint64_t instructions;
	uint64_t history;
	uint64_t read, written; /* AUDIT_PROMPT: tokens of the prompt */
	bool hour;              /* written for an hour, else 5 minutes */
};

/* alone: of calls with that evidence. stack[PROVEN]: walks of what is proven; stack[GUESSED]:
 * walks of all. */
struct audit_sums {
	uint64_t requests[EVIDENCES][TECHNIQUES];
	struct usd alone[EVIDENCES][TECHNIQUES];
	struct usd stack[EVIDENCES][TECHNIQUES];
};
/* Adds (sign 1) or takes back (-1) what the plan saves on the row, which must be priced. */
void walk_plan(struct audit_sums *s, const struct row *row, const struct plan *p, int sign);

/* Calls of which it is known at the end only what one more technique saves: what they cost, and
 * what the walks leave of it. */
struct remainder {
	struct usd cost, left[EVIDENCES];
};
/* Adds one call: without is the walk of it alone. */
void remainder_add(
    struct remainder *m, const struct row *row, const struct audit_sums *without);
/* Such a technique, with evidence: n calls, so many dollars. Of the walk it gets the share that
 * the other techniques left of these calls. */
void walk_late(struct audit_sums *s, enum technique t, uint64_t n, struct usd saved,
    const struct remainder *m);
/* All of more to s. */
void audit_sums_add(struct audit_sums *s, const struct audit_sums *more);

#endif
