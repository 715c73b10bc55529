/* SPDX-License-Identifier: MIT */
/*
 * What a kind of embedding brings: embed.c calls it through this and knows nothing else of it.
 * The table is table.c (embed_table), the sentence encoder encoder.c (embed_open); each puts a
 * struct embed first in a struct of its own. A program that names only one of the two links
 * only that one.
 */
#ifndef LLM_MEANING_EMBED_PARTS_H
#define LLM_MEANING_EMBED_PARTS_H

#include "meaning/embed.h"

struct embed {
	size_t dims;
	struct slice name; /* lives as long as the struct */
	/* As embed_text(). */
	enum embed_state (*text)(struct embed *embed, struct slice text, float *unit);
	/* As embed_texts(); NULL: one after the other. */
	void (*texts)(struct embed *embed, const struct slice *texts, size_t count,
	    float *units, enum embed_state *states);
	/* Frees the struct and all that is its own; NULL: never freed. */
	void (*close)(struct embed *embed);
};

/* EMBED_EMPTY without a token, EMBED_UNKNOWN when more than a fifth of the pieces are poor (see
 * struct wordpiece_count), EMBED_OK otherwise. */
enum embed_state embed_judge(size_t pieces, size_t poor);

#endif
