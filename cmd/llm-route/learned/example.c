/* SPDX-License-Identifier: MIT */
#include "cmd/llm-route/learned/example.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define LENGTH_SLOPE 0.15 /* of the mean gain, for each standard deviation of length */

void
lesson_add(struct lesson *l, const struct look *look, const float *outcome)
{
	struct example *e;

	if ((l->count & (l->count - 1)) == 0)
		l->example =
		    mem_grow(l->example, l->count ? l->count * 2 : 1, sizeof(*l->example));
	e = &l->example[l->count++];
	*e = (struct example){ .look = *look };
	memcpy(e->outcome, outcome, l->arms * sizeof(*outcome));
}

static int
by_hash(const void *x, const void *y)
{
	const struct example *a = x, *b = y;

	if (a->look.hash != b->look.hash)
		return a->look.hash < b->look.hash ? -1 : 1;
	return memcmp(a->outcome, b->outcome, sizeof(a->outcome));
}

double
lesson_by_length(const float *gain, size_t arm, const int16_t *form)
{
	double mean = gain[arm];

	return mean + (mean > 0 ? LENGTH_SLOPE * mean * form[0] / FORM_ONE : 0);
}

static double
gained(const struct example *e, size_t arm)
{
	return (double)e->outcome[arm] - e->outcome[0];
}

static void
make_beyond(struct lesson *l)
{
	for (size_t a = 0; a < l->arms; a++) {
		double sum = 0;

		for (size_t i = 0; i < l->count; i++)
			sum += gained(&l->example[i], a);
		l->gain[a] = (float)(sum / (double)l->count);
	}
	l->beyond = mem_alloc(l->count * l->arms * sizeof(*l->beyond));
	for (size_t i = 0; i < l->count; i++)
		for (size_t a = 0; a < l->arms; a++)
			l->beyond[i * l->arms + a] =
			    (float)(gained(&l->example[i], a) -
				    lesson_by_length(l->gain, a, &l->form[i * LOOK_FORMS]));
}

void
lesson_make(struct lesson *l)
{
	qsort(l->example, l->count, sizeof(*l->example), by_hash);
	for (size_t f = 0; f < LOOK_FORMS; f++) {
		double sum = 0, square = 0, mean;

		for (size_t i = 0; i < l->count; i++)
			sum += l->example[i].look.form[f];
		mean = sum / (double)l->count;
		for (size_t i = 0; i < l->count; i++) {
			double d = l->example[i].look.form[f] - mean;

			square += d * d;
		}
		l->forms.mean[f] = (float)mean;
		l->forms.spread[f] = (float)sqrt(square / (double)l->count);
	}
	l->form = mem_alloc(l->count * LOOK_FORMS * sizeof(*l->form));
	for (size_t i = 0; i < l->count; i++)
		forms_standardise(&l->forms, &l->example[i].look, &l->form[i * LOOK_FORMS]);
	make_beyond(l);
}

void
lesson_free(struct lesson *l)
{
	free(l->example);
	free(l->form);
	free(l->beyond);
}
