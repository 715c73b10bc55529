/* SPDX-License-Identifier: MIT */
/* What a rule or a profile asks of the answer, written into the body under the names that the
 * interface has for it. A second pass finds everything as it wants it and edits nothing. What
 * interface or model has no place for is listed in d->dropped. */
#ifndef LLM_ROUTE_OUTPUT_OUTPUT_H
#define LLM_ROUTE_OUTPUT_OUTPUT_H

#include "cmd/llm-route/output/setter.h"

/* All of them; nothing where the record names no model and gets none. */
void output_set(struct setter *s);

#endif
