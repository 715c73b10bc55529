/* SPDX-License-Identifier: MIT */
/* Tables inside a JSON text, and the way back. */
#include "cmd/llm-compress/table/table.h"
#include "json/edit.h"
#include "json/write.h"

/* A stack of values that are still to be looked into. */
struct open {
	struct value *list;
	size_t count, room;
	struct arena *arena;
};

static void
push(struct open *o, struct value v)
{
	if (json_type(v) < JSON_STRING)
		return;
	o->list = arena_more(o->arena, o->list, o->count, &o->room, sizeof(*o->list));
	o->list[o->count++] = v;
}

static void
push_items(struct open *o, struct value v)
{
	bool object = json_type(v) == JSON_OBJECT;

	for (struct value k = json_first(v); json_type(k); k = json_next(k))
		push(o, object ? json_member_value(k) : k);
}

static struct slice
quoted(struct slice text, struct arena *a)
{
	struct buf b = { 0 };
	struct slice out;

	json_quote(&b, text);
	out = arena_copy(a, buf_slice(&b));
	buf_free(&b);
	return out;
}

static bool
scan(struct slice text, struct json *json)
{
	const char *why;
	size_t where;

	return text.len && (text.ptr[0] == '{' || text.ptr[0] == '[') &&
	       json_scan(json, text, &why, &where);
}

bool
table_fold(struct slice text, struct json *json, struct arena *a, struct buf *out)
{
	struct open o = { .arena = a };
	struct edits e = { 0 };
	bool any = false;

	if (!scan(text, json))
		return false;
	if (table_write(json_root(json), a, out))
		return true;
	push(&o, json_root(json));
	while (o.count) {
		struct value v = o.list[--o.count];
		struct buf b = { 0 };

		if (table_write(v, a, &b)) {
			edits_replace(&e, v, quoted(buf_slice(&b), a));
			any = true;
		} else {
			push_items(&o, v);
		}
		buf_free(&b);
	}
	if (any)
		edits_apply(&e, json, out);
	edits_free(&e);
	return any;
}

/* Strings of JSON that are tables. */
static bool
undo_json(struct slice text, struct json *json, struct arena *a, struct buf *out)
{
	struct open o = { .arena = a };
	struct edits e = { 0 };
	bool any = false;

	if (!scan(text, json))
		return false;
	push(&o, json_root(json));
	while (o.count) {
		struct value v = o.list[--o.count];
		struct slice s;
		struct buf b = { 0 };
		size_t length;

		if (json_type(v) != JSON_STRING) {
			push_items(&o, v);
			continue;
		}
		s = json_string(v, a);
		if (table_read(s, a, &b, &length) && length == s.len) {
			edits_replace(&e, v, arena_copy(a, buf_slice(&b)));
			any = true;
		}
		buf_free(&b);
	}
	if (any)
		edits_apply(&e, json, out);
	edits_free(&e);
	return any;
}

/* Tables that begin a line of the text, or JSON in a line that has some. */
bool
table_undo(struct slice text, struct json *json, struct arena *a, struct buf *out)
{
	bool any = false;

	while (text.len) {
		struct slice line = slice_take(text, slice_find(text, '\n'));
		struct buf b = { 0 };
		size_t length = line.len;

		if (table_read(text, a, &b, &length) || undo_json(line, json, a, &b)) {
			buf_add(out, buf_slice(&b));
			any = true;
		} else {
			length = line.len;
			buf_add(out, line);
		}
		buf_free(&b);
		text = slice_drop(text, length);
		if (text.len) {
			buf_add_byte(out, text.ptr[0]);
			text = slice_drop(text, 1);
		}
	}
	return any;
}
