/* SPDX-License-Identifier: MIT */
/* Points in time: milliseconds since 1970 in UTC. */
#ifndef BASE_WHEN_H
#define BASE_WHEN_H

#include "base/slice.h"

#define WHEN_NONE INT64_MIN

/* ISO 8601 date and time with zone (`2026-11-21T10:00:00Z`, `+01:00`, fraction, a blank for
 * the T), a bare date (its start in UTC), or seconds or milliseconds since 1970 (from 1e11
 * on); WHEN_NONE if it is none of these. A second of 60 is the first of the next minute. */
int64_t when_read(struct slice text);
/* `2026-11-21T10:00:00.000Z` into out (25 bytes). */
void when_write(int64_t when, char out[25]);
/* The clock, or what when_fix set. */
int64_t when_now(void);
/* --now: from here on when_now answers this. */
void when_fix(int64_t when);
/* Milliseconds of a clock that never goes back, for measuring. */
int64_t when_ticks(void);
/* Days since 1970 of a date, proleptic Gregorian. */
int64_t when_days(int year, int month, int day);

/* --tz: the zone of when_local, UTC until then. A name of the time-zone database
 * that is installed (in $TZDIR, else /usr/share/zoneinfo), "UTC", "Z" or a fixed offset such as
 * +02:00.
 * False for any other: no zone is guessed. */
bool when_zone(const char *name);
const char *when_zone_name(void);
/* A point in time as calendars and clocks of the zone show it. */
struct when_local {
	int64_t days; /* since 1970, of the local date */
	int year, month, day, hour, minute;
	int weekday;         /* 1 is Monday, 7 Sunday */
	int week_year, week; /* ISO 8601 */
	int offset;          /* seconds east of UTC */
};
void when_local(int64_t when, struct when_local *out);
/* The first moment of a local date (days since 1970). Days have 23 or 25 hours where the zone
 * changes its offset; where midnight is skipped, the day begins after the gap. */
int64_t when_day_start(int64_t days);
/* The date of so many days since 1970. */
void when_date(int64_t days, int *year, int *month, int *day);
/* As when_read; a date alone is its start in the zone, and a time without one is the zone's:
 * the first of two that its clocks show, the one behind a gap that they skip. */
int64_t when_read_local(struct slice text);

#endif
