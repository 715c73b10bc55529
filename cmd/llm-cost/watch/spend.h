/* SPDX-License-Identifier: MIT */
/* What was spent under limits, as a table or JSON: `budget` and `limit show` print the same. */
#ifndef COST_SPEND_H
#define COST_SPEND_H

#include "base/arena.h"
#include "budget/ledger.h"

enum spend_state { SPEND_OK, SPEND_SOFT, SPEND_OVER };
/* Over where a limit is passed (reached counts as kept); soft from the share of `soft` on. */
enum spend_state spend_state(const struct ledger_sum *s);

extern const char *const spend_formats[]; /* for tool_format */
/* Prints the sums in their order. */
void spend_print(const struct ledger_sum *sums, size_t count, const char *format,
    struct arena *a, struct buf *out);

#endif
