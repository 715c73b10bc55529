/* SPDX-License-Identifier: MIT */
/* The ledger by periods of the records' own time. */
#ifndef COST_LEDGER_PERIODS_H
#define COST_LEDGER_PERIODS_H

#include "cmd/llm-cost/rows/period.h"
#include "cmd/llm-cost/rows/walk.h"

struct ledger_period {
	int64_t start, end; /* INT64_MAX: records without a time */
	char name[32];
	struct ledger_sums sums;
};
struct ledger_periods {
	enum period period;         /* PERIOD_NONE: not asked for */
	struct ledger_period *list; /* by start */
	size_t count, last;
};

/* Adds, or with a sign below zero takes back, what a priced row saved. */
void periods_add(struct ledger_periods *p, const struct row *row, struct arena *a, int sign);
void periods_free(struct ledger_periods *p);

#endif
