/* SPDX-License-Identifier: MIT */
/* Lines that wait until enough of what follows is known: a look-ahead over the stream. */
#ifndef WINDOW_H
#define WINDOW_H

#include "places.h"
#include "prompt_cache/rules.h"

/* What is known of a line when it comes. */
struct waiting {
	bool record;        /* counts as one of the N; other lines only keep their place */
	bool judged;        /* gets an annotation */
	const char *reason; /* why it gets no mark, whatever follows; NULL: the sum decides */
	unsigned marks;     /* that it has already */
	const struct cache_rule *rule;
	bool hour;
};

struct window;

/* How many records of the window have a prefix. */
struct window_seen {
	uint64_t before; /* among the `ahead` before this record */
	uint64_t after;  /* among the `ahead` after it */
	uint64_t marked; /* of those before, the ones that bear a mark there */
};
struct window_seen window_seen(const struct window *w, uint64_t print);
/* The record that is released bears a mark there: at most MARKS_MOST of them. */
#define MARKS_MOST 4
void window_marked(struct window *w, uint64_t print);

/* release(context, line, what) is called for each line in order. At most `bytes` of lines (with
 * what is remembered of their prefixes) are held; what does not fit is released with what is
 * known. Of the records before, at most 131,072 with a million prefixes are remembered. */
typedef void (*window_release)(void *context, struct slice line, const struct waiting *what);
struct window *window_open(uint64_t ahead, size_t bytes, window_release release, void *context);
/* head and line are copied as one; the prints of places are remembered. */
void window_push(struct window *w, struct slice head, struct slice line,
    const struct waiting *what, const struct places *places);
/* Releases all. */
void window_close(struct window *w);

#endif
