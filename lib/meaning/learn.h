/* SPDX-License-Identifier: MIT */
/*
 * How near is near enough: learned from verdicts on hits, for a share of wrong ones among all
 * hits that the user sets. State is a function of the verdicts in their order, nothing else.
 *
 * Without evidence a hit needs a strict score. From LEARN_LEAST verdicts on it needs a
 * closeness (the score, less where another question is as near or words differ) above a common
 * threshold, which each wrong hit raises and each right one lowers so that their shares tend to
 * the bound (Gibbs and Candes, "Adaptive conformal inference under distribution shift", 2021),
 * and raises faster while the lower end of an interval says that the bound is not kept; and
 * above a push of its own where the entry was wrong before. Threshold and push have ends, so
 * that hits, and with them verdicts, never cease.
 */
#ifndef LLM_MEANING_LEARN_H
#define LLM_MEANING_LEARN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LEARN_LEAST 20

struct learn;

/* strict: the score that is asked for without evidence; bound: the share of wrong hits. */
struct learn *learn_open(float strict, double bound);
void learn_free(struct learn *l);
/* One verdict on a hit that was made with this entry (any number that names it). */
void learn_see(struct learn *l, uint64_t entry, bool right);
/* Is a hit made with this entry? */
bool learn_accepts(const struct learn *l, uint64_t entry, float score, float closeness);
/* The lowest score that may be accepted: what is below need not be looked at. */
float learn_floor(const struct learn *l);
/* What closeness, or without evidence the score, is compared with. */
float learn_threshold(const struct learn *l, uint64_t entry);
uint64_t learn_seen(const struct learn *l);  /* verdicts */
uint64_t learn_wrong(const struct learn *l); /* of them wrong */

/* The score, less half of what the next best question (second: its score, or less) is nearer
 * than 0.2 behind it, less a fifth of the share of words that differ. */
float learn_closeness(float score, float second, float overlap);

#endif
