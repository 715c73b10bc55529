/* SPDX-License-Identifier: MIT */
/* Steps on what a prompt is made of: examples, sections of the system text. */
#ifndef LLM_COMPRESS_PROMPTS_H
#define LLM_COMPRESS_PROMPTS_H

#include "cmd/llm-compress/step.h"

/* --examples K: the K examples that are farthest from each other, one of each label at least.
 */
void examples_run(struct work *w);
/* Sections of the system text that the question does not ask for; mandatory ones stay. */
void sections_run(struct work *w);

#endif
