/* SPDX-License-Identifier: MIT */
/*
 * How likely a hit of this score is right: a logistic fit of two parameters, logit P(right | x)
 * = level + slope x, regularised by a normal prior (ridge), with the normal approximation at
 * its mode (Laplace) for a bound on it. What one fit says may be the prior of another.
 */
#ifndef STATS_LOGIT_H
#define STATS_LOGIT_H

#include <stdbool.h>
#include <stddef.h>

struct logit {
	double level, slope;
	/* precision: of level, of both, of slope */
	double ll, ls, ss;
};
struct logit_point {
	double x;
	bool right;
};

/* What the points make of the prior, whose precision must be positive definite. A fixed number
 * of Newton's steps, each halved until it gains: the same points in the same order give the
 * same bits. */
struct logit logit_fit(
    const struct logit *prior, const struct logit_point *points, size_t count);
/* Logarithm of the odds at x, less z standard deviations of it. */
double logit_low(const struct logit *l, double x, double z);
/* log(p / (1 - p)), 0 < p < 1, and back. */
double logit_of(double p);
double logit_share(double odds);

#endif
