/* SPDX-License-Identifier: MIT */
#include "base/when.h"
#include "budget/budget.h"

const char *
budget_period_name(enum budget_period p)
{
	static const char *const names[] = { [BUDGET_HOUR] = "hour",
		[BUDGET_DAY] = "day",
		[BUDGET_WEEK] = "week",
		[BUDGET_MONTH] = "month",
		[BUDGET_TOTAL] = "total" };

	return names[p];
}

int64_t
budget_period_start(enum budget_period p, int64_t when)
{
	const int64_t minute = 60000;
	struct when_local local;
	int64_t into;

	if (p == BUDGET_TOTAL)
		return 0;
	when_local(when, &local);
	if (p == BUDGET_HOUR) {
		/* zones differ by whole minutes, so seconds are UTC's */
		into = ((when % minute) + minute) % minute;
		return when - into - local.minute * minute;
	}
	if (p == BUDGET_WEEK)
		return when_day_start(local.days - (local.weekday - 1));
	return when_day_start(p == BUDGET_MONTH ? local.days - (local.day - 1) : local.days);
}
