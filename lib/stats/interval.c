/* SPDX-License-Identifier: MIT */
#include "stats/interval.h"

#include <math.h>

#include "stats/special.h"

static double
two_sided(double confidence)
{
	return normal_quantile(1.0 - (1.0 - confidence) / 2.0);
}

struct interval
interval_wilson(uint64_t hits, uint64_t count, double confidence)
{
	double n = (double)count, p, z, centre, half, whole;
	struct interval out = { 0.0, 1.0 };

	if (!count)
		return out;
	z = two_sided(confidence);
	p = (double)hits / n;
	whole = 1.0 + z * z / n;
	centre = (p + z * z / (2.0 * n)) / whole;
	half = z / whole * sqrt(p * (1.0 - p) / n + z * z / (4.0 * n * n));
	/* at the ends the formula gives 0 and 1 but for rounding */
	if (hits)
		out.low = centre - half;
	if (hits < count)
		out.high = centre + half;
	return out;
}

struct interval
interval_exact(uint64_t hits, uint64_t count, double confidence)
{
	double tail = (1.0 - confidence) / 2.0;
	struct interval out = { 0.0, 1.0 };

	if (hits)
		out.low = beta_quantile(tail, (double)hits, (double)(count - hits) + 1.0);
	if (hits < count)
		out.high =
		    beta_quantile(1.0 - tail, (double)hits + 1.0, (double)(count - hits));
	return out;
}

/* Rounded up; whole numbers that came out a bit too large stay. */
static uint64_t
rows_up(double n)
{
	return n < 1.0 ? 1 : n > 1e15 ? UINT64_MAX : (uint64_t)ceil(n - 1e-9);
}

static double
above_zero(double rate, double worse)
{
	return rate > 0.0 ? rate : worse / 1000.0;
}

uint64_t
interval_rows(double rate, double worse, double confidence, double power)
{
	double p = above_zero(rate, worse), n;

	if (worse <= rate || worse >= 1.0)
		return UINT64_MAX;
	n = two_sided(confidence) * sqrt(p * (1.0 - p)) +
	    normal_quantile(power) * sqrt(worse * (1.0 - worse));
	n /= worse - p;
	return rows_up(n * n);
}

uint64_t
interval_rows_of_arms(double rate, double worse, double confidence, double power)
{
	double p = above_zero(rate, worse), mean, n;

	if (worse <= rate || worse >= 1.0)
		return UINT64_MAX;
	mean = (p + worse) / 2.0;
	n = two_sided(confidence) * sqrt(2.0 * mean * (1.0 - mean)) +
	    normal_quantile(power) * sqrt(p * (1.0 - p) + worse * (1.0 - worse));
	n /= worse - p;
	return rows_up(n * n);
}
