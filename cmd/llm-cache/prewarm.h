/* SPDX-License-Identifier: MIT */
/* Requests that make a provider's cache hold a prefix, and answer nothing. */
#ifndef PREWARM_H
#define PREWARM_H

#include "cache.h"

/* For a request to Anthropic whose system prompt or tools can be cached: into line the request
 * that writes them to the cache, with max_tokens 0, one short message and a mark; *prefix is
 * what such requests have in common (digest, valid until the next call). False for all others,
 * and for requests of a batch: a batch takes no max_tokens of 0. */
bool prewarm_line(
    struct record *r, const struct request *q, struct slice *prefix, struct buf *line);

#endif
