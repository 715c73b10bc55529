/* SPDX-License-Identifier: MIT */
/* Tools that are defined in requests and called by no answer. */
#ifndef LLM_COMPRESS_TOOLS_H
#define LLM_COMPRESS_TOOLS_H

#include "cmd/llm-compress/look/findings.h"
#include "model/request.h"

struct tool_use_log;
struct tool_use_log *tools_open(void);
/* Definitions, and the calls of the answer and of the history. */
void tools_see(struct tool_use_log *l, const struct request *q, const struct tokenizer *t,
    struct usd price, struct arena *a);
/* Those that nothing called, dearest first; text is the name. Nothing where no record was
 * answered, because then nothing is known. */
struct findings tools_unused(
    struct tool_use_log *l, size_t most, bool *answers, struct arena *a);
void tools_close(struct tool_use_log *l);

#endif
