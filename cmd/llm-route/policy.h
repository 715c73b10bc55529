/* SPDX-License-Identifier: MIT */
/* All that decides, beside the record: rules, and what options add to them. */
#ifndef LLM_ROUTE_POLICY_H
#define LLM_ROUTE_POLICY_H

#include "base/hash.h"
#include "cmd/llm-route/routes.h"
#include "prompt_cache/warm.h"

struct semantic; /* example utterances: semantic.h */
struct caps;     /* output caps from the past: output/caps.h */
struct learned;  /* a trained model: learned/choose.h */

struct policy {
	struct routes *routes;     /* NULL: none */
	struct semantic *semantic; /* NULL: none */
	struct caps *caps;         /* NULL: none */
	struct learned *learned;   /* NULL: none */
	struct warm *warm;         /* prompts sent so far; NULL: not looked at */
	uint64_t min_confidence;   /* millionths */
	bool joint; /* a default's tier is a choice among the models of all tiers */
	/* private: models that records name */
	struct hash_map kept_names;
	struct model **kept;
	struct arena arena, last; /* of kept; of one that has no place there */
};

/* The model of that name, looked up once (of the first few thousand names). */
const struct model *policy_model(struct policy *p, struct slice name);
void policy_free(struct policy *p);

#endif
