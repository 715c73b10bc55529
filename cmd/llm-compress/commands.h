/* SPDX-License-Identifier: MIT */
/* The commands beside the filter. */
#ifndef LLM_COMPRESS_COMMANDS_H
#define LLM_COMPRESS_COMMANDS_H

#include "base/options.h"
#include "model/request.h"
#include "stream/stream.h"

extern const struct option plan_options[], audit_options[], ask_options[], apply_options[];
void plan_run(const struct option_list *operands);
void audit_run(const struct option_list *operands);
void ask_run(const struct option_list *operands);
void apply_run(const struct option_list *operands);

/* --strip reasoning on an answered record: the answer without its reasoning. */
enum verdict answer_strip(const struct request *q, struct record *r);

#endif
