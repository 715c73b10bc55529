/* SPDX-License-Identifier: MIT */
/* One number of a report: exact for programs, rounded for people. */
#ifndef SHOW_FIGURE_H
#define SHOW_FIGURE_H

#include "base/buf.h"
#include "money/usd.h"

enum figure_kind { FIGURE_NONE, FIGURE_COUNT, FIGURE_USD, FIGURE_RATIO, FIGURE_SHARE };
/* A count, dollars, n / d, usd / whole, or none. */
struct figure {
	enum figure_kind kind;
	uint64_t n, d;
	struct usd usd, whole;
};

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

#endif
