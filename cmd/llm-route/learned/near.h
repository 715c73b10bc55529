/* SPDX-License-Identifier: MIT */
/* What known prompts that are like a new one gained.
 *
 * The mean of what they gained beyond their length, each weighted by how like it is (a kernel
 * mean, Nadaraya 1964, Watson 1964). Alike means in characters, in meaning and in form at once:
 * the product of the cosine of grams weighted by tf-idf, the square of the cosine of the
 * table's vectors (or that cosine and the one of the encoder's), and (1 + d2 / 8 n)^-3 of the n
 * standardised forms. */
#ifndef LLM_ROUTE_NEAR_H
#define LLM_ROUTE_NEAR_H

#include "cmd/llm-route/learned/example.h"

struct near {
	const struct lesson *lesson;
	float *idf;              /* by gram; 0: in fewer than three examples */
	struct posting *posting; /* examples of each gram */
	uint32_t *from;          /* posting of gram g: from[g] to from[g + 1] */
	int16_t *vectors;        /* of all examples, stride numbers each */
	size_t stride;
};

/* The lesson, which must be made, has to live as long. */
struct near *near_open(const struct lesson *lesson);
void near_free(struct near *n);

/* What each arm but the first gains beyond its length. Returns the similarity of the nearest
 * example in characters, 0 to 1; 0 and no gain where no example is like it at all. Examples
 * that are this very prompt are left out: what is known is not learned. */
double near_ask(
    const struct near *n, const struct look *look, const int16_t *form, double *beyond);

#endif
