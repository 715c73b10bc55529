/* SPDX-License-Identifier: MIT */
#include "stats/logit.h"

#include <math.h>

#define STEPS 12
#define HALVES 8

double
logit_of(double p)
{
	return log(p / (1 - p));
}

double
logit_share(double odds)
{
	return 1 / (1 + exp(-odds));
}

/* Minus the logarithm of the posterior density, but for a constant. */
static double
loss(const struct logit *prior, double level, double slope, const struct logit_point *p,
    size_t count)
{
	double dl = level - prior->level, ds = slope - prior->slope;
	double sum = (prior->ll * dl * dl + 2 * prior->ls * dl * ds + prior->ss * ds * ds) / 2;

	for (size_t i = 0; i < count; i++) {
		double odds = level + slope * p[i].x;

		odds = p[i].right ? -odds : odds;
		/* log(1 + e^odds) without overflow */
		sum += odds > 0 ? odds + log1p(exp(-odds)) : log1p(exp(odds));
	}
	return sum;
}

struct logit
logit_fit(const struct logit *prior, const struct logit_point *p, size_t count)
{
	struct logit at = *prior;
	double best = loss(prior, at.level, at.slope, p, count);

	for (int step = 0; step < STEPS; step++) {
		double dl = at.level - prior->level, ds = at.slope - prior->slope;
		double gl = prior->ll * dl + prior->ls * ds;
		double gs = prior->ls * dl + prior->ss * ds, det, size = 1;

		at.ll = prior->ll;
		at.ls = prior->ls;
		at.ss = prior->ss;
		for (size_t i = 0; i < count; i++) {
			double share = logit_share(at.level + at.slope * p[i].x);
			double weight = share * (1 - share), off = share - p[i].right;

			gl += off;
			gs += off * p[i].x;
			at.ll += weight;
			at.ls += weight * p[i].x;
			at.ss += weight * p[i].x * p[i].x;
		}
		det = at.ll * at.ss - at.ls * at.ls;
		dl = (at.ss * gl - at.ls * gs) / det;
		ds = (at.ll * gs - at.ls * gl) / det;
		for (int half = 0; half < HALVES; half++, size /= 2) {
			double next =
			    loss(prior, at.level - size * dl, at.slope - size * ds, p, count);

			if (next > best)
				continue;
			best = next;
			at.level -= size * dl;
			at.slope -= size * ds;
			break;
		}
	}
	return at;
}

double
logit_low(const struct logit *l, double x, double z)
{
	double det = l->ll * l->ss - l->ls * l->ls;
	double variance = (l->ss - 2 * l->ls * x + l->ll * x * x) / det;

	return l->level + l->slope * x - z * sqrt(variance > 0 ? variance : 0);
}
