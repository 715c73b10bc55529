/* SPDX-License-Identifier: MIT */
/* Dollars by the hour and by the day. */
#include <stdio.h>
#include <stdlib.h>

#include "alerts.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/when.h"

#define HOUR INT64_C(3600000)
#define MILLION 1000000

/* Dollars by a number: an hour or a day since 1970. */
struct series {
	struct hash_map places;
	struct point {
		int64_t at;
		struct usd usd;
	} * points;
};

static void
series_add(struct series *s, int64_t at, struct usd usd)
{
	bool added;
	size_t i = hash_map_add(&s->places, slice_of((const char *)&at, sizeof at), &added);

	if (added) {
		s->points = mem_grow(s->points, i + 1, sizeof *s->points);
		s->points[i] = (struct point){ .at = at };
	}
	s->points[i].usd = usd_add(s->points[i].usd, usd);
}

static int
by_time(const void *a, const void *b)
{
	const struct point *x = a, *y = b;

	return x->at < y->at ? -1 : x->at > y->at;
}

/* From here on points stand in the order of time; nothing may be added. */
static size_t
series_sort(struct series *s)
{
	if (s->places.count)
		qsort(s->points, s->places.count, sizeof *s->points, by_time);
	return s->places.count;
}

static void
series_free(struct series *s)
{
	hash_map_free(&s->places);
	free(s->points);
}

struct watch_hours {
	struct series hours;
	const struct usd *most;
};

struct watch_hours *
watch_hours_open(const struct usd *most)
{
	struct watch_hours *w = mem_zero(sizeof *w);

	w->most = most;
	return w;
}

void
watch_hours_see(struct watch_hours *w, const struct watched *c)
{
	int64_t when = c->row->when;

	if (w->most && c->row->own_time && !c->row->unpriced)
		series_add(&w->hours, when / HOUR - (when % HOUR < 0), c->row->bill.usd);
}

void
watch_hours_close(struct watch_hours *w, struct alerts *a)
{
	size_t count = series_sort(&w->hours);
	char value[64], limit[64], shown[64];

	for (size_t i = 0; i < count; i++) {
		const struct point *p = &w->hours.points[i];

		if (usd_cmp(p->usd, *w->most) <= 0)
			continue;
		usd_write(p->usd, value);
		usd_write(*w->most, limit);
		alert_add(a, "hour", p->at * HOUR, SLICE(""), value, limit,
		    "$%s in one hour, more than $%s",
		    usd_round(p->usd, usd_decimals(p->usd), shown), limit);
	}
	series_free(&w->hours);
	free(w);
}

struct watch_days {
	struct series days;
	uint64_t share;
};

struct watch_days *
watch_days_open(uint64_t share)
{
	struct watch_days *w = mem_zero(sizeof *w);

	w->share = share;
	return w;
}

void
watch_days_see(struct watch_days *w, const struct watched *c)
{
	struct when_local local;

	if (!c->row->own_time || c->row->unpriced)
		return;
	when_local(c->row->when, &local);
	series_add(&w->days, local.days, c->row->bill.usd);
}

static int
by_usd(const void *a, const void *b)
{
	return usd_cmp(*(const struct usd *)a, *(const struct usd *)b);
}

static struct usd
median(struct usd *list, size_t n)
{
	qsort(list, n, sizeof *list, by_usd);
	if (n % 2)
		return list[n / 2];
	return (struct usd){ (list[n / 2 - 1].units + list[n / 2].units) / 2 };
}

/* Of the i-th day; false where too little is known before it. */
static bool
forecast(const struct watch_days *w, size_t i, struct usd *out)
{
	const struct point *day = w->days.points;
	struct usd same[4], last[7];
	size_t same_count = 0, last_count = 0;

	for (size_t k = i; k-- > 0 && day[i].at - day[k].at <= 28;) {
		if ((day[i].at - day[k].at) % 7 == 0)
			same[same_count++] = day[k].usd;
		if (day[i].at - day[k].at <= 14 && last_count < 7)
			last[last_count++] = day[k].usd;
	}
	if (same_count >= 2)
		*out = median(same, same_count);
	else if (last_count >= 3)
		*out = median(last, last_count);
	else
		return false;
	return true;
}

void
watch_days_close(struct watch_days *w, struct alerts *a)
{
	size_t count = series_sort(&w->days);
	char value[64], limit[64], shown[64], expected[64];
	int year, month, date;
	struct usd f;

	for (size_t i = 0; i < count; i++) {
		const struct point *p = &w->days.points[i];

		if (!forecast(w, i, &f) ||
		    usd_cmp(usd_times(p->usd, MILLION), usd_times(f, MILLION + w->share)) <= 0)
			continue;
		when_date(p->at, &year, &month, &date);
		usd_write(p->usd, value);
		usd_write(f, limit);
		alert_add(a, "forecast", when_day_start(p->at), SLICE(""), value, limit,
		    "$%s on %04d-%02d-%02d, the days before it let expect $%s",
		    usd_round(p->usd, usd_decimals(p->usd), shown), year, month, date,
		    usd_round(f, usd_decimals(f), expected));
	}
	series_free(&w->days);
	free(w);
}
