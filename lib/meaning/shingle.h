/* SPDX-License-Identifier: MIT */
/*
 * Near duplicates: texts that share most runs of five characters. Sketches of their sets
 * (Broder, "On the resemblance and containment of documents", 1997) find the few that are worth
 * comparing.
 */
#ifndef LLM_MEANING_SHINGLE_H
#define LLM_MEANING_SHINGLE_H

#include "meaning/gate.h"

#define SHINGLE_BANDS 16
#define SHINGLE_LEAST 40 /* bytes: shorter texts have no sketch */

/* Two texts of which most runs are the same have one of the bands in common, at the same place.
 * folded: as gate_fold gives it. False where it is too short. */
bool shingle_sketch(struct slice folded, uint64_t bands[SHINGLE_BANDS]);
/* Shared runs of all runs that either has. */
float shingle_share(struct slice a, struct slice b, struct arena *arena);
/* Do the two texts say the same but for small words, forms of words and slips of the pen? */
bool shingle_same(const struct gate_text *a, const struct gate_text *b);

#endif
