/* SPDX-License-Identifier: MIT */
/* --spend and --quality: the models of all rows of a file, chosen together in two passes. */
#ifndef LLM_ROUTE_JOINT_JOINT_H
#define LLM_ROUTE_JOINT_JOINT_H

#include "base/options.h"
#include "cmd/llm-route/filter.h"

/* spend (NULL: none) in dollars, or quality in millionths, the mean of the rows that have a
 * choice. Status 1, and no record, where it cannot be reached. */
void joint_run(
    struct filter *f, const struct option_list *operands, const char *spend, uint64_t quality);

#endif
