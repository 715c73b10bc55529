/* SPDX-License-Identifier: MIT */
/* Texts that say nearly the same: MinHash over runs of three words, found by bands (Broder
 * 1997; Leskovec, Rajaraman, Ullman, Mining of Massive Datasets, 3.4). 64 values and 4 bytes
 * each a text. */
#ifndef LLM_BATCH_SIMILAR_H
#define LLM_BATCH_SIMILAR_H

#include "base/arena.h"

#define SIMILAR_VALUES 64

struct similar;

struct similar *similar_open(void);
/* The share of the runs of words that the most similar text added so far has in common with
 * this one, as estimated, 0 where none is near; the text is added if add says so. Case,
 * punctuation and blanks do not count. Same texts give 1. */
double similar_add(struct similar *s, struct slice text, bool add, struct arena *a);
void similar_close(struct similar *s);

#endif
