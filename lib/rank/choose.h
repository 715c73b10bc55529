/* SPDX-License-Identifier: MIT */
/* Which units stay under a budget, and the text that they make. */
#ifndef LLM_RANK_CHOOSE_H
#define LLM_RANK_CHOOSE_H

#include "base/buf.h"
#include "rank/units.h"

/* Stands where units were left out; one for each gap. */
#define RANK_MARK "[\xE2\x80\xA6]"

struct rank_budget {
	uint64_t total;       /* most that the text may cost */
	const uint64_t *cost; /* of each unit, with the blank or line end behind it */
	uint64_t mark;        /* cost of a mark */
	float diverse;        /* see rank_weights */
};

/* Units by their scores, made once for all the choices among them; lives in the units' arena. */
struct rank_order {
	struct rank_candidate {
		float score;
		uint32_t unit;
	} *list; /* all but headings and ends, from the highest score down; ties: the earlier */
	size_t count;
	uint32_t *end; /* of a heading: its closing tag, or UNITS_NONE */
	/* the words of unit i that carry a subject: subject[from[i]] to subject[from[i + 1]];
	 * NULL: it is not ranked */
	uint32_t *subject, *from;
};
struct rank_order rank_order(const struct units *u, const float *score);

/* keep[i] says whether unit i stays. Pinned units stay whatever they cost; the others are taken
 * from the highest score down where they fit, with the headings over them and the ends of
 * those; a unit loses `diverse` for each share of its words that are in one taken before
 * (Carbonell, Goldstein, "The use of MMR", 1998). Marks are paid for. Ties: the earlier.
 * Returns what it costs. For that u must have been ranked. u->arena is scratch. */
uint64_t rank_choose(const struct units *u, const struct rank_order *o,
    const struct rank_budget *b, bool *keep);
/* The units first to last (exclusive) of u, which are those of text, without what is not kept;
 * marks in the gaps, all else as it stood, appended. */
void rank_write(const struct units *u, size_t first, size_t last, const bool *keep,
    struct slice text, struct buf *out);

/* Words between blanks. */
uint64_t rank_words(struct slice text);

#endif
