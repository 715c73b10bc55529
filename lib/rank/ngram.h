/* SPDX-License-Identifier: MIT */
/* How much a word tells where it stands: self-information by a table of n-grams of English.
 *
 * The table is made by scripts/import-ngrams of free text and linked in. */
#ifndef LLM_RANK_NGRAM_H
#define LLM_RANK_NGRAM_H

#include "base/slice.h"

#define NGRAM_BITS 21.0 /* of a word that the table does not know: the most there is */

/* Bits of word behind the two words before it (len 0: none stands there), all in whatever case
 * and without signs: -log2 of its probability by the longest of the three n-grams that the
 * table has. A word that is no English word by letters a to z and ' is unknown. */
double ngram_bits(struct slice before2, struct slice before, struct slice word);

#endif
