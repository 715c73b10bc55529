/* SPDX-License-Identifier: MIT */
/* Sets of code points, as the classes of a pattern describe them. */
#ifndef TOKENS_POINTS_H
#define TOKENS_POINTS_H

#include "base/slice.h"

#define POINTS 0x110000
#define POINTS_WORDS (POINTS / 64)

struct points {
	uint64_t word[POINTS_WORDS];
};

/* Adds first to last, both at most U+10FFFF. */
void points_add(struct points *p, uint32_t first, uint32_t last);
/* Adds a general category of the pinned Unicode version: "L", "Lu" …; in any case, as patterns
 * may write it. False if there is none of this name. */
bool points_add_category(struct points *p, struct slice name);
/* Adds White_Space, the \s of patterns. */
void points_add_blank(struct points *p);
void points_unite(struct points *p, const struct points *other);
void points_intersect(struct points *p, const struct points *other);
void points_invert(struct points *p);
bool points_equal(const struct points *a, const struct points *b);

static inline bool
points_has(const struct points *p, uint32_t point)
{
	return p->word[point / 64] >> point % 64 & 1;
}

#endif
