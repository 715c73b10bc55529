/* SPDX-License-Identifier: MIT */
#include "stats/order.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

#define TO_DEVIATION 1.4826

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

void
order_sort(double *values, size_t n)
{
	qsort(values, n, sizeof(*values), by_value);
}

double
order_quantile(const double *sorted, size_t n, double share)
{
	double place = (double)(n - 1) * share;
	size_t low = (size_t)place;

	if (low + 1 >= n)
		return sorted[n - 1];
	return sorted[low] + (place - (double)low) * (sorted[low + 1] - sorted[low]);
}

double
order_median(const double *sorted, size_t n)
{
	return order_quantile(sorted, n, 0.5);
}

double
order_mad(const double *sorted, size_t n)
{
	double *distance = mem_grow(NULL, n, sizeof(*distance)), median, out;

	median = order_median(sorted, n);
	for (size_t i = 0; i < n; i++)
		distance[i] = fabs(sorted[i] - median);
	order_sort(distance, n);
	out = order_median(distance, n) * TO_DEVIATION;
	free(distance);
	return out;
}
