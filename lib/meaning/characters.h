/* SPDX-License-Identifier: MIT */
/*
 * Vectors of spelling, for texts that the table does not know: runs of three to five
 * characters, folded, each at a place and with a sign that its hash tells, rarer runs weighing
 * more by their length (Weinberger and others, "Feature Hashing for Large Scale Multitask
 * Learning", 2009). Two texts are near where they are written alike; nothing is known of
 * meaning.
 */
#ifndef LLM_MEANING_CHARACTERS_H
#define LLM_MEANING_CHARACTERS_H

#include "base/arena.h"
#include "base/slice.h"

#define CHARACTERS_DIMS 1024
#define CHARACTERS_NAME "characters-1"

/* unit[0..CHARACTERS_DIMS) receives a vector of length 1; false where there is no character. */
bool characters_vector(struct slice text, struct arena *a, float *unit);

#endif
