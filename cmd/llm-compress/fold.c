/* SPDX-License-Identifier: MIT */
#include "cmd/llm-compress/fold.h"

#include <assert.h>

#include "base/ascii.h"
#include "text/find.h"
#include "text/unicode.h"

#define TABLE_ROWS 3
#define TABLE_COLUMNS 2

static unsigned
hex4(const char *p)
{
	unsigned n = 0;

	for (int i = 0; i < 4; i++) {
		char c = p[i];

		n = n << 4 | (unsigned)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
	}
	return n;
}

/* The code point of the \u escape at p (two of them for a pair), and its length. */
static uint32_t
escaped_point(const char *p, size_t left, size_t *length)
{
	uint32_t c = hex4(p + 2);

	*length = 6;
	if (c >= 0xD800 && c < 0xDC00 && left >= 12 && p[6] == '\\' && p[7] == 'u') {
		uint32_t low = hex4(p + 8);

		if (low >= 0xDC00 && low < 0xE000) {
			*length = 12;
			return 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
		}
	}
	return c;
}

static bool
visible(uint32_t c)
{
	enum unicode_class class;

	if (c < 0xA1 || (c >= 0xD800 && c < 0xE000))
		return false;
	class = unicode_class(c);
	return class == UNICODE_LETTER || class == UNICODE_NUMBER ||
	       class == UNICODE_PUNCTUATION || class == UNICODE_SYMBOL;
}

/* A string in its shortest spelling; raw has its quotes and is valid. */
static void
write_short(struct slice raw, struct buf *out)
{
	size_t start = 0, i = 0;

	while (i < raw.len) {
		const char *p = memchr(raw.ptr + i, '\\', raw.len - i);
		size_t length = 2;

		if (!p)
			break;
		i = (size_t)(p - raw.ptr);
		if (p[1] == '/') {
			buf_add(out, slice_of(raw.ptr + start, i - start));
			start = i + 1;
		} else if (p[1] == 'u') {
			uint32_t c = escaped_point(p, raw.len - i, &length);
			char utf8[4];

			if (visible(c)) {
				buf_add(out, slice_of(raw.ptr + start, i - start));
				buf_add(out, slice_of(utf8, unicode_put(c, utf8)));
				start = i + length;
			}
		}
		i += length;
	}
	buf_add(out, slice_of(raw.ptr + start, raw.len - start));
}

/* The same names in the same order, two or more. */
static bool
same_names(struct value a, struct value b)
{
	struct value x = json_first(a), y = json_first(b);
	size_t n = 0;

	for (; json_type(x) && json_type(y); x = json_next(x), y = json_next(y), n++)
		if (!slice_eq(json_raw(x), json_raw(y)))
			return false;
	return n >= TABLE_COLUMNS && !json_type(x) && !json_type(y);
}

static bool
can_be_table(struct value array)
{
	struct value first = json_first(array);
	size_t n = 0;

	for (struct value i = first; json_type(i); i = json_next(i), n++)
		if (json_type(i) != JSON_OBJECT || !same_names(first, i))
			return false;
	return n >= TABLE_ROWS;
}

/* {"columns":[strings],"rows":[arrays of that length]}, at least one row. */
static bool
is_table(struct value v)
{
	struct value columns = json_first(v), rows = json_next(columns), names;
	size_t width;

	if (json_type(v) != JSON_OBJECT || !json_is(columns, "columns") ||
	    !json_is(rows, "rows") || json_type(json_next(rows)))
		return false;
	names = json_member_value(columns);
	rows = json_member_value(rows);
	width = json_length(names);
	if (json_type(names) != JSON_ARRAY || json_type(rows) != JSON_ARRAY || !width ||
	    !json_type(json_first(rows)))
		return false;
	for (struct value i = json_first(names); json_type(i); i = json_next(i))
		if (json_type(i) != JSON_STRING)
			return false;
	for (struct value i = json_first(rows); json_type(i); i = json_next(i))
		if (json_type(i) != JSON_ARRAY || json_length(i) != width)
			return false;
	return true;
}

