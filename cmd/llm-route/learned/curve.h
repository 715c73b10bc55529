/* SPDX-License-Identifier: MIT */
/* Quality against the share of calls that the last model takes. */
#ifndef LLM_ROUTE_CURVE_H
#define LLM_ROUTE_CURVE_H

#include "cmd/llm-route/learned/trained.h"
#include "stats/interval.h"

#define CURVE_POINTS 21 /* 0 %, 5 % … 100 % */

struct curve_row {
	struct gain gain;
	double score, length;
	float outcome[LEARNED_ARMS];
};

struct curve_point {
	double share;     /* of the last model, as it came out */
	double threshold; /* of the score */
	double quality;   /* mean outcome */
	double lost, won; /* sums of what the last model alone would add, and take away */
	struct interval range;
	double by_length; /* mean outcome where the longest prompts go to the last model */
};

struct curve {
	size_t rows, fresh; /* fresh: like no known prompt */
	double first, last; /* mean outcomes of those models */
	double apgr, apgr_length;
	struct interval apgr_range, lead_range; /* of apgr - apgr_length: by the same rows */
	struct curve_point point[CURVE_POINTS];
};

/* Equal scores stand in the order of the rows. Intervals are those of the bootstrap over rows,
 * 1,000 resamples, 95 %. */
void curve_make(struct curve *c, const struct trained *t, struct curve_row *rows, size_t count,
    uint64_t seed);

extern const char *const curve_formats[];
void curve_print(const char *format, const struct curve *c, const struct trained *t,
    const struct curve_point *chosen, struct buf *out);
void curve_svg(const struct curve *c, const struct curve_point *chosen, struct buf *out);

#endif
