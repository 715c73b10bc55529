/* SPDX-License-Identifier: MIT */
/* llm-cost whatif: what calls cost, and what is left of it after each change. */
#ifndef COST_WHATIF_H
#define COST_WHATIF_H

#include "base/options.h"
#include "cmd/llm-cost/rows/row.h"

#define WHATIF_STAGES 16

/* One change, in the order in which it is applied. */
struct whatif_stage {
	const char *name;
	uint64_t share;  /* of a stack: what it saves, millionths */
	bool stacked;    /* --stack: multiplied, not priced */
	struct usd cost; /* that is left after it */
};

struct whatif {
	bool scenario; /* --calls, no log */
	const char *from,
	    *to; /* --model; `from` only moves rows of that model; NULL: any, none */
	uint64_t batch, cached; /* shares, millionths; UINT64_MAX: not asked */
	uint64_t calls, in, out;
	struct whatif_stage stage[WHATIF_STAGES];
	size_t stages, priced; /* those before `priced` are not stacked */
	struct usd baseline;
	uint64_t requests, input, output;     /* as logged; of a scenario all calls together */
	uint64_t new_input, new_output;       /* in tokens of the other model */
	uint64_t moved, recounted, by_factor; /* calls: to --model, with their text, without */
	uint64_t no_batch; /* calls without a batch price: they stay as they are */
	uint64_t unpriced, skipped, repeats, unanswered;
	double factor; /* of a scenario: tokens of `to` for one of `from` */
};

/* What a call costs as it was, and after each priced stage; false, and *why: no price. */
bool whatif_row(struct whatif *w, const struct row *row, struct arena *a,
    struct usd cost[WHATIF_STAGES + 1], const char **why);
/* How many tokens of model b stand for one of model a in text that nobody has: by how both
 * count a sample. */
double whatif_factor(struct slice a, struct slice b);

extern const char *const whatif_formats[];
void whatif_print(const char *format, const struct whatif *w, struct buf *out);

#endif