/* An open container of the walk. */
struct frame {
	struct value next;  /* item or name that comes next */
	struct value names; /* undo: where the names of a row begin */
	struct value name;  /* undo: the name of the next item */
	enum { ARRAY, OBJECT, ROWS, ROW, TABLE, TABLE_ROW } kind;
	bool comma;
};

struct walk {
	struct frame stack[JSON_DEPTH + 2];
	size_t depth;
	bool tables, undo, made;
	struct buf *out;
};

static void
write_columns(struct value object, struct buf *out)
{
	bool comma = false;

	buf_add(out, SLICE("{\"columns\":["));
	for (struct value n = json_first(object); json_type(n); n = json_next(n)) {
		if (comma)
			buf_add_byte(out, ',');
		comma = true;
		write_short(json_raw(n), out);
	}
	buf_add(out, SLICE("],\"rows\":["));
}

static void
push(struct walk *w, struct frame f)
{
	assert(w->depth < sizeof(w->stack) / sizeof(w->stack[0]));
	w->stack[w->depth++] = f;
}

static void
write_scalar(struct value v, struct buf *out)
{
	if (v.json->escapes && json_type(v) == JSON_STRING)
		write_short(json_raw(v), out);
	else
		buf_add(out, json_raw(v));
}

/* Writes a scalar, or opens a container. */
static void
begin(struct walk *w, struct value v)
{
	struct frame f = { .next = json_first(v) };

	switch (json_type(v)) {
	case JSON_ARRAY:
		if (w->tables && can_be_table(v)) {
			w->made = true;
			write_columns(f.next, w->out);
			f.kind = ROWS;
		} else {
			buf_add_byte(w->out, '[');
			f.kind = ARRAY;
		}
		push(w, f);
		break;
	case JSON_OBJECT:
		if (w->undo && is_table(v)) {
			w->made = true;
			f.names = json_first(json_member_value(f.next));
			f.next = json_first(json_member_value(json_next(f.next)));
			f.kind = TABLE;
			buf_add_byte(w->out, '[');
		} else {
			f.kind = OBJECT;
			buf_add_byte(w->out, '{');
		}
		push(w, f);
		break;
	default: write_scalar(v, w->out); break;
	}
}

static const char closers[] = { ']', '}', ' ', ']', ']', '}' };

/* The next item of the container on top. */
static void
step(struct walk *w)
{
	struct frame *f = &w->stack[w->depth - 1];
	struct value item = f->next;

	if (!json_type(item)) {
		if (f->kind == ROWS)
			buf_add(w->out, SLICE("]}"));
		else
			buf_add_byte(w->out, closers[f->kind]);
		w->depth--;
		return;
	}
	if (f->comma)
		buf_add_byte(w->out, ',');
	f->comma = true;
	f->next = json_next(item);
	switch (f->kind) {
	case ARRAY: begin(w, item); break;
	case OBJECT:
		write_short(json_raw(item), w->out);
		buf_add_byte(w->out, ':');
		begin(w, json_member_value(item));
		break;
	case ROWS:
		buf_add_byte(w->out, '[');
		push(w, (struct frame){ .next = json_first(item), .kind = ROW });
		break;
	case ROW: begin(w, json_member_value(item)); break;
	case TABLE:
		buf_add_byte(w->out, '{');
		push(w, (struct frame){
			    .next = json_first(item), .name = f->names, .kind = TABLE_ROW });
		break;
	case TABLE_ROW:
		write_short(json_raw(f->name), w->out);
		f->name = json_next(f->name);
		buf_add_byte(w->out, ':');
		begin(w, item);
		break;
	}
}

static bool
walk(struct value v, bool tables, bool undo, struct arena *a, struct buf *out)
{
	struct walk *w = arena_alloc(a, sizeof(*w));

	w->depth = 0;
	w->tables = tables;
	w->undo = undo;
	w->made = false;
	w->out = out;
	begin(w, v);
	while (w->depth)
		step(w);
	return w->made;
}

static inline find_mask
may_be_shorter(find_bytes x, find_bytes y)
{
	return FIND_IS(x, '\\') & (FIND_IS(y, '/') | FIND_IS(y, 'u'));
}

