/* SPDX-License-Identifier: MIT */
/* Agents, whose logs hold no requests, and the prompts that they keep in a cache. */
#ifndef COST_AUDIT_SESSION_H
#define COST_AUDIT_SESSION_H

#include "imprint.h"
#include "walk.h"

/* Sessions of agents: what was written to the cache again because it had expired. */
struct session;
struct sessions {
	struct imprint_map map;
	struct session *list;
	struct usd hour; /* saved if all writes were for an hour */
	struct remainder rest;
	uint64_t expired, tokens;
};
void sessions_add(struct sessions *x, const struct row *row, const struct audit_sums *without);
void sessions_close(struct sessions *x, struct audit_sums *s);

#endif
