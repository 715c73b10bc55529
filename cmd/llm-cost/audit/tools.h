/* SPDX-License-Identifier: MIT */
/* Definitions of tools that are sent, and calls of them. */
#ifndef COST_AUDIT_TOOLS_H
#define COST_AUDIT_TOOLS_H

#include "base/hash.h"
#include "imprint.h"
#include "walk.h"

struct tool_use {
	struct slice name;
	uint64_t tokens, requests;
	bool called;
	enum api api;
	enum shape shape;
	struct usd cost;
	struct remainder rest;
};
struct tools {
	struct hash_map names;
	struct tool_use *list;
	struct imprint_map definitions;
	uint64_t *tokens; /* by definition */
	uint64_t answers; /* with a text or a call, in calls that have tools */
	uint64_t unused, unused_tokens, carried;
};
#define AUDIT_TOOL_CALLS 20 /* fewer requests prove nothing about a tool */
void tools_add(
    struct tools *t, const struct row *row, const struct audit_sums *without, struct arena *a);
void tools_close(struct tools *t, struct audit_sums *s);

#endif
