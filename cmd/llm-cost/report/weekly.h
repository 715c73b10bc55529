/* SPDX-License-Identifier: MIT */
/* Five metrics by route, the week of now against the one before: cost per request, input and
 * output tokens per request, cache hit rate, cost per active user and conversation, and the
 * share of judged answers that were worse. */
#ifndef COST_WEEKLY_H
#define COST_WEEKLY_H

#include "report.h"

extern const char *const weekly_formats[]; /* table first, NULL-ended */
/* p has groups by some fields and the week. now: --now, else the last call. */
void weekly_print(const char *format, const struct report *p, int64_t now, struct buf *out);

#endif
