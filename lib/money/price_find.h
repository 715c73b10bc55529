/* SPDX-License-Identifier: MIT */
/* From a model's name and a time to a row, remembered for the run. */
#ifndef MONEY_PRICE_FIND_H
#define MONEY_PRICE_FIND_H

#include "money/price_table.h"

struct price_found {
	struct price_group *group; /* NULL: none */
	const char *why;           /* then the reason */
};

struct price_found price_find(struct slice model, struct slice provider);
/* The same in one layer alone, not remembered; NULL if it has no such model. */
const struct price_group *price_find_in(
    size_t layer, struct slice model, struct slice provider);
/* As price_find, in one layer alone and not remembered. */
struct price_found price_find_layer(size_t layer, struct slice model, struct slice provider);
/* What the usage costs by these rows, not empty; see bill_usage. */
void bill_group(struct price_group *group, const struct price_query *q, const struct usage *u,
    struct bill *b);
/* The row that holds at that time, else the first; *early says that it is older than the
 * first price that is known. */
struct price *price_at(const struct price_group *group, int64_t when, bool *early);
/* Narrows [*from, *until), which `when` is in, to a span in which price_at gives the same. */
void price_narrow(const struct price_group *group, int64_t when, int64_t *from, int64_t *until);

#endif
