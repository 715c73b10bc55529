/* SPDX-License-Identifier: MIT */
/* JSON whose records are chosen: it is JSON afterwards. */
#include "cmd/llm-compress/extract/extract.h"
#include "json/edit.h"

#define ITEMS 3    /* an array of fewer stays whole */
#define MEMBERS 12 /* so does an object of fewer members */
#define LARGE 200  /* bytes of a value that is looked into */
#define CONTAINERS 64

/* A container whose items are records. */
struct shelf {
	struct value at;
	bool object;
};

static bool
is_mark(struct value v)
{
	return slice_starts(json_string_raw(v), SLICE("[\xE2\x80\xA6"));
}

static bool
is_small(struct value v)
{
	return json_type(v) < JSON_ARRAY;
}

/* An object is a shelf where it has many members, all of them without members or all with. */
static bool
is_shelf(struct value v)
{
	size_t n = 0, large = 0;

	if (json_type(v) == JSON_ARRAY)
		return json_length(v) >= ITEMS;
	for (struct value k = json_first(v); json_type(k); k = json_next(k), n++) {
		if (is_mark(k)) /* it was one before */
			return true;
		large += !is_small(json_member_value(k));
	}
	return n >= MEMBERS && (!large || large == n);
}

/* The shelves of a value, outermost first and none inside another; bounded. */
static size_t
find_shelves(struct value root, struct shelf *list)
{
	struct value open[CONTAINERS];
	size_t depth = 0, count = 0;

	open[depth++] = root;
	while (depth && count < CONTAINERS) {
		struct value v = open[--depth];

		if (is_shelf(v)) {
			list[count++] = (struct shelf){ v, json_type(v) == JSON_OBJECT };
			continue;
		}
		for (struct value k = json_first(v); json_type(k); k = json_next(k)) {
			struct value item =
			    json_type(v) == JSON_OBJECT ? json_member_value(k) : k;

			if (json_is(k, "columns") && json_type(v) == JSON_OBJECT)
				continue; /* of a table: the rows are the records */
			if (!is_small(item) && json_raw(item).len >= LARGE &&
			    depth < CONTAINERS)
				open[depth++] = item;
		}
	}
	return count;
}

static struct slice
record_text(const struct shelf *s, struct value k)
{
	struct slice name = json_raw(k), value;

	if (!s->object)
		return name;
	value = json_raw(json_member_value(k));
	return slice_of(name.ptr, (size_t)(value.ptr + value.len - name.ptr));
}

static int
by_place(const struct shelf *a, const struct shelf *b)
{
	return a->at.entry < b->at.entry ? -1 : 1;
}

static size_t
sorted_shelves(struct value root, struct shelf *list)
{
	size_t n = find_shelves(root, list);

	for (size_t i = 1; i < n; i++)
		for (size_t k = i; k && by_place(&list[k], &list[k - 1]) < 0; k--) {
			struct shelf t = list[k];

			list[k] = list[k - 1];
			list[k - 1] = t;
		}
	return n;
}

/* Units are ranked by what their strings say; side by side still, as sections have it. */
static void
unescape(struct units *u, size_t first, struct slice text)
{
	char *to;

	if (slice_find(text, '\\') == text.len)
		return;
	to = arena_alloc(u->arena, text.len);
	for (size_t i = first; i < u->count; i++) {
		struct slice s = json_string_unescaped(u->list[i].text, u->arena);

		memcpy(to, s.ptr, s.len);
		u->list[i].text = slice_of(to, s.len);
		to += s.len;
	}
}

bool
extract_records(struct units *u, struct slice text, struct json *json)
{
	struct shelf list[CONTAINERS];
	const char *why;
	size_t where, n, before = u->count;

	/* json_root() is absent after a scan that failed */
	if (!json_scan(json, text, &why, &where))
		return false;
	n = sorted_shelves(json_root(json), list);
	for (size_t i = 0; i < n; i++) {
		for (struct value k = json_first(list[i].at); json_type(k); k = json_next(k)) {
			if (is_mark(k))
				continue;
			units_push(u, record_text(&list[i], k), UNIT_RECORD, true);
		}
	}
	unescape(u, before, text);
	return u->count > before;
}

/* Takes out what is not kept of one shelf, and says how many of how many. */
static size_t
edit_shelf(struct edits *e, const struct shelf *s, const bool *keep, struct arena *a)
{
	struct value mark = { 0 };
	size_t left = 0, i = 0;

	for (struct value k = json_first(s->at); json_type(k); k = json_next(k)) {
		if (is_mark(k)) {
			mark = k;
			continue;
		}
		if (!keep[i++]) {
			edits_remove(e, k);
			left++;
		}
	}
	if (left && !json_type(mark)) {
		struct slice say =
		    arena_printf(a, "\"[\xE2\x80\xA6] %zu of %zu left out\"", left, i);

		if (s->object)
			edits_set(e, s->at, "[\xE2\x80\xA6]",
			    arena_printf(a, "\"%zu of %zu left out\"", left, i));
		else
			edits_insert(e, s->at, (struct value){ 0 }, say);
	}
	return i;
}

struct slice
extract_write_records(const struct units *u, size_t first, size_t last, const bool *keep,
    struct slice text, struct json *json, struct arena *a)
{
	struct shelf list[CONTAINERS];
	struct edits e = { 0 };
	struct buf out = { 0 };
	struct slice result;
	const char *why;
	size_t where, n, at = first;

	(void)u;
	(void)last;
	if (!json_scan(json, text, &why, &where))
		return text;
	n = sorted_shelves(json_root(json), list);
	for (size_t i = 0; i < n; i++)
		at += edit_shelf(&e, &list[i], keep + at, a);
	edits_apply(&e, json, &out);
	result = arena_copy(a, buf_slice(&out));
	buf_free(&out);
	edits_free(&e);
	return result;
}
