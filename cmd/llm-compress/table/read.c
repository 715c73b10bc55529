/* SPDX-License-Identifier: MIT */
/* From cells to values. */
#include "cmd/llm-compress/fold.h"
#include "cmd/llm-compress/table/parts.h"

/* True if such a first line stands at the start of text: rows in *rows, its bytes in *length.
 */
static bool
table_begins(struct slice text, size_t *rows, size_t *length)
{
	size_t i = 1, n = 0;

	if (!text.len || text.ptr[0] != '[')
		return false;
	for (; i < text.len && i < 12 && text.ptr[i] >= '0' && text.ptr[i] <= '9'; i++)
		n = n * 10 + (size_t)(text.ptr[i] - '0');
	if (i == 1 || !slice_starts(slice_drop(text, i), SLICE(TABLE_LEGEND "\n")))
		return false;
	*rows = n;
	*length = i + sizeof(TABLE_LEGEND);
	return true;
}

/* Takes one cell off *rest: up to a comma (or =, where `head`) or the end of the line.
 * Blanks and CR behind the last cell of a table are those of the text around it. */
static bool
take_cell(struct slice *rest, bool head, struct slice *cell)
{
	size_t n = 0, stop;

	if (rest->len && memchr("\"{[", rest->ptr[0], 3)) {
		n = fold_length(slice_take(*rest, slice_find(*rest, '\n')), &stop);
		if (!n)
			return false;
	} else {
		while (n < rest->len && !memchr(",\r\n", rest->ptr[n], 3) &&
		       !(head && rest->ptr[n] == '='))
			n++;
		while (n && (rest->ptr[n - 1] == ' ' || rest->ptr[n - 1] == '\t'))
			n--;
	}
	*cell = slice_take(*rest, n);
	*rest = slice_drop(*rest, n);
	return true;
}

/* True, and moved behind it, where c comes next. */
static bool
take_byte(struct slice *rest, char c)
{
	if (!rest->len || rest->ptr[0] != c)
		return false;
	*rest = slice_drop(*rest, 1);
	return true;
}

static bool
read_head(struct grid *g, struct slice *rest)
{
	do {
		struct column *c = &g->column[g->width];
		struct slice value;
		const char *place;

		if (g->width == TABLE_COLUMNS || !take_cell(rest, true, &c->name) ||
		    !c->name.len)
			return false;
		g->width++;
		*c = (struct column){ .name = c->name };
		if (!take_byte(rest, '='))
			continue;
		if (!take_cell(rest, false, &value))
			return false;
		place = value.len && !memchr("\"{[", value.ptr[0], 3)
			    ? memmem(value.ptr, value.len, "{}", 2)
			    : NULL;
		if (place) {
			c->head = slice_of(value.ptr, (size_t)(place - value.ptr));
			c->tail = slice_drop(value, c->head.len + 2);
		} else {
			c->standard = value;
		}
	} while (take_byte(rest, ','));
	return !rest->len || take_byte(rest, '\n');
}

static void
add_value(struct slice cell, struct buf *out)
{
	bool raw = cell.len && (memchr("\"{[", cell.ptr[0], 3) || table_is_value(cell));

	if (!raw)
		buf_add_byte(out, '"');
	buf_add(out, cell);
	if (!raw)
		buf_add_byte(out, '"');
}

static void
add_name(const struct column *c, struct buf *out)
{
	bool quoted = c->name.ptr[0] == '"';

	if (!quoted)
		buf_add_byte(out, '"');
	buf_add(out, c->name);
	buf_add(out, quoted ? SLICE(":") : SLICE("\":"));
}

static bool
read_row(const struct grid *g, struct slice *rest, struct buf *out)
{
	bool comma = false;

	buf_add_byte(out, '{');
	for (size_t k = 0; k < g->width; k++) {
		const struct column *c = &g->column[k];
		struct slice cell;

		if ((k && !take_byte(rest, ',')) || !take_cell(rest, false, &cell))
			return false;
		if (slice_eqz(cell, "-"))
			continue;
		if (comma)
			buf_add_byte(out, ',');
		comma = true;
		add_name(c, out);
		if (c->head.ptr) {
			buf_add_byte(out, '"');
			buf_add(out, c->head);
			buf_add(out, cell);
			buf_add(out, c->tail);
			buf_add_byte(out, '"');
		} else if (!cell.len && !c->standard.ptr) {
			return false;
		} else {
			add_value(cell.len ? cell : c->standard, out);
		}
	}
	buf_add_byte(out, '}');
	return true;
}

bool
table_read(struct slice text, struct arena *a, struct buf *json, size_t *length)
{
	struct grid g = { .arena = a };
	struct slice rest;
	size_t rows, start = json->len;

	if (!table_begins(text, &rows, length))
		return false;
	rest = slice_drop(text, *length);
	if (!read_head(&g, &rest))
		return false;
	buf_add_byte(json, '[');
	for (size_t i = 0; i < rows; i++) {
		if (i)
			buf_add_byte(json, ',');
		if (!read_row(&g, &rest, json) || (i + 1 < rows && !take_byte(&rest, '\n'))) {
			json->len = start;
			return false;
		}
	}
	buf_add_byte(json, ']');
	*length = (size_t)(rest.ptr - text.ptr);
	return true;
}
