/* SPDX-License-Identifier: MIT */
/* What `llm-cost alerts` looks for. Each watch sees every call once, in the order of the log,
 * keeps a bounded amount, and says what it found at the end. */
#ifndef COST_ALERTS_H
#define COST_ALERTS_H

#include "cmd/llm-cost/rows/by.h"

/* What was found. */
struct alert {
	const char *kind;    /* "hour", "outlier", "forecast", "loop", "growth", "hit_rate",
				"model_drift", "event", "expiring", "stale_prices" (static) */
	int64_t when;        /* WHEN_NONE: of no moment */
	char *key;           /* whom it concerns, or "" */
	char *message;       /* one line for people, without texts of prompts */
	char *value, *limit; /* what was seen, what was expected: numbers as text, or NULL */
};
struct alerts {
	struct alert *list;
	size_t count;
};
/* Adds one; the texts are copied. */
void alert_add(struct alerts *a, const char *kind, int64_t when, struct slice key,
    const char *value, const char *limit, const char *format, ...)
    __attribute__((format(printf, 7, 8)));
/* By time, then kind and key. */
void alerts_sort(struct alerts *a);
void alerts_json(const struct alerts *a, struct buf *out);
void alerts_slack(const struct alerts *a, struct buf *out);
void alerts_free(struct alerts *a);

/* A call as the watches see it. */
struct watched {
	const struct record *record;
	const struct row *row;
	struct slice key; /* of --by, for people */
};

/* Every watch: open once, see each call, close says what was found and frees. */

/* Dollars an hour above `most`; ptr-less where none was given. */
struct watch_hours;
struct watch_hours *watch_hours_open(const struct usd *most);
void watch_hours_see(struct watch_hours *w, const struct watched *c);
void watch_hours_close(struct watch_hours *w, struct alerts *a);

/* Days that cost more than their forecast and a share (millionths) on top. The forecast of a
 * day is the median of the same weekday in the four weeks before, where two of these have
 * calls; else of the last seven days with calls, where there are three. Days without any call
 * are gaps, not zeros. */
struct watch_days;
struct watch_days *watch_days_open(uint64_t share);
void watch_days_see(struct watch_days *w, const struct watched *c);
void watch_days_close(struct watch_days *w, struct alerts *a);

/* Calls that cost far more than the others of their group: above the median by `times` median
 * absolute deviations of the logarithm (at least 5 % each) and at least five times the median;
 * groups of 20 calls and more. Logarithms are binned to 1 %, so nothing is sorted or kept. */
struct watch_outliers;
struct watch_outliers *watch_outliers_open(uint64_t times);
void watch_outliers_see(struct watch_outliers *w, const struct watched *c);
void watch_outliers_close(struct watch_outliers *w, struct alerts *a);

/* The same request `times` times within `window` milliseconds; and sessions whose input grew in
 * `growth` calls one after the other to at least four times its first. The last 65,536 requests
 * and sessions are known. */
struct watch_loops;
struct watch_loops *watch_loops_open(uint64_t times, int64_t window, uint64_t growth);
void watch_loops_see(struct watch_loops *w, const struct watched *c);
void watch_loops_close(struct watch_loops *w, struct alerts *a);

/* An alias whose answers came from one model and then from another, each in its own time.
 * Where both answer by turns nothing is said. */
struct watch_models;
struct watch_models *watch_models_open(void);
void watch_models_see(struct watch_models *w, const struct watched *c);
void watch_models_close(struct watch_models *w, struct alerts *a);

/* The share of input tokens that the provider's cache gave, by system prompt and tools (else by
 * group), in an ISO week below that of the week before by `points` (millionths); weeks of 20
 * calls and more. */
struct watch_hits;
struct watch_hits *watch_hits_open(uint64_t points);
void watch_hits_see(struct watch_hits *w, const struct watched *c);
void watch_hits_close(struct watch_hits *w, struct alerts *a);

/* Input tokens a call in the day after an event, above those of the day before by a share
 * (millionths); by group, 10 calls and more on both sides. Events are lines of a file: JSON
 * with `time` and `name`, or a time, a blank and a name. Five minutes on both sides are left
 * out: clocks differ. A wrong line ends the run with status 2. */
struct watch_events;
struct watch_events *watch_events_open(const char *file, uint64_t share); /* NULL file: none */
void watch_events_see(struct watch_events *w, const struct watched *c);
void watch_events_close(struct watch_events *w, struct alerts *a);

/* Results of batches in a state file of llm-batch that vanish within five days; prices older
 * than 90 days. */
void watch_state(const char *file, struct alerts *a);
void watch_prices(struct alerts *a);

#endif
