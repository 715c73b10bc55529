/* SPDX-License-Identifier: MIT */
/* Charts as SVG, drawn for a width in pixels, so that a small screen gets its own. */
#ifndef COST_CHART_H
#define COST_CHART_H

#include "print.h"

/* The groups that have a colour of their own; the last series takes all others. */
#define CHART_SERIES 8
struct chart_series {
	size_t count;
	uint32_t group[CHART_SERIES]; /* index of the group; UINT32_MAX: all others */
	struct slice name[CHART_SERIES];
};

/* The dearest groups, their names in the arena. */
void chart_series(const struct print *p, struct chart_series *s, struct arena *a);
/* Each adds what stands inside an svg element, and gives its height. */
/* Dollars over time: a column a period, a colour a group. */
double chart_spend(
    const struct print *p, const struct chart_series *s, double width, struct buf *out);
/* Groups by cost with their share and the running sum of the shares. */
double chart_pareto(const struct print *p, double width, struct buf *out);
/* Cached by input tokens over time. */
double chart_hits(const struct print *p, double width, struct buf *out);
/* p50, p95 and p99 of groups. */
double chart_latency(const struct print *p, double width, struct buf *out);
/* Is there anything to draw? */
bool chart_has_time(const struct print *p);
bool chart_has_hits(const struct print *p);
bool chart_has_latency(const struct print *p);

#endif
