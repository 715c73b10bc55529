/* SPDX-License-Identifier: MIT */
/* The findings: what each technique would have saved, how sure that is, and why. */
#ifndef COST_AUDIT_FIND_H
#define COST_AUDIT_FIND_H

#include "audit.h"

struct finding {
	enum technique technique;
	uint64_t requests;
	struct usd saved, stacked;
	const char *confidence; /* "measured", "bounded", "guess" */
	bool in_total;
	bool has_month;
	struct usd month;
	uint64_t more; /* further calls without evidence */
	struct usd more_usd;
	struct slice why, risk, command; /* command ptr NULL: none of these tools does it yet */
	struct slice check, after; /* what to run before it and with the answers; or ptr NULL */
};
struct remark {
	enum technique technique;
	struct slice text;
};
struct verdict_list {
	struct finding finding[TECHNIQUES]; /* the most dollars first */
	size_t findings;
	struct remark unknown[TECHNIQUES], nothing[TECHNIQUES];
	size_t unknowns, nothings;
	struct usd spent, saved, parts, with_guesses, spent_month, saved_month;
	bool has_month;
	struct slice period, how; /* for people */
	const struct audit *audit;
	struct verdict_list *unsent; /* of requests without an answer; NULL: there are none */
};
void audit_find(const struct audit *a, struct verdict_list *v, struct arena *arena);

#endif
