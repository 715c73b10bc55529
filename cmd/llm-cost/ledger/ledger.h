/* SPDX-License-Identifier: MIT */
/* A finished ledger and its formats. */
#ifndef COST_LEDGER_H
#define COST_LEDGER_H

#include "periods.h"
#include "sides.h"
#include "cmd/llm-cost/rows/left.h"
#include "cmd/llm-cost/sums/sums.h"
#include "cmd/llm-cost/rows/walk.h"

struct ledger {
	struct ledger_sums walked;
	struct sums sums;
	struct left left;
	struct ledger_periods periods;
	struct sides sides;
	int64_t project;     /* milliseconds; 0: no projection */
	int64_t first, last; /* times of the records that have one */
	uint64_t timed;      /* how many */
};

extern const char *const ledger_formats[]; /* table first, NULL-ended */
/* Appends the ledger in this format; it ends with a newline. */
void ledger_print(const char *format, const struct ledger *l, struct buf *out);

#endif
