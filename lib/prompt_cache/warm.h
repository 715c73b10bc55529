/* SPDX-License-Identifier: MIT */
/* A provider's prompt cache, imitated: which prefixes were sent, and when. */
#ifndef PROMPT_CACHE_WARM_H
#define PROMPT_CACHE_WARM_H

#include "prompt_cache/chain.h"

/* When prefixes were sent last: what can be read of the next prompt. Holds a million of them;
 * later ones are not remembered. */
struct warm;
struct warm *warm_open(void);
/* Tokens of the longest prefix that was sent less than `life` milliseconds before; a prefix
 * that was sent in the very same millisecond is still being written. Prefixes under `minimum`
 * tokens are not cached. life INT64_MAX: always. */
uint64_t warm_read(
    const struct warm *w, const struct chain *c, int64_t when, int64_t life, uint64_t minimum);
/* The prompt was sent now. */
void warm_send(struct warm *w, const struct chain *c, int64_t when);
void warm_free(struct warm *w);

#endif
