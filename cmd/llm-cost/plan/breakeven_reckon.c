/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "breakeven.h"

#define SHARE_ONE 1000000
#define FINE 1000000000u /* a factor of prices as a whole number of these */
#define MONTHS_MOST 120
#define DAY_MS INT64_C(86400000)
#define DAYS_SURE 28 /* four weeks: each day of the week four times */
#define DAYS_LEAST 7
#define EXAMPLES_LEAST 1000

/* How prices stand after so many months, in FINE parts: an assumption, not money. */
static uint64_t
price_level(const struct breakeven *b, uint64_t month)
{
	double rest = 1.0 - (double)b->price_fall / SHARE_ONE;

	return (uint64_t)(pow(rest, (double)month / 12.0) * FINE + 0.5);
}

static bool
is_training_month(const struct breakeven *b, uint64_t month)
{
	return month && month % b->every == 0;
}

/* What month 0, 1, … brings: the saving at the prices of its start, less hosting and, each so
 * many months, another training. */
static struct usd
month_of(const struct breakeven *b, uint64_t month)
{
	struct usd d = usd_sub(b->spent, b->after);

	if (b->price_fall)
		d = usd_part(d, price_level(b, month), FINE);
	d = usd_sub(d, b->hosting);
	return is_training_month(b, month) ? usd_sub(d, b->retrain) : d;
}

static double
ratio(struct usd a, struct usd b)
{
	return (double)a.units / (double)b.units;
}

static struct usd
paid_at_first(const struct breakeven *b)
{
	return usd_add(b->setup, b->labour);
}

static void
pay_back(struct breakeven *b)
{
	struct usd left = usd_sub((struct usd){ 0 }, paid_at_first(b)), month;

	b->end = left;
	for (uint64_t i = 0; i < MONTHS_MOST; i++) {
		month = month_of(b, i);
		if (!b->months && month.units > 0 && usd_add(left, month).units >= 0) {
			b->months = i + 1;
			b->months_exact =
			    (double)i + ratio(usd_sub((struct usd){ 0 }, left), month);
			/* what the training before it left open may be paid within the month */
			if (b->months_exact < (double)i)
				b->months_exact = (double)i;
		}
		left = usd_add(left, month);
		if (i + 1 == b->horizon)
			b->end = left;
	}
	if (b->saved.units > 0)
		b->months_flat = (uint64_t)ceil(ratio(paid_at_first(b), b->saved) - 1e-9);
}

static struct condition *
add(struct breakeven *b, const char *name, enum breakeven_answer answer)
{
	struct condition *c = &b->condition[b->conditions++];

	c->name = name;
	c->answer = answer;
	if (answer > b->answer)
		b->answer = answer;
	return c;
}

#define SAY(condition, ...) snprintf((condition)->text, sizeof((condition)->text), __VA_ARGS__)

static void
judge_saving(struct breakeven *b)
{
	struct condition *c = add(b, "saving", b->saved.units > 0 ? PAYS_YES : PAYS_NO);
	char one[64], two[64], three[64];

	SAY(c, "$%s a month now, $%s after, hosting included: %s saved",
	    usd_round(b->spent, 2, one), usd_round(usd_add(b->after, b->hosting), 2, two),
	    usd_dollars(b->saved, 2, three));
}

/* Calls a month from which the first cost is back in time, all else as it is. */
static void
judge_volume(struct breakeven *b)
{
	struct usd each = usd_sub(b->spent, b->after), first = paid_at_first(b);
	uint64_t trainings = (b->horizon - 1) / b->every;
	struct condition *c;
	double needed;

	if (each.units <= 0 || !b->calls) {
		SAY(add(b, "volume", PAYS_NO), "no call saves anything");
		return;
	}
	first = usd_add(first, usd_times(b->retrain, trainings));
	first = usd_add(first, usd_times(b->hosting, b->horizon));
	needed = ceil(ratio(first, each) / (double)b->horizon * (double)b->calls - 1e-6);
	needed = needed > 0 ? needed : 0;
	c = add(b, "volume", (double)b->calls >= needed ? PAYS_YES : PAYS_NO);
	SAY(c, "%" PRIu64 " calls a month; %.0f are needed to pay within %" PRIu64 " months",
	    b->calls, needed, b->horizon);
}

