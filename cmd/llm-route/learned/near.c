/* SPDX-License-Identifier: MIT */
#include "cmd/llm-route/learned/near.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/llm-route/learned/real.h"

#define DOCUMENTS_LEAST 3 /* a gram of fewer examples tells nothing */

struct posting {
	uint32_t example;
	float weight; /* tf-idf over the example's norm */
};

static double
weight_of(const struct near *n, struct look_gram g)
{
	return n->idf[g.gram] > 0 ? look_damped(g.count) * n->idf[g.gram] : 0;
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
	const struct lesson *l = n->lesson;
	uint32_t *documents = mem_zero((LOOK_GRAMS + 1) * sizeof(*documents));
	size_t total = 0;

	n->idf = mem_zero(LOOK_GRAMS * sizeof(*n->idf));
	n->from = mem_zero((LOOK_GRAMS + 1) * sizeof(*n->from));
	for (size_t i = 0; i < l->count; i++)
		for (size_t k = 0; k < l->example[i].look.gram_count; k++)
			documents[l->example[i].look.grams[k].gram]++;
	for (size_t g = 0; g < LOOK_GRAMS; g++) {
		n->from[g] = (uint32_t)total;
		if (documents[g] < DOCUMENTS_LEAST)
			continue;
		n->idf[g] =
		    (float)(1 + real_log((1 + (double)l->count) / (1 + (double)documents[g])));
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
	for (size_t i = 0; i < n->lesson->count; i++) {
		const struct look *look = &n->lesson->example[i].look;
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

struct near *
near_open(const struct lesson *lesson)
{
	struct near *n = mem_zero(sizeof(*n));

	n->lesson = lesson;
	n->stride = look_stride(lesson->dims);
	make_postings(n);
	/* side by side, as the walk over all examples wants them */
	n->vectors = mem_alloc(lesson->count * n->stride * sizeof(*n->vectors));
	for (size_t i = 0; i < lesson->count; i++)
		memcpy(&n->vectors[i * n->stride], lesson->example[i].look.vector,
		    n->stride * sizeof(*n->vectors));
	return n;
}

static double
cosine(const int16_t *a, const int16_t *b, size_t n)
{
	int32_t p = look_product(a, b, n);

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
	float *sum = mem_zero((n->lesson->count + 1) * sizeof(*sum));
	double norm = norm_of(n, look);

	for (size_t i = 0; norm > 0 && i < look->gram_count; i++) {
		struct look_gram g = look->grams[i];
		float w = (float)(weight_of(n, g) / norm);

		for (uint32_t k = n->from[g.gram]; k < n->from[g.gram + 1]; k++)
			sum[n->posting[k].example] += w * n->posting[k].weight;
	}
	return sum;
}

double
near_ask(const struct near *n, const struct look *look, const int16_t *form, double *beyond)
{
	const struct lesson *l = n->lesson;
	float *chars = characters(n, look);
	double mass = 0, alike = 0;

	memset(beyond, 0, l->arms * sizeof(*beyond));
	for (size_t i = 0; i < l->count; i++) {
		const int16_t *other = &n->vectors[i * n->stride];
		double w = chars[i], table;

		if (!(w > 0) || l->example[i].look.hash == look->hash)
			continue;
		alike = w > alike ? w : alike;
		table = cosine(look->vector, other, LOOK_TABLE);
		w *= table;
		w *= l->dims == LOOK_TABLE ? table
					   : cosine(look->vector + LOOK_TABLE,
						 other + LOOK_TABLE, n->stride - LOOK_TABLE);
		if (!(w > 0))
			continue;
		w *= form_of(form, &l->form[i * LOOK_FORMS]);
		mass += w;
		for (size_t a = 1; a < l->arms; a++)
			beyond[a] += w * l->beyond[i * l->arms + a];
	}
	for (size_t a = 1; a < l->arms && mass > 0; a++)
		beyond[a] /= mass;
	free(chars);
	return mass > 0 ? alike : 0;
}

void
near_free(struct near *n)
{
	if (!n)
		return;
	free(n->idf);
	free(n->posting);
	free(n->from);
	free(n->vectors);
	free(n);
}
