/* SPDX-License-Identifier: MIT */
/* Lines that wait until enough of what follows is known: a look-ahead over the stream. */
#ifndef WINDOW_H
#define WINDOW_H

#include "prompt_cache/rules.h"

/* What is known of a line when it comes. */
struct waiting {
	bool record;        /* counts as one of the N; other lines only keep their place */
	bool judged;        /* gets an annotation */
	const char *reason; /* why it gets no mark, whatever follows; NULL: the sum decides */
	unsigned marks;     /* that it has already */
	uint64_t print;     /* of its prefix; 0: none */
	uint64_t tokens;
	const struct cache_rule *rule;
	bool hour;
};

struct window;

/* release(context, line, what, seen) is called for each line in order: seen is how many records
 * with its prefix are among the `ahead` before it, itself, and the `ahead` after it. At most
 * `bytes` of lines are held; what does not fit is released with what is known. */
typedef void (*window_release)(
    void *context, struct slice line, const struct waiting *what, uint64_t seen);
struct window *window_open(uint64_t ahead, size_t bytes, window_release release, void *context);
/* head and line are copied as one. */
void window_push(
    struct window *w, struct slice head, struct slice line, const struct waiting *what);
/* Releases all. */
void window_close(struct window *w);

#endif
