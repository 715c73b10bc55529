/* SPDX-License-Identifier: MIT */
/* The prose of a text: what is neither code, quote, literal, table nor protected. */
#ifndef LLM_COMPRESS_SPANS_H
#define LLM_COMPRESS_SPANS_H

#include "base/arena.h"
#include "base/slice.h"

/* A stretch inside one line, in reading order; the others of that line are literals. */
struct span {
	struct slice text;
	struct slice line; /* the whole line that it stands in, without its end */
};
struct spans {
	struct span *list;
	size_t count;
};
/* The spans point into text. Linear. */
struct spans spans_read(struct slice text, struct arena *a);

#endif
