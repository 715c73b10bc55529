/* SPDX-License-Identifier: MIT */
/* What vectors of known prompts differ in: their principal components (Pearson 1901), the
 * AXES greatest, each divided by the root of the spread along it, so that none outweighs the
 * others. What all prompts have in common is the mean, and tells nothing; what few differ in is
 * chance. Found by a fixed number of steps of subspace iteration in one order, so that the same
 * vectors give the same bits. */
#ifndef LLM_ROUTE_AXES_H
#define LLM_ROUTE_AXES_H

#include "cmd/llm-route/learned/example.h"

#define AXES 24

struct axes {
	size_t dims;
	float *mean; /* by dimension, LOOK_SCALE is one */
	float *axis; /* by dimension, AXES each */
};

/* All zero. */
struct axes *axes_new(size_t dims);
/* Of the numbers from, from + 1 ... from + dims - 1 of the examples' vectors. */
struct axes *axes_fit(const struct lesson *lesson, size_t from, size_t dims);
/* Where a vector (its first number) lies: AXES numbers, LOOK_SCALE long in all, or zero. */
void axes_place(const struct axes *a, const int16_t *vector, int16_t *out);
void axes_free(struct axes *a);

#endif
