/* SPDX-License-Identifier: MIT */
/* Prompts with what each model's answer was worth, as train and tune read them. */
#ifndef LLM_ROUTE_LABELS_H
#define LLM_ROUTE_LABELS_H

#include "base/options.h"
#include "cmd/llm-route/learned/near.h"
#include "json/path.h"

/* Where the outcome of each arm stands in a row, the weakest first. */
struct arms {
	struct slice name[LEARNED_ARMS];
	struct path *path[LEARNED_ARMS];
	size_t count;
};
/* --weak, then --model NAME=PATH in turn, then --strong. A wrong word ends the run with status
 * 2. */
void arms_read(
    struct arms *a, const char *weak, const char *strong, const struct option_list *between);
void arms_free(struct arms *a);

/* Calls each for every row that has a prompt and all outcomes (true, false, 0 to 1, or a
 * judge's words); the look, with that part, is valid during the call, its parts live in *keep.
 * Says how many rows teach nothing, and why. */
typedef void (*label_fn)(void *context, const struct look *look, const float *outcome);
void labels_each(const struct option_list *files, const struct arms *a, enum look_part part,
    struct embed *embed, struct arena *keep, label_fn each, void *context);

#endif
