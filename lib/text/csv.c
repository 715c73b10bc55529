/* SPDX-License-Identifier: MIT */
#include "text/csv.h"

#include <stdlib.h>

#include "base/mem.h"

#define MARK "\xEF\xBB\xBF"
#define MARK_OVER 4

static void
field_end(struct csv *c)
{
	struct csv_fields *f = &c->row;

	if (f->count == f->room) {
		f->room = f->room ? f->room * 2 : 16;
		f->ends = mem_grow(f->ends, f->room, sizeof(*f->ends));
	}
	f->ends[f->count++] = f->text.len;
	c->state = CSV_START;
}

static bool
row_end(struct csv *c)
{
	field_end(c);
	c->ended++;
	return true;
}

/* A byte outside quotes. */
static bool
plain_byte(struct csv *c, char byte)
{
	if (byte == ',') {
		field_end(c);
		return false;
	}
	if (byte == '\n' || byte == '\r')
		return row_end(c);
	if (c->state == CSV_CLOSED) {
		c->fault = "text behind a closing quote";
		c->state = CSV_PLAIN;
		return false;
	}
	if (byte == '"' && c->state == CSV_START) {
		c->state = CSV_QUOTED;
		return false;
	}
	if (byte == '"' && !c->fault)
		c->fault = "a quote inside a field that is not quoted";
	buf_add_byte(&c->row.text, byte);
	c->state = CSV_PLAIN;
	return false;
}

static bool
quoted_byte(struct csv *c, char byte, bool after_cr)
{
	if (byte == '"') {
		c->state = CSV_CLOSED;
		return false;
	}
	if (byte == '\r' || (byte == '\n' && !after_cr))
		c->ended++;
	buf_add_byte(&c->row.text, byte);
	return false;
}

static bool
row_byte(struct csv *c, char byte)
{
	bool after_cr = c->previous == '\r';

	c->previous = byte;
	if (!c->open && after_cr && byte == '\n' && !c->lines)
		return false; /* of the CRLF that ended the row before */
	if (!c->open) {
		c->open = true;
		c->line = c->ended + 1;
	}
	buf_add_byte(&c->raw, byte);
	if (c->lines) {
		c->ended += byte == '\n';
		return byte == '\n';
	}
	if (c->state == CSV_QUOTED)
		return quoted_byte(c, byte, after_cr);
	if (c->state != CSV_CLOSED || byte != '"')
		return plain_byte(c, byte);
	buf_add_byte(&c->row.text, '"');
	c->state = CSV_QUOTED;
	return false;
}

bool
csv_byte(struct csv *c, char byte)
{
	unsigned held = c->mark;

	if (held < 3 && byte == MARK[held]) {
		c->mark++;
		return false;
	}
	c->mark = MARK_OVER;
	for (unsigned i = 0; held < 3 && i < held; i++)
		row_byte(c, MARK[i]); /* it was none, and no row ends in it */
	return row_byte(c, byte);
}

bool
csv_end(struct csv *c)
{
	for (unsigned i = 0; c->mark < 3 && i < c->mark; i++)
		row_byte(c, MARK[i]);
	c->mark = MARK_OVER;
	if (!c->open)
		return false;
	if (c->state == CSV_QUOTED)
		c->fault = "a quoted field that does not end";
	return row_end(c);
}

void
csv_next(struct csv *c)
{
	buf_clear(&c->raw);
	buf_clear(&c->row.text);
	c->row.count = 0;
	c->state = CSV_START;
	c->fault = NULL;
	c->open = false;
}

bool
csv_read(struct csv *c, struct slice *rest)
{
	bool done;

	do {
		csv_next(c);
		for (done = false; !done && rest->len; *rest = slice_drop(*rest, 1))
			done = csv_byte(c, *rest->ptr);
		if (!done)
			done = csv_end(c);
	} while (done && csv_blank(c));
	return done;
}

struct slice
csv_raw(const struct csv *c)
{
	struct slice s = buf_slice(&c->raw);

	if (s.len && s.ptr[s.len - 1] == '\n')
		s.len--;
	if (s.len && s.ptr[s.len - 1] == '\r')
		s.len--;
	return s;
}

bool
csv_blank(const struct csv *c)
{
	return slice_trim(csv_raw(c)).len == 0;
}

static struct slice
nth(const struct csv_fields *f, size_t i)
{
	size_t begin = i ? f->ends[i - 1] : 0;

	return i < f->count ? slice_of(buf_slice(&f->text).ptr + begin, f->ends[i] - begin)
			    : SLICE("");
}

struct slice
csv_cell(const struct csv *c, size_t column)
{
	return nth(&c->row, column);
}

struct slice
csv_name(const struct csv *c, size_t column)
{
	return nth(&c->names, column);
}

bool
csv_header(struct csv *c)
{
	struct csv_fields names = c->row;

	if (c->fault)
		return false;
	c->row = c->names;
	c->names = names;
	return true;
}

size_t
csv_column(const struct csv *c, struct slice name)
{
	for (size_t i = 0; i < c->names.count; i++)
		if (slice_eq(slice_trim(csv_name(c, i)), name))
			return i;
	return SIZE_MAX;
}

void
csv_reset(struct csv *c)
{
	csv_next(c);
	buf_clear(&c->names.text);
	c->names.count = 0;
	c->ended = 0;
	c->mark = 0;
	c->previous = 0;
}

static void
fields_free(struct csv_fields *f)
{
	buf_free(&f->text);
	free(f->ends);
}

void
csv_free(struct csv *c)
{
	buf_free(&c->raw);
	fields_free(&c->row);
	fields_free(&c->names);
	*c = (struct csv){ .lines = c->lines };
}