bool
fold_write(struct value v, bool tables, struct arena *a, struct buf *out)
{
	struct slice raw = json_raw(v);

	if (tables || find_next(raw, 0, may_be_shorter) < raw.len)
		return walk(v, tables, false, a, out);
	buf_add(out, json_compact(v, a));
	return false;
}

void
fold_undo(struct value v, struct arena *a, struct buf *out)
{
	walk(v, false, true, a, out);
}

bool
fold_may_have_rows(struct slice text)
{
	do {
		text = slice_drop(text, slice_find(text, '[') + 1);
		while (text.len && ascii_blank(text.ptr[0]))
			text = slice_drop(text, 1);
	} while (text.len && text.ptr[0] != '{');
	return text.len;
}

bool
fold_has_table(struct value v)
{
	struct slice raw = json_raw(v);

	return raw.len && memmem(raw.ptr, raw.len, "\"columns\"", 9) != NULL &&
	       memmem(raw.ptr, raw.len, "\"rows\"", 6) != NULL;
}

size_t
fold_length(struct slice s, size_t *stop)
{
	size_t depth = 0, i = 0;
	bool string = false;

	for (; i < s.len && !(string && s.ptr[i] == '\n'); i++) {
		char c = s.ptr[i];

		if (string) {
			i += c == '\\';
			string = c != '"';
		} else if (c == '"') {
			string = true;
		} else if (c == '[' || c == '{') {
			depth++;
		} else if (c == ']' || c == '}') {
			depth--;
		}
		if (!string && !depth)
			return i + 1;
	}
	*stop = i < s.len ? i : s.len;
	return 0;
}

bool
fold_search(struct json_search *s, struct slice text, struct arena *a)
{
	*s = (struct json_search){ 0 };
	for (struct slice rest = text; rest.len;) {
		if (rest.ptr[0] == '{' || rest.ptr[0] == '[') {
			s->lines = lines_read(text, a);
			return true;
		}
		rest = slice_drop(rest, slice_find(rest, '\n') + 1);
	}
	return false;
}

/* Moves to the next line, which keeps the count of the paragraph's quotes. */
static void
pass_line(struct json_search *s)
{
	const struct line *l = &s->lines.list[s->line++];

	if (l->flags & (LINE_BLANK | LINE_FENCED))
		memset(s->quotes, 0, sizeof(s->quotes));
	else
		quotes_count(l->text, s->quotes);
}

static bool
may_begin(const struct json_search *s)
{
	const struct line *l = &s->lines.list[s->line];
	size_t odd = 0;

	for (size_t k = 0; k < QUOTE_KINDS; k++)
		odd |= s->quotes[k] & 1;
	return l->text.len && (l->text.ptr[0] == '{' || l->text.ptr[0] == '[') && !odd &&
	       !(l->flags & (LINE_FENCED | LINE_LITERAL));
}

/* From the line on as far as the paragraph goes. */
static struct slice
paragraph(struct json_search *s)
{
	const struct line *list = s->lines.list;
	const char *begin = list[s->line].text.ptr;

	if (s->end <= s->line)
		s->end = s->line + 1;
	while (s->end < s->lines.count && !(list[s->end].flags & (LINE_BLANK | LINE_FENCED)))
		s->end++;
	return slice_of(
	    begin, (size_t)(list[s->end - 1].text.ptr + list[s->end - 1].text.len - begin));
}

static void
pass_until(struct json_search *s, const char *place)
{
	do
		pass_line(s);
	while (s->line < s->lines.count && s->lines.list[s->line].text.ptr <= place);
}

bool
fold_find(struct json_search *s, struct slice *found)
{
	while (s->line < s->lines.count) {
		struct slice text, rest;
		size_t end, stop = 0;

		if (!may_begin(s)) {
			pass_line(s);
			continue;
		}
		text = paragraph(s);
		end = fold_length(text, &stop);
		/* what does not close closes for none of the lines up to that place */
		pass_until(s, text.ptr + (end ? end - 1 : stop));
		rest = slice_drop(text, end);
		if (end && !slice_trim(slice_take(rest, slice_find(rest, '\n'))).len) {
			*found = slice_take(text, end);
			return true;
		}
	}
	return false;
}
