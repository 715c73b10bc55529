/* SPDX-License-Identifier: MIT */
/* A text that is too long, in parts: never cut inside a code point, JSON or a block of code. */
#ifndef LLM_COMPRESS_MAP_H
#define LLM_COMPRESS_MAP_H

#include "cmd/llm-compress/side/side.h"

struct parts {
	struct piece *piece; /* the text that is cut; NULL: none is too long */
	struct slice task;   /* what is asked about it */
	struct slice tail;   /* the end of the text, which asks and stays; "" */
	struct slice *list;  /* overlapping */
	size_t count;
};
/* The longest text, in parts of side.chunk tokens where it has more; else piece is NULL, with
 * the reason in w->refused where a part would not fit. Linear. */
struct parts map_parts(struct work *w);
void map_ask(struct work *w, const struct parts *p, size_t i, struct side_request *out);
/* The answers instead of the text; all must be there. */
void map_apply(struct work *w, const struct parts *p, struct side_answers *a, struct slice id);

#endif
