/* SPDX-License-Identifier: MIT */
/* The live ledger of a budget: an amount is reserved before a call and settled after it, so
 * that many processes at once never pass a limit together. An SQLite file, or a database of a
 * Redis server (store.h) for many machines; a reservation that is not settled within its lease
 * is given back. */
#ifndef BUDGET_LEDGER_H
#define BUDGET_LEDGER_H

#include "base/digest.h"
#include "budget/budget.h"

struct ledger;
struct ledger_amount {
	struct usd usd;
	uint64_t calls, tokens;
};

enum ledger_mode { LEDGER_READ, LEDGER_WRITE, LEDGER_CREATE };
/* Opens it; only LEDGER_CREATE makes a missing file. NULL and *why (the end of a sentence
 * that begins with its name). */
struct ledger *ledger_open(const char *name, enum ledger_mode mode, const char **why);
void ledger_close(struct ledger *l); /* NULL is fine */

/* Replaces the limits by these lines of a budget file; what was spent stays. False and *why. */
bool ledger_set(struct ledger *l, struct slice lines, const char **why);

enum ledger_verdict {
	LEDGER_GRANTED,
	LEDGER_HELD,    /* there is no room while other calls hold what they reserved */
	LEDGER_REFUSED, /* there is none at all: *why names the limit */
	LEDGER_FAILED   /* the file cannot be read or written: *why */
};
/* Reserves the amount in all limits that hold for the call, or in none. *id is what settles
 * it. repeat is a digest of the request, counted against repeats=; NULL counts none. The
 * reservation lasts for lease milliseconds. */
enum ledger_verdict ledger_reserve(struct ledger *l, budget_value_fn *value, void *call,
    const struct ledger_amount *amount, const unsigned char *repeat, int64_t lease, int64_t *id,
    const char **why);
/* What it really was, also after the lease; actual NULL: what was reserved. False and *why;
 * *known says whether there is such a reservation. */
bool ledger_settle(struct ledger *l, int64_t id, const struct ledger_amount *actual,
    bool *known, const char **why);

/* One limit, key and period: what was spent and what is held. */
struct ledger_sum {
	const struct budget_line *line; /* NULL: the limit is no more */
	struct slice name, key;
	int64_t start;
	struct ledger_amount spent, held;
};
/* Calls each for all sums of periods that hold this moment, in the order of the limits. False
 * and *why. */
bool ledger_show(struct ledger *l, void (*each)(void *context, const struct ledger_sum *sum),
    void *context, const char **why);

#endif
