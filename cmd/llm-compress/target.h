/* SPDX-License-Identifier: MIT */
/* How many tokens a request is to come to: --target, --ratio, --fit, --adaptive. */
#ifndef LLM_COMPRESS_TARGET_H
#define LLM_COMPRESS_TARGET_H

#include "cmd/llm-compress/work.h"

/* Sets w->target, the least of what was asked for; UINT64_MAX where nothing was, or it cannot
 * be told (the reason is then in refused). */
void target_set(struct work *w);
/* Lowers it where the upper end of the estimate, as the work was counted last, would not fit.
 */
void target_follow(struct work *w);
/* The window of the model less what the answer may take; 0 where it is not known. */
uint64_t target_window(const struct work *w);

#endif
