/* SPDX-License-Identifier: MIT */
#include "cmd/llm-route/learned/apgr.h"

#include <stdlib.h>

#include "base/mem.h"

static const double *sorting;

static int
by_score(const void *x, const void *y)
{
	size_t i = *(const size_t *)x, k = *(const size_t *)y;

	if (sorting[i] != sorting[k])
		return sorting[i] < sorting[k] ? 1 : -1;
	return i < k ? -1 : i > k;
}

size_t *
apgr_order(const double *score, size_t count)
{
	size_t *order = mem_alloc((count + 1) * sizeof(*order));

	for (size_t i = 0; i < count; i++)
		order[i] = i;
	sorting = score;
	qsort(order, count, sizeof(*order), by_score);
	return order;
}

double
apgr_of(const double *gain, const size_t *order, size_t count, const unsigned *weight)
{
	double sum = 0, area = 0, all = 0;

	for (size_t i = 0; i < count; i++) {
		double w = weight ? weight[order[i]] : 1, more = gain[order[i]] * w;

		/* equal rows side by side: the trapezoid of all of them */
		area += w * (sum + more / 2);
		sum += more;
		all += w;
	}
	return sum > 0 ? area / (sum * all) : 0.5;
}
