/* SPDX-License-Identifier: MIT */
/* Rows of CSV (RFC 4180) as JSON objects. Quoted fields hold commas, newlines and doubled
 * quotes; lines end in LF, CRLF or CR; a byte-order mark at the start is no part of the first
 * name. The parser is fed bytes as they come and keeps one row. */
#ifndef LLM_BATCH_CSV_H
#define LLM_BATCH_CSV_H

#include "base/buf.h"

enum csv_state { CSV_START, CSV_PLAIN, CSV_QUOTED, CSV_CLOSED };

struct csv {
	struct buf raw;    /* bytes of the row so far, line end included */
	struct buf fields; /* its fields, unquoted, each ended by its length in ends */
	size_t *ends;      /* ends[i]: where field i ends in fields */
	size_t count, room;
	struct buf names; /* the first row, in the same form */
	size_t *name_ends;
	size_t name_count;
	enum csv_state state;
	const char *fault; /* why the row is none (static), or NULL */
	uint64_t line;     /* number of the line on which the row begins */
	uint64_t lines;    /* line ends seen */
	bool row_open;     /* a byte of the row was seen */
	char previous;     /* the byte before */
};

/* A zeroed struct is ready for a file. Feeds one byte; true: a row is complete. */
bool csv_byte(struct csv *c, char byte);
/* The file ended: true if that completes a row. */
bool csv_end(struct csv *c);
/* After a complete row: its bytes without the line end; */
struct slice csv_raw(const struct csv *c);
/* takes it as the names of the columns; false and *why: it cannot be; */
bool csv_header(struct csv *c, const char **why);
/* or as a row: appends {"name":"value", …}; false and *why (static). */
bool csv_object(const struct csv *c, struct buf *out, const char **why);
/* is it a blank line; */
bool csv_blank(const struct csv *c);
/* and makes room for the next row. */
void csv_next(struct csv *c);
/* Forgets the names too: for the next file. */
void csv_reset(struct csv *c);
void csv_free(struct csv *c);

/* Appends text as a JSON string whose bytes above ASCII stay as they are, valid or not. */
void csv_quote(struct buf *out, struct slice text);

#endif
