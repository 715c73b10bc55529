/* SPDX-License-Identifier: MIT */
/* What known prompts gained beyond their length, as a sum of weights of what is seen of them:
 * words and pairs of words by hash (tf-idf, of length 1), the forms of counts, and the vector.
 *
 * The weights are those of ridge regression (Hoerl and Kennard 1970): they make the sum of the
 * squared errors and of RIDGE times their own squares least; found by a fixed number of steps
 * of conjugate gradients (Hestenes and Stiefel 1952) in one order, so that the same labels give
 * the same bits. A prompt is judged in time proportional to its own length. */
#ifndef LLM_ROUTE_LINEAR_H
#define LLM_ROUTE_LINEAR_H

#include "base/buf.h"
#include "cmd/llm-route/learned/example.h"

struct linear {
	size_t arms, stride;
	float *idf;                /* by word; 0: in fewer than two examples */
	float *word;               /* by word, arms - 1 each */
	int16_t *vector;           /* stride for each arm but the first, LOOK_SCALE long */
	float scale[LEARNED_ARMS]; /* of the product with it */
	float form[LEARNED_ARMS][LOOK_COUNTS];
	float base[LEARNED_ARMS];
};

/* Fits all examples but those of a fold; LINEAR_FOLDS leaves none out. Trust in the vector is
 * its squared length beside that of all words, 1; with 0 it is left out. */
#define LINEAR_FOLDS 5
struct linear *linear_fit(const struct lesson *lesson, double trust, unsigned fold);
/* By the text, so that equal prompts are in one. */
unsigned linear_fold(const struct example *e);
/* All weights zero. */
struct linear *linear_new(size_t arms, size_t dims);
void linear_free(struct linear *l);

/* What each arm but the first gains beyond its length. */
void linear_ask(
    const struct linear *l, const struct look *look, const int16_t *form, double *beyond);
/* Share of the words, without pairs, that two examples have. */
double linear_known(const struct linear *l, const struct look *look);

#endif
