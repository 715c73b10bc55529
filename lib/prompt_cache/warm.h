/* SPDX-License-Identifier: MIT */
/* A provider's prompt cache, imitated: which prefixes were sent, and when. */
#ifndef PROMPT_CACHE_WARM_H
#define PROMPT_CACHE_WARM_H

#include "base/when.h"
#include "prompt_cache/chain.h"

/* When one prefix was sent last, and when last before that millisecond (WHEN_NONE: not). */
struct warm_times {
	int64_t last, before;
};
void warm_times_add(struct warm_times *t, int64_t when);
/* Was it sent at most `life` milliseconds before? What came in the very same millisecond does
 * not count: it is still being written. life INT64_MAX: it was sent. */
bool warm_times_within(const struct warm_times *t, int64_t when, int64_t life);

/* When prefixes were sent last: what can be read of the next prompt. Holds a million of them;
 * later ones are not remembered. */
struct warm;
struct warm *warm_open(void);
/* Tokens of the longest prefix that was sent within `life`, see warm_times_within. Prefixes
 * under `minimum` tokens are not cached. */
uint64_t warm_read(
    const struct warm *w, const struct chain *c, int64_t when, int64_t life, uint64_t minimum);
/* The prompt was sent now. */
void warm_send(struct warm *w, const struct chain *c, int64_t when);
void warm_free(struct warm *w);

#endif
