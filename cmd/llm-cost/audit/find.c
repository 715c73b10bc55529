/* SPDX-License-Identifier: MIT */
#include "find.h"

#include <inttypes.h>
#include <stdlib.h>

#include "command.h"
#include "why.h"
#include "base/when.h"

#define DAY INT64_C(86400000)
#define MONTH (30 * DAY)
#define SPAN_LEAST (DAY / 24) /* a shorter log is no measure of a month */

static bool
has_month(const struct audit *a)
{
	return a->timed > 1 && a->last - a->first >= SPAN_LEAST;
}

static struct usd
month_of(const struct audit *a, struct usd d)
{
	return usd_part(d, (uint64_t)MONTH, (uint64_t)(a->last - a->first));
}

static void
say_period(const struct audit *a, struct verdict_list *v, struct arena *arena)
{
	char from[25], to[25];
	uint64_t tenths, times;

	if (!a->timed) {
		v->period = SLICE("no call has a time");
		v->how = SLICE("no month can be told: no call has a time");
		return;
	}
	when_write(a->first, from);
	when_write(a->last, to);
	tenths = (uint64_t)(a->last - a->first) / (uint64_t)(DAY / 10);
	v->period = arena_printf(arena, "%.10s to %.10s, %" PRIu64 ".%" PRIu64 " days", from,
	    to, tenths / 10, tenths % 10);
	if (!has_month(a)) {
		v->how = SLICE("no month can be told: the log spans less than an hour");
		return;
	}
	times = (uint64_t)MONTH * 100 / (uint64_t)(a->last - a->first);
	v->how = arena_printf(arena,
	    "a month is 30 days: what was measured from the first call to the last, "
	    "times %" PRIu64 ".%02" PRIu64,
	    times / 100, times % 100);
}

static const char *
confidence_of(enum technique t, enum evidence e)
{
	if (e == GUESSED)
		return "guess";
	return t == AUDIT_EXACT || t == AUDIT_BATCH ? "measured" : "bounded";
}

static void
add_finding(
    const struct audit *a, struct verdict_list *v, enum technique t, struct arena *arena)
{
	const struct audit_sums *s = &a->sums;
	enum evidence e = s->alone[PROVEN][t].units > 0 ? PROVEN : GUESSED;
	struct finding *f = &v->finding[v->findings++];

	*f = (struct finding){ .technique = t,
		.requests = s->requests[e][t],
		.saved = s->alone[e][t],
		.stacked = e == PROVEN ? s->stack[PROVEN][t] : (struct usd){ 0 },
		.confidence = confidence_of(t, e),
		.in_total = e == PROVEN,
		.has_month = v->has_month };
	if (e == PROVEN && s->alone[GUESSED][t].units > 0) {
		f->more = s->requests[GUESSED][t];
		f->more_usd = s->alone[GUESSED][t];
	}
	if (f->has_month)
		f->month = month_of(a, f->saved);
	audit_command(a, f, e, arena);
	f->why = why_text(a, f, arena);
	f->risk = slice_z(why_risk(t));
}

/* A trained model of one's own pays if what it saves covers the work within a year. */
static void
judge_distill(const struct audit *a, struct verdict_list *v, struct arena *arena)
{
	static const struct usd setup = { (__int128)WHY_SETUP * 1000000000000 * 100000000 };
	const struct prompt_group *most = groupings_dearest(&a->groups);
	struct finding *f;
	struct usd year = { 0 }, saved;

	if (!most || !v->has_month) {
		v->unknown[v->unknowns++] = (struct remark){ AUDIT_DISTILL,
			!a->priced ? why_unknown(a, AUDIT_DISTILL)
			: most     ? SLICE("needs a log of an hour at least, with times")
				   : SLICE("needs the requests themselves (bodies)") };
		return;
	}
	saved = usd_part(most->cost, 9, 10);
	year = usd_times(month_of(a, saved), 12);
	if (usd_cmp(year, setup) < 0 || most->requests < WHY_EXAMPLES) {
		v->nothing[v->nothings++] = (struct remark){ AUDIT_DISTILL,
			why_distill(most, month_of(a, saved), arena) };
		return;
	}
	f = &v->finding[v->findings++];
	*f = (struct finding){ .technique = AUDIT_DISTILL,
		.requests = most->requests,
		.saved = saved,
		.confidence = "guess",
		.has_month = true,
		.month = month_of(a, saved),
		.why = why_distill(most, month_of(a, saved), arena),
		.risk = slice_z(why_risk(AUDIT_DISTILL)) };
	audit_command(a, f, GUESSED, arena);
}

static int
by_saved(const void *x, const void *y)
{
	const struct finding *a = x, *b = y;
	int order = usd_cmp(b->saved, a->saved);

	return order ? order : (int)a->technique - (int)b->technique;
}

static void
add_total(const struct audit *a, struct verdict_list *v)
{
	struct usd left = { 0 };

	for (enum technique t = 0; t < TECHNIQUES; t++) {
		v->saved = usd_add(v->saved, a->sums.stack[PROVEN][t]);
		v->with_guesses = usd_add(v->with_guesses, a->sums.stack[GUESSED][t]);
	}
	for (size_t i = 0; i < v->findings; i++)
		if (v->finding[i].in_total)
			v->parts = usd_add(v->parts, v->finding[i].saved);
	v->spent = a->spent;
	if (v->saved.units < 0)
		v->saved = left;
	if (v->has_month) {
		v->saved_month = month_of(a, v->saved);
		v->spent_month = month_of(a, v->spent);
	}
}

void
audit_find(const struct audit *a, struct verdict_list *v, struct arena *arena)
{
	*v = (struct verdict_list){ .audit = a, .has_month = has_month(a) };
	say_period(a, v, arena);
	for (enum technique t = 0; t < AUDIT_DISTILL; t++) {
		struct slice missing;

		if (a->sums.alone[PROVEN][t].units > 0 || a->sums.alone[GUESSED][t].units > 0) {
			add_finding(a, v, t, arena);
			continue;
		}
		missing = why_unknown(a, t);
		if (missing.ptr)
			v->unknown[v->unknowns++] = (struct remark){ t, missing };
		else
			v->nothing[v->nothings++] =
			    (struct remark){ t, why_nothing(a, t, arena) };
	}
	if (a->unsent) /* what is not sent yet tells no month */
		judge_distill(a, v, arena);
	qsort(v->finding, v->findings, sizeof(*v->finding), by_saved);
	add_total(a, v);
}
