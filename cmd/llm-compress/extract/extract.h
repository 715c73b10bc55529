/* SPDX-License-Identifier: MIT */
/* Step "extract": what speaks to the question stays, up to the size that is asked for.
 *
 * The texts of the user, of tools and of old answers are cut into units (rank/units.h), all of
 * them are ranked together against the question, and the best stay in their order, with a mark
 * where others stood. A text that is JSON has its records for units, and is JSON afterwards. */
#ifndef LLM_COMPRESS_EXTRACT_H
#define LLM_COMPRESS_EXTRACT_H

#include "cmd/llm-compress/step.h"
#include "rank/choose.h"

void extract_run(struct work *w);
/* --- inside --- */

/* A stretch of a text, and which units are its. */
struct extract_text {
	struct piece *piece;
	size_t first, last; /* units, last exclusive */
	struct slice text;  /* that the units are of: lines of a log are lines again */
	struct slice json;  /* as JSON, its tables undone; ptr NULL: it is prose */
	bool more;          /* the next one is of the same piece, and of the same bytes */
};
struct extract_texts {
	struct extract_text *list;
	size_t count, room;
};
/* Adds the text of p, as one stretch or, where JSON stands in prose, as several. False, nothing
 * added, where it has no units. */
bool extract_add(struct work *w, struct units *u, struct extract_texts *t, struct piece *p);
/* Adds the records of JSON to u: items of arrays, members of a large object of scalars. False,
 * nothing added, where it has too few. json is scratch. */
bool extract_records(struct units *u, struct slice text, struct json *json);
/* The JSON without the records first to last that are not kept; what went is said in it. */
struct slice extract_write_records(const struct units *u, size_t first, size_t last,
    const bool *keep, struct slice text, struct json *json, struct arena *a);
/* The question in a text that may hold more: its last question, or last paragraph. */
struct slice extract_question(struct slice text);
/* Pins the units of the user's last message that tell what to do. */
void extract_pin_task(struct units *u, size_t first, size_t last, struct slice question);

#endif
