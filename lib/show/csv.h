/* SPDX-License-Identifier: MIT */
/* Lines of CSV (RFC 4180) by the names of their columns. */
#ifndef SHOW_CSV_H
#define SHOW_CSV_H

#include "base/arena.h"

#define CSV_CELLS 256

struct csv {
	struct arena *arena; /* of the cells; set by the caller */
	struct slice rest;
	struct slice heading[CSV_CELLS];
	size_t columns;
	struct slice cell[CSV_CELLS];
	size_t cells;
	size_t line;   /* of the file, from 1; a quoted newline counts */
	bool unclosed; /* a quote was not */
};

/* Reads the heading; false if there is none. A byte-order mark is skipped. */
bool csv_open(struct csv *c, struct slice text);
/* The next line that is not empty; false at the end, and where a quote is not closed. */
bool csv_next(struct csv *c);
/* The column of that name, without blanks around it; SIZE_MAX if there is none. */
size_t csv_column(const struct csv *c, struct slice name);
/* The cell of the line in a column; "" where the line is too short. */
struct slice csv_cell(const struct csv *c, size_t column);

#endif
