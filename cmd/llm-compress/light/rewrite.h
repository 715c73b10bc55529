/* SPDX-License-Identifier: MIT */
/* A text with some stretches replaced: what all light steps share. */
#ifndef LLM_COMPRESS_REWRITE_H
#define LLM_COMPRESS_REWRITE_H

#include "cmd/llm-compress/recount.h"

struct rewrite {
	struct buf out;
	const char *from; /* what is not written yet */
	bool any;
	struct arena *arena; /* of changes; NULL: they are not recorded */
	struct change *changes;
	size_t count, room;
};
/* Everything up to `ptr` stays, then `with` stands for `len` bytes. In reading order. */
void rewrite_put(
    struct rewrite *r, struct slice text, const char *ptr, size_t len, struct slice with);
/* The new text, in the arena; text itself where nothing was put. Frees r->out. */
struct slice rewrite_end(struct rewrite *r, struct slice text, struct work *w);

/* Whether light steps read this piece: system text and text of the user. */
bool rewrite_may(const struct work *w, const struct piece *p);

#endif
