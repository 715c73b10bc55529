/* SPDX-License-Identifier: MIT */
/* Price tables in layers, the compiled one lowest, and the search for a name in them.
 *
 * A layer is two sorted texts: its rows (llm-prices(5), one a line) and its names, lines of
 * `provider TAB name TAB model` or `provider TAB TAB pattern TAB model`. Nothing is parsed
 * before it is asked for. */
#ifndef MONEY_PRICE_TABLE_H
#define MONEY_PRICE_TABLE_H

#include "base/buf.h"
#include "money/price_row.h"

struct price_layer {
	const char *name; /* "built-in" or the file's name */
	const char *date; /* of the table, or NULL */
	struct slice rows, names;
	size_t number; /* set by price_layer_add */
};

/* Rows of one model, by rising first day. */
struct price_group {
	const struct price_layer *layer;
	struct price *row;
	size_t count;
	const char *flaw; /* a row could not be read, and why; or NULL */
	struct price_terms
	    *terms; /* by lane and region, NULL before the first bill; see bill.c */
};

/* Puts a layer over the others; its texts live as long as the run. */
void price_layer_add(const struct price_layer *layer);
size_t price_layer_count(void);
/* From the lowest (0) on. */
const struct price_layer *price_layer_get(size_t i);
/* The model that this provider's name stands for in the layer: exact, else the pattern with
 * the most letters; ptr NULL if none. The provider itself, its fallbacks (each one's name goes
 * to *served) and rows without a provider are tried. name is in lower case. */
struct slice price_layer_find(const struct price_layer *layer, struct slice provider,
    struct slice name, struct slice *served);
/* Providers of the layer, one after another: the one after `last` (ptr NULL: the first); ptr
 * NULL at the end. */
struct slice price_layer_provider(const struct price_layer *layer, struct slice last);
/* The model for an exact name alone. */
struct slice price_layer_exact(
    const struct price_layer *layer, struct slice provider, struct slice name);
/* The rows of a model, read once; run lifetime. */
struct price_group *price_group_read(
    const struct price_layer *layer, struct slice provider, struct slice model);
/* Does name fit the pattern? `*` is any run of bytes, `#` one digit. */
bool price_pattern(struct slice pattern, struct slice name);

#endif
