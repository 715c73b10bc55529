/* SPDX-License-Identifier: MIT */
/* The changes are sorted by the entry that they touch, so that one sweep from left to right
 * splices the text. Commas are decided on the spot: the sweep knows what it removed last. */
#include <stdlib.h>

#include "json/bytes.h"
#include "json/edit_list.h"
#include "json/write.h"

struct sweep {
	struct edits *edits;
	const struct json *json;
	struct buf *out;
	size_t done;      /* offset in the text up to which all is written or left out */
	uint32_t covered; /* entries before this one are inside a changed value */
	/* the last removal: the sibling or bracket behind it, and whether all siblings before
	 * that are gone too */
	uint32_t behind;
	bool all_gone;
	/* inserts whose item is removed wait for the sibling or bracket behind it */
	size_t first_waiting, last_waiting;
	uint32_t waiting_for;
};

/* What the changes of one member or item come to. */
struct verdict_of {
	const struct edit *name, *value;
	bool removed;
};

static struct edit *
edit_at(struct sweep *s, size_t index)
{
	return &s->edits->list[index - 1];
}

static char
byte_at(const struct sweep *s, uint32_t entry)
{
	return entry < s->json->count ? s->json->text.ptr[s->json->at[entry]] : '\0';
}

static void
copy_to(struct sweep *s, size_t offset)
{
	if (offset > s->done) {
		buf_add(s->out, slice_of(s->json->text.ptr + s->done, offset - s->done));
		s->done = offset;
	}
}

static void
leave_out_to(struct sweep *s, size_t offset)
{
	if (offset > s->done)
		s->done = offset;
}

/* The offset behind the value, name or member that ends with the entry. */
static size_t
end_of(const struct sweep *s, uint32_t last)
{
	const char *text = s->json->text.ptr;
	size_t start = s->json->at[last], end = s->json->at[last + 1];

	if (strchr("\"]}", text[start]))
		return start + 1;
	while (bytes_blank(text[end - 1]))
		end--;
	return end;
}

/* Recursion goes as deep as the path that a tool gave to edits_set_path. */
static void
write_edit(struct sweep *s, const struct edit *edit)
{
	if (edit->name.ptr) {
		json_quote(s->out, edit->name);
		buf_add_byte(s->out, ':');
	}
	if (edit->raw.ptr) {
		buf_add(s->out, edit->raw);
		return;
	}
	buf_add_byte(s->out, '{');
	for (size_t i = edit->first_child; i; i = edit_at(s, i)->next_child) {
		if (i != edit->first_child)
			buf_add_byte(s->out, ',');
		write_edit(s, edit_at(s, i));
	}
	buf_add_byte(s->out, '}');
}

static void
wait_for(struct sweep *s, size_t index, uint32_t entry)
{
	if (s->last_waiting)
		edit_at(s, s->last_waiting)->waiting = index;
	else
		s->first_waiting = index;
	s->last_waiting = index;
	s->waiting_for = entry;
}

/* Writes what waits before an item that stays. */
static void
write_waiting(struct sweep *s, uint32_t entry)
{
	if (!s->first_waiting)
		return;
	copy_to(s, s->json->at[entry]);
	for (size_t i = s->first_waiting; i; i = edit_at(s, i)->waiting) {
		write_edit(s, edit_at(s, i));
		buf_add_byte(s->out, ',');
	}
	s->first_waiting = s->last_waiting = 0;
}

/* Writes what waits before a closing bracket, behind the last item. */
static void
write_at_end(struct sweep *s, uint32_t bracket)
{
	const char *text = s->json->text.ptr;
	size_t end = s->json->at[bracket];
	char before = byte_at(s, bracket - 1);
	bool comma = before != '{' && before != '[' && !(s->behind == bracket && s->all_gone);

	/* a closing bracket before this one is not a sign of emptiness, an opening one is */
	while (bytes_blank(text[end - 1]))
		end--;
	copy_to(s, end);
	for (size_t i = s->first_waiting; i; i = edit_at(s, i)->waiting) {
		if (comma)
			buf_add_byte(s->out, ',');
		write_edit(s, edit_at(s, i));
		comma = true;
	}
	s->first_waiting = s->last_waiting = 0;
}

