/* SPDX-License-Identifier: MIT */
/* What stands where in a sorted sample: quantiles, median, spread. */
#ifndef STATS_ORDER_H
#define STATS_ORDER_H

#include <stddef.h>

/* Ascending; no NaN. */
void order_sort(double *values, size_t n);
/* The share-quantile of sorted values, n >= 1, interpolated: definition 7 of Hyndman and Fan
 * 1996, R's default. */
double order_quantile(const double *sorted, size_t n, double share);
/* Of sorted values, n >= 1. */
double order_median(const double *sorted, size_t n);
/* The median of the distances from the median, times 1.4826 so that it estimates a standard
 * deviation (Hampel 1974; R's mad). Of sorted values, n >= 1. */
double order_mad(const double *sorted, size_t n);

#endif
