/* SPDX-License-Identifier: MIT */
#include "walk.h"

const char *const stage_names[STAGES] = { "cache", "route", "compress", "mark", "batch",
	"other" };

static enum stage
stage_of_side_call(const struct row *row)
{
	struct value side = json_get(row->request.llm, "side");

	for (size_t i = 0; i < STAGE_OTHER; i++)
		if (json_is(side, stage_names[i]))
			return (enum stage)i;
	return STAGE_OTHER;
}

/* The input before compression. An estimate of tokens may not make it negative. */
static uint64_t
input_as_asked(const struct row *row)
{
	struct value compress = json_get(row->request.llm, "compress");
	uint64_t before, after, input = row->usage.input;

	if (!json_whole(json_get(compress, "tokens_before"), &before) ||
	    !json_whole(json_get(compress, "tokens_after"), &after))
		return input;
	if (before >= after)
		return before - after > UINT64_MAX - input ? input : input + (before - after);
	return after - before > input ? 0 : input - (after - before);
}

/* Nothing from the provider's cache, nothing written to it. */
static void
make_fresh(struct usage *u)
{
	u->cached = u->written_5m = u->written_1h = 0;
	u->audio_cached = u->image_cached = 0;
}

/* The tier of the answer is the lane that it ran in; before that stage it is real time. A
 * request for priority was asked so. */
static void
make_realtime(struct usage *u)
{
	enum lane lane;

	if (lane_named(u->service_tier, &lane) && lane != LANE_PRIORITY)
		u->service_tier = (struct slice){ 0 };
}

/* The cost of a step; a step without a price costs what the one before it cost. */
static struct usd
step(const struct row *row, struct slice model, enum lane lane, const struct usage *u,
    struct usd before)
{
	struct price_query q = row_query(row, model, lane);
	struct bill b;

	bill_usage(&q, u, &b);
	return b.priced ? b.usd : before;
}

/* The bill as asked; false if it cannot be known. */
static bool
as_asked(const struct row *row, struct slice asked, const struct usage *u, struct bill *b)
{
	struct price_query q = row_query(row, asked, LANE_REALTIME);

	/* who answered a routed request need not serve the model that was asked */
	if (!slice_eq(asked, row->model))
		q.provider = slice_z(row_settings.provider);
	if (!row->has_usage || !asked.ptr)
		return false;
	bill_usage(&q, u, b);
	return b->priced;
}

static void
save(struct ledger_sums *s, enum stage stage, struct usd *cost, struct usd after)
{
	s->saved[stage] = usd_add(s->saved[stage], usd_sub(*cost, after));
	*cost = after;
}

static bool
same_counts(const struct usage *a, const struct usage *b)
{
	return a->input == b->input && a->cached == b->cached &&
	       a->written_5m == b->written_5m && a->written_1h == b->written_1h &&
	       slice_eq(a->service_tier, b->service_tier);
}

static void
walk_stages(struct ledger_sums *s, const struct row *row, struct slice asked, struct usage *u,
    struct usd cost)
{
	struct usage real = row->usage;

	make_realtime(&real);
	if (!slice_eq(asked, row->model))
		save(s, STAGE_ROUTE, &cost, step(row, row->model, LANE_REALTIME, u, cost));
	if (u->input != real.input) {
		u->input = real.input;
		save(s, STAGE_COMPRESS, &cost, step(row, row->model, LANE_REALTIME, u, cost));
	}
	if (!same_counts(u, &real))
		save(s, STAGE_MARK, &cost, step(row, row->model, LANE_REALTIME, &real, cost));
	save(s, STAGE_BATCH, &cost, row->bill.usd);
}

static void
side_call(struct ledger_sums *s, const struct row *row)
{
	enum stage stage = stage_of_side_call(row);

	s->spent = usd_add(s->spent, row->bill.usd);
	s->side_cost[stage] = usd_add(s->side_cost[stage], row->bill.usd);
	s->saved[stage] = usd_sub(s->saved[stage], row->bill.usd);
}

static bool
is_side_call(const struct row *row)
{
	return json_type(json_get(row->request.llm, "for")) > JSON_NULL;
}

/* The usage before any stage had touched it. */
static void
usage_as_asked(const struct row *row, struct usage *u)
{
	*u = row->usage;
	if (row->request.llm.json)
		u->input = input_as_asked(row);
	make_fresh(u);
	make_realtime(u);
}

bool
walk_as_asked(const struct row *row, struct arena *a, struct usage *u, struct bill *b)
{
	if (is_side_call(row) || (row->failed && !row->has_usage))
		return false;
	usage_as_asked(row, u);
	return as_asked(row, row_asked(row, a), u, b);
}

struct usd
walk_baseline(const struct row *row, struct arena *a)
{
	struct usage u;
	struct bill b;

	if (is_side_call(row))
		return (struct usd){ 0 };
	return walk_as_asked(row, a, &u, &b) ? b.usd : row->bill.usd;
}

void
walk_add(struct ledger_sums *s, const struct row *row, struct arena *a)
{
	struct slice asked = row_asked(row, a);
	struct usage u;
	struct bill b;

	if (is_side_call(row)) {
		side_call(s, row);
		return;
	}
	s->spent = usd_add(s->spent, row->bill.usd);
	if (row->failed && !row->has_usage)
		return;
	usage_as_asked(row, &u);
	if (!as_asked(row, asked, &u, &b)) {
		s->no_baseline++;
		s->baseline = usd_add(s->baseline, row->bill.usd);
		return;
	}
	s->baseline = usd_add(s->baseline, b.usd);
	if (row->kind == ROW_REPLAY) {
		enum stage stage = request_drafted(&row->request) ? STAGE_ROUTE : STAGE_CACHE;

		s->saved[stage] = usd_add(s->saved[stage], b.usd);
	} else {
		walk_stages(s, row, asked, &u, b.usd);
	}
}

void
ledger_take(struct ledger_sums *s, const struct ledger_sums *less)
{
	s->baseline = usd_sub(s->baseline, less->baseline);
	s->spent = usd_sub(s->spent, less->spent);
	for (size_t i = 0; i < STAGES; i++) {
		s->saved[i] = usd_sub(s->saved[i], less->saved[i]);
		s->side_cost[i] = usd_sub(s->side_cost[i], less->side_cost[i]);
	}
	s->no_baseline -= less->no_baseline;
}

struct usd
ledger_saved(const struct ledger_sums *s)
{
	struct usd sum = { 0 };

	for (size_t i = 0; i < STAGES; i++)
		sum = usd_add(sum, s->saved[i]);
	return sum;
}
