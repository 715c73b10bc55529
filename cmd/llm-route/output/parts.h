/* SPDX-License-Identifier: MIT */
/* The parts of output control, one subject each. */
#ifndef LLM_ROUTE_OUTPUT_PARTS_H
#define LLM_ROUTE_OUTPUT_PARTS_H

#include "cmd/llm-route/output/setter.h"

void output_cap(struct setter *s);
void output_stop(struct setter *s);
void output_format(struct setter *s); /* json, schema, tool */
void output_effort(struct setter *s); /* effort, thinking, service tier */
void output_concise(struct setter *s);
void output_detail(struct setter *s); /* image detail, dimensions of embeddings */

#endif
