/* SPDX-License-Identifier: MIT */
#include "stats/special.h"

#include <float.h>
#include <math.h>

#define STEPS 200 /* halvings: more than a double has bits */
#define FRACTION_MOST 200000

double
normal_below(double z)
{
	return erfc(-z / sqrt(2.0)) / 2.0;
}

double
normal_quantile(double p)
{
	double low = -38.0, high = 38.0;

	for (int i = 0; i < STEPS; i++) {
		double middle = low + (high - low) / 2.0;

		if (normal_below(middle) < p)
			low = middle;
		else
			high = middle;
	}
	return high;
}

static double
not_zero(double x)
{
	return fabs(x) < DBL_MIN / DBL_EPSILON ? DBL_MIN / DBL_EPSILON : x;
}

/* The fraction of DLMF 8.17.22, by Lentz's method. */
static double
fraction(double x, double a, double b)
{
	double c = 1.0, d = 1.0 / not_zero(1.0 - (a + b) * x / (a + 1.0)), value = d;

	for (int i = 1; i < FRACTION_MOST; i++) {
		double m = i, step;
		double even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
		double odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));

		d = 1.0 / not_zero(1.0 + even * d);
		c = not_zero(1.0 + even / c);
		value *= c * d;
		d = 1.0 / not_zero(1.0 + odd * d);
		c = not_zero(1.0 + odd / c);
		step = c * d;
		value *= step;
		if (fabs(step - 1.0) < 4.0 * DBL_EPSILON)
			break;
	}
	return value;
}

double
beta_below(double x, double a, double b)
{
	double front;

	if (x <= 0.0)
		return 0.0;
	if (x >= 1.0)
		return 1.0;
	front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x));
	/* the fraction converges fast on one side of the mean only */
	if (x < (a + 1.0) / (a + b + 2.0))
		return front * fraction(x, a, b) / a;
	return 1.0 - front * fraction(1.0 - x, b, a) / b;
}

double
beta_quantile(double p, double a, double b)
{
	double low = 0.0, high = 1.0;

	for (int i = 0; i < STEPS; i++) {
		double middle = low + (high - low) / 2.0;

		if (beta_below(middle, a, b) < p)
			low = middle;
		else
			high = middle;
	}
	return low + (high - low) / 2.0;
}
