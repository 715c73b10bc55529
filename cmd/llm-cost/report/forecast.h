/* SPDX-License-Identifier: MIT */
/* What the running month will cost, from the days that are over. */
#ifndef COST_FORECAST_H
#define COST_FORECAST_H

#include "cmd/llm-cost/sums/timeline.h"

struct forecast {
	char month[32];
	int64_t now;              /* --now, else the last call */
	uint64_t days, days_over; /* of the month, and how many of them are over */
	struct usd to_date;
	uint64_t sample;     /* days that the rate is the mean of: at most 28, before today */
	bool weekdays;       /* each weekday has a rate of its own: two weeks or more */
	bool known;          /* a day at least is over */
	struct usd run_rate; /* dollars a day */
	struct usd expected, low, high; /* of the month; the band is +- 2 standard errors, its
					   low end not below what was spent */
};

/* From days in order, of period day. False without any day. */
bool forecast_make(const struct timeline *days, int64_t now, struct forecast *out);

#endif
