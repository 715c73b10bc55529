/* SPDX-License-Identifier: MIT */
/* How alike two texts are, and which label an answer names. */
#ifndef LLM_ROUTE_ASK_AGREE_H
#define LLM_ROUTE_ASK_AGREE_H

#include "base/arena.h"
#include "base/slice.h"

/* Is the edit distance of the two, without blanks at the ends, at most (1 - share) of the
 * longer one? share in millionths. Bytes; of texts over 16 KiB the first 16 KiB. The distance
 * of Levenshtein 1966, computed within the band that still can hold (Ukkonen 1985). */
bool agree_texts(struct slice x, struct slice y, uint64_t share, struct arena *a);
/* The one label of `a,b,c` that stands in the text as whole words, whatever its case and
 * whether blank, hyphen or underscore joins them; an absent slice where none does, or several.
 * Of labels at the same place the longest one counts. */
struct slice agree_label(struct slice text, struct slice labels, struct arena *a);

#endif
