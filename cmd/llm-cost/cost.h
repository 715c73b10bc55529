/* SPDX-License-Identifier: MIT */
/* The subcommands of llm-cost: one file each, its options and what runs. */
#ifndef COST_COST_H
#define COST_COST_H

#include "tool/tool.h"

extern const struct option report_options[];
void report_run(const struct option_list *operands);
extern const struct option count_options[];
void count_run(const struct option_list *operands);
extern const struct option annotate_options[];
void annotate_run(const struct option_list *operands);
extern const struct option ledger_options[];
void ledger_run(const struct option_list *operands);

#endif
