/* SPDX-License-Identifier: MIT */
/* Private to import: the lists that are read. */
#ifndef LLM_ROUTE_IMPORT_IMPORT_H
#define LLM_ROUTE_IMPORT_IMPORT_H

#include "cmd/llm-route/import/lines.h"

/* Of a root with a model_list, or of a list of its entries, in an object's "data" or bare. */
void import_litellm(struct import *m, struct value root);
void import_openrouter(struct import *m, struct value data);

#endif
