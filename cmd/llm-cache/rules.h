/* SPDX-License-Identifier: MIT */
/* What the providers' prompt caches ask for, from the dated data file rules.def. */
#ifndef RULES_H
#define RULES_H

#include "base/slice.h"

struct rule {
	const char *model;
	unsigned minimum; /* tokens of a prefix; shorter ones are silently not cached */
	unsigned write_5m, write_1h, read; /* hundredths of the price of fresh input */
	const char *source;
};

/* NULL where there is none. Provider prefixes (us.anthropic., anthropic/), dates, versions and
 * `-latest` behind the name are understood; another model of the family is not. */
const struct rule *rule_of(struct slice model);

#endif
