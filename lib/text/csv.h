/* SPDX-License-Identifier: MIT */
/* Rows of CSV (RFC 4180), fed as bytes come or taken from a whole text; one row is kept. Quoted
 * fields hold commas, newlines and doubled quotes; lines end in LF, CRLF or CR; a byte-order
 * mark at the start is skipped. */
#ifndef TEXT_CSV_H
#define TEXT_CSV_H

#include "base/buf.h"

struct csv_fields {
	struct buf text; /* the fields, unquoted, one behind the other */
	size_t *ends;    /* where each ends in it */
	size_t count, room;
};

enum csv_state { CSV_START, CSV_PLAIN, CSV_QUOTED, CSV_CLOSED };

/* A zeroed struct is ready for a file. */
struct csv {
	bool lines;     /* set by the caller: rows are lines of text, without fields */
	struct buf raw; /* bytes of the row so far, line end included */
	struct csv_fields row, names;
	enum csv_state state;
	const char *fault; /* why the row is none (static), or NULL */
	uint64_t line;     /* number of the line on which the row begins */
	uint64_t ended;    /* line ends seen */
	unsigned mark; /* bytes of a byte-order mark at the start; more than 3: it is over */
	bool open;     /* a byte of the row was seen */
	char previous; /* the byte before */
};

/* Feeds one byte; true: a row is complete. */
bool csv_byte(struct csv *c, char byte);
/* The file ended: true if that completes a row. */
bool csv_end(struct csv *c);
/* Makes room for the next row; before each but the first. */
void csv_next(struct csv *c);
/* Instead of these three: the next row of a whole text that is not blank, which leaves *rest;
 * false at its end. */
bool csv_read(struct csv *c, struct slice *rest);
/* After a complete row: its bytes without the line end; */
struct slice csv_raw(const struct csv *c);
/* are they blanks alone; */
bool csv_blank(const struct csv *c);
/* its fields, "" beyond the last; */
struct slice csv_cell(const struct csv *c, size_t column);
/* or takes it as the names of the columns; false where it has a fault. */
bool csv_header(struct csv *c);
struct slice csv_name(const struct csv *c, size_t column);
/* The column of that name, without blanks around it; SIZE_MAX if there is none. */
size_t csv_column(const struct csv *c, struct slice name);
/* Forgets the names too: for the next file. */
void csv_reset(struct csv *c);
void csv_free(struct csv *c);

#endif
