/* SPDX-License-Identifier: MIT */
/* One record walked back to what it would have cost, stage by stage in the order of the pipe.
 *
 * As asked (the asked model, all input before compression fresh, real time) -> cache (replayed:
 * the rest is nothing) -> route (the model that answered) -> compress (the input that was sent)
 * -> mark (cached and written input at their prices) -> batch (the lane that ran) = what it
 * cost. The output is taken as it was on every step. */
#ifndef COST_WALK_H
#define COST_WALK_H

#include "row.h"

/* STAGE_OTHER takes side calls that do not name their stage in llm.side. */
enum stage {
	STAGE_CACHE,
	STAGE_ROUTE,
	STAGE_COMPRESS,
	STAGE_MARK,
	STAGE_BATCH,
	STAGE_OTHER,
	STAGES
};
extern const char *const stage_names[STAGES];

/* Sums of walks. What a stage saved is net of its side calls, so that always
 * baseline = spent + sum of saved. */
struct ledger_sums {
	struct usd baseline, spent;
	struct usd saved[STAGES];
	struct usd side_cost[STAGES];
	uint64_t no_baseline; /* records whose asked model has no price: baseline = spent */
};

/* Adds what the row (priced, not unpriced) spent and saved. */
void walk_add(struct ledger_sums *s, const struct row *row, struct arena *a);
/* The bill of the row (priced) as it was asked; false where that cannot be known, or is no call
 * of its own. */
bool walk_as_asked(const struct row *row, struct arena *a, struct usage *u, struct bill *b);
/* What the row (priced) would have cost as it was asked; what it cost where that is unknown,
 * and nothing for a side call. */
struct usd walk_baseline(const struct row *row, struct arena *a);
void ledger_take(struct ledger_sums *s, const struct ledger_sums *less);
/* The sum of saved. */
struct usd ledger_saved(const struct ledger_sums *s);

#endif
