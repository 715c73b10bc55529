/* SPDX-License-Identifier: MIT */
/* What known prompts that are like a new one gained.
 *
 * The mean of what they gained beyond their length, each weighted by how like it is (a kernel
 * mean, Nadaraya 1964, Watson 1964). Alike means in characters, in meaning and in form at once:
 * the product of the cosine of grams weighted by tf-idf, the cosine to the power 1.5 of the
 * table's vectors on their axes, the same of the encoder's where there is one, and
 * (1 + d2 / 8 n)^-3 of the n standardised forms. */
#ifndef LLM_ROUTE_NEAR_H
#define LLM_ROUTE_NEAR_H

#include "cmd/llm-route/learned/axes.h"
#include "cmd/llm-route/learned/counts.h"

#define NEAR_AXES 2

struct near {
	const struct lesson *lesson;
	float *idf;                   /* by gram; 0: in fewer than three examples */
	struct posting *posting;      /* examples of each gram */
	uint32_t *from;               /* posting of gram g: from[g] to from[g + 1] */
	struct axes *axes[NEAR_AXES]; /* of the table's vectors; of the encoder's, or NULL */
	int16_t *places;              /* of all examples: on each axes, AXES numbers */
	struct counts counts;
};

/* The lesson, which must be made, has to live as long. */
struct near *near_fit(const struct lesson *lesson);
/* The same of axes and places that were fitted before; both are the model's from then on. */
struct near *near_open(
    const struct lesson *lesson, struct axes *const axes[NEAR_AXES], int16_t *places);
void near_free(struct near *n);
/* How many axes there are, where vectors have so many dimensions; dimensions of the i-th. */
size_t near_axes(size_t dims);
size_t near_dims(size_t dims, size_t i);

/* What each arm but the first gains beyond its length. Returns the weight of the example that
 * is most like it, 0 to 1; 0 and no gain where none is like it at all. Examples
 * that are this very prompt are left out: what is known is not learned. */
double near_ask(
    const struct near *n, const struct look *look, const int16_t *form, double *beyond);

#endif
