/* SPDX-License-Identifier: MIT */
/* The functions that the tests and intervals of this room stand on. */
#ifndef STATS_SPECIAL_H
#define STATS_SPECIAL_H

/* P(Z <= z) of a standard normal Z: erfc(-z / sqrt 2) / 2, DLMF 7.17. */
double normal_below(double z);
/* The z with normal_below(z) = p, 0 < p < 1, by bisection to the last bits; in [-38, 38]. */
double normal_quantile(double p);
/* The regularised incomplete beta function I_x(a, b) for a, b > 0 and 0 <= x <= 1, by the
 * continued fraction of DLMF 8.17.22; good to 1e-10 for a, b up to 1e7. */
double beta_below(double x, double a, double b);
/* The x with beta_below(x, a, b) = p, by bisection. */
double beta_quantile(double p, double a, double b);

#endif
