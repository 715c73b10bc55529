/* SPDX-License-Identifier: MIT */
/*
 * How near is near enough: learned from verdicts on hits, for a share of wrong ones among all
 * hits that the user sets. State is a function of the verdicts in their order, nothing else.
 *
 * Without evidence a hit needs a strict score. From LEARN_LEAST verdicts on two things decide,
 * on its closeness (the score, less where other questions are nearly as near or words differ),
 * and a little more for each time that the entry was judged right:
 *
 * - a common threshold, which each wrong hit raises and each right one lowers so that their
 *   shares tend to the bound (Gibbs and Candes, "Adaptive conformal inference under
 *   distribution shift", 2021). What the sum of all hits is over the bound is taken back
 *   (Angelopoulos, Candes and Tibshirani, "Conformal PID control", 2023), for where the
 *   threshold has risen by, that much too many were wrong on the way; and it rises faster while
 *   the lower end of an interval says that the bound is not kept. Few verdicts tell little:
 *   the fewer they are, the more is asked. It has an end, so that hits, and with them
 *   verdicts, never cease.
 * - a logistic fit of right and wrong on closeness: the lower end of what it says must not be
 *   below 1 - 4 x the bound. An entry with three verdicts, or a wrong one, has a fit of its
 * own, drawn to that of all; its lower end must also reach what the common fit says at the
 * threshold.
 *
 * What is refused for the entry's own verdicts alone may go on unanswered to be judged, so that
 * the entry comes back where it was refused by bad luck (the exploration of Schroeder et al.,
 * "vCache: verified semantic prompt caching", 2025, where it costs no wrong answer).
 */
#ifndef LLM_MEANING_LEARN_H
#define LLM_MEANING_LEARN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LEARN_LEAST 20

struct learn;

/* strict: the score that is asked for without evidence (a little more for a bound below 5 %);
 * ease: how far below it closeness begins at a bound of 5 %; bound: the share of wrong hits. */
struct learn *learn_open(float strict, float ease, double bound);
/* Before any verdict: this score was found to keep the bound. */
void learn_tuned(struct learn *l, float score);
void learn_free(struct learn *l);
/* One verdict on an answer of this entry (any number that names it). hit: it was one; else it
 * was LEARN_JUDGE, and tells of the entry alone. */
void learn_see(struct learn *l, uint64_t entry, float closeness, bool right, bool hit);
enum learn_say {
	LEARN_NO,
	LEARN_YES,  /* a hit */
	LEARN_JUDGE /* none; but a verdict on it would be of use */
};
enum learn_say learn_ask(struct learn *l, uint64_t entry, float score, float closeness);
/* The lowest score that may be accepted: what is below need not be looked at. */
float learn_floor(const struct learn *l);
/* What closeness, or without evidence the score, is compared with. */
float learn_threshold(const struct learn *l);
uint64_t learn_seen(const struct learn *l);  /* verdicts */
uint64_t learn_wrong(const struct learn *l); /* of them wrong */

#define LEARN_LOOKED 8 /* nearest questions that closeness is made of */
/* What a question of LEARN_LOOKED adds to the crowd around one with this score: 1 where it is
 * as near, 0 from 0.2 behind on. */
float learn_crowding(float score, float other);
/* The score, less 0.19 for a crowd of all LEARN_LOOKED, less 0.11 where all words differ
 * (gate_overlap). */
float learn_closeness(float score, float crowd, float overlap);

#endif
