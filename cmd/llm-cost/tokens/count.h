/* SPDX-License-Identifier: MIT */
/* What the files of llm-cost count share: the sums of a file and where rows go. */
#ifndef COST_COUNT_H
#define COST_COUNT_H

#include "stream/stream.h"
#include "tokens/tokens.h"

enum count_format { COUNT_PEOPLE, COUNT_CSV, COUNT_JSON };

/* Sums of one file, or of all. */
struct count_sum {
	const char *file;
	uint64_t tokens, low, high, skipped;
	bool estimate, template;
};

struct counter {
	struct stream *out;
	enum count_format format;
	bool several; /* files: JSON rows and headings say which */
	bool lines;   /* `N FILE` for each file */
	struct buf line;
	struct count_sum now, all;
	uint32_t *ids;
	size_t room;
};

/* count_row.c */
/* Writes c->line and clears it. */
void count_put_line(struct counter *c);
void count_sum_add(struct count_sum *s, const struct tokens *n);
/* `N FILE`, and what -v and the user must know of it. */
void count_sum_put(struct counter *c, const struct count_sum *s);
void count_heading(struct counter *c);
/* One row of CSV or JSON; nothing for people. What is not countable is said. */
void count_row(struct counter *c, uint64_t number, struct slice id, const struct tokens *n);

/* count_pieces.c: the text cut into its tokens. */
/* The ids of a text: c->ids, how many. Ends the run with status 2 where they are not public. */
size_t count_ids(struct counter *c, const struct tokenizer *t, struct slice text);
/* Where a text stands; all zero for a whole file. */
struct count_place {
	uint64_t number; /* of the line; 0: no record */
	struct slice id;
	struct value root, text;
	const char *kind; /* "system", "user" … */
};
void pieces_put(struct counter *c, const struct tokenizer *t, struct slice text,
    const struct count_place *place);

/* count_show.c: one piece for eyes. */
/* Appends the piece so that every byte of it can be seen and nothing acts on the terminal: what
 * has no shape is written by its number, a cut character by its bytes. With colours blanks,
 * tabs and newlines have a sign, all that is not the text itself is grey or red, and black is
 * the colour before and after; without, escapes are those of C. */
void show_piece(struct buf *out, struct slice piece, bool colours);
/* The place of a value below root as jq writes it: .body.messages[0].content */
void show_path(struct buf *out, struct value root, struct value v);

#endif
