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

size_t
near_axes(size_t dims)
{
	return dims > LOOK_TABLE ? 2 : 1;
}

size_t
near_dims(size_t dims, size_t i)
{
	return i ? dims - LOOK_TABLE : LOOK_TABLE;
}

static void
place_of(const struct near *n, const struct look *look, int16_t *place)
{
	for (size_t i = 0; i < NEAR_AXES && n->axes[i]; i++)
		axes_place(n->axes[i], look->vector + i * LOOK_TABLE, place + i * AXES);
}

struct near *
near_open(const struct lesson *lesson, struct axes *const axes[NEAR_AXES], int16_t *places)
{
	struct near *n = mem_zero(sizeof(*n));

	n->lesson = lesson;
	memcpy(n->axes, axes, sizeof(n->axes));
	n->places = places;
	make_postings(n);
	counts_fit(&n->counts, lesson);
	return n;
}

struct near *
near_fit(const struct lesson *lesson)
{
	size_t count = near_axes(lesson->dims), numbers = count * AXES;
	int16_t *places = mem_alloc(lesson->count * numbers * sizeof(*places));
	struct axes *axes[NEAR_AXES] = { NULL };
	struct near *n;

	for (size_t i = 0; i < count; i++)
		axes[i] = axes_fit(lesson, i * LOOK_TABLE, near_dims(lesson->dims, i));
	n = near_open(lesson, axes, places);
	for (size_t i = 0; i < lesson->count; i++)
		place_of(n, &lesson->example[i].look, &places[i * numbers]);
	return n;
}

/* The cosine to the power 1.5, 0 beyond a right angle. */
static double
meaning_of(const int16_t *a, const int16_t *b)
{
	int32_t p = look_product(a, b, AXES);
	double cosine = p > 0 ? p / ((double)LOOK_SCALE * LOOK_SCALE) : 0;

	return cosine * sqrt(cosine);
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
	size_t numbers = near_axes(l->dims) * AXES;
	float *chars = characters(n, look);
	int16_t place[NEAR_AXES * AXES];
	double mass = 0, alike = 0;

	place_of(n, look, place);
	memset(beyond, 0, l->arms * sizeof(*beyond));
	for (size_t i = 0; i < l->count; i++) {
		double w = chars[i];

		if (!(w > 0) || l->example[i].look.hash == look->hash)
			continue;
		for (size_t k = 0; k < numbers; k += AXES)
			w *= meaning_of(place + k, &n->places[i * numbers + k]);
		if (!(w > 0))
			continue;
		w *= form_of(form, &l->form[i * LOOK_FORMS]);
		alike = w > alike ? w : alike;
		mass += w;
		for (size_t a = 1; a < l->arms; a++)
			beyond[a] += w * l->beyond[i * l->arms + a];
	}
	for (size_t a = 1; a < l->arms && mass > 0; a++)
		beyond[a] /= mass;
	free(chars);
	return alike;
}

void
near_free(struct near *n)
{
	if (!n)
		return;
	free(n->idf);
	free(n->posting);
	free(n->from);
	for (size_t i = 0; i < NEAR_AXES; i++)
		axes_free(n->axes[i]);
	free(n->places);
	free(n);
}
