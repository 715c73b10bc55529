/* SPDX-License-Identifier: MIT */
/* What the commands of llm-route share. */
#ifndef LLM_ROUTE_ROUTE_H
#define LLM_ROUTE_ROUTE_H

#include "cmd/llm-route/routes.h"
#include "tool/tool.h"

/* Reads the file and looks its models up; a wrong line ends the run with status 2. */
struct routes *route_load(const char *file);
/* The same without looking up: for lint, which judges what is wrong beyond the grammar. */
struct routes *route_parse_file(const char *file);

void lint_run(const struct option_list *operands);
void explain_run(const struct option_list *operands);

#endif
