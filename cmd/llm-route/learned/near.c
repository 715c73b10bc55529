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
#define NEW_TRUST 0.5     /* in what others gained, where a prompt is new */
#define LENGTH_SLOPE 0.15 /* of the mean gain, for each standard deviation of length */
#define LANES 16          /* sums side by side */
#define FORM_ONE 256      /* of one standard deviation */
#define FORM_MOST 8       /* standard deviations */

struct posting {
	uint32_t example;
	float weight; /* tf-idf over the example's norm */
};

struct near *
near_open(struct embed *embed)
{
	struct near *n = mem_zero(sizeof(*n));

	n->dims = look_dims(embed);
	n->embedding = look_vectors(embed, &n->arena);
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

/* 1 + log(count); few counts are large. */
static double
damped(unsigned count)
{
	static double known[64];

	if (count >= 64)
		return 1 + real_log(count);
	if (known[count] == 0)
		known[count] = 1 + real_log(count);
	return known[count];
}

static double
weight_of(const struct near *n, struct look_gram g)
{
	return n->idf[g.gram] > 0 ? damped(g.count) * n->idf[g.gram] : 0;
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

static int16_t *
standardise(const struct near *n, const struct look *look, int16_t *out)
{
	for (size_t f = 0; f < LOOK_FORMS; f++) {
		double z =
		    n->spread[f] > 0 ? ((double)look->form[f] - n->mean[f]) / n->spread[f] : 0;

		z = z > FORM_MOST ? FORM_MOST : z < -FORM_MOST ? -FORM_MOST : z;
		out[f] = (int16_t)(z * FORM_ONE);
	}
	return out;
}

/* What the arm gains on a prompt of that length. */
static double
by_length(const struct near *n, size_t arm, const int16_t *form)
{
	double gain = n->gain[arm];

	return gain + (gain > 0 ? LENGTH_SLOPE * gain * form[0] / FORM_ONE : 0);
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
	n->beyond = mem_alloc(n->count * n->arms * sizeof(*n->beyond));
	for (size_t i = 0; i < n->count; i++)
		for (size_t a = 0; a < n->arms; a++)
			n->beyond[i * n->arms + a] =
			    (float)((double)n->example[i].outcome[a] -
				    n->example[i].outcome[0] -
				    by_length(n, a, &n->forms[i * LOOK_FORMS]));
}

/* Side by side, as the walk over all examples wants them. */
static void
make_rows(struct near *n)
{
	n->stride = (n->dims + LANES - 1) / LANES * LANES;
	n->vectors = mem_zero(n->count * n->stride * sizeof(*n->vectors));
	n->forms = mem_alloc(n->count * LOOK_FORMS * sizeof(*n->forms));
	for (size_t i = 0; i < n->count; i++) {
		memcpy(&n->vectors[i * n->stride], n->example[i].look.vector,
		    n->dims * sizeof(*n->vectors));
		standardise(n, &n->example[i].look, &n->forms[i * LOOK_FORMS]);
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

/* The order in which labels came is no part of a model. */
static int
by_hash(const void *x, const void *y)
{
	const struct near_example *a = x, *b = y;

	if (a->look.hash != b->look.hash)
		return a->look.hash < b->look.hash ? -1 : 1;
	return memcmp(a->outcome, b->outcome, sizeof(a->outcome));
}

void
near_prepare(struct near *n)
{
	qsort(n->example, n->count, sizeof(*n->example), by_hash);
	make_postings(n);
	make_forms(n);
	make_rows(n);
	make_gains(n);
}

/* Sums of 32 bits suffice: the vectors are LOOK_SCALE long. */
static int32_t
product(const int16_t *a, const int16_t *b, size_t n)
{
	int32_t lane[LANES] = { 0 }, sum = 0;

	for (size_t i = 0; i < n; i += LANES)
		for (size_t k = 0; k < LANES; k++)
			lane[k] += a[i + k] * b[i + k];
	for (size_t k = 0; k < LANES; k++)
		sum += lane[k];
	return sum;
}

static double
cosine(const int16_t *a, const int16_t *b, size_t n)
{
	int32_t p = product(a, b, n);

	return p > 0 ? p / ((double)LOOK_SCALE * LOOK_SCALE) : 0;
}

static double
form_of(const int16_t *a, const int16_t *b)
{
	int32_t sum = 0;
	double base;

	for (size_t f = 0; f < LOOK_FORMS; f++)
		sum += (a[f] - b[f]) * (a[f] - b[f]);
	base = 1 + sum / (8.0 * LOOK_FORMS * FORM_ONE * FORM_ONE);
	return 1 / (base * base * base);
}

/* Cosine of grams with each example. */
static float *
characters(const struct near *n, const struct look *look)
{
	float *sum = mem_zero((n->count + 1) * sizeof(*sum));
	double norm = norm_of(n, look);

	for (size_t i = 0; norm > 0 && i < look->gram_count; i++) {
		struct look_gram g = look->grams[i];
		float w = (float)(weight_of(n, g) / norm);

		for (uint32_t k = n->from[g.gram]; k < n->from[g.gram + 1]; k++)
			sum[n->posting[k].example] += w * n->posting[k].weight;
	}
	return sum;
}

/* A prompt as it is held against the examples, and what came of it. */
struct sight {
	int16_t form[LOOK_FORMS];
	double alike, beyond[NEAR_ARMS];
	bool blind; /* no example is like it at all */
};

static void
look_around(const struct near *n, const struct look *look, struct sight *s)
{
	float *chars = characters(n, look);
	int16_t *vector = mem_zero(n->stride * sizeof(*vector));
	double mass = 0;

	memcpy(vector, look->vector, n->dims * sizeof(*vector));
	*s = (struct sight){ 0 };
	standardise(n, look, s->form);
	for (size_t i = 0; i < n->count; i++) {
		const int16_t *other = &n->vectors[i * n->stride];
		double w = chars[i], table;

		if (!(w > 0) || n->example[i].look.hash == look->hash)
			continue;
		if (w > s->alike)
			s->alike = w;
		table = cosine(vector, other, LOOK_TABLE);
		w *= table;
		w *= n->dims == LOOK_TABLE ? table
					   : cosine(vector + LOOK_TABLE, other + LOOK_TABLE,
						 n->stride - LOOK_TABLE);
		if (!(w > 0))
			continue;
		w *= form_of(s->form, &n->forms[i * LOOK_FORMS]);
		mass += w;
		for (size_t a = 1; a < n->arms; a++)
			s->beyond[a] += w * n->beyond[i * n->arms + a];
	}
	s->blind = !(mass > 0);
	for (size_t a = 1; a < n->arms; a++)
		s->beyond[a] = s->blind ? 0 : s->beyond[a] / mass;
	free(chars);
	free(vector);
}

static void
settle(const struct near *n, const struct sight *s, struct near_gain *out)
{
	*out = (struct near_gain){ .alike = s->alike };
	out->new = s->blind || s->alike < n->alike;
	for (size_t a = 1; a < n->arms; a++)
		out->gain[a] =
		    by_length(n, a, s->form) + s->beyond[a] * (out->new ? NEW_TRUST : 1);
}

void
near_gains(const struct near *n, const struct look *look, struct near_gain *out)
{
	struct sight s;

	look_around(n, look, &s);
	settle(n, &s, out);
}

void
near_make(struct near *n)
{
	struct sight *sight = mem_alloc((n->count + 1) * sizeof(*sight));
	double *list = mem_alloc((n->count + 1) * sizeof(*list));
	struct near_gain g;

	assert(n->count > 1 && n->arms > 1);
	near_prepare(n);
	for (size_t i = 0; i < n->count; i++) {
		look_around(n, &n->example[i].look, &sight[i]);
		list[i] = sight[i].alike;
	}
	order_sort(list, n->count);
	n->alike = (float)order_quantile(list, n->count, NEW_SHARE);
	for (size_t i = 0; i < n->count; i++) {
		settle(n, &sight[i], &g);
		list[i] = near_score(n, &g);
	}
	order_sort(list, n->count);
	for (size_t q = 0; q < NEAR_QUANTILES; q++)
		n->threshold[q] =
		    (float)order_quantile(list, n->count, (double)q / (NEAR_QUANTILES - 1));
	free(sight);
	free(list);
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

double
near_rank(const struct near *n, double score)
{
	size_t low = 0, high = NEAR_QUANTILES;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (n->threshold[middle] < score)
			low = middle + 1;
		else
			high = middle;
	}
	return low < NEAR_QUANTILES ? (double)low / (NEAR_QUANTILES - 1) : 1;
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
	free(n->vectors);
	free(n->forms);
	free(n->beyond);
	arena_close(&n->arena);
	free(n);
}
