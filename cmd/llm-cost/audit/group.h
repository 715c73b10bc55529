/* SPDX-License-Identifier: MIT */
/* Groups of calls: by model and task, and by prompt. */
#ifndef COST_AUDIT_GROUP_H
#define COST_AUDIT_GROUP_H

#include "base/hash.h"
#include "body.h"
#include "length.h"
#include "walk.h"

struct output_group {
	struct slice model, task; /* ptr NULL: none */
	struct lengths visible;   /* tokens of answers without reasoning */
	uint64_t answers, cut, uncapped, tokens, input, reasoning;
	uint64_t simple;     /* judged simple, and reasoned about */
	struct usd cost;     /* of those tokens */
	struct usd cut_cost; /* of calls that were cut */
	struct usd reasoning_cost, simple_reasoning;
	/* found at the end */
	uint64_t median, cap, over, excess, longest;
	struct usd saved;
	struct remainder rest;
};
struct prompt_group {
	uint64_t requests;
	struct usd cost;
	struct slice model;
};
#define GROUPS_OUTPUT 1024
#define GROUPS_PROMPT 4096
struct groupings {
	struct hash_map outputs;
	struct output_group *output;
	struct imprint_map prompts;
	struct prompt_group *prompt;
	struct arena names;
};
void groupings_add(struct groupings *g, const struct row *row, const struct body *b,
    const struct audit_sums *without, struct arena *a);
/* Finds caps and what they save. */
void groupings_close(struct groupings *g, struct audit_sums *s);
void groupings_free(struct groupings *g);
/* Sums over all groups of what was cut, had no cap, and was reasoning. */
struct output_group groupings_sum(const struct groupings *g);
/* The prompt that cost the most; NULL if none has a body. */
const struct prompt_group *groupings_dearest(const struct groupings *g);

#endif
