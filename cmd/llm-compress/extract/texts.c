/* SPDX-License-Identifier: MIT */
/* Texts as stretches: prose, and JSON whose records are chosen. */
#include "cmd/llm-compress/extract/extract.h"

#include "cmd/llm-compress/fold.h"
#include "cmd/llm-compress/log/log.h"
#include "cmd/llm-compress/table/table.h"

#define LARGE 200      /* bytes of JSON inside prose that is looked into */
#define LABEL_BYTES 60 /* of what stands before it on its line */

static bool
begins_json(struct slice s)
{
	return s.len && (s.ptr[0] == '{' || s.ptr[0] == '[');
}

/* Text as JSON; what the step "rows" made of its arrays is undone first. */
static struct slice
as_json(struct work *w, struct slice text)
{
	struct slice s = slice_trim(text);
	struct buf b = { 0 };

	if (begins_json(s) && table_undo(s, &w->json, w->arena, &b))
		s = arena_copy(w->arena, buf_slice(&b));
	buf_free(&b);
	return s;
}

/* Bytes before the bracket that begins the line, or stands behind a label and a colon there;
 * line.len where neither does. */
static size_t
bracket_of(struct slice line)
{
	size_t i = 0;

	if (!begins_json(line)) {
		i = slice_find(slice_take(line, LABEL_BYTES), ':') + 1;
		if (i > LABEL_BYTES)
			return line.len;
		while (i < line.len && line.ptr[i] == ' ')
			i++;
	}
	return begins_json(slice_drop(line, i)) ? i : line.len;
}

static struct extract_text *
push(struct work *w, struct extract_texts *t, struct piece *p, struct slice text)
{
	t->list = arena_more(w->arena, t->list, t->count, &t->room, sizeof(*t->list));
	t->list[t->count] = (struct extract_text){ .piece = p, .text = text };
	return &t->list[t->count++];
}

static bool
push_json(struct work *w, struct units *u, struct extract_texts *t, struct piece *p,
    struct slice text)
{
	struct slice json = as_json(w, text);
	size_t first = u->count;
	struct extract_text *x;

	if (!extract_records(u, json, &w->json))
		return false;
	x = push(w, t, p, text);
	*x = (struct extract_text){ p, first, u->count, text, json, false };
	return true;
}

/* JSON without records is no prose: it stays. */
static void
push_whole(struct work *w, struct units *u, struct extract_texts *t, struct piece *p,
    struct slice text)
{
	struct extract_text *x = push(w, t, p, text);

	x->first = u->count;
	units_push(u, text, UNIT_CODE, true)->pinned = true;
	x->last = u->count;
}

static void
push_prose(struct work *w, struct units *u, struct extract_texts *t, struct piece *p,
    struct slice text)
{
	struct extract_text *x = push(w, t, p, text);

	x->first = u->count;
	units_add(u, text);
	x->last = u->count;
}

/* The bytes of text up to the JSON; without the blanks between the two. */
static struct slice
prose_before(struct slice text, const char *end)
{
	size_t n = (size_t)(end - text.ptr);

	while (n && memchr(" \t\r\n", text.ptr[n - 1], 4))
		n--;
	return slice_take(text, n);
}

/* "JSON data:" stays with the data. */
static void
pin_label(struct units *u, const struct extract_text *prose)
{
	struct unit *last;

	if (prose->last == prose->first)
		return;
	last = &u->list[prose->last - 1];
	last->pinned |= last->text.len <= LABEL_BYTES && slice_ends(last->text, SLICE(":"));
}

/* Most prose has no line with such a bracket. */
static bool
has_bracket(struct slice text)
{
	while (text.len) {
		struct slice line = slice_take(text, slice_find(text, '\n'));

		if (bracket_of(line) < line.len)
			return true;
		text = slice_drop(text, line.len + 1);
	}
	return false;
}

/* Cuts the text at large values of JSON that end their line, outside fences. */
static void
push_stretches(struct work *w, struct units *u, struct extract_texts *t, struct piece *p,
    struct slice text)
{
	struct lines lines = lines_read(text, w->arena);
	const char *done = text.ptr; /* up to here all is pushed */

	for (size_t i = 0; i < lines.count;) {
		const struct line *l = &lines.list[i++];
		size_t at = bracket_of(l->text), n, stop = 0;
		struct slice rest = slice_drop(text, (size_t)(l->text.ptr - text.ptr) + at);

		if (at == l->text.len || l->flags & LINE_FENCED)
			continue;
		n = fold_length(rest, &stop);
		/* what does not close closes for none of the lines up to that place */
		while (i < lines.count && lines.list[i].text.ptr < rest.ptr + (n ? n : stop))
			i++;
		l = &lines.list[i - 1];
		if (n < LARGE || rest.ptr + n < l->text.ptr ||
		    slice_trim(slice_drop(l->text, (size_t)(rest.ptr + n - l->text.ptr))).len)
			continue;
		push_prose(w, u, t, p,
		    prose_before(
			slice_of(done, (size_t)(text.ptr + text.len - done)), rest.ptr));
		if (!push_json(w, u, t, p, slice_take(rest, n)))
			push_whole(w, u, t, p, slice_take(rest, n));
		pin_label(u, &t->list[t->count - 2]);
		done = rest.ptr + n;
	}
	push_prose(w, u, t, p, slice_of(done, (size_t)(text.ptr + text.len - done)));
}

bool
extract_add(struct work *w, struct units *u, struct extract_texts *t, struct piece *p)
{
	struct slice text = log_plain(w, p->now);
	size_t known = t->count, before = u->count;
	bool json = begins_json(slice_trim(text));

	if (!json || !push_json(w, u, t, p, text)) {
		if (json && json_type(json_root(&w->json)) >= JSON_ARRAY)
			return false; /* JSON without records is no prose */
		if (has_bracket(text))
			push_stretches(w, u, t, p, text);
		else
			push_prose(w, u, t, p, text);
	}
	if (u->count == before) {
		t->count = known;
		return false;
	}
	for (size_t i = known; i + 1 < t->count; i++)
		t->list[i].more = true;
	return true;
}
