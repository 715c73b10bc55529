/* SPDX-License-Identifier: MIT */
/* The columns of the report: names of JSON and CSV, headings for people, and their figures. */
#ifndef COST_COLUMN_H
#define COST_COLUMN_H

#include "base/buf.h"
#include "show/figure.h"
#include "cmd/llm-cost/sums/sums.h"

struct column {
	const char *name;    /* "input_tokens" */
	const char *heading; /* "input" */
	struct figure (*of)(const struct group *g);
	unsigned people;  /* the table has it if it is not empty: 1 first, 5 last to be left out
			     where the width does not do, 0 only if asked for */
	unsigned wanted;  /* traits it is made of (enum traits_wanted) */
	const char *help; /* for the page and for Prometheus */
};
extern const struct column columns[];
extern const size_t column_count;
/* NULL if there is none of that name. */
const struct column *column_named(const char *name);

/* Reads `NAME,NAME,…` into list (room for column_count); how many. A wrong word, told to be of
 * the option, ends the run with status 2. */
size_t columns_parse(const char *option, const char *text, const struct column **list);

#endif
