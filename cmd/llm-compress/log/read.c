/* SPDX-License-Identifier: MIT */
/* From cells to lines. */
#include "cmd/llm-compress/fold.h"
#include "cmd/llm-compress/log/log.h"

struct head {
	struct slice standard, head, tail; /* head.ptr NULL: nothing is shared */
};

struct reader {
	struct head column[LOG_COLUMNS];
	size_t width;
	char end;  /* of a cell */
	bool crlf; /* what ends a line */
	struct json *json;
	struct arena *arena;
	size_t last; /* where in the output the line above begins */
};

/* True if the first line of a block stands at the start of text: lines in *count, what
 * ends a cell in *end, its bytes with the line end in *length. */
static bool
log_begins(struct slice text, size_t *count, char *end, size_t *length)
{
	size_t i = 1, n = 0;

	if (!text.len || text.ptr[0] != '[')
		return false;
	for (; i < text.len && i < 10 && text.ptr[i] >= '0' && text.ptr[i] <= '9'; i++)
		n = n * 10 + (size_t)(text.ptr[i] - '0');
	if (i == 1 || n > LOG_MOST || !slice_starts(slice_drop(text, i), SLICE(LOG_CELLS)))
		return false;
	i += sizeof(LOG_CELLS) - 1;
	if (i == text.len || (text.ptr[i] != ',' && text.ptr[i] != '|') ||
	    !slice_starts(slice_drop(text, i + 1), SLICE(LOG_LEGEND)))
		return false;
	*count = n;
	*end = text.ptr[i];
	i += sizeof(LOG_LEGEND);
	*length = i + slice_find(slice_drop(text, i), '\n') + 1;
	return *length <= text.len &&
	       (*length == i + 1 || (*length == i + 2 && text.ptr[i] == '\r'));
}

bool
log_has(struct slice text)
{
	return text.len > sizeof(LOG_LEGEND) &&
	       memmem(text.ptr, text.len, LOG_LEGEND, sizeof(LOG_LEGEND) - 1);
}

static struct slice
take_line(const struct reader *r, struct slice *rest)
{
	struct slice line = slice_take(*rest, slice_find(*rest, '\n'));

	*rest = slice_drop(*rest, line.len + 1);
	if (r->crlf && line.len && line.ptr[line.len - 1] == '\r')
		line.len--;
	return line;
}

static void
add_line_end(const struct reader *r, struct buf *out)
{
	buf_add(out, r->crlf ? SLICE("\r\n") : SLICE("\n"));
}

struct cell {
	struct slice text; /* without quotes */
	bool plain;        /* it had none */
	bool more;         /* another one stands behind it */
};

/* Takes a cell off the line; the last one has all that is left. */
static bool
take_cell(struct reader *r, struct slice *line, bool last, struct cell *c)
{
	const char *why;
	size_t where, n, stop;

	c->plain = !line->len || line->ptr[0] != '"';
	n = !c->plain ? fold_length(*line, &stop)
	    : last    ? line->len
		      : slice_find(*line, r->end);
	c->text = slice_take(*line, n);
	*line = slice_drop(*line, n);
	if (!c->plain) {
		if (!n || !json_scan(r->json, c->text, &why, &where))
			return false;
		c->text = json_string(json_root(r->json), r->arena);
	}
	c->more = line->len > 0;
	if (c->more && (last || line->ptr[0] != r->end))
		return false;
	*line = slice_drop(*line, 1);
	return true;
}

static bool
read_head(struct reader *r, struct slice line)
{
	struct cell c = { .more = true };

	while (c.more) {
		struct head *h = &r->column[r->width];
		bool named = line.len && line.ptr[0] == '=';
		const char *place;

		if (r->width++ == LOG_COLUMNS)
			return false;
		*h = (struct head){ .standard = { NULL, 0 } };
		line = slice_drop(line, named);
		if (!take_cell(r, &line, false, &c) || (c.text.len && !named))
			return false;
		place = c.plain && c.text.len ? memmem(c.text.ptr, c.text.len, "{}", 2) : NULL;
		if (place) {
			h->head = slice_of(c.text.ptr, (size_t)(place - c.text.ptr));
			h->tail = slice_drop(c.text, h->head.len + 2);
		} else if (named) {
			h->standard = c.text;
		}
	}
	return true;
}

