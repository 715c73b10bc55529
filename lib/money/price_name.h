/* SPDX-License-Identifier: MIT */
/* What the name of a model in a record says: who served it, and under which names a table
 * may have it. */
#ifndef MONEY_PRICE_NAME_H
#define MONEY_PRICE_NAME_H

#include "base/arena.h"

#define PRICE_NAMES 12
struct price_name {
	struct slice provider; /* given, by prefix, or who makes such models; ptr NULL */
	struct slice try[PRICE_NAMES]; /* in this order; lower case */
	size_t count;
};

/* provider may be empty. Values live in the arena or are static. */
void price_name_read(
    struct slice model, struct slice provider, struct arena *a, struct price_name *out);
/* The name that the tables have for a provider ("bedrock" → "aws"), or the name itself. */
struct slice price_provider(struct slice name);

#endif
