/* SPDX-License-Identifier: MIT */
/* Stretches of time that rows are grouped by, in the zone of --tz. */
#ifndef COST_PERIOD_H
#define COST_PERIOD_H

#include "base/buf.h"
#include "base/when.h"

enum period { PERIOD_NONE, PERIOD_HOUR, PERIOD_DAY, PERIOD_WEEK, PERIOD_MONTH };

/* "hour", "day", "week", "month"; PERIOD_NONE for any other. */
enum period period_named(const char *name);
/* The first day of a month: 1 is the calendar's, up to 28 a fiscal one. For all later calls. */
void period_month_start(unsigned day);
unsigned period_months_start(void);
/* The period that a moment is in, as its name: "2026-10-25T02:00+02:00" (the hour that begins
 * then), "2026-10-25", "2026-W43" (ISO 8601), "2026-10", fiscal months by their first day.
 * Valid from *from to before *to, milliseconds. out takes 32 bytes. */
void period_name(enum period p, int64_t when, char out[32], int64_t *from, int64_t *to);
/* When the period of this name begins; WHEN_NONE if it is no such name. */
int64_t period_start(enum period p, struct slice name);
/* When the one after the period that has this moment begins. */
int64_t period_next(enum period p, int64_t when);

#endif
