/* SPDX-License-Identifier: MIT */
#include "cmd/llm-route/learned/curve.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/llm-route/learned/apgr.h"
#include "stats/order.h"
#include "stats/random.h"

#define RESAMPLES 1000

static struct interval
percentiles(double *values, size_t n)
{
	order_sort(values, n);
	return (struct interval){ order_quantile(values, n, 0.025),
		order_quantile(values, n, 0.975) };
}

static void
draw(struct random *r, unsigned *weight, size_t count)
{
	memset(weight, 0, count * sizeof(*weight));
	for (size_t i = 0; i < count; i++)
		weight[random_below(r, count)]++;
}

/* What the router's choice and the longest prompts' choice bring at one share. */
static void
point_make(struct curve_point *p, const struct trained *t, const struct curve_row *rows,
    size_t count, double *got)
{
	size_t last = t->lesson.arms - 1, strong = 0;
	double sum = 0;

	for (size_t i = 0; i < count; i++) {
		size_t arm = trained_choose(t, &rows[i].gain, p->threshold);
		double lost;

		got[i] = rows[i].outcome[arm];
		lost = (double)rows[i].outcome[last] - got[i];
		strong += arm == last;
		sum += got[i];
		if (lost > 0)
			p->lost += lost;
		else
			p->won -= lost;
	}
	p->share = (double)strong / (double)count;
	p->quality = sum / (double)count;
}

static double
length_quality(
    const struct curve_row *rows, const size_t *order, size_t count, size_t last, double share)
{
	size_t strong = (size_t)(share * (double)count + 0.5);
	double sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += rows[order[i]].outcome[i < strong ? last : 0];
	return sum / (double)count;
}

/* The threshold above which this share of the rows is; between two scores where it can. */
static double
threshold_at(const double *score, const size_t *order, size_t count, size_t point)
{
	size_t strong = point * count / (CURVE_POINTS - 1);

	if (strong == 0)
		return 2;
	if (strong == count)
		return -2;
	return (score[order[strong - 1]] + score[order[strong]]) / 2;
}

struct work {
	const struct curve_row *rows;
	size_t count, last;
	size_t *by_score, *by_length;
	double *gain; /* of the last model, by row */
	double *got;  /* by point and row */
	double *mean; /* by point and resample */
};

static void
resample(struct curve *c, struct work *w, uint64_t seed)
{
	unsigned *weight = mem_alloc((w->count + 1) * sizeof(*weight));
	double *area = mem_alloc(RESAMPLES * sizeof(*area)),
	       *lead = mem_alloc(RESAMPLES * sizeof(*lead));
	struct random random;

	random_open(&random, seed, 0);
	for (size_t k = 0; k < RESAMPLES; k++) {
		draw(&random, weight, w->count);
		area[k] = apgr_of(w->gain, w->by_score, w->count, weight);
		lead[k] = area[k] - apgr_of(w->gain, w->by_length, w->count, weight);
		for (size_t p = 0; p < CURVE_POINTS; p++) {
			double sum = 0;

			for (size_t i = 0; i < w->count; i++)
				sum += weight[i] * w->got[p * w->count + i];
			w->mean[p * RESAMPLES + k] = sum / (double)w->count;
		}
	}
	c->apgr_range = percentiles(area, RESAMPLES);
	c->lead_range = percentiles(lead, RESAMPLES);
	for (size_t p = 0; p < CURVE_POINTS; p++)
		c->point[p].range = percentiles(&w->mean[p * RESAMPLES], RESAMPLES);
	free(weight);
	free(area);
	free(lead);
}

void
curve_make(struct curve *c, const struct trained *t, struct curve_row *rows, size_t count,
    uint64_t seed)
{
	double *score = mem_alloc((count + 1) * sizeof(*score)),
	       *length = mem_alloc((count + 1) * sizeof(*length));
	struct work w = { .rows = rows, .count = count, .last = t->lesson.arms - 1 };

	*c = (struct curve){ .rows = count };
	w.gain = mem_alloc((count + 1) * sizeof(*w.gain));
	for (size_t i = 0; i < count; i++) {
		score[i] = rows[i].score;
		length[i] = rows[i].length;
		w.gain[i] = (double)rows[i].outcome[w.last] - rows[i].outcome[0];
		c->fresh += rows[i].gain.new;
		c->first += rows[i].outcome[0] / (double)count;
		c->last += rows[i].outcome[w.last] / (double)count;
	}
	w.by_score = apgr_order(score, count);
	w.by_length = apgr_order(length, count);
	w.got = mem_alloc(CURVE_POINTS * count * sizeof(*w.got));
	w.mean = mem_alloc(CURVE_POINTS * RESAMPLES * sizeof(*w.mean));
	c->apgr = apgr_of(w.gain, w.by_score, count, NULL);
	c->apgr_length = apgr_of(w.gain, w.by_length, count, NULL);
	for (size_t p = 0; p < CURVE_POINTS; p++) {
		struct curve_point *point = &c->point[p];

		point->threshold = threshold_at(score, w.by_score, count, p);
		point_make(point, t, rows, count, &w.got[p * count]);
		point->by_length =
		    length_quality(rows, w.by_length, count, w.last, point->share);
	}
	resample(c, &w, seed);
	free(w.by_score);
	free(w.by_length);
	free(w.gain);
	free(w.got);
	free(w.mean);
	free(score);
	free(length);
}
