/* SPDX-License-Identifier: MIT */
/* Inside of the ranking: counted words, and the signs that are made of them. */
#ifndef LLM_RANK_SCORE_PARTS_H
#define LLM_RANK_SCORE_PARTS_H

#include "rank/score.h"
#include "rank/terms.h"

#define ASKED_MAX 48 /* terms of the question, with those of feedback */
#define PARTS_MAX 4

struct asked {
	uint32_t term[ASKED_MAX];
	float weight[ASKED_MAX];
	unsigned char parts[ASKED_MAX]; /* bit i: it stands in part i of the question */
	uint32_t next[ASKED_MAX]; /* index of the word behind it, where that is asked for; else
				     itself */
	size_t count, part_count;
	bool number, date, name; /* what kind of thing is asked for */
};

/* The words of all units. */
struct counted {
	struct terms terms;
	uint32_t *id;   /* of each word */
	uint32_t *from; /* words of unit i: from[i] to from[i + 1] */
	uint32_t *df;   /* units that have the term, once counted_spread() has run */
	float *tf;      /* [unit][asked.count]: with the headings' words */
	float *words;   /* of a unit */
	float *length;  /* words of a unit, with the headings' */
	struct arena *arena;
};

/* The text with the characters that escapes such as \u017d stand for; in place where it has
 * none. */
struct slice said(struct slice text, struct arena *a);
/* Reads the question into q; its terms are added to t. */
void asked_read(struct asked *q, struct slice question, struct terms *t);
/* Counts the words of all units but those that say what to do, which have none. */
void counted_read(struct counted *c, const struct units *u);
/* Fills df. */
void counted_spread(struct counted *c, const struct units *u);
/* Fills tf and length for the terms of the question. */
void counted_asked(
    struct counted *c, const struct units *u, const struct asked *q, float heading);
/* Adds the words that tell the best units apart; wants df. */
void asked_feedback(struct asked *q, const struct counted *c, const struct units *u,
    const float *score, float weight);

/* --- signs --- */

/* Neither a heading nor an end. */
static inline bool
unit_is_body(const struct unit *u)
{
	return u->kind != UNIT_HEADING && u->kind != UNIT_END;
}

/* The largest becomes 1. */
void sign_scale(float *v, size_t n);
/* Scales the sign and adds it. */
void sign_add(float *score, float *sign, size_t n, float weight);
/* Sums over the neighbours of rows of `step` values by a kernel of two exponentials, near to a
 * Gaussian; distance is in words. across: past the borders of sections too. */
void sign_spread(const struct units *u, const float *words, float width, bool across,
    const float *in, size_t step, float *out);
/* The mean over the neighbours, each as heavy as it has words. */
void sign_smooth(const struct units *u, const float *words, const float *in, float width,
    bool across, float *out);

/* Adds the signs made of words to score; unit becomes BM25 of the units, scaled. */
void score_words(const struct units *u, const struct counted *c, const struct asked *q,
    const struct rank_weights *w, float *score, float *unit);
/* Adds the cosines of units and sections with the question. */
void score_meaning(const struct units *u, const float *words, struct slice question,
    const struct rank_weights *w, struct embed *e, float *score);
/* sign: how near each unit is to the turns of those whom the question names. False, sign
 * untouched, where it names nobody. After counted_read() and asked_read(). */
bool score_speakers(
    const struct units *u, struct counted *c, struct slice question, float reach, float *sign);
/* Puts units with an identifier of the question first, and pins records: see rank_score. */
void score_identifiers(
    struct units *u, struct slice question, struct terms *t, float *score);

#endif
