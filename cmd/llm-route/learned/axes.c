/* SPDX-License-Identifier: MIT */
#include "cmd/llm-route/learned/axes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "stats/random.h"

#define AXES_STEPS 30
#define NOTHING 1e-9 /* of the greatest spread: rounding */

struct axes *
axes_new(size_t dims)
{
	struct axes *a = mem_zero(sizeof(*a));

	a->dims = dims;
	a->mean = mem_zero((dims + 1) * sizeof(*a->mean));
	a->axis = mem_zero((dims * AXES + 1) * sizeof(*a->axis));
	return a;
}

void
axes_free(struct axes *a)
{
	if (!a)
		return;
	free(a->mean);
	free(a->axis);
	free(a);
}

/* sum[i] += factor * row[i]; in two statements, which no compiler makes one rounding of. */
static inline void
add_scaled(double *sum, double factor, const double *row, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		double product = factor * row[i];

		sum[i] += product;
	}
}

/* Of what is on one side of the diagonal the other. */
static void
mirror(double *square, size_t n)
{
	for (size_t d = 0; d < n; d++)
		for (size_t e = 0; e < d; e++)
			square[e * n + d] = square[d * n + e];
}

/* How the vectors spread about their mean, dims by dims. */
static double *
spread_of(struct axes *a, const struct lesson *l, size_t from)
{
	size_t n = a->dims;
	double *spread = mem_zero((n * n + 1) * sizeof(*spread)),
	       *sum = mem_zero((n + 1) * sizeof(*sum));

	for (size_t i = 0; i < l->count; i++)
		for (size_t d = 0; d < n; d++)
			sum[d] += l->example[i].look.vector[from + d];
	for (size_t d = 0; d < n; d++)
		a->mean[d] = (float)(sum[d] / (double)l->count);
	for (size_t i = 0; i < l->count; i++) {
		for (size_t d = 0; d < n; d++)
			sum[d] = (l->example[i].look.vector[from + d] - (double)a->mean[d]) /
				 LOOK_SCALE;
		for (size_t d = 0; d < n; d++)
			add_scaled(&spread[d * n], sum[d], sum, d + 1);
	}
	mirror(spread, n);
	free(sum);
	return spread;
}

/* The columns of q, AXES of n numbers, become of length 1 and at right angles, the first ones
 * first (Gram and Schmidt, modified); what is left of none is zero. length has what each was
 * long. */
static void
straighten(double *q, size_t n, double *length)
{
	for (size_t k = 0; k < AXES; k++) {
		double row[AXES] = { 0 }, size;

		for (size_t d = 0; d < n; d++)
			add_scaled(row + k, q[d * AXES + k], &q[d * AXES + k], AXES - k);
		size = sqrt(row[k]);
		length[k] = size;
		for (size_t d = 0; d < n; d++) {
			double *at = &q[d * AXES + k];

			*at = size > NOTHING * length[0] ? *at / size : 0;
			/* the others lose what they have of this one */
			for (size_t i = 1; i < AXES - k && size > 0; i++) {
				double product = *at * (row[k + i] / size);

				at[i] -= product;
			}
		}
	}
}

static void
start(double *q, size_t n)
{
	struct random r;

	random_open(&r, 0, 0);
	for (size_t i = 0; i < n * AXES; i++)
		q[i] = (double)random_below(&r, 2001) - 1000;
}

struct axes *
axes_fit(const struct lesson *lesson, size_t from, size_t dims)
{
	struct axes *a = axes_new(dims);
	double *spread = spread_of(a, lesson, from),
	       *q = mem_alloc((dims * AXES + 1) * sizeof(*q)),
	       *image = mem_alloc((dims * AXES + 1) * sizeof(*image)), length[AXES];

	start(q, dims);
	for (int step = 0; step < AXES_STEPS; step++) {
		double *old = q;

		memset(image, 0, dims * AXES * sizeof(*image));
		for (size_t d = 0; d < dims; d++)
			for (size_t e = 0; e < dims; e++)
				add_scaled(
				    &image[d * AXES], spread[d * dims + e], &q[e * AXES], AXES);
		straighten(image, dims, length);
		q = image;
		image = old;
	}
	/* length is that of the squared spread along each axis */
	for (size_t d = 0; d < dims; d++)
		for (size_t k = 0; k < AXES; k++)
			a->axis[d * AXES + k] =
			    length[k] > NOTHING * length[0]
				? (float)(q[d * AXES + k] / sqrt(sqrt(length[k])))
				: 0;
	free(spread);
	free(q);
	free(image);
	return a;
}

void
axes_place(const struct axes *a, const int16_t *vector, int16_t *out)
{
	double place[AXES] = { 0 }, square = 0;

	for (size_t d = 0; d < a->dims; d++) {
		double x = vector[d] - (double)a->mean[d];
		const float *axis = &a->axis[d * AXES];

		for (size_t k = 0; k < AXES; k++) {
			double product = x * axis[k];

			place[k] += product;
		}
	}
	for (size_t k = 0; k < AXES; k++) {
		double product = place[k] * place[k];

		square += product;
	}
	for (size_t k = 0; k < AXES; k++)
		out[k] = square > 0 ? (int16_t)(place[k] / sqrt(square) * LOOK_SCALE) : 0;
}
