/* SPDX-License-Identifier: MIT */
/* Places, amounts and holds of the ledger as words, for a store that keeps texts. */
#ifndef BUDGET_LEDGER_TEXT_H
#define BUDGET_LEDGER_TEXT_H

#include "budget/ledger_engine.h"

/* `BEFORE` and behind it `START LENGTH NAME KEY` (the length is that of the name). */
struct slice ledger_place_text(
    struct arena *a, const char *before, const struct ledger_place *p);
/* `USD CALLS TOKENS`. */
struct slice ledger_amount_text(struct arena *a, const struct ledger_amount *m);
/* Takes a whole number and the blank behind it; false if there is none. */
bool ledger_take_whole(struct slice *text, int64_t *n);
/* Reads what ledger_amount_text wrote; else false and *why is set (static). */
bool ledger_take_amount(struct slice text, struct ledger_amount *m, const char **why);
/* A hold is a line and behind it `LENGTH PLACE` for each place: these places. */
struct slice ledger_hold_places(struct slice hold);
/* The next of them; ptr NULL at the end. */
struct slice ledger_take_place(struct slice *places);

#endif
