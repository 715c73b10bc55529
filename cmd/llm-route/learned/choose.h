/* SPDX-License-Identifier: MIT */
/* What a rule gets that says "learned": the arm of a trained model, or none. */
#ifndef LLM_ROUTE_CHOOSE_H
#define LLM_ROUTE_CHOOSE_H

#include "cmd/llm-route/learned/trained.h"
#include "cmd/llm-route/routes.h"
#include "task/instructions.h"

struct learned; /* a trained model with the targets of its arms */

/* Reads the model. Arms "weak" and "strong" are the first and the last tier, others the name of
 * a tier, an alias or a model that is known. Anything wrong ends the run with status 2. */
struct learned *learned_open(const char *file, const char *encoder, struct routes *routes);
/* What the last arm takes: a share in millionths, or what is worth more than the threshold. */
void learned_set_share(struct learned *l, uint64_t share);
void learned_set_threshold(struct learned *l, double threshold);
void learned_free(struct learned *l);

struct learned_answer {
	struct slice arm;
	const struct target *target; /* lives as long as the model */
	double gain, threshold;      /* of the last arm over the first, and where it is taken */
	unsigned confidence;         /* per cent: how far from the threshold, among labels */
	bool new;                    /* like no labelled prompt: nothing is known of it */
};
void learned_ask(const struct learned *l, const struct instructions *texts, struct arena *a,
    struct learned_answer *out);

#endif
