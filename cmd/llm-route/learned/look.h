/* SPDX-License-Identifier: MIT */
/* What a trained router sees of a prompt: its characters, its meaning, its form. */
#ifndef LLM_ROUTE_LOOK_H
#define LLM_ROUTE_LOOK_H

#include <stdint.h>

#include "base/arena.h"
#include "meaning/embed.h"

/* Runs of three and four bytes inside a word (blanks around it), by a hash of 16 bits. */
#define LOOK_GRAMS 65536
#define LOOK_FORMS 24
#define LOOK_SCALE 32767 /* of one in a vector */
#define LOOK_TABLE 256   /* numbers of the table's vector */

struct look_gram {
	uint16_t gram;
	uint16_t count; /* how often, at most 65,535 */
};

struct look {
	struct look_gram *grams; /* by rising gram, in the arena */
	size_t gram_count;
	int16_t *vector; /* look_dims of them, LOOK_SCALE long in all of one embedding */
	float form[LOOK_FORMS];
	uint64_t hash; /* of the text: equal prompts are one */
};

/* Vectors of a look: those of the table, and behind them those of an encoder where there is
 * one.
 */
size_t look_dims(const struct embed *embed);
/* Names both, in the arena. */
struct slice look_vectors(const struct embed *embed, struct arena *a);
/* Reads at most the first and the last 8,000 bytes of a text. */
void look_at(struct look *l, struct slice text, struct embed *embed, struct arena *a);

#endif
