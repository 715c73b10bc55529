/* SPDX-License-Identifier: MIT */
/* Which places of a prompt are worth a mark, by what the records around it have in common. */
#ifndef DECIDE_H
#define DECIDE_H

#include "money/usd.h"
#include "window.h"

struct decision {
	size_t place[MARKS_MOST]; /* indices, first to last */
	unsigned count;
	bool key;     /* a prompt_cache_key pays */
	size_t group; /* index of the place that names its group */
	bool priced;
	struct usd usd; /* what marks and key save over the requests that were seen */
	struct slice reason;
};

/* places: those of the record that is released from the window; texts are in the arena.
 *
 * A prefix that so many requests have costs one write and a read for each other one, instead
 * of its full price each time; a longer one is counted from the end of the shorter. Marked are,
 * where that is above zero and the minimum is reached: the tools where more requests share them
 * than the system prompt, the system prompt, where an earlier record of the conversation has
 * its mark, and the last place that a later one has too. */
void decide(struct decision *d, const struct request *q, const struct waiting *w,
    const struct places *places, const struct window *window, uint64_t ahead, struct arena *a);

#endif
