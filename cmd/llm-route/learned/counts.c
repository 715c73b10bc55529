/* SPDX-License-Identifier: MIT */
#include "cmd/llm-route/learned/counts.h"

#include <math.h>
#include <string.h>

#include "cmd/llm-route/learned/real.h"

#define COUNTS_RIDGE 240.0 /* of forms in standard deviations */

static inline double
deviations(const int16_t *form, size_t k)
{
	return (double)form_bounded(form[k]) / FORM_ONE;
}

/* The lower half of a square that is positive definite becomes its root (Cholesky). */
static void
root_of(double square[LOOK_COUNTS][LOOK_COUNTS])
{
	for (size_t j = 0; j < LOOK_COUNTS; j++)
		for (size_t i = j; i < LOOK_COUNTS; i++) {
			for (size_t k = 0; k < j; k++)
				real_add(&square[i][j], -square[i][k], square[j][k]);
			square[i][j] =
			    i == j ? sqrt(square[j][j]) : square[i][j] / square[j][j];
		}
}

/* y becomes what the square times it was y. */
static void
back_through(double root[LOOK_COUNTS][LOOK_COUNTS], double y[LOOK_COUNTS])
{
	for (size_t i = 0; i < LOOK_COUNTS; i++) {
		for (size_t k = 0; k < i; k++)
			real_add(&y[i], -root[i][k], y[k]);
		y[i] /= root[i][i];
	}
	for (size_t i = LOOK_COUNTS; i-- > 0;) {
		for (size_t k = i + 1; k < LOOK_COUNTS; k++)
			real_add(&y[i], -root[k][i], y[k]);
		y[i] /= root[i][i];
	}
}

void
counts_fit(struct counts *c, const struct lesson *l)
{
	double square[LOOK_COUNTS][LOOK_COUNTS] = { { 0 } }, y[LEARNED_ARMS][LOOK_COUNTS] = { { 0 } };

	for (size_t i = 0; i < LOOK_COUNTS; i++)
		square[i][i] = COUNTS_RIDGE;
	for (size_t e = 0; e < l->count; e++)
		for (size_t i = 0; i < LOOK_COUNTS; i++) {
			double x = deviations(&l->form[e * LOOK_FORMS], i);

			for (size_t k = 0; k <= i; k++)
				real_add(&square[i][k], x,
				    deviations(&l->form[e * LOOK_FORMS], k));
			for (size_t a = 1; a < l->arms; a++)
				real_add(&y[a][i], x, l->beyond[e * l->arms + a]);
		}
	root_of(square);
	memset(c, 0, sizeof(*c));
	for (size_t a = 1; a < l->arms; a++) {
		back_through(square, y[a]);
		for (size_t i = 0; i < LOOK_COUNTS; i++)
			c->weight[a][i] = (float)y[a][i];
	}
}

double
counts_ask(const struct counts *c, size_t arm, const int16_t *form)
{
	double sum = 0;

	for (size_t k = 0; k < LOOK_COUNTS; k++)
		real_add(&sum, c->weight[arm][k], deviations(form, k));
	return sum;
}
