/* SPDX-License-Identifier: MIT */
/* What each model is expected to be worth on a prompt, from prompts whose outcomes are known.
 *
 * What a longer prompt gains, and to it the mean of what known prompts gained beyond that, each
 * weighted by how like it is (a kernel mean, Nadaraya 1964, Watson 1964). Alike means in
 * characters, in meaning and in form at once: the product of the cosine of grams weighted by
 * tf-idf, the square of the cosine of the table's vectors (or that cosine and the one of the
 * encoder's), and (1 + d2 / 8 n)^-3 of the n standardised forms. What is learned is the gain
 * over the first model, not who is right: that is what a route decides on. Of a prompt like
 * none that is known, what others gained counts half. */
#ifndef LLM_ROUTE_NEAR_H
#define LLM_ROUTE_NEAR_H

#include "base/buf.h"
#include "cmd/llm-route/learned/look.h"

#define NEAR_ARMS 16
#define NEAR_QUANTILES 1001 /* of scores, at each tenth of a per cent */

struct near_example {
	struct look look;
	float outcome[NEAR_ARMS]; /* 0 to 1 */
};

struct near {
	struct slice arm[NEAR_ARMS]; /* the weakest first */
	size_t arms, dims, count;
	struct slice embedding; /* name of the vectors */
	struct near_example *example;
	/* made from the examples */
	float *idf;              /* by gram; 0: in fewer than three examples */
	struct posting *posting; /* examples of each gram */
	uint32_t *from;          /* posting of gram g: from[g] to from[g + 1] */
	int16_t *vectors;        /* of all examples, stride numbers each */
	int16_t *forms;          /* standardised, LOOK_FORMS each */
	float *beyond;           /* gain beyond the one by length, an arm each */
	size_t stride;

	float mean[LOOK_FORMS], spread[LOOK_FORMS];
	float gain[NEAR_ARMS]; /* mean, over arm 0 */
	float alike; /* a prompt whose best example is less so is new: see near_gain */
	float threshold[NEAR_QUANTILES]; /* score that this share of the examples is below */
	struct arena arena;
};

/* A model without examples yet. The order in which they come does not matter. */
struct near *near_open(struct embed *embed);
/* Adds an example; its look lives in n->arena. */
void near_add(struct near *n, const struct look *look, const float *outcome);
/* Weights and thresholds, when all examples are there (two at least, and two arms). */
void near_make(struct near *n);
/* The same without the thresholds, which a file brings along. */
void near_prepare(struct near *n);

struct near_gain {
	double gain[NEAR_ARMS]; /* over arm 0, which has 0 */
	double alike;           /* similarity of the nearest example in characters, 0 to 1 */
	bool new;               /* too little like any example to be sure */
};
/* Examples that are this very prompt are left out: what is known is not learned. */
void near_gains(const struct near *n, const struct look *look, struct near_gain *out);
/* The arm to take where a step up the arms must be worth `threshold`: the greatest gain less
 * threshold times the steps. */
size_t near_choose(const struct near *n, const struct near_gain *g, double threshold);
/* The threshold at which the last arm stops to be the choice. */
double near_score(const struct near *n, const struct near_gain *g);
/* The threshold above which this share of prompts like the examples goes to the last arm. */
double near_threshold(const struct near *n, double share);
/* The share of the examples whose score is below this one. */
double near_rank(const struct near *n, double score);

/* The file: one line of JSON that says what it is, the numbers in little-endian order, a
 * SHA-256 of all. The same examples give the same bytes. */
void near_write(const struct near *n, struct buf *out);
/* NULL and *why (static) where it is none, is damaged, or was trained with other vectors. */
struct near *near_read(struct slice file, const struct embed *embed, const char **why);
void near_free(struct near *n);

#endif
