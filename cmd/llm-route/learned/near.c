/* SPDX-License-Identifier: MIT */
#include "cmd/llm-route/learned/near.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/llm-route/learned/real.h"
#include "stats/order.h"

#define DOCUMENTS_LEAST 3 /* a gram of fewer examples tells nothing */
#define NEW_SHARE 0.05    /* of the examples, those with the least like another one */
#define LENGTH_SLOPE 0.1  /* of the mean gain, for each standard deviation of length */

struct posting {
	uint32_t example;
	float weight; /* tf-idf over the example's norm */
};

struct near *
near_open(struct embed *embed)
{
	struct near *n = mem_zero(sizeof(*n));

	n->dims = embed_dims(embed);
	n->embedding = arena_copy(&n->arena, embed_name(embed));
	return n;
}

void
near_add(struct near *n, const struct look *look, const float *outcome)
{
	struct near_example *e;

	if ((n->count & (n->count - 1)) == 0)
		n->example =
		    mem_grow(n->example, n->count ? n->count * 2 : 1, sizeof(*n->example));
	e = &n->example[n->count++];
	*e = (struct near_example){ .look = *look };
	memcpy(e->outcome, outcome, n->arms * sizeof(*outcome));
}

static double
weight_of(const struct near *n, struct look_gram g)
{
	return n->idf[g.gram] > 0 ? (1 + real_log(g.count)) * n->idf[g.gram] : 0;
}

static double
norm_of(const struct near *n, const struct look *look)
{
	double sum = 0;

	for (size_t i = 0; i < look->gram_count; i++) {
		double w = weight_of(n, look->grams[i]);

		sum += w * w;
	}
	return sqrt(sum);
}

static void
make_idf(struct near *n)
{
	uint32_t *documents = mem_zero((LOOK_GRAMS + 1) * sizeof(*documents));
	size_t total = 0;

	n->idf = mem_zero(LOOK_GRAMS * sizeof(*n->idf));
	n->from = mem_zero((LOOK_GRAMS + 1) * sizeof(*n->from));
	for (size_t i = 0; i < n->count; i++)
		for (size_t k = 0; k < n->example[i].look.gram_count; k++)
			documents[n->example[i].look.grams[k].gram]++;
	for (size_t g = 0; g < LOOK_GRAMS; g++) {
		n->from[g] = (uint32_t)total;
		if (documents[g] < DOCUMENTS_LEAST)
			continue;
		n->idf[g] =
		    (float)(1 + real_log((1 + (double)n->count) / (1 + (double)documents[g])));
		total += documents[g];
	}
	n->from[LOOK_GRAMS] = (uint32_t)total;
	n->posting = mem_alloc((total + 1) * sizeof(*n->posting));
	free(documents);
}

static void
make_postings(struct near *n)
{
	uint32_t *at = mem_alloc(LOOK_GRAMS * sizeof(*at));

	make_idf(n);
	memcpy(at, n->from, LOOK_GRAMS * sizeof(*at));
	for (size_t i = 0; i < n->count; i++) {
		const struct look *look = &n->example[i].look;
		double norm = norm_of(n, look);

		for (size_t k = 0; k < look->gram_count; k++) {
			double w = weight_of(n, look->grams[k]);

			if (w > 0)
				n->posting[at[look->grams[k].gram]++] =
				    (struct posting){ (uint32_t)i, (float)(w / norm) };
		}
	}
	free(at);
}

static void
make_forms(struct near *n)
{
	for (size_t f = 0; f < LOOK_FORMS; f++) {
		double sum = 0, square = 0, mean;

		for (size_t i = 0; i < n->count; i++)
			sum += n->example[i].look.form[f];
		mean = sum / (double)n->count;
		for (size_t i = 0; i < n->count; i++) {
			double d = n->example[i].look.form[f] - mean;

			square += d * d;
		}
		n->mean[f] = (float)mean;
		n->spread[f] = (float)sqrt(square / (double)n->count);
	}
}

static void
make_gains(struct near *n)
{
	for (size_t a = 0; a < n->arms; a++) {
		double sum = 0;

		for (size_t i = 0; i < n->count; i++)
			sum += (double)n->example[i].outcome[a] - n->example[i].outcome[0];
		n->gain[a] = (float)(sum / (double)n->count);
	}
}

double
near_score(const struct near *n, const struct near_gain *g)
{
	size_t last = n->arms - 1;
	double least = g->gain[last] - g->gain[0];

	for (size_t k = 1; k < last; k++) {
		double s = (g->gain[last] - g->gain[k]) * (double)last / (double)(last - k);

		least = s < least ? s : least;
	}
	return least;
}

void
near_prepare(struct near *n)
{
	make_postings(n);
	make_forms(n);
	make_gains(n);
}

