/* SPDX-License-Identifier: MIT */
/* From pairs of a count and a bill to the calibration of a model. */
#ifndef TOKENS_LEARN_H
#define TOKENS_LEARN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Tokens of one request: as we count them, and as they were billed. Neither is 0. */
struct learn_pair {
	uint32_t counted, billed;
};

struct learned {
	double factor, overhead; /* billed = factor * counted + overhead */
	double low, high; /* factors that hold 95 of 100 pairs to a token, outliers apart */
	size_t outliers;  /* pairs that are not of this kind: a part was not counted, say */
	size_t tested;    /* pairs that half of the others was tested on */
	double error;     /* their median error, as a share */
	size_t inside;    /* how many of them that half's band holds */
};

/* Learns from all pairs, and to test it from every second one. An overhead other than 0 is
 * taken only where it explains the pairs clearly better than a factor alone. Sorts nothing of
 * pair. Medians throughout, so that a few pairs change nothing (Theil and Sen, 1968, with the
 * pairs of pairs cut to those half the range apart). */
#define LEARN_LEAST 20 /* pairs; fewer teach nothing */
void learn(const struct learn_pair *pair, size_t pairs, struct learned *l);

#endif
