/* SPDX-License-Identifier: MIT */
#include "csv.h"

#include <stdlib.h>

#include "base/mem.h"

static void
field_end(struct csv *c)
{
	if (c->count == c->room) {
		c->room = c->room ? c->room * 2 : 16;
		c->ends = mem_grow(c->ends, c->room, sizeof(*c->ends));
	}
	c->ends[c->count++] = c->fields.len;
	c->state = CSV_START;
}

static bool
row_end(struct csv *c)
{
	field_end(c);
	c->lines++;
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
	buf_add_byte(&c->fields, byte);
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
		c->lines++;
	buf_add_byte(&c->fields, byte);
	return false;
}

bool
csv_byte(struct csv *c, char byte)
{
	bool after_cr = c->previous == '\r';

	c->previous = byte;
	if (!c->row_open && after_cr && byte == '\n')
		return false; /* of the CRLF that ended the row before */
	if (!c->row_open) {
		c->row_open = true;
		c->line = c->lines + 1;
	}
	buf_add_byte(&c->raw, byte);
	if (c->state == CSV_QUOTED)
		return quoted_byte(c, byte, after_cr);
	if (c->state != CSV_CLOSED || byte != '"')
		return plain_byte(c, byte);
	buf_add_byte(&c->fields, '"');
	c->state = CSV_QUOTED;
	return false;
}

bool
csv_end(struct csv *c)
{
	if (!c->row_open)
		return false;
	if (c->state == CSV_QUOTED)
		c->fault = "a quoted field that does not end";
	return row_end(c);
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
	return csv_raw(c).len == 0;
}

static struct slice
nth(const struct buf *fields, const size_t *ends, size_t i)
{
	size_t begin = i ? ends[i - 1] : 0;

	return slice_of(buf_slice(fields).ptr + begin, ends[i] - begin);
}

bool
csv_header(struct csv *c, const char **why)
{
	*why = c->fault;
	for (size_t i = 0; i < c->count && !*why; i++)
		if (!nth(&c->fields, c->ends, i).len)
			*why = "a column without a name in the first row";
	if (*why)
		return false;
	buf_clear(&c->names);
	buf_add(&c->names, buf_slice(&c->fields));
	c->name_ends = mem_grow(c->name_ends, c->count, sizeof(*c->name_ends));
	memcpy(c->name_ends, c->ends, c->count * sizeof(*c->ends));
	c->name_count = c->count;
	return true;
}

void
csv_quote(struct buf *out, struct slice text)
{
	buf_add_byte(out, '"');
	for (size_t i = 0; i < text.len; i++) {
		unsigned char byte = (unsigned char)text.ptr[i];

		if (byte == '"' || byte == '\\')
			buf_add_byte(out, '\\');
		if (byte == '\n')
			buf_add(out, SLICE("\\n"));
		else if (byte == '\t')
			buf_add(out, SLICE("\\t"));
		else if (byte < ' ')
			buf_printf(out, "\\u%04x", byte);
		else
			buf_add_byte(out, (char)byte);
	}
	buf_add_byte(out, '"');
}

bool
csv_object(const struct csv *c, struct buf *out, const char **why)
{
	*why = c->fault;
	if (!*why && c->count != c->name_count)
		*why = c->count < c->name_count ? "fewer fields than the first row"
						: "more fields than the first row";
	if (*why)
		return false;
	buf_add_byte(out, '{');
	for (size_t i = 0; i < c->count; i++) {
		if (i)
			buf_add_byte(out, ',');
		csv_quote(out, nth(&c->names, c->name_ends, i));
		buf_add_byte(out, ':');
		csv_quote(out, nth(&c->fields, c->ends, i));
	}
	buf_add_byte(out, '}');
	return true;
}

void
csv_next(struct csv *c)
{
	buf_clear(&c->raw);
	buf_clear(&c->fields);
	c->count = 0;
	c->state = CSV_START;
	c->fault = NULL;
	c->row_open = false;
}

void
csv_reset(struct csv *c)
{
	csv_next(c);
	c->lines = 0;
	c->name_count = 0;
	c->previous = 0;
}

void
csv_free(struct csv *c)
{
	buf_free(&c->raw);
	buf_free(&c->fields);
	buf_free(&c->names);
	free(c->ends);
	free(c->name_ends);
	memset(c, 0, sizeof(*c));
}
