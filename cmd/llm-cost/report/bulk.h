/* SPDX-License-Identifier: MIT */
/* Calls that one plan of prices bills, added up by their counts.
 *
 * Nearly all lines of a log say nothing odd: a call of text tokens, answered, by a model that
 * has a price. Those of one group that name the same model, provider, lane, tier and region
 * make a bulk as long as their times and prompts stay in the span of one plan: then nothing
 * has to be looked up for the next one, and dollars are made of the sums, once for all of them,
 * which is exact. A call that is odd in whatever way is in no bulk and is added to its group
 * by itself.
 */
#ifndef COST_BULK_H
#define COST_BULK_H

#include "cmd/llm-cost/rows/by.h"
#include "cmd/llm-cost/sums/sums.h"

struct bulk;
struct bulks {
	const struct by *by;
	struct groups *groups;
	unsigned wanted; /* traits: enum traits_wanted */
	/* private */
	struct bulk *list; /* NULL before the first */
	bool periods;
	size_t next;
};

/* The bulk that a row, not priced yet, may be added to; NULL if there is none. */
struct bulk *bulk_find(const struct bulks *t, const struct row *row);
/* Adds it, if its traits (wanted but for class and baseline, or NULL if none are) are like
 * those of the others; else false. */
bool bulk_add(
    const struct bulks *t, struct bulk *to, const struct row *row, const struct traits *traits);
/* A row was priced and added to a group, with such traits or NULL, just after by_key has made
 * its key: the next ones that are like it have a bulk, if they can. */
void bulk_learn(struct bulks *t, const struct record *r, const struct row *row,
    const struct traits *traits, uint32_t group);
/* The group of the bulk's calls. */
uint32_t bulk_group(const struct bulk *t);
/* Adds all to the groups; t is empty then. */
void bulks_close(struct bulks *t);

#endif