static void
judge_period(struct breakeven *b)
{
	int64_t span = b->last - b->first;
	struct condition *c;

	if (!b->log)
		return;
	if (!b->timed || span <= 0) {
		c = add(b, "period", PAYS_UNCLEAR);
		SAY(c, "the calls have no times: they were taken as one month");
		return;
	}
	c = add(b, "period", span >= DAYS_SURE * DAY_MS ? PAYS_YES : PAYS_UNCLEAR);
	SAY(c, "%.*f days measured%s", span < DAY_MS ? 3 : 1, (double)span / (double)DAY_MS,
	    span < DAYS_LEAST * DAY_MS  ? ": less than a week says nothing about a month"
	    : span < DAYS_SURE * DAY_MS ? ": under four weeks, it may not be the usual volume"
					: "");
}

static void
judge_stability(struct breakeven *b)
{
	double share;
	struct condition *c;

	if (!b->log)
		return;
	if (!b->judged_stable) {
		c = add(b, "stability", PAYS_UNCLEAR);
		SAY(c, "cannot tell: the log has no prompts with times");
		return;
	}
	share = (double)b->stable / (double)b->judged_stable;
	c = add(b, "stability",
	    share >= 0.8   ? PAYS_YES
	    : share >= 0.5 ? PAYS_UNCLEAR
			   : PAYS_NO);
	SAY(c, "%.0f %% of the calls have a system prompt and tools that stood in both halves",
	    share * 100);
}

static void
judge_examples(struct breakeven *b)
{
	struct condition *c;

	if (!b->log)
		return;
	c = add(b, "examples", b->whole >= EXAMPLES_LEAST ? PAYS_YES : PAYS_UNCLEAR);
	SAY(c, "%" PRIu64 " whole answers with their requests; 1,000 to 10,000 are usual",
	    b->whole);
}

static void
judge_retraining(struct breakeven *b)
{
	struct usd cycle = usd_times(b->saved, b->every);
	bool pays = usd_cmp(cycle, b->retrain) > 0;
	struct condition *c;
	char one[64], two[64];

	if (!b->retrain.units) {
		c = add(b, "retraining", PAYS_UNCLEAR);
		SAY(c, "no cost was given (--retrain); each 2 to 4 months is usual");
		return;
	}
	c = add(b, "retraining", pays ? PAYS_YES : PAYS_NO);
	SAY(c, "$%s each %" PRIu64 " months; they save $%s", usd_round(b->retrain, 2, one),
	    b->every, usd_round(cycle, 2, two));
}

static void
judge_payback(struct breakeven *b)
{
	bool pays = b->months && b->months <= b->horizon;
	struct condition *c = add(b, "payback", pays ? PAYS_YES : PAYS_NO);
	char one[64];

	if (b->months)
		SAY(c, "%.1f months until $%s are back, %" PRIu64 " are given", b->months_exact,
		    usd_round(paid_at_first(b), 2, one), b->horizon);
	else
		SAY(c, "$%s never come back within 10 years",
		    usd_round(paid_at_first(b), 2, one));
}

static void
judge_prices(struct breakeven *b)
{
	struct condition *c;

	if (!b->price_fall) {
		c = add(b, "prices", PAYS_UNCLEAR);
		SAY(c, "taken as they are; --price-fall says what a fall does");
		return;
	}
	c = add(b, "prices", b->months && b->months <= b->horizon ? PAYS_YES : PAYS_NO);
	SAY(c, "falling by %g %% a year: %s", (double)b->price_fall / 10000.0,
	    b->months ? "in the reckoning" : "the saving melts before it is paid back");
}

void
breakeven_reckon(struct breakeven *b)
{
	b->saved = usd_sub(usd_sub(b->spent, b->after), b->hosting);
	pay_back(b);
	judge_saving(b);
	judge_volume(b);
	judge_payback(b);
	judge_retraining(b);
	judge_prices(b);
	judge_period(b);
	judge_stability(b);
	judge_examples(b);
}