/* Inserts that wait for an entry before this one can wait no longer. */
static void
settle(struct sweep *s, uint32_t entry)
{
	if (!s->first_waiting || s->waiting_for >= entry)
		return;
	if (strchr("]}", byte_at(s, s->waiting_for)))
		write_at_end(s, s->waiting_for);
	else
		write_waiting(s, s->waiting_for);
}

/* Takes the comma before it along, or the one behind it if nothing before it is left. */
static void
remove_item(struct sweep *s, uint32_t entry)
{
	const uint32_t *at = s->json->at;
	uint32_t last = s->json->mate[entry], behind = last + 1;
	char before = byte_at(s, entry - 1);
	bool first = before == '{' || before == '[' || (s->behind == entry && s->all_gone);
	bool more = byte_at(s, behind) == ',';

	copy_to(s, first ? at[entry] : at[entry - 1]);
	leave_out_to(s, first && more ? at[behind + 1] : end_of(s, last));
	s->behind = more ? behind + 1 : behind;
	s->all_gone = first;
	s->waiting_for = s->behind;
	s->covered = behind;
}

static void
replace(struct sweep *s, const struct edit *edit, uint32_t last)
{
	copy_to(s, s->json->at[edit->target]);
	write_edit(s, edit);
	leave_out_to(s, end_of(s, last));
}

/* The changes sorted[0 .. count) all touch the member or item at the entry. */
static void
apply_item(struct sweep *s, uint32_t entry, const size_t *sorted, size_t count)
{
	struct verdict_of v = { .removed = false };

	for (size_t i = 0; i < count; i++) {
		const struct edit *edit = edit_at(s, sorted[i]);

		if (edit->kind == EDIT_INSERT) {
			wait_for(s, sorted[i], entry);
		} else if (edit->kind == EDIT_REMOVE) {
			v.removed = true;
		} else if (edit->target == entry && edit_is_name(s->json, entry)) {
			v.name = edit;
		} else {
			v.value = edit;
			v.removed = false;
		}
	}
	if (v.removed) {
		remove_item(s, entry);
		return;
	}
	write_waiting(s, entry);
	if (v.name)
		replace(s, v.name, entry + 1);
	if (v.value) {
		replace(s, v.value, s->json->mate[entry]);
		s->covered = s->json->mate[entry] + 1;
	}
}

static void
apply_end(struct sweep *s, uint32_t bracket, const size_t *sorted, size_t count)
{
	for (size_t i = 0; i < count; i++)
		wait_for(s, sorted[i], bracket);
	write_at_end(s, bracket);
}

static const struct edit *sort_base;

static int
compare_edits(const void *left, const void *right)
{
	size_t a = *(const size_t *)left, b = *(const size_t *)right;
	uint32_t x = sort_base[a - 1].key, y = sort_base[b - 1].key;

	return x != y ? (x > y) - (x < y) : (a > b) - (a < b);
}

/* Puts indices of the changes by entry, then in the order in which they came, into e->sorted;
 * returns how many. */
static size_t
sort_edits(struct edits *e)
{
	size_t *sorted = e->sorted, n = 0;
	bool in_order = true;

	for (size_t i = 1; i <= e->count; i++) {
		e->list[i - 1].waiting = 0;
		if (e->list[i - 1].kind == EDIT_CHILD)
			continue;
		in_order = in_order &&
			   (n == 0 || e->list[sorted[n - 1] - 1].key <= e->list[i - 1].key);
		sorted[n++] = i;
	}
	sort_base = e->list;
	if (!in_order)
		qsort(sorted, n, sizeof(*sorted), compare_edits);
	return n;
}

void
edits_apply(struct edits *e, const struct json *j, struct buf *out)
{
	struct sweep s = { .edits = e, .json = j, .out = out };
	size_t count = sort_edits(e), group;
	const size_t *sorted = e->sorted;

	for (size_t i = 0; i < count; i += group) {
		uint32_t key = edit_at(&s, sorted[i])->key;

		for (group = 1;
		     i + group < count && edit_at(&s, sorted[i + group])->key == key;)
			group++;
		if (key < s.covered)
			continue;
		settle(&s, key);
		if (edit_at(&s, sorted[i])->kind == EDIT_APPEND)
			apply_end(&s, key, sorted + i, group);
		else
			apply_item(&s, key, sorted + i, group);
	}
	settle(&s, j->count);
	copy_to(&s, j->text.len);
	edits_clear(e);
}
