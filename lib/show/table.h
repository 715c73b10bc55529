/* SPDX-License-Identifier: MIT */
/* A table of texts, laid out for people, as CSV (RFC 4180) or as Markdown. */
#ifndef SHOW_TABLE_H
#define SHOW_TABLE_H

#include "base/arena.h"
#include "base/buf.h"

struct table {
	size_t columns;
	struct slice *heading;
	bool *right;        /* the column is set against its right edge */
	struct slice *cell; /* row by row */
	size_t rows, room;
	struct arena *arena;
	size_t rule; /* a line is drawn before this row; SIZE_MAX: nowhere */
	bool color;  /* table_people: bold headings, faint rules (SGR of ECMA-48) */
};

/* Of so many columns; headings and cells live in the arena, or as long. */
void table_open(struct table *t, size_t columns, struct arena *a);
/* A new row of empty cells: the first of them. Valid until the next table_row. */
struct slice *table_row(struct table *t);
/* The layouts, each line ended by a newline. For people control characters become '?'. */
void table_people(const struct table *t, struct buf *out);
/* One line of CSV. */
void table_csv_line(const struct slice *cells, size_t count, struct buf *out);
void table_csv(const struct table *t, struct buf *out);
void table_markdown(const struct table *t, struct buf *out);
/* Characters of the longest line of table_people. */
size_t table_width(const struct table *t);
/* Shortens the texts of the first columns to so many characters. */
void table_cap(struct table *t, size_t columns, size_t most);
/* Shortens the texts of the first columns, the longest first, so that table_people stays within
 * width where that leaves each at least eight characters. The new texts belong to the table. */
void table_narrow(struct table *t, size_t columns, size_t width);
void table_close(struct table *t);

#endif
