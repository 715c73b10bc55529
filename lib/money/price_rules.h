/* SPDX-License-Identifier: MIT */
/* The compiled rules: prices that no table has, as shares of one that a table has. */
#ifndef MONEY_PRICE_RULES_H
#define MONEY_PRICE_RULES_H

#include "money/price_row.h"

/* What becomes of cached reads and writes; see llm-prices(5). */
enum rule_cache { RULE_STACKS, RULE_ALONE, RULE_NONE, RULE_UNKNOWN };

struct price_rule {
	int64_t since;
	struct slice provider, lane, models;
	bool class[PRICE_CLASSES];
	uint64_t numerator, denominator;
	bool fixed; /* then `price` is of one token or call, and nothing is multiplied */
	struct usd price;
	enum price_class of; /* CLASS_NONE: of the class itself */
	enum rule_cache cache;
};

/* The rule for a class of this row in a lane ("batch", "region:us" …) at that time, else the
 * first that will hold later; NULL if there is none. */
const struct price_rule *price_rule_find(
    const struct price *p, const char *lane, enum price_class class, int64_t when);
/* The span of time around `when` in which the same rules hold: [*from, *until). */
void price_rules_span(int64_t when, int64_t *from, int64_t *until);
/* price * multiplier; false if that has too many digits. */
bool price_rule_apply(const struct price_rule *r, struct usd price, struct usd *out);

#endif
