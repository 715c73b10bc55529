/* SPDX-License-Identifier: MIT */
/* Is the change between pairs more than chance? */
#ifndef STATS_PAIRED_H
#define STATS_PAIRED_H

#include <stddef.h>
#include <stdint.h>

#include "stats/interval.h"

/* The exact sign test, one-sided: the chance of at least `up` of up + down pairs going up if
 * both ways are equally likely (the upper tail of a binomial of 1/2). Pairs without a change
 * are not counted (Dixon and Mood 1946). No pairs: 1. */
double sign_test(uint64_t up, uint64_t down);
/* The least number of pairs that can ever be below this level, all going up: log2(1 / level).
 */
uint64_t sign_test_least(double level);

/* How sure is it that the mean change of n pairs is below `limit` (0 to 1), where changes are
 * from -1 to 1 and `up` and `down` are the sums of those that went up and of those that went
 * down? A deviate of the normal distribution: 1.645 is 95 %. The score test of a difference of
 * paired proportions (Tango 1998), which few or no changes at all do not make sure of
 * themselves, with half a pair as correction for continuity. Changes of less than 1 spread less
 * than it reckons with. */
double paired_below(double up, double down, double n, double limit);
/* Pairs for which that is `sure` where as much goes up as goes down, `change` a pair in all;
 * infinity if a million millions are too few. */
double paired_below_rows(double change, double limit, double sure);

/* sum(new) / sum(base) - 1, and what resampling of the pairs makes of it. */
struct change {
	double ratio;          /* as measured */
	struct interval range; /* percentile interval of it */
	double chance;         /* share of the resamples in which it is not above 0 */
};
#define PAIRED_RESAMPLES 10000
/* The paired bootstrap (Efron and Tibshirani 1993, 13.3): whole pairs are drawn with
 * replacement, PAIRED_RESAMPLES times; where that would be more than 4e7 draws, fewer times but
 * at least 1,000. The same seed gives the same answer. chance is (k + 1) / (times + 1), so it
 * is never 0 (Davison and Hinkley 1997, 4.2). n >= 1, sum(base) > 0. */
struct change paired_bootstrap(
    const double *base, const double *new, size_t n, double confidence, uint64_t seed);
/* The same by the delta method for a ratio of means (Cochran 1977, 6.3) and the normal
 * distribution: for many pairs, where resampling would tell nothing else. n >= 2. */
struct change paired_normal(const double *base, const double *new, size_t n, double confidence);

#endif
