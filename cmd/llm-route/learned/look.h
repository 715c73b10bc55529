/* SPDX-License-Identifier: MIT */
/* What a trained router sees of a prompt: its characters, its meaning, its form. */
#ifndef LLM_ROUTE_LOOK_H
#define LLM_ROUTE_LOOK_H

#include <stdint.h>

#include "base/arena.h"
#include "meaning/embed.h"

/* Runs of three and four bytes inside a word (blanks around it), by a hash of 16 bits; words
 * by one below 32,768, pairs of words that follow each other by one above. */
#define LOOK_GRAMS 65536
#define LOOK_PAIRS 32768 /* the first hash of a pair */
#define LOOK_FORMS 24
#define LOOK_COUNTS 16   /* of them, the first ones, are of counts; the others of phrases */
#define LOOK_SCALE 32767 /* of one in a vector */
#define LOOK_TABLE 256   /* numbers of the table's vector */

struct look_gram {
	uint16_t gram;
	uint16_t count; /* how often, at most 65,535 */
};

struct look {
	struct look_gram *grams; /* by rising gram, in the arena */
	size_t gram_count;
	struct look_gram *words; /* and pairs of words, as they come, in the arena */
	size_t word_count;
	/* look_stride(look_dims()) of them, the last ones 0; LOOK_SCALE long in all of one
	 * embedding */
	int16_t *vector;
	float form[LOOK_FORMS];
	uint64_t hash; /* of the text: equal prompts are one */
};

/* What is looked at beside hash, vectors and the forms of counts. */
enum look_part {
	LOOK_NEAR,   /* grams, and the forms of phrases */
	LOOK_LINEAR, /* words */
	LOOK_WORDS   /* words, and no vector unless there is an encoder */
};

/* Vectors of a look: those of the table, and behind them those of an encoder where there is
 * one. */
size_t look_dims(enum look_part part, const struct embed *embed);
/* Names both, in the arena. */
struct slice look_vectors(enum look_part part, const struct embed *embed, struct arena *a);
/* Reads at most the first and the last 8,000 bytes of a text. */
void look_at(struct look *l, struct slice text, enum look_part part, struct embed *embed,
    struct arena *a);

/* Numbers of a vector with room for sums side by side. */
size_t look_stride(size_t dims);
/* n: a stride. Sums of 32 bits suffice where both are at most LOOK_SCALE long. */
int32_t look_product(const int16_t *a, const int16_t *b, size_t n);
/* 1 + log(count). */
double look_damped_many(unsigned count);
static inline double
look_damped(unsigned count)
{
	return count == 1 ? 1 : look_damped_many(count);
}

/* Mean and standard deviation of each form among labelled prompts. */
struct forms {
	float mean[LOOK_FORMS], spread[LOOK_FORMS];
};
#define FORM_ONE 256 /* of one standard deviation */
/* What is far from all that is known says no more than what is far. */
static inline int
form_bounded(int form)
{
	return form > 3 * FORM_ONE ? 3 * FORM_ONE : form < -3 * FORM_ONE ? -3 * FORM_ONE : form;
}
/* At most eight standard deviations from the mean. */
void forms_standardise(const struct forms *f, const struct look *look, int16_t *out);

#endif
