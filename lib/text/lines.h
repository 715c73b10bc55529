/* SPDX-License-Identifier: MIT */
/* A text as lines, and which of them must stay byte for byte. */
#ifndef TEXT_LINES_H
#define TEXT_LINES_H

#include "base/arena.h"
#include "base/slice.h"

enum line_flag {
	LINE_BLANK = 1,  /* spaces and tabs only */
	LINE_FENCED = 2, /* a code fence, <pre>, and what stands inside */
	LINE_CODE = 4,   /* indented code, a diff, code by its look, a quote, an open literal */
	LINE_LAYOUT = 8, /* table, YAML, aligned columns: blanks inside carry meaning */
	LINE_LITERAL = 16, /* between the first and the last odd quote; LINE_CODE too */
	LINE_HELD = LINE_FENCED | LINE_CODE | LINE_LAYOUT
};

/* What one look at a line tells. */
enum line_sign {
	SEEN_WIDE = 1,  /* two spaces side by side */
	SEEN_QUOTE = 2, /* a quotation mark, or what may be one; a single apostrophe is none */
	SEEN_CODE = 4,  /* an operator of code */
	SEEN_TAB = 8,
	SEEN_BAR = 16,
	SEEN_BARS = 32, /* two or more */
	SEEN_TAG = 64   /* <pre or <code, or their ends */
};

struct line {
	struct slice text;   /* without its end */
	unsigned char end;   /* bytes of its end: 0, 1 (LF) or 2 (CR LF) */
	unsigned char flags; /* of enum line_flag */
	unsigned char signs; /* of enum line_sign */
};

struct lines {
	struct line *list;
	size_t count;
};

/* Lines of text, which they point into; linear. */
struct lines lines_read(struct slice text, struct arena *a);
/* Adds to counts how many quotes of each kind stand in s; one behind a backslash is none. */
#define QUOTE_KINDS 5
void quotes_count(struct slice s, size_t counts[QUOTE_KINDS]);

#endif
