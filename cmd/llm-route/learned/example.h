/* SPDX-License-Identifier: MIT */
/* Labelled prompts, and what is to be learned of them: what each arm gains over the first one
 * beyond what the length of the prompt tells. */
#ifndef LLM_ROUTE_EXAMPLE_H
#define LLM_ROUTE_EXAMPLE_H

#include "cmd/llm-route/learned/look.h"

#define LEARNED_ARMS 16

struct example {
	struct look look;
	float outcome[LEARNED_ARMS]; /* 0 to 1 */
};

struct lesson {
	struct example *example;  /* by hash: the order in which labels came is no part of it */
	size_t count, arms, dims; /* dims: of the vectors */
	struct forms forms;
	float gain[LEARNED_ARMS]; /* mean, over arm 0 */
	int16_t *form;            /* standardised, LOOK_FORMS each */
	float *beyond;            /* arms each */
};

/* Adds an example; its look must live as long. */
void lesson_add(struct lesson *l, const struct look *look, const float *outcome);
/* All but the examples, from them. */
void lesson_make(struct lesson *l);
/* What the arm gains on a prompt whose form is that, by its length alone. */
double lesson_by_length(const float *gain, size_t arm, const int16_t *form);
void lesson_free(struct lesson *l);

#endif
