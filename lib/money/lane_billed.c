/* SPDX-License-Identifier: MIT */
#include "money/price.h"

enum lane
lane_billed(const struct request *q, const struct usage *u, struct arena *a)
{
	enum lane lane = LANE_REALTIME;
	struct slice told = json_string(json_get(json_get(q->llm, "batch"), "lane"), a);

	if (told.ptr && lane_named(told, &lane))
		return lane;
	if (q->batch_line || u->batch || q->shape == SHAPE_ANTHROPIC)
		return LANE_BATCH;
	told = json_string(request_attribute(q, "lane"), a);
	if (told.ptr)
		lane_named(told, &lane);
	return lane;
}
