/* SPDX-License-Identifier: MIT */
/* What the providers' prompt caches ask for, from the dated data file rules.def. */
#ifndef PROMPT_CACHE_RULES_H
#define PROMPT_CACHE_RULES_H

#include "base/slice.h"

struct cache_rule {
	const char *model;
	unsigned minimum; /* tokens of a prefix; shorter ones are silently not cached */
	unsigned write_5m, write_1h, read; /* hundredths of the price of fresh input */
	unsigned marks;                    /* that one request may have; 0: it takes none */
	unsigned a_minute; /* requests of one prompt_cache_key that one machine serves; 0: not
			      stated */
	const char *source;
};

/* NULL where there is none. Provider prefixes (us.anthropic., anthropic/), dates, versions and
 * `-latest` behind the name are understood; another model of the family is not. */
const struct cache_rule *cache_rule_of(struct slice model);
/* The same for models that take a prompt_cache_key (OpenAI's and Mistral's, by the beginning of
 * their names). */
const struct cache_rule *cache_key_rule_of(struct slice model);
/* Date of the table: "cache rules of 2026-11-01". */
const char *cache_rules_version(void);

#endif