void
near_make(struct near *n)
{
	double *alike = mem_alloc((n->count + 1) * sizeof(*alike));
	double *score = mem_alloc((n->count + 1) * sizeof(*score));
	struct near_gain g;

	assert(n->count > 1 && n->arms > 1);
	near_prepare(n);
	n->alike = -1;
	for (size_t i = 0; i < n->count; i++) {
		near_gains(n, &n->example[i].look, &g);
		alike[i] = g.alike;
	}
	order_sort(alike, n->count);
	n->alike = (float)order_quantile(alike, n->count, NEW_SHARE);
	for (size_t i = 0; i < n->count; i++) {
		near_gains(n, &n->example[i].look, &g);
		score[i] = near_score(n, &g);
	}
	order_sort(score, n->count);
	for (size_t q = 0; q < NEAR_QUANTILES; q++)
		n->threshold[q] =
		    (float)order_quantile(score, n->count, (double)q / (NEAR_QUANTILES - 1));
	free(alike);
	free(score);
}

static double
meaning_of(const struct near *n, const struct look *a, const struct look *b)
{
	int32_t sum = 0;

	for (size_t i = 0; i < n->dims; i++)
		sum += a->vector[i] * b->vector[i];
	return sum > 0 ? (double)sum / ((double)LOOK_SCALE * LOOK_SCALE) : 0;
}

static double
form_of(const struct near *n, const struct look *a, const struct look *b)
{
	double sum = 0, base;

	for (size_t f = 0; f < LOOK_FORMS; f++) {
		double d = n->spread[f] > 0
			       ? ((double)a->form[f] - (double)b->form[f]) / n->spread[f]
			       : 0;

		sum += d * d;
	}
	base = 1 + sum / (8 * LOOK_FORMS);
	return 1 / (base * base * base * base);
}

static void
by_length(const struct near *n, const struct look *look, struct near_gain *out)
{
	double z = n->spread[0] > 0 ? (look->form[0] - n->mean[0]) / n->spread[0] : 0;

	for (size_t a = 0; a < n->arms; a++)
		out->gain[a] = n->gain[a] + LENGTH_SLOPE * n->gain[a] * z;
}

/* Cosine of grams with each example. */
static double *
characters(const struct near *n, const struct look *look)
{
	double *sum = mem_zero((n->count + 1) * sizeof(*sum)), norm = norm_of(n, look);

	for (size_t i = 0; norm > 0 && i < look->gram_count; i++) {
		struct look_gram g = look->grams[i];
		double w = weight_of(n, g) / norm;

		if (!(w > 0))
			continue;
		for (uint32_t k = n->from[g.gram]; k < n->from[g.gram + 1]; k++)
			sum[n->posting[k].example] += w * n->posting[k].weight;
	}
	return sum;
}

void
near_gains(const struct near *n, const struct look *look, struct near_gain *out)
{
	double *chars = characters(n, look), mass = 0, sum[NEAR_ARMS] = { 0 };

	*out = (struct near_gain){ 0 };
	for (size_t i = 0; i < n->count; i++) {
		const struct near_example *e = &n->example[i];
		double w = chars[i], meaning;

		if (!(w > 0) || e->look.hash == look->hash)
			continue;
		if (w > out->alike)
			out->alike = w;
		meaning = meaning_of(n, look, &e->look);
		if (!(meaning > 0))
			continue;
		w *= meaning * meaning * form_of(n, look, &e->look);
		mass += w;
		for (size_t a = 1; a < n->arms; a++)
			sum[a] += w * ((double)e->outcome[a] - e->outcome[0]);
	}
	free(chars);
	out->new = out->alike < n->alike || !(mass > 0);
	if (out->new) {
		by_length(n, look, out);
		return;
	}
	for (size_t a = 1; a < n->arms; a++)
		out->gain[a] = sum[a] / mass;
}

size_t
near_choose(const struct near *n, const struct near_gain *g, double threshold)
{
	double step = threshold / (double)(n->arms - 1), best = g->gain[0];
	size_t at = 0;

	for (size_t a = 1; a < n->arms; a++)
		if (g->gain[a] - step * (double)a > best) {
			best = g->gain[a] - step * (double)a;
			at = a;
		}
	return at;
}

double
near_threshold(const struct near *n, double share)
{
	double at = (1 - share) * (NEAR_QUANTILES - 1);
	size_t low = (size_t)at;

	if (share >= 1)
		return -2; /* no gain is so small */
	if (low >= NEAR_QUANTILES - 1)
		return 2;
	return n->threshold[low] +
	       (at - (double)low) * ((double)n->threshold[low + 1] - n->threshold[low]);
}

void
near_free(struct near *n)
{
	if (!n)
		return;
	free(n->example);
	free(n->idf);
	free(n->posting);
	free(n->from);
	arena_close(&n->arena);
	free(n);
}
