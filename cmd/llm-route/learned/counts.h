/* SPDX-License-Identifier: MIT */
/* What the forms of counts (lines, options, digits, signs ...) tell of the gain beyond length: a
 * ridge regression. It tells little, but that holds in other domains too, where words and examples
 * mislead. */
#ifndef LLM_ROUTE_COUNTS_H
#define LLM_ROUTE_COUNTS_H

#include "cmd/llm-route/learned/example.h"

struct counts {
	float weight[LEARNED_ARMS][LOOK_COUNTS];
};

/* The lesson must be made. */
void counts_fit(struct counts *c, const struct lesson *lesson);
/* What the arm gains beyond its length on a prompt of that form. */
double counts_ask(const struct counts *c, size_t arm, const int16_t *form);

#endif
