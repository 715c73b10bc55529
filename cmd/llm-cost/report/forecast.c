/* SPDX-License-Identifier: MIT */
#include "forecast.h"

#include "column.h"

#define SAMPLE 28
#define BY_WEEKDAY 14

/* Dollars of the last days before today, gaps being days of nothing. */
struct past {
	struct usd cost[SAMPLE]; /* [0] is yesterday */
	size_t count;
	int weekday[SAMPLE];
};

static int64_t
day_before(int64_t start)
{
	char name[32];
	int64_t from, to;

	period_name(PERIOD_DAY, start - 1, name, &from, &to);
	return from;
}

static struct usd
cost_at(const struct timeline *t, int64_t start)
{
	size_t low = 0, high = t->count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (t->list[middle].start < start)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < t->count && t->list[low].start == start)
		return t->list[low].cost;
	return (struct usd){ 0 };
}

/* The first day is left out where there are others: it may have begun in the middle. */
static void
read_past(const struct timeline *t, int64_t today, struct past *p)
{
	int64_t first = t->list[0].start, day = today;
	struct when_local l;

	for (p->count = 0; p->count < SAMPLE;) {
		day = day_before(day);
		if (day < first || (day == first && p->count))
			break;
		when_local(day, &l);
		p->weekday[p->count] = l.weekday;
		p->cost[p->count++] = cost_at(t, day);
	}
}

static struct usd
mean(const struct past *p, int weekday)
{
	struct usd sum = { 0 };
	uint64_t n = 0;

	for (size_t i = 0; i < p->count; i++) {
		if (weekday && p->weekday[i] != weekday)
			continue;
		sum = usd_add(sum, p->cost[i]);
		n++;
	}
	return n ? usd_part(sum, 1, n) : sum;
}

static uint64_t
root(unsigned __int128 n)
{
	unsigned __int128 low = 0, high = (unsigned __int128)1 << 63;

	while (low < high) {
		unsigned __int128 middle = (low + high + 1) / 2;

		if (middle * middle <= n)
			low = middle;
		else
			high = middle - 1;
	}
	return (uint64_t)low;
}

/* Two standard errors of a sum of so many days, days taken as independent. In millionths of a
 * dollar, so that squares fit. */
static struct usd
band(const struct past *p, bool weekdays, uint64_t days)
{
	struct usd millionth;
	unsigned __int128 squares = 0;
	size_t freedom = p->count > (weekdays ? 7u : 1u) ? p->count - (weekdays ? 7 : 1) : 1;

	if (!usd_read(SLICE("0.000001"), &millionth))
		return (struct usd){ 0 };
	for (size_t i = 0; i < p->count; i++) {
		__int128 off =
		    usd_sub(p->cost[i], mean(p, weekdays ? p->weekday[i] : 0)).units /
		    millionth.units;

		off = off < 0 ? -off : off;
		if (off > INT64_C(1) << 55)
			off = INT64_C(1) << 55;
		squares += (unsigned __int128)off * (unsigned __int128)off;
	}
	return usd_times(millionth, root(squares / freedom * 4 * days));
}

static void
expect(const struct past *p, struct forecast *f, int64_t today, int64_t end)
{
	uint64_t rest = 0;
	struct usd spread;
	struct when_local l;

	f->expected = f->to_date;
	/* today counts as a whole day unless more was spent already */
	for (int64_t day = today; day < end; day = period_next(PERIOD_DAY, day)) {
		when_local(day, &l);
		f->expected = usd_add(f->expected, mean(p, f->weekdays ? l.weekday : 0));
		rest++;
	}
	spread = band(p, f->weekdays, rest);
	f->low = usd_sub(f->expected, spread);
	f->high = usd_add(f->expected, spread);
	if (usd_cmp(f->low, f->to_date) < 0)
		f->low = f->to_date;
}

bool
forecast_make(const struct timeline *t, int64_t now, struct forecast *f)
{
	struct past past = { 0 };
	char name[32];
	int64_t begin, end, today, tomorrow;
	struct usd spent_today;

	*f = (struct forecast){ .now = now };
	if (!t->count)
		return false;
	period_name(PERIOD_MONTH, now, f->month, &begin, &end);
	period_name(PERIOD_DAY, now, name, &today, &tomorrow);
	for (int64_t day = begin; day < end; day = period_next(PERIOD_DAY, day)) {
		f->days++;
		f->days_over += day < today;
		if (day <= today)
			f->to_date = usd_add(f->to_date, cost_at(t, day));
	}
	read_past(t, today, &past);
	f->sample = past.count;
	f->known = past.count > 0;
	f->weekdays = past.count >= BY_WEEKDAY;
	if (!f->known)
		return true;
	f->run_rate = mean(&past, 0);
	spent_today = cost_at(t, today);
	f->to_date = usd_sub(f->to_date, spent_today);
	expect(&past, f, today, end);
	f->to_date = usd_add(f->to_date, spent_today);
	if (usd_cmp(f->low, f->to_date) < 0)
		f->low = f->to_date;
	if (usd_cmp(f->expected, f->to_date) < 0)
		f->expected = f->to_date;
	if (usd_cmp(f->high, f->expected) < 0)
		f->high = f->expected;
	return true;
}
