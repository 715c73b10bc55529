/* SPDX-License-Identifier: MIT */
/* The options by which a policy is made, the same for all commands that decide. */
#ifndef LLM_ROUTE_SETUP_H
#define LLM_ROUTE_SETUP_H

#include "base/options.h"
#include "cmd/llm-route/policy.h"

extern struct setup {
	const char *routes, *utterances, *encoder, *vectors, *caps, *latency, *cooldown,
	    *model_file, *threshold;
	uint64_t min_confidence, least, margin, strong_share;
	bool warm;
	bool ranks_only; /* no option: only the order of the tiers is asked for */
} setup;

#define SETUP_ROUTES                                                 \
	{                                                            \
		'r', "routes", OPTION_TEXT, "ROUTES", &setup.routes, \
		    "decide by this file of rules", "LLM_ROUTES"     \
	}
#define SETUP_OPTIONS                                                                      \
	{ 0, "min-confidence", OPTION_SHARE, "P", &setup.min_confidence,                   \
		"keep the model where task, complexity or intent are less sure than this", \
		NULL },                                                                    \
	    { 0, "model-file", OPTION_TEXT, "M", &setup.model_file,                        \
		    "what llm-route train wrote, for rules to 'learned'", NULL },          \
	    { 0, "strong-share", OPTION_SHARE, "P", &setup.strong_share,                   \
		    "calls that its strongest model takes (0.5)", NULL },                  \
	    { 0, "threshold", OPTION_TEXT, "X", &setup.threshold,                          \
		    "or what the step to it must be worth, as tune prints it", NULL },     \
	    { 0, "utterances", OPTION_TEXT, "F", &setup.utterances,                        \
		    "intents by the nearest example utterance of F", NULL },               \
	    { 0, "encoder", OPTION_TEXT, "F", &setup.encoder,                              \
		    "embed by the sentence encoder in F", NULL },                          \
	    { 0, "vectors", OPTION_TEXT, "PATH", &setup.vectors,                           \
		    "where records have their own vector", NULL },                         \
	    { 0, "min-similarity", OPTION_SHARE, "P", &setup.least,                        \
		    "an utterance less near tells no intent (0.6)", NULL },                \
	    { 0, "margin", OPTION_SHARE, "P", &setup.margin,                               \
		    "lead of the nearest intent over the next (0.02)", NULL },             \
	    { 0, "caps", OPTION_TEXT, "F", &setup.caps,                                    \
		    "output caps and lengths, as llm-cost caps prints them", NULL },       \
	    { 0, "latency", OPTION_TEXT, "F", &setup.latency,                              \
		    "measured p95, as llm-cost report prints it by model", NULL },         \
	    { 0, "cooldown", OPTION_TEXT, "F", &setup.cooldown,                            \
		    "models that cool down, as llm-batch run writes them", NULL },         \
	{                                                                                  \
		0, "warm", OPTION_FLAG, NULL, &setup.warm,                                 \
		    "reckon with what earlier requests left in prompt caches", NULL        \
	}

/* Reads what the options name; routes may be NULL. A wrong file ends the run with status 2. */
struct policy *setup_open(const char *routes);
void setup_close(struct policy *p);

#endif
