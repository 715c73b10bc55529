/* SPDX-License-Identifier: MIT */
#include "show/csv.h"

#include "base/buf.h"

/* The next cell; *end is set at the end of the line. */
static struct slice
next_cell(struct csv *c, bool *end)
{
	struct buf cell = { 0 };
	struct slice text = c->rest, out;
	bool quoted = false;
	size_t i = 0;

	for (; i < text.len; i++) {
		char byte = text.ptr[i];

		if (byte == '"' && quoted && i + 1 < text.len && text.ptr[i + 1] == '"') {
			buf_add_byte(&cell, byte);
			i++;
		} else if (byte == '"') {
			quoted = !quoted;
		} else if (!quoted && (byte == ',' || byte == '\n')) {
			break;
		} else if (byte != '\r' || quoted) {
			buf_add_byte(&cell, byte);
		}
		c->line += byte == '\n';
	}
	c->unclosed |= quoted;
	*end = i >= text.len || text.ptr[i] == '\n';
	c->rest = slice_drop(text, i + 1);
	out = arena_copy(c->arena, buf_slice(&cell));
	buf_free(&cell);
	return out;
}

static size_t
read_line(struct csv *c, struct slice *cells)
{
	bool end = false;
	size_t n = 0;

	c->line++;
	while (!end) {
		struct slice cell = next_cell(c, &end);

		if (n < CSV_CELLS)
			cells[n++] = cell;
	}
	return n;
}

bool
csv_open(struct csv *c, struct slice text)
{
	if (slice_starts(text, SLICE("\xEF\xBB\xBF")))
		text = slice_drop(text, 3);
	c->rest = text;
	c->line = 0;
	c->unclosed = false;
	if (!text.len)
		return false;
	c->columns = read_line(c, c->heading);
	return !c->unclosed;
}

bool
csv_next(struct csv *c)
{
	while (c->rest.len) {
		c->cells = read_line(c, c->cell);
		if (c->unclosed)
			return false;
		if (c->cells > 1 || slice_trim(c->cell[0]).len)
			return true;
	}
	return false;
}

size_t
csv_column(const struct csv *c, struct slice name)
{
	for (size_t i = 0; i < c->columns; i++)
		if (slice_eq(slice_trim(c->heading[i]), name))
			return i;
	return SIZE_MAX;
}

struct slice
csv_cell(const struct csv *c, size_t column)
{
	return column < c->cells ? c->cell[column] : SLICE("");
}
