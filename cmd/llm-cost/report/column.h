/* SPDX-License-Identifier: MIT */
/* The columns of the report: names of JSON and CSV, headings for people, and their figures. */
#ifndef COST_COLUMN_H
#define COST_COLUMN_H

#include "base/buf.h"
#include "sums.h"

enum figure_kind { FIGURE_NONE, FIGURE_COUNT, FIGURE_USD, FIGURE_RATIO, FIGURE_SHARE };
/* One number of a report: a count, dollars, n / d, usd / whole, or none. */
struct figure {
	enum figure_kind kind;
	uint64_t n, d;
	struct usd usd, whole;
};

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

/* The exact figure as JSON: dollars are strings with every digit, a ratio has six decimals at
 * most, none is null. */
void figure_json(struct figure f, struct buf *out);
/* The same for CSV: no quotes, none is empty. */
void figure_plain(struct figure f, struct buf *out);
/* For people: thousands separators, dollars with so many decimals, none is "-". */
void figure_people(struct figure f, unsigned decimals, struct buf *out);
/* Smaller first, none before all. */
int figure_cmp(struct figure a, struct figure b);
/* Nothing or zero. */
bool figure_empty(struct figure f);
/* Decimals that show dollars of about this size. */
unsigned decimals_for(struct usd d);
/* d * times / share, exactly if that has an end, else to twelve decimals, half away from zero.
 */
struct usd usd_part(struct usd d, uint64_t times, uint64_t share);

#endif
