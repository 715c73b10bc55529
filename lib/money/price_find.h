/* SPDX-License-Identifier: MIT */
/* From a model's name and a time to a row, remembered for the run. */
#ifndef MONEY_PRICE_FIND_H
#define MONEY_PRICE_FIND_H

#include "money/price_table.h"

struct price_found {
	const struct price_group *group; /* NULL: none */
	const char *why;                 /* then the reason */
};

struct price_found price_find(struct slice model, struct slice provider);
/* The same in one layer alone, not remembered; NULL if it has no such model. */
const struct price_group *price_find_in(
    size_t layer, struct slice model, struct slice provider);
/* The row that holds at that time, else the first; *early says that it is older than the
 * first price that is known. */
struct price *price_at(const struct price_group *group, int64_t when, bool *early);

#endif
