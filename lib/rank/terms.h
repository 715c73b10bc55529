/* SPDX-License-Identifier: MIT */
/* Words as terms: in small letters, without their endings, numbered by first sight. */
#ifndef LLM_RANK_TERMS_H
#define LLM_RANK_TERMS_H

#include "base/slice.h"

/* The next term of *rest, which is moved behind its word. A word is a run of letters and
 * digits; of Chinese and Japanese each character is one. ASCII, Latin-1, Greek and Cyrillic
 * lose their capitals; English plurals, -ing, -ed, -ly, -ion and a last e go. 0: none is left;
 * *word receives the bytes of the word as it stands. */
uint64_t term_next(struct slice *rest, struct slice *word);

/* Numbers for terms, 0, 1, 2 … in order of first sight. The words that carry no subject come
 * first: a term is one of them where its number is below `common`. Those of one text at a time:
 * to open the next ends the last one. */
struct terms {
	uint32_t count, common;
	uint32_t run; /* tells these numbers from others' */
};
void terms_open(struct terms *t);
/* The number of a term, which is added if it is new. */
uint32_t terms_add(struct terms *t, uint64_t term);
/* Writes the numbers of all terms of text, as term_next and terms_add give them, and returns
 * how many they are: at most TERMS_MOST, for which there is room. */
#define TERMS_MOST(bytes) (((bytes) + 1) / 2)
size_t terms_all(struct terms *t, struct slice text, uint32_t *numbers);
#define TERM_NONE UINT32_MAX /* no number of a term */

#endif
