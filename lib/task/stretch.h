/* SPDX-License-Identifier: MIT */
/* What of a text is instruction, and what was pasted into it: fenced code, lines that are
 * quoted by '>', what stands between two times three quotes, and what stands inside a tag that
 * names a document, at the beginning of a line. A fence that is never closed holds to the end;
 * quotes and tags that are not closed are none. */
#ifndef TASK_STRETCH_H
#define TASK_STRETCH_H

#include <stdbool.h>

#include "base/slice.h"

struct stretches {
	struct slice rest;
	char fence;        /* the open one's character, or 0 */
	bool quotes;       /* there are three quotes somewhere */
	unsigned unclosed; /* bits of tags that have no end from here on */
};
struct stretches stretches_of(struct slice text);
/* The next line of instruction, or what is left of one. False at the end. Linear in all. */
bool stretch_next(struct stretches *s, struct slice *line);

#endif
