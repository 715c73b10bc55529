/* SPDX-License-Identifier: MIT */
#include "period.h"

#include <stdio.h>
#include <stdlib.h>

#define HOUR INT64_C(3600000)
#define QUARTER INT64_C(900000)

static unsigned month_start = 1;

enum period
period_named(const char *name)
{
	static const char *const names[] = { "", "hour", "day", "week", "month" };

	for (size_t i = 1; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(names[i], name) == 0)
			return (enum period)i;
	return PERIOD_NONE;
}

void
period_month_start(unsigned day)
{
	month_start = day;
}

unsigned
period_months_start(void)
{
	return month_start;
}

static unsigned
four(int year)
{
	return (unsigned)year % 10000u;
}

static unsigned
two(int n)
{
	return (unsigned)n % 100u;
}

/* Days since 1970 on which the month of this date begins. */
static int64_t
month_begin(int year, int month, int day)
{
	if ((unsigned)day >= month_start)
		return when_days(year, month, (int)month_start);
	return month > 1 ? when_days(year, month - 1, (int)month_start)
			 : when_days(year - 1, 12, (int)month_start);
}

static int64_t
month_after(int64_t begin)
{
	int year, month, day;

	when_date(begin, &year, &month, &day);
	return month < 12 ? when_days(year, month + 1, day) : when_days(year + 1, 1, day);
}

static void
name_hour(int64_t when, const struct when_local *l, char out[32], int64_t *from, int64_t *to)
{
	int east = abs(l->offset) / 60;
	/* an offset changes at a quarter of an hour: within one, all is the same */
	int64_t quarter = when - ((when % QUARTER) + QUARTER) % QUARTER;

	snprintf(out, 32, "%04u-%02u-%02uT%02u:00", four(l->year), two(l->month), two(l->day),
	    two(l->hour));
	if (l->offset == 0)
		memcpy(out + 16, "Z", 2);
	else
		snprintf(out + 16, 16, "%c%02u:%02u", l->offset < 0 ? '-' : '+', two(east / 60),
		    two(east % 60));
	*from = quarter;
	*to = quarter + QUARTER;
}

static void
name_month(const struct when_local *l, char out[32], int64_t *from, int64_t *to)
{
	int64_t begin = month_begin(l->year, l->month, l->day);
	int year, month, day;

	when_date(begin, &year, &month, &day);
	if (month_start == 1)
		snprintf(out, 32, "%04u-%02u", four(year), two(month));
	else
		snprintf(out, 32, "%04u-%02u-%02u", four(year), two(month), two(day));
	*from = when_day_start(begin);
	*to = when_day_start(month_after(begin));
}

void
period_name(enum period p, int64_t when, char out[32], int64_t *from, int64_t *to)
{
	struct when_local l;
	int64_t first;

	when_local(when, &l);
	switch (p) {
	case PERIOD_HOUR: name_hour(when, &l, out, from, to); return;
	case PERIOD_MONTH: name_month(&l, out, from, to); return;
	case PERIOD_WEEK:
		snprintf(out, 32, "%04u-W%02u", four(l.week_year), two(l.week));
		first = l.days - (l.weekday - 1);
		*from = when_day_start(first);
		*to = when_day_start(first + 7);
		return;
	case PERIOD_DAY:
	case PERIOD_NONE: break;
	}
	snprintf(out, 32, "%04u-%02u-%02u", four(l.year), two(l.month), two(l.day));
	*from = when_day_start(l.days);
	*to = when_day_start(l.days + 1);
}

static int
digits(struct slice s)
{
	int n = 0;

	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] < '0' || s.ptr[i] > '9')
			return -1;
		n = n * 10 + (s.ptr[i] - '0');
	}
	return s.len ? n : -1;
}

int64_t
period_start(enum period p, struct slice name)
{
	struct when_local l;
	int year, part;
	int64_t days;

	if (p == PERIOD_HOUR)
		return when_read(name);
	if (p == PERIOD_DAY || (p == PERIOD_MONTH && name.len == 10))
		return when_read_local(name);
	if (name.len < 7 || name.ptr[4] != '-')
		return WHEN_NONE;
	year = digits(slice_take(name, 4));
	part = digits(slice_drop(name, p == PERIOD_WEEK ? 6 : 5));
	if (year < 0 || part < 1)
		return WHEN_NONE;
	if (p == PERIOD_MONTH)
		return part > 12 ? WHEN_NONE : when_day_start(when_days(year, part, 1));
	/* the week of January 4 is the first */
	days = when_days(year, 1, 4);
	when_local(when_day_start(days), &l);
	return when_day_start(days - (l.weekday - 1) + 7 * (int64_t)(part - 1));
}

int64_t
period_next(enum period p, int64_t when)
{
	char name[32];
	int64_t from, to;

	if (p == PERIOD_HOUR) {
		struct when_local l;
		int64_t minutes;

		when_local(when, &l);
		minutes = (when - (when % 60000 + 60000) % 60000) / 60000 - l.minute;
		return minutes * 60000 + HOUR;
	}
	period_name(p, when, name, &from, &to);
	return to;
}
