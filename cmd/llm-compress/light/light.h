/* SPDX-License-Identifier: MIT */
/* Steps of --level light: words and signs that a model does not need. Never in code, quotes and
 * literals; what each rule saved is counted. */
#ifndef LLM_COMPRESS_LIGHT_H
#define LLM_COMPRESS_LIGHT_H

#include "cmd/llm-compress/step.h"

void phrases_run(struct work *w);
void markdown_run(struct work *w);
void instructions_run(struct work *w);

#endif
