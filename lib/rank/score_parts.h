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
	uint32_t *df;   /* units that have the term */
	float *tf;      /* [unit][asked.count]: with the headings' words */
	float *words;   /* of a unit */
	float *length;  /* words of a unit, with the headings' */
	struct arena *arena;
};

/* Reads the question into q; its terms are added to t. */
void asked_read(struct asked *q, struct slice question, struct terms *t);
/* Counts the words of all units. */
void counted_read(struct counted *c, const struct units *u);
/* Fills tf and length for the terms of the question. */
void counted_asked(
    struct counted *c, const struct units *u, const struct asked *q, float heading);
/* Adds the words that tell the best units apart. */
void asked_feedback(struct asked *q, const struct counted *c, const struct units *u,
    const float *score, float weight);

#endif
