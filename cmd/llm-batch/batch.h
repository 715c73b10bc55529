/* SPDX-License-Identifier: MIT */
/* The subcommands of llm-batch: for each a table of options and what runs it. */
#ifndef LLM_BATCH_BATCH_H
#define LLM_BATCH_BATCH_H

#include "tool/tool.h"

extern const struct option make_options[];
void make_run(const struct option_list *operands);
extern const struct option validate_options[];
void validate_run(const struct option_list *operands);
extern const struct option pack_options[];
void pack_run(const struct option_list *operands);
extern const struct option convert_options[];
void convert_run(const struct option_list *operands);
extern const struct option join_options[];
void join_run(const struct option_list *operands);
extern const struct option run_options[];
void run_run(const struct option_list *operands);
extern const struct option submit_options[];
void submit_run(const struct option_list *operands);
extern const struct option status_options[];
void status_run(const struct option_list *operands);
extern const struct option list_options[];
void list_run(const struct option_list *operands);
extern const struct option wait_options[];
void wait_run(const struct option_list *operands);
extern const struct option fetch_options[];
void fetch_run(const struct option_list *operands);
extern const struct option sync_options[];
void sync_run(const struct option_list *operands);
extern const struct option retry_options[];
void retry_run(const struct option_list *operands);
extern const struct option cancel_options[];
void cancel_run(const struct option_list *operands);
extern const struct option sample_options[];
void sample_run(const struct option_list *operands);
extern const struct option judge_options[];
void judge_run(const struct option_list *operands);
extern const struct option distill_options[];
void distill_run(const struct option_list *operands);
extern const struct option combine_options[];
void combine_run(const struct option_list *operands);
extern const struct option uncombine_options[];
void uncombine_run(const struct option_list *operands);

#endif
