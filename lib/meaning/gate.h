/* SPDX-License-Identifier: MIT */
/*
 * The lexical gate: two texts may be near each other and yet ask for different things. It fires
 * on conflict (one says 1942, the other does not; to Rome, from Rome), not on difference of
 * words. Rules are made for English; numbers, code, quoted text, capitals and scripts work
 * anywhere, and the usual words of some other languages are known (gate_alike.c).
 */
#ifndef LLM_MEANING_GATE_H
#define LLM_MEANING_GATE_H

#include "base/arena.h"
#include "base/slice.h"

enum gate {
	GATE_NONE, /* no conflict */
	GATE_NUMBER,
	GATE_UNIT,
	GATE_DATE,
	GATE_NEGATION,
	GATE_OPPOSITE,
	GATE_NAME,
	GATE_CODE,
	GATE_QUOTE,
	GATE_DIRECTION,
	GATE_LANGUAGE,
	GATE_QUESTION,
	GATES
};

struct gate_text; /* what the gate reads in a text */

/* Lives in the arena, with what it needs of the text. */
const struct gate_text *gate_read(struct slice text, struct arena *a);
/* The first conflict of the two, or GATE_NONE. Symmetric. */
enum gate gate_conflict(const struct gate_text *a, const struct gate_text *b);
/* "number", "unit" …; "none". Static. */
const char *gate_name(enum gate gate);

/* Share of the words that carry meaning which the two have in common, by stem, of those that
 * either has; 1 where neither has any. A place and its adjective (France, French) are one. */
float gate_overlap(const struct gate_text *a, const struct gate_text *b);
/* The text for comparing by what it says alone: without case, with one blank for each run of
 * blanks, without punctuation at the edges of words. Texts with code come back trimmed and
 * otherwise as they are. In the arena. */
struct slice gate_fold(struct slice text, struct arena *a);

#endif
