/* SPDX-License-Identifier: MIT */
/* The provider's prompt cache: what of the prompts it could have read. */
#ifndef COST_AUDIT_PREFIX_H
#define COST_AUDIT_PREFIX_H

#include "body.h"
#include "walk.h"
#include "prompt_cache/warm.h"

struct prefix_entry; /* one prefix of one model */
struct prefixes {
	struct imprint_map map;
	struct prefix_entry *list;
	struct warm *warm;              /* what the provider's cache would hold */
	uint64_t untimed;               /* calls whose lifetime could not be checked */
	uint64_t short_calls;           /* whose prefix is under the minimum */
	uint64_t short_tokens, minimum; /* the largest of them, and its model's minimum */
	uint64_t hour_prefixes, five_prefixes, automatic;
	uint64_t hour_chats, five_chats; /* whose whole prompt is worth the mark */
	uint64_t largest;                /* tokens of a prefix that pays */
};
/* Adds to the prefix what the provider's cache changes in the walk of this call, which is
 * `without` it. */
void prefixes_add(struct prefixes *x, const struct audit_sums *without, const struct row *row,
    const struct body *b, const struct plan *p, struct arena *a);
/* The least prefix that the provider of this model caches, in tokens. */
unsigned prefix_minimum(struct slice model);
/* The prefixes that pay go to s. */
void prefixes_close(struct prefixes *x, struct audit_sums *s);

#endif
