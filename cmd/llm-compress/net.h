/* SPDX-License-Identifier: MIT */
/* Net of the provider's prompt cache: what an edit saves against the reads that it loses.
 *
 * A record is watched where it has marks of its own, or a session whose earlier request is
 * known: what was sent for that session in this run, until its lifetime is over. The cost of a
 * request is that of the tokens that the cache would have read, at the price of reading, and of
 * the others at that of fresh input (or of writing, up to the last mark). A step that makes the
 * request dearer, because the prefix is another one then, is taken back. */
#ifndef LLM_COMPRESS_NET_H
#define LLM_COMPRESS_NET_H

#include "cmd/llm-compress/work.h"
#include "money/usd.h"

struct net;
struct net *net_open(void);
void net_free(struct net *n);
/* Begins a record, the ordinal-th of the run. */
void net_begin(struct net *n, struct work *w, uint64_t ordinal);
/* Is anything of it likely to be in the provider's cache? */
bool net_watches(const struct net *n);
/* A step ran: is the request no dearer than before it? False: it must be taken back; the
 * reason, with the sum, is in *why. */
bool net_allows(struct net *n, struct work *w, const char **why);
/* The record is done as it is now: it counts as sent, and the sum is noted. */
void net_end(struct net *n, struct work *w);

/* For plan: what the work as it is now costs with the cache, in dollars, and without. It counts
 * as sent, whatever session it belongs to. False where there is no price. */
bool net_price(
    struct net *n, struct work *w, uint64_t ordinal, struct usd *cached, struct usd *fresh);

#endif
