/* SPDX-License-Identifier: MIT */
#include "stats/paired.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "stats/order.h"
#include "stats/random.h"
#include "stats/special.h"

#define DRAWS_MOST 40000000
#define RESAMPLES_LEAST 1000
#define ROWS_MOST 1e12

double
sign_test(uint64_t up, uint64_t down)
{
	return up ? beta_below(0.5, (double)up, (double)down + 1.0) : 1.0;
}

uint64_t
sign_test_least(double level)
{
	return (uint64_t)ceil(-log2(level) - 1e-12);
}

double
paired_below(double up, double down, double n, double limit)
{
	/* the likeliest rate of those that go down, if the mean change were the limit */
	double a = 2 * n, b = (2 * n - up + down) * limit - up - down,
	       c = -down * limit * (1 - limit), rate = (sqrt(b * b - 4 * a * c) - b) / (2 * a);
	double variance = n * (2 * rate + limit * (1 - limit));

	return variance > 0 ? (n * limit - up + down - 0.5) / sqrt(variance) : 0;
}

double
paired_below_rows(double change, double limit, double sure)
{
	double low = 0, high = ROWS_MOST;

	if (paired_below(change * high / 2, change * high / 2, high, limit) < sure)
		return INFINITY;
	while (high - low > 0.5) {
		double n = (low + high) / 2;

		if (paired_below(change * n / 2, change * n / 2, n, limit) < sure)
			low = n;
		else
			high = n;
	}
	return ceil(high);
}

static double
ratio_of(double base, double new)
{
	return base > 0.0 ? new / base - 1.0 : 0.0;
}

static double
ratio_of_all(const double *base, const double *new, size_t n)
{
	double b = 0.0, c = 0.0;

	for (size_t i = 0; i < n; i++) {
		b += base[i];
		c += new[i];
	}
	return ratio_of(b, c);
}

static double
resample(const double *base, const double *new, size_t n, struct random *r)
{
	double b = 0.0, c = 0.0;

	for (size_t i = 0; i < n; i++) {
		size_t k = (size_t)random_below(r, n);

		b += base[k];
		c += new[k];
	}
	return ratio_of(b, c);
}

struct change
paired_bootstrap(
    const double *base, const double *new, size_t n, double confidence, uint64_t seed)
{
	size_t times = PAIRED_RESAMPLES, not_above = 0;
	struct change out = { .ratio = ratio_of_all(base, new, n) };
	struct random r;
	double *seen;

	if (n > DRAWS_MOST / PAIRED_RESAMPLES)
		times = DRAWS_MOST / n > RESAMPLES_LEAST ? DRAWS_MOST / n : RESAMPLES_LEAST;
	seen = mem_grow(NULL, times, sizeof(*seen));
	for (size_t i = 0; i < times; i++) {
		/* a stream of its own for each: the order of the work does not matter */
		random_open(&r, seed, i);
		seen[i] = resample(base, new, n, &r);
		not_above += seen[i] <= 0.0;
	}
	order_sort(seen, times);
	out.range.low = order_quantile(seen, times, (1.0 - confidence) / 2.0);
	out.range.high = order_quantile(seen, times, (1.0 + confidence) / 2.0);
	out.chance = ((double)not_above + 1.0) / ((double)times + 1.0);
	free(seen);
	return out;
}

struct change
paired_normal(const double *base, const double *new, size_t n, double confidence)
{
	struct change out = { .ratio = ratio_of_all(base, new, n) };
	double count = (double)n, mean = 0.0, squares = 0.0, error, z;

	for (size_t i = 0; i < n; i++) {
		double rest = new[i] - (out.ratio + 1.0) * base[i];

		mean += base[i];
		squares += rest * rest;
	}
	mean /= count;
	error = mean > 0.0 ? sqrt(squares / (count - 1.0) / count) / mean : 0.0;
	z = normal_quantile((1.0 + confidence) / 2.0);
	out.range = (struct interval){ out.ratio - z * error, out.ratio + z * error };
	out.chance = error > 0.0       ? normal_below(-out.ratio / error)
		     : out.ratio > 0.0 ? 0.0
				       : 1.0;
	return out;
}
