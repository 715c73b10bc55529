/* SPDX-License-Identifier: MIT */
/* What a report wants to know of a call beside its usage: how it got there, for whom, and what
 * others say that it cost. */
#ifndef COST_TRAITS_H
#define COST_TRAITS_H

#include "row.h"

/* What is looked up; anything else stays unknown. */
enum traits_wanted {
	WANT_PATH = 1,     /* route, marks, cache, attempts, estimate, ending */
	WANT_PEOPLE = 2,   /* user and session */
	WANT_CLASS = 4,    /* strong or not */
	WANT_BASELINE = 8, /* cost as asked */
	WANT_LOGGED = 16,  /* the amount that the log names */
	WANT_QUALITY = 32, /* verdict of a judge */
	WANT_DETAIL = 64,  /* nothing more, but the sums of struct detail, lengths and times */
	WANT_ALL = 127
};

enum judged { JUDGED_NOT, JUDGED_FINE, JUDGED_WORSE };
enum price_class { CLASS_UNKNOWN, CLASS_PLAIN, CLASS_STRONG };
/* A model is strong if a million of its output tokens costs more than this at its list price in
 * real time: between the small models of 2024 to 2026 and the large ones. */
#define STRONG_USD_PER_MILLION 5

struct traits {
	bool routed, marked, looked_up; /* by llm-route, llm-cache mark, llm-cache get */
	bool cut, filtered;             /* how the answer ended */
	bool has_attempts, has_estimate, has_logged, has_credits, has_baseline;
	uint64_t attempts;
	struct usd estimate; /* llm.route.estimated_cost */
	struct usd logged;   /* dollars that the log names */
	struct usd credits;  /* an amount of the log that is no dollars */
	struct usd baseline; /* what it would have cost as asked */
	enum price_class class;
	enum judged judged;
	uint64_t user, session; /* distinct_hash of the name; 0: none */
};

/* Looks them up. Members that stand twice set r->json->twice. */
void traits_read(const struct record *r, const struct reader *reader, const struct row *row,
    unsigned wanted, struct traits *t);
/* The amount that the log names (logged or credits) alone. */
void traits_logged(const struct record *r, const struct row *row, struct traits *t);
/* The user or the session of a call, as the attribute or as logs of others name it. */
struct value traits_user(const struct record *r, const struct row *row);
struct value traits_session(const struct record *r, const struct row *row);
/* An amount that another program wrote: a number or a string. Digits beyond 10^-20 are cut. */
bool traits_amount(struct value v, struct arena *a, struct usd *out);

#endif
