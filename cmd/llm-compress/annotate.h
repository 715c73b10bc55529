/* SPDX-License-Identifier: MIT */
/* llm.compress: what was done, as JSON. */
#ifndef LLM_COMPRESS_ANNOTATE_H
#define LLM_COMPRESS_ANNOTATE_H

#include "cmd/llm-compress/work.h"

/* Tokens that the record had before the first of several passes, as the annotation tells, where
 * nobody changed it since; else those it has now. */
uint64_t annotate_base(const struct request *q, uint64_t tokens);
/* Sets llm.compress and llm.v; false where llm is no object. Steps of an earlier pass stay. */
bool annotate(const struct work *w, struct record *r);
/* Whether the annotation says that a step ran. */
bool annotated(const struct request *q, const char *step);

#endif
