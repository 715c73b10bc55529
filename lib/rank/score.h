/* SPDX-License-Identifier: MIT */
/* How much each unit has to say to a question.
 *
 * The score is a weighted sum of signs, each scaled to 0..1 over the text: BM25 of the unit
 * with the words of its headings (Robertson, Zaragoza, "The Probabilistic Relevance Framework",
 * 2009) and of its section, both also smoothed over the neighbours by a kernel; pairs of words
 * that stand together; the kind of thing that is asked for (a number, a date, a name); the
 * place in the section; how near the turns of a speaker are whom the question names; and the
 * cosine of static vectors of unit and section with the question.
 * The question is also taken apart, and gains words of the best units (pseudo relevance
 * feedback). */
#ifndef LLM_RANK_SCORE_H
#define LLM_RANK_SCORE_H

#include "meaning/embed.h"
#include "rank/units.h"

struct rank_weights {
	float k1, b;       /* BM25 of units */
	float section_b;   /* b for sections */
	float heading;     /* a word of a heading counts as so many in the unit */
	float width, wide; /* of the kernels, in words */
	float reach;       /* of the kernel over the turns of those who are named, in words */
	float window_k1;   /* BM25 of windows */
	float unit, section, near, far, window, phrase, kind, first, meaning, meaning_section;
	float speaker;  /* of turns near those of whom the question names */
	float part;     /* of the best part of a question of several parts */
	float feedback; /* weight of a word that feedback adds */
	float rare;     /* exponent of the rarity */
	float across;   /* 1: kernels pass the borders of sections */
	float diverse;  /* what a unit loses for words that are kept already: choose.h */
};
/* Fitted by scripts/fit-rank. */
extern const struct rank_weights rank_prose, rank_dialogue;
/* The weights for these units: dialogue where half of them stand in one. */
const struct rank_weights *rank_weights_for(const struct units *u);

/* score[0..u->count): higher is better, 0 where nothing speaks for the unit. Headings and ends
 * get 0. embed NULL: without vectors. An empty question gives the place alone. Units that hold
 * an identifier of the question (6 bytes or more with 3 digits, or 5 digits, to the letter; a
 * name and a number such as "node-7", "disk3" or "order 8", however the two are parted) come
 * first where no more than four do; those that are no code and no turn of a dialogue are
 * pinned. Deterministic; linear in the text. */
void rank_score(struct units *u, struct slice question, const struct rank_weights *w,
    struct embed *embed, float *score);

#endif
