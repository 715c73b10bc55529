/* SPDX-License-Identifier: MIT */
/* The subcommands of llm-cost: one file each, its options and what runs. */
#ifndef COST_COST_H
#define COST_COST_H

#include "tool/tool.h"

extern const struct option report_options[];
void report_run(const struct option_list *operands);
extern const struct option merge_options[];
void merge_run(const struct option_list *operands);
extern const struct option reconcile_options[];
void reconcile_run(const struct option_list *operands);
extern const struct option count_options[];
void count_run(const struct option_list *operands);
extern const struct option annotate_options[];
void annotate_run(const struct option_list *operands);
extern const struct option ledger_options[];
void ledger_run(const struct option_list *operands);
extern const struct option audit_options[];
void audit_run(const struct option_list *operands);
extern const struct option budget_options[];
void budget_run(const struct option_list *operands);
extern const struct option limit_options[];
void limit_run(const struct option_list *operands);
extern const struct option alerts_options[];
void alerts_run(const struct option_list *operands);
extern const struct option prices_options[];
void prices_run(const struct option_list *operands);
extern const struct option calibrate_options[];
void calibrate_run(const struct option_list *operands);
extern const struct option estimate_options[];
void estimate_run(const struct option_list *operands);
extern const struct option diff_options[];
void diff_run(const struct option_list *operands);
extern const struct option whatif_options[];
void whatif_run(const struct option_list *operands);
extern const struct option quality_options[];
void quality_run(const struct option_list *operands);
extern const struct option caps_options[];
void caps_run(const struct option_list *operands);
extern const struct option breakeven_options[];
void breakeven_run(const struct option_list *operands);

#endif
