/* SPDX-License-Identifier: MIT */
/* Sums by the time of the calls: of all of them, and the cost of each group. */
#ifndef COST_TIMELINE_H
#define COST_TIMELINE_H

#include "cmd/llm-cost/rows/period.h"
#include "sums.h"

/* Points that are kept; calls of further ones are counted as `lost`. */
#define TIMELINE_LIMIT 20000
#define TIMELINE_CELLS 1000000

struct point {
	int64_t start, end; /* of the period, milliseconds */
	uint64_t requests, input, cached;
	struct usd cost;
};
struct timeline {
	enum period period;
	bool by_group;      /* cells are kept too */
	struct point *list; /* by start */
	size_t count, room, last;
	struct cell *cells; /* open addressing */
	size_t size, used;
	uint64_t lost;
};

/* Adds what the row adds to its group; with old, in the place of that. Rows without a time of
 * their own are in no period. */
void timeline_add(
    struct timeline *t, uint32_t group, const struct row *row, const struct row *old);
/* The point that has this moment, made if it is not there; NULL over the limit. */
struct point *timeline_point(struct timeline *t, int64_t when);
/* The cost of a group in the period that begins then. */
struct usd timeline_cell(const struct timeline *t, uint32_t group, int64_t start);
/* Brings a timeline with too many points to longer periods, at most `most` points if a month is
 * enough for that. */
void timeline_coarsen(struct timeline *t, size_t most);
void timeline_free(struct timeline *t);

#endif
