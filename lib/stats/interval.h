/* SPDX-License-Identifier: MIT */
/* Intervals for a rate of which `hits` of `count` were seen, and how many must be seen. */
#ifndef STATS_INTERVAL_H
#define STATS_INTERVAL_H

#include <stdint.h>

struct interval {
	double low, high;
};

/* All take hits <= count and the confidence as a share (0.95); a count of 0 gives [0, 1]. */

/* Wilson's score interval without correction (Wilson 1927; Brown, Cai, DasGupta 2001, (4)). */
struct interval interval_wilson(uint64_t hits, uint64_t count, double confidence);
/* The exact interval of Clopper and Pearson (1934), by quantiles of the beta distribution:
 * covers at least the confidence, whatever the rate. */
struct interval interval_exact(uint64_t hits, uint64_t count, double confidence);

/* How many rows show with probability `power` that a rate of `worse` is above `rate`, where
 * the lower end of a two-sided interval of this confidence must pass `rate`: the sample size
 * of a one-sided test of one proportion, normal approximation (Fleiss, Levin, Paik 2003, 2.5
 * without correction), rounded up. 0 < rate < worse < 1 is brought about by moving rate 0 to
 * `worse` / 1000; UINT64_MAX if worse <= rate. */
uint64_t interval_rows(double rate, double worse, double confidence, double power);
/* The same for two arms that are compared, rows in each arm: the unpooled formula of Fleiss,
 * Levin, Paik 2003, 4.2, as R's power.prop.test has it. */
uint64_t interval_rows_of_arms(double rate, double worse, double confidence, double power);

#endif
