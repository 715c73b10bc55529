/* SPDX-License-Identifier: MIT */
/* What the commands of llm-route share. */
#ifndef LLM_ROUTE_ROUTE_H
#define LLM_ROUTE_ROUTE_H

#include "cmd/llm-route/routes.h"
#include "tool/tool.h"

/* Reads the file without looking its models up: for lint, which judges what is wrong beyond the
 * grammar. A wrong line ends the run with status 2. */
struct routes *route_parse_file(const char *file);

/* Is the record a request that is not answered yet? *q is read in any case. */
bool route_is_open(struct record *r, struct request *q);

extern const struct option lint_options[], explain_options[], replay_options[], ask_options[],
    answers_options[], check_options[], import_options[];
void lint_run(const struct option_list *operands);
void explain_run(const struct option_list *operands);
void replay_run(const struct option_list *operands);
void ask_run(const struct option_list *operands);
void answers_run(const struct option_list *operands);
void check_run(const struct option_list *operands);
void import_run(const struct option_list *operands);

#endif
