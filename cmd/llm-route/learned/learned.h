/* SPDX-License-Identifier: MIT */
/* The learned router: its commands, and what a policy asks of it. */
#ifndef LLM_ROUTE_LEARNED_H
#define LLM_ROUTE_LEARNED_H

#include "base/options.h"
#include "cmd/llm-route/learned/trained.h"

extern const struct option train_options[], tune_options[];
void train_run(const struct option_list *operands);
void tune_run(const struct option_list *operands);

/* The model in the file; a wrong file ends the run with status 2. */
struct trained *learned_load(const char *file, struct embed *embed);
/* The table inside, or the encoder in the file; a wrong one ends the run with status 2. */
struct embed *learned_embed(const char *encoder);

#endif
