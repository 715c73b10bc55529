/* SPDX-License-Identifier: MIT */
/* llm-cost breakeven: does a model of one's own pay, condition by condition. */
#ifndef COST_BREAKEVEN_H
#define COST_BREAKEVEN_H

#include "money/price.h"

enum breakeven_answer { PAYS_YES, PAYS_UNCLEAR, PAYS_NO };

#define CONDITIONS_MOST 8
struct condition {
	const char *name;
	enum breakeven_answer answer;
	char text[200];
};

struct breakeven {
	/* asked */
	const char *model, *to;
	uint64_t share; /* saved of each call where no other model is named, millionths */
	uint64_t calls, in, out; /* a month; of a call */
	struct usd setup, labour, retrain, hosting;
	uint64_t every;      /* months between trainings */
	uint64_t price_fall; /* a year, millionths */
	uint64_t horizon;    /* months */
	/* of a log */
	bool log;
	uint64_t requests, unpriced, skipped, whole, stable, judged_stable;
	int64_t first, last;
	bool timed;
	/* found */
	struct usd spent, after; /* a month, before all other costs */
	struct usd saved;        /* spent - after - hosting */
	uint64_t months;         /* whole months until all is paid back; 0: not in 10 years */
	double months_exact;     /* the same within the month */
	uint64_t months_flat;    /* were there neither training again nor falling prices */
	struct usd end;          /* what is left at the horizon */
	struct condition condition[CONDITIONS_MOST];
	size_t conditions;
	enum breakeven_answer answer;
};

/* Fills what is found from what was asked and seen. */
void breakeven_reckon(struct breakeven *b);
extern const char *const breakeven_formats[];
void breakeven_print(const char *format, const struct breakeven *b, struct buf *out);

#endif
