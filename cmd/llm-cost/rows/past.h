/* SPDX-License-Identifier: MIT */
/* How long answers were: output tokens of a log's calls, by group. */
#ifndef COST_PAST_H
#define COST_PAST_H

#include "base/hash.h"
#include "by.h"

/* Output tokens of one group's calls, ascending; 4 bytes a call. Reasoning is part of them, as
 * it is part of a cap. */
struct past_group {
	uint32_t *output;
	size_t count;
	uint64_t sum;
	uint64_t cut; /* answers that a cap ended: they would have been longer */
};

struct past {
	struct by by;
	struct hash_map keys; /* as by_key makes them */
	struct past_group *list;
	struct past_group all;
	uint64_t skipped, unanswered, unknown; /* lines; requests; calls without a usage */
};

/* Reads the log to its end, each call once, grouped by these fields (see by_parse). required: a
 * file that is not there ends the process. */
void past_read(struct past *p, const struct option_list *files, const char *by, bool required);
/* The group of the key, NULL if the log has none. */
const struct past_group *past_find(const struct past *p, struct slice key);
/* The smallest output that at least `millionths` of the calls do not exceed; count >= 1. */
uint64_t past_quantile(const struct past_group *g, uint64_t millionths);
/* Rounded half up; count >= 1. */
uint64_t past_mean(const struct past_group *g);
/* How many calls wrote more than that. */
uint64_t past_above(const struct past_group *g, uint64_t cap);
void past_free(struct past *p);

#endif
