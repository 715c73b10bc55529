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

#endif
