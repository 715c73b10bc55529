/* SPDX-License-Identifier: MIT */
#include "money/price.h"

static bool
names_lane(struct value v, struct arena *a, enum lane *lane)
{
	struct slice name = json_string(v, a);

	return name.ptr && lane_named(name, lane);
}

enum lane
lane_settled(const struct request *q, const struct usage *u, const struct lane_told *told,
    struct arena *a)
{
	enum lane lane = told->otherwise;

	if (names_lane(told->batch, a, &lane))
		return lane;
	/* a `result` beside params is how a batch of Anthropic's answers */
	if (q->batch_line || u->batch || (q->shape == SHAPE_ANTHROPIC && q->answered))
		return LANE_BATCH;
	names_lane(told->record, a, &lane);
	/* the tier that the answer names is the one that was billed */
	if (lane != LANE_BATCH)
		lane_named(u->service_tier, &lane);
	return lane;
}

enum lane
lane_billed(const struct request *q, const struct usage *u, struct arena *a)
{
	struct lane_told told = { .batch = json_get(json_get(q->llm, "batch"), "lane"),
		.record = request_attribute(q, "lane"),
		.otherwise = LANE_REALTIME };

	return lane_settled(q, u, &told, a);
}
