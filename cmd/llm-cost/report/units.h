/* SPDX-License-Identifier: MIT */
/* Units of business (tickets, documents, orders) by group, from a file of the user. */
#ifndef COST_UNITS_H
#define COST_UNITS_H

#include "cmd/llm-cost/rows/by.h"
#include "cmd/llm-cost/sums/sums.h"

struct units {
	bool given;
	bool with_over;       /* the file tells the period too */
	struct hash_map keys; /* texts of the fields, a newline behind each */
	uint64_t *count;      /* by index of the key; equal keys are added */
	bool *met;            /* a group has this key */
	uint64_t sum;
	uint64_t without_cost;  /* keys that no group has */
	uint64_t without_units; /* groups that have no key here */
};

/* CSV with a heading, or JSONL: a column for each field of --by, by its name as it was written
 * there, and `units`, a whole number. A wrong file ends the run with status 2. */
void units_read(struct units *u, const char *file, const struct by *by);
/* Sets units of the groups, whose keys have the first `fields` fields of by, and the total. */
void units_apply(struct units *u, struct groups *g, size_t fields);
/* The i-th key of the file that no group has; texts of its fields, a newline behind each. */
bool units_unmet(const struct units *u, size_t i, struct slice *key);
void units_free(struct units *u);

#endif
