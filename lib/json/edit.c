/* SPDX-License-Identifier: MIT */
#include "json/edit.h"

#include <stdlib.h>

#include "base/mem.h"
#include "json/edit_list.h"

/* A new change; valid until the next is added. Returns its index, from 1. */
static size_t
add(struct edits *e, enum edit_kind kind, uint32_t key, struct slice raw)
{
	if (e->count == e->room) {
		e->room = e->room ? e->room * 2 : 16;
		e->list = mem_grow(e->list, e->room, sizeof(*e->list));
		e->sorted = mem_grow(e->sorted, e->room, sizeof(*e->sorted));
	}
	e->list[e->count] = (struct edit){ .kind = kind, .key = key, .raw = raw };
	return ++e->count;
}

static struct edit *
edit_at(struct edits *e, size_t index)
{
	return &e->list[index - 1];
}

/* The name of the member whose value stands at the entry, or the entry itself. */
static uint32_t
holder_of(const struct json *j, uint32_t entry)
{
	return entry >= 3 && j->text.ptr[j->at[entry - 1]] == ':' ? entry - 3 : entry;
}

void
edits_replace(struct edits *e, struct value v, struct slice raw)
{
	size_t i;

	if (!v.json)
		return;
	i = add(e, EDIT_REPLACE, holder_of(v.json, v.entry), raw);
	edit_at(e, i)->target = v.entry;
}

void
edits_remove(struct edits *e, struct value item)
{
	if (item.json && item.entry)
		add(e, EDIT_REMOVE, item.entry, slice_of(NULL, 0));
}

static size_t
append(struct edits *e, struct value container, struct slice name, struct slice raw)
{
	size_t i = add(e, EDIT_APPEND, container.json->mate[container.entry], raw);

	edit_at(e, i)->name = name;
	edit_at(e, i)->appended = e->appended;
	e->appended = i;
	return i;
}

void
edits_insert(struct edits *e, struct value array, struct value item, struct slice raw)
{
	if (item.json)
		add(e, EDIT_INSERT, item.entry, raw);
	else if (json_type(array) == JSON_ARRAY)
		append(e, array, slice_of(NULL, 0), raw);
}

/* The change that appends the name to the object, or 0. */
static size_t
find_appended(struct edits *e, struct value object, struct slice name)
{
	uint32_t key = object.json->mate[object.entry];
	size_t i = e->appended;

	while (i && !(edit_at(e, i)->key == key && edit_at(e, i)->name.ptr &&
			slice_eq(edit_at(e, i)->name, name)))
		i = edit_at(e, i)->appended;
	return i;
}

static size_t
find_child(struct edits *e, size_t parent, struct slice name)
{
	size_t i = edit_at(e, parent)->first_child;

	while (i && !slice_eq(edit_at(e, i)->name, name))
		i = edit_at(e, i)->next_child;
	return i;
}

/* Another text for a member that an earlier change adds; made members below it go. */
static void
set_raw(struct edit *edit, struct slice raw)
{
	edit->raw = raw;
	edit->first_child = edit->last_child = 0;
}

static void
set_member(struct edits *e, struct value object, struct slice name, struct slice raw)
{
	struct value old = json_get_slice(object, name);
	size_t i;

	if (old.json) {
		edits_replace(e, old, raw);
		return;
	}
	i = find_appended(e, object, name);
	if (i)
		set_raw(edit_at(e, i), raw);
	else
		append(e, object, name, raw);
}

void
edits_set(struct edits *e, struct value object, const char *name, struct slice raw)
{
	if (json_type(object) == JSON_OBJECT)
		set_member(e, object, slice_z(name), raw);
}

/* The change that makes the member; raw.ptr NULL: an object without members as yet. */
static size_t
set_child(struct edits *e, size_t parent, struct slice name, struct slice raw)
{
	size_t i = find_child(e, parent, name), last = edit_at(e, parent)->last_child;

	if (i) {
		set_raw(edit_at(e, i), raw);
		return i;
	}
	i = add(e, EDIT_CHILD, 0, raw);
	edit_at(e, i)->name = name;
	if (last)
		edit_at(e, last)->next_child = i;
	else
		edit_at(e, parent)->first_child = i;
	edit_at(e, parent)->last_child = i;
	return i;
}

/* The rest of a path below an object that does not stand in the text. False where an earlier
 * change put a text of its own on the way. */
static bool
set_made(
    struct edits *e, size_t made, const char *const names[], size_t count, struct slice raw)
{
	for (size_t i = 0; i + 1 < count; i++) {
		size_t child;

		if (edit_at(e, made)->raw.ptr)
			return false;
		child = find_child(e, made, slice_z(names[i]));
		made = child ? child : set_child(e, made, slice_z(names[i]), slice_of(NULL, 0));
	}
	if (edit_at(e, made)->raw.ptr)
		return false;
	set_child(e, made, slice_z(names[count - 1]), raw);
	return true;
}

/* The member of that name; *twice where there are two. */
static struct value
only_member(struct value object, struct slice name, bool *twice)
{
	struct slice before = object.json->twice;
	struct value v;

	object.json->twice = slice_of(NULL, 0);
	v = json_get_slice(object, name);
	*twice = object.json->twice.ptr;
	if (!*twice)
		object.json->twice = before;
	return v;
}

bool
edits_set_path(struct edits *e, struct value root, const char *const names[], size_t count,
    struct slice raw)
{
	struct value v = root;
	bool twice;

	for (size_t i = 0; i < count; i++) {
		struct slice name = slice_z(names[i]);
		struct value child;
		size_t made;

		if (json_type(v) != JSON_OBJECT)
			return false;
		child = only_member(v, name, &twice);
		if (twice)
			return false;
		if (i + 1 == count) {
			set_member(e, v, name, raw);
			return true;
		}
		if (!child.json) {
			made = find_appended(e, v, name);
			if (!made)
				made = append(e, v, name, slice_of(NULL, 0));
			return set_made(e, made, names + i + 1, count - i - 1, raw);
		}
		v = child;
	}
	return false;
}

void
edits_clear(struct edits *e)
{
	e->count = 0;
	e->appended = 0;
}

void
edits_free(struct edits *e)
{
	free(e->list);
	free(e->sorted);
	*e = (struct edits){ .count = 0 };
}