static bool
read_cells(struct reader *r, struct slice line, struct buf *out)
{
	struct cell c = { .more = true };

	for (size_t k = 0; k < r->width; k++) {
		const struct head *h = &r->column[k];

		if (!c.more)
			c = (struct cell){ .text = SLICE(""), .plain = true };
		else if (!take_cell(r, &line, k + 1 == r->width, &c))
			return false;
		if (k)
			buf_add_byte(out, ' ');
		if (c.plain && !c.text.len) {
			if (!h->standard.ptr)
				return false;
			buf_add(out, h->standard);
			continue;
		}
		if (h->head.ptr)
			buf_add(out, h->head);
		buf_add(out, c.text);
		if (h->head.ptr)
			buf_add(out, h->tail);
	}
	return !c.more;
}

/* How often the line above comes again, of `most`; 0: the line says something else. */
static size_t
read_repeat(struct slice line, size_t most)
{
	size_t n = 0;

	if (line.len < 2 || line.len > 9 || line.ptr[0] != '*')
		return 0;
	for (size_t i = 1; i < line.len; i++) {
		if (line.ptr[i] < '0' || line.ptr[i] > '9')
			return 0;
		n = n * 10 + (size_t)(line.ptr[i] - '0');
	}
	return n <= most ? n : 0;
}

/* One line of the block; how many lines it stands for, 0: it is none. */
static size_t
read_line(struct reader *r, struct slice line, size_t most, bool first, struct buf *out)
{
	size_t again = first ? 0 : read_repeat(line, most);
	struct slice above = slice_drop(buf_slice(out), r->last);

	if (again)
		above = arena_copy(r->arena, above);
	for (size_t i = 0; i < again; i++) {
		add_line_end(r, out);
		r->last = out->len;
		buf_add(out, above);
	}
	if (again)
		return again;
	if (!first)
		add_line_end(r, out);
	r->last = out->len;
	if (line.len && line.ptr[0] == '>')
		buf_add(out, slice_drop(line, 1));
	else if (!read_cells(r, line, out))
		return 0;
	return 1;
}

bool
log_read(struct slice text, struct json *json, struct arena *a, struct buf *out, size_t *length)
{
	struct reader r = { .json = json, .arena = a };
	size_t count, start = out->len, done = 0;
	struct slice rest;

	if (!log_begins(text, &count, &r.end, length))
		return false;
	r.crlf = text.ptr[*length - 2] == '\r';
	rest = slice_drop(text, *length);
	if (!read_head(&r, take_line(&r, &rest)))
		return false;
	while (done < count) {
		bool any = rest.len;
		struct slice line = take_line(&r, &rest);
		size_t n = any ? read_line(&r, line, count - done, !done, out) : 0;

		if (!n) {
			out->len = start;
			return false;
		}
		done += n;
		*length = (size_t)(line.ptr - text.ptr) + line.len;
	}
	return true;
}

bool
log_undo(struct slice text, struct json *json, struct arena *a, struct buf *out)
{
	size_t start = out->len;
	bool any = false;

	if (!log_has(text))
		return false;
	while (text.len) {
		size_t length;

		if (log_read(text, json, a, out, &length)) {
			any = true;
		} else {
			length = slice_find(text, '\n');
			buf_add(out, slice_take(text, length));
		}
		text = slice_drop(text, length);
		if (text.len) {
			buf_add_byte(out, text.ptr[0]);
			text = slice_drop(text, 1);
		}
	}
	if (!any)
		out->len = start;
	return any;
}
