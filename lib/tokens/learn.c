/* SPDX-License-Identifier: MIT */
#include "tokens/learn.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Working memory: as many numbers as pairs. */
struct learner {
	struct learn_pair *pair; /* by counted */
	size_t pairs;
	double *value;
};

struct line {
	double factor, overhead;
};

static int
by_number(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static int
by_counted(const void *a, const void *b)
{
	const struct learn_pair *x = a, *y = b;

	if (x->counted != y->counted)
		return x->counted < y->counted ? -1 : 1;
	return (x->billed > y->billed) - (x->billed < y->billed);
}

/* Sorts. */
static double
median(double *value, size_t n)
{
	assert(n);
	qsort(value, n, sizeof *value, by_number);
	return n % 2 ? value[n / 2] : (value[n / 2 - 1] + value[n / 2]) / 2;
}

/* What a pair says the factor is, the overhead taken as known. */
static double
ratio(const struct learn_pair *p, double overhead)
{
	return ((double)p->billed - overhead) / (double)p->counted;
}

static double
median_ratio(struct learner *l, double overhead)
{
	for (size_t i = 0; i < l->pairs; i++)
		l->value[i] = ratio(&l->pair[i], overhead);
	return median(l->value, l->pairs);
}

/* Median of the errors as shares of what was billed. */
static double
median_error(struct learner *l, struct line line)
{
	for (size_t i = 0; i < l->pairs; i++) {
		double billed = l->pair[i].billed;

		l->value[i] =
		    fabs(line.factor * l->pair[i].counted + line.overhead - billed) / billed;
	}
	return median(l->value, l->pairs);
}

/* The line through the pairs; false where they lie too close together to tell. */
static bool
fit_line(struct learner *l, struct line *line)
{
	size_t half = l->pairs / 2, n = 0;
	uint32_t low = l->pair[l->pairs / 10].counted;
	uint32_t high = l->pair[l->pairs - 1 - l->pairs / 10].counted;

	if (high < low + low / 2)
		return false;
	for (size_t i = 0; i + half < l->pairs; i++) {
		const struct learn_pair *a = &l->pair[i], *b = &l->pair[i + half];

		if (b->counted > a->counted)
			l->value[n++] =
			    ((double)b->billed - a->billed) / ((double)b->counted - a->counted);
	}
	if (n < l->pairs / 4)
		return false;
	line->factor = median(l->value, n);
	for (size_t i = 0; i < l->pairs; i++)
		l->value[i] = l->pair[i].billed - line->factor * l->pair[i].counted;
	line->overhead = round(median(l->value, l->pairs));
	/* with a whole overhead the factor can be told better than by differences */
	line->factor = median_ratio(l, line->overhead);
	return true;
}

/* An overhead must be worth a number of its own: no less than 2 tokens, a third of the error.
 */
static struct line
best_line(struct learner *l)
{
	struct line alone = { median_ratio(l, 0), 0 }, line;

	if (fit_line(l, &line) && fabs(line.overhead) >= 2 && line.factor > 0 &&
	    median_error(l, line) < median_error(l, alone) * 2 / 3)
		return line;
	return alone;
}

/* Drops pairs that are far from what most say; how many. The measure is the median distance,
 * and a token for what rounding does to short requests. */
static size_t
drop_outliers(struct learner *l, struct line line)
{
	double far;
	size_t kept = 0;

	for (size_t i = 0; i < l->pairs; i++)
		l->value[i] = fabs(ratio(&l->pair[i], line.overhead) - line.factor);
	far = 6 * 1.4826 * median(l->value, l->pairs) + 0.03 * line.factor;
	for (size_t i = 0; i < l->pairs; i++)
		if (fabs(ratio(&l->pair[i], line.overhead) - line.factor) <=
		    far + 2.0 / l->pair[i].counted)
			l->pair[kept++] = l->pair[i];
	far = (double)(l->pairs - kept);
	l->pairs = kept;
	return (size_t)far;
}

/* The ends that leave 25 of 1000 outside; beyond the last pair where there are few. */
static void
fit_band(struct learner *l, struct line line, double *low, double *high)
{
	size_t n = l->pairs, out = (n + 1) * 25 / 1000;
	double middle = line.factor;

	for (size_t i = 0; i < n; i++) {
		double counted = l->pair[i].counted;
		double off = l->pair[i].billed - middle * counted - line.overhead;

		/* a token of rounding says nothing about the factor */
		l->value[i] = middle + copysign(fmax(fabs(off) - 1, 0), off) / counted;
	}
	qsort(l->value, n, sizeof *l->value, by_number);
	*low = l->value[out ? out - 1 : 0];
	*high = l->value[out ? n - out : n - 1];
	if (!out) {
		*low -= fabs(middle - *low) / 4;
		*high += fabs(*high - middle) / 4;
	}
	*low = fmax(fmin(*low, middle) - 0.001 * middle, middle / 100);
	*high = fmax(*high, middle) + 0.001 * middle;
}

static void
learn_from(struct learner *l, struct learned *result)
{
	struct line line;

	qsort(l->pair, l->pairs, sizeof *l->pair, by_counted);
	line = best_line(l);
	result->outliers = drop_outliers(l, line);
	line = best_line(l);
	result->factor = line.factor;
	result->overhead = line.overhead;
	fit_band(l, line, &result->low, &result->high);
}

/* The odd pairs, by what the even ones taught. */
static void
test(struct learner *l, const struct learn_pair *pair, size_t pairs, struct learned *result)
{
	struct learned half;

	l->pairs = 0;
	for (size_t i = 0; i < pairs; i += 2)
		l->pair[l->pairs++] = pair[i];
	learn_from(l, &half);
	result->tested = result->inside = 0;
	for (size_t i = 1; i < pairs; i += 2) {
		double counted = pair[i].counted, billed = pair[i].billed;
		double low = half.low * counted + half.overhead - 1;
		double high = half.high * counted + half.overhead + 1;

		l->value[result->tested++] =
		    fabs(half.factor * counted + half.overhead - billed) / billed;
		result->inside += billed >= low && billed <= high;
	}
	result->error = median(l->value, result->tested);
}

void
learn(const struct learn_pair *pair, size_t pairs, struct learned *result)
{
	struct learner l = { .pairs = pairs };

	assert(pairs >= LEARN_LEAST);
	l.pair = mem_grow(NULL, pairs, sizeof *l.pair);
	l.value = mem_grow(NULL, pairs, sizeof *l.value);
	memcpy(l.pair, pair, pairs * sizeof *pair);
	learn_from(&l, result);
	test(&l, pair, pairs, result);
	free(l.pair);
	free(l.value);
}
