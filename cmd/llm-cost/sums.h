/* SPDX-License-Identifier: MIT */
/* What rows add up to, for all of them and by group. */
#ifndef COST_SUMS_H
#define COST_SUMS_H

#include "base/hash.h"
#include "latency.h"
#include "row.h"

/* Groups that are kept apart; rows of further ones go to a last group without a key. */
#define GROUPS_LIMIT 100000

/* Counts are exact; a set of sums added in another order is the same. */
struct sums {
	uint64_t requests;
	uint64_t input, cached, written, output, reasoning;
	uint64_t unpriced, errors;
	uint64_t wasted; /* requests that were cut, filtered or ended without a reason */
	struct usd cost, wasted_cost;
};
struct group {
	struct sums sums;
	struct latency latency;
	bool whole; /* not one group but all: its cost is a sum, be it an empty one */
};

struct groups {
	struct hash_map keys; /* as by_key makes them */
	struct group *list;   /* by index of the key */
	size_t room;
	uint64_t merged; /* rows in the last group, whose key is GROUPS_REST */
	struct group total;
};
/* The key of the group that takes the rows of groups over the limit: no by_key looks so. */
#define GROUPS_REST SLICE("\n")

/* What one row adds. Counts of a flawed usage are left out, as its amount is. */
struct sums sums_of(const struct row *row);
void sums_add(struct sums *s, const struct sums *more);
void sums_take(struct sums *s, const struct sums *less);

/* The index of the group of this key; a new one is made if the limit allows. */
uint32_t groups_find(struct groups *g, struct slice key);
/* Adds the row to the group and the total; with old, a row that was added, in its place. */
void groups_add(struct groups *g, uint32_t index, const struct row *row, const struct row *old);
void groups_free(struct groups *g);

#endif
