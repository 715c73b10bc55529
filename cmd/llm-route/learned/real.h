/* SPDX-License-Identifier: MIT */
/* A logarithm of sums and products alone, so that a model has the same bytes and gives the same
 * scores on each machine: libm's last digits differ. */
#ifndef LLM_ROUTE_REAL_H
#define LLM_ROUTE_REAL_H

#include <math.h>

#define REAL_LN2 0.693147180559945309417

/* Natural logarithm of x > 0, to about 1e-13: 2 atanh((m - 1) / (m + 1)) of the mantissa. */
static inline double
real_log(double x)
{
	int exponent;
	double m = frexp(x, &exponent), y, square, sum = 0;

	if (m < 0.70710678) {
		m *= 2;
		exponent--;
	}
	y = (m - 1) / (m + 1);
	square = y * y;
	for (int k = 17; k >= 1; k -= 2)
		sum = sum * square + 1.0 / k;
	return 2 * y * sum + exponent * REAL_LN2;
}

/* *sum += a * b, in two statements, which no compiler makes one rounding of. */
static inline void
real_add(double *sum, double a, double b)
{
	double product = a * b;

	*sum += product;
}

#endif
