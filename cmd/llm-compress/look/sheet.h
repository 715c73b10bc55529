/* SPDX-License-Identifier: MIT */
/* A small table: for people, as CSV or as Markdown. */
#ifndef LLM_COMPRESS_SHEET_H
#define LLM_COMPRESS_SHEET_H

#include "base/arena.h"
#include "base/buf.h"

#define SHEET_COLUMNS 8
struct sheet {
	size_t columns;
	const char *heading[SHEET_COLUMNS];
	bool text[SHEET_COLUMNS]; /* set against its left edge */
	struct slice (*rows)[SHEET_COLUMNS];
	size_t count, room;
	struct arena *arena;
};
/* A new row of empty cells, to be filled before the next one. */
struct slice *sheet_row(struct sheet *s);
/* format: "table", "csv" or "md". Control characters become '?' in a table. */
void sheet_write(const struct sheet *s, const char *format, struct buf *out);

#endif
