/* SPDX-License-Identifier: MIT */
/* Price arithmetic alone: usages of several models in turn, each made a bill; and one million
 * exact sums in two orders, which must agree. */
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "money/price.h"

#define ROUNDS 5000000u

static double
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int
main(void)
{
	static const char *const models[] = { "gpt-4o", "claude-sonnet-4-5", "gemini-2.5-pro",
		"gpt-4.1-mini" };
	struct usd up = { 0 }, down = { 0 };
	struct price_query q[4];
	struct usage u = { .present = true };
	struct bill b;
	double start;

	for (size_t i = 0; i < 4; i++)
		q[i] = (struct price_query){ slice_z(models[i]), { NULL, 0 }, 1790000000000,
			LANE_REALTIME };
	start = seconds();
	for (uint32_t i = 0; i < ROUNDS; i++) {
		u.input = 1000 + i % 5000;
		u.cached = i % 900;
		u.output = i % 700;
		bill_usage(&q[i >> 4 & 3], &u, &b);
		up = usd_add(up, b.usd);
	}
	printf("prices: %.1f million bills a second\n", ROUNDS / (seconds() - start) / 1e6);
	for (uint32_t i = ROUNDS; i-- > 0;) {
		u.input = 1000 + i % 5000;
		u.cached = i % 900;
		u.output = i % 700;
		bill_usage(&q[i >> 4 & 3], &u, &b);
		down = usd_add(down, b.usd);
	}
	if (usd_cmp(up, down) != 0 || !b.priced)
		printf("prices: the sums of two orders differ\n");
	return usd_cmp(up, down) != 0;
}
