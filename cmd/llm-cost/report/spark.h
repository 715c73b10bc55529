/* SPDX-License-Identifier: MIT */
/* Bars and lines of characters: eighths of a block, or '#' where the locale is not UTF-8. */
#ifndef COST_SPARK_H
#define COST_SPARK_H

#include "base/buf.h"
#include "cmd/llm-cost/sums/timeline.h"

#define SPARK_BAR 16 /* characters of a bar that is all */

/* A bar as long as part of whole, and the share in percent before it. */
void spark_bar(struct buf *out, struct usd part, struct usd whole, size_t width);
/* A character for each period from the first to the last, those without a call too. */
void spark_line(struct buf *out, const struct timeline *t);

#endif
