/* SPDX-License-Identifier: MIT */
#include "json/canon.h"

#include <stdlib.h>

#include "json/canon_parts.h"
#include "json/text.h"

#define FEW 16

struct member {
	struct value name;
	struct slice raw; /* between the quotes */
};

/* An object or array that is being written. */
struct frame {
	bool object;
	bool written;          /* an item or member stands already */
	struct value next;     /* of an array: the item that comes */
	struct member *sorted; /* of an object: the members that come */
	size_t count;
};

struct canon {
	canon_skip skip;
	void *context;
	struct arena *arena;
	struct buf *out;
	struct frame *frames;
	unsigned depth, room;
	struct canon_plan *plan; /* that is being made, or NULL */
};

/* One code unit of UTF-16 at a time; a low surrogate waits in *low. */
static uint32_t
take_unit(struct slice *text, uint32_t *low)
{
	uint32_t c = *low;

	if (c) {
		*low = 0;
		return c;
	}
	c = text_take(text);
	if (c < 0x10000)
		return c;
	*low = 0xDC00 | (c & 0x3FF);
	return 0xD800 + ((c - 0x10000) >> 10);
}

static bool
is_plain(char c)
{
	return (unsigned char)c < 0x80 && c != '\\';
}

/* The order of RFC 8785 section 3.2.3. */
static int
compare_names(struct slice a, struct slice b)
{
	uint32_t low_a = 0, low_b = 0;
	size_t same = 0;

	/* what needs no decoding, quickly */
	while (
	    same < a.len && same < b.len && a.ptr[same] == b.ptr[same] && is_plain(a.ptr[same]))
		same++;
	a = slice_drop(a, same);
	b = slice_drop(b, same);
	/* so is what differs, nearly always */
	if (a.len && b.len && is_plain(*a.ptr) && is_plain(*b.ptr))
		return *a.ptr < *b.ptr ? -1 : 1;

	for (;;) {
		bool end_a = !a.len && !low_a, end_b = !b.len && !low_b;
		uint32_t x, y;

		if (end_a || end_b)
			return (int)end_b - (int)end_a;
		x = take_unit(&a, &low_a);
		y = take_unit(&b, &low_b);
		if (x != y)
			return x < y ? -1 : 1;
	}
}

/* Members of one name keep the order in which they stand. */
static int
compare_members(const void *left, const void *right)
{
	const struct member *a = left, *b = right;
	int c = compare_names(a->raw, b->raw);

	return c ? c : (a->name.entry > b->name.entry) - (a->name.entry < b->name.entry);
}

/* By insertion: qsort costs more than it saves for what most objects have. */
static void
sort_few(struct member *list, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		struct member m = list[i];
		size_t at = i;

		for (; at > 0 && compare_members(&list[at - 1], &m) > 0; at--)
			list[at] = list[at - 1];
		list[at] = m;
	}
}

static void
sort_members(struct json *j, struct member *list, size_t count)
{
	bool sorted = true;

	for (size_t i = 1; i < count && sorted; i++)
		sorted = compare_names(list[i - 1].raw, list[i].raw) < 0;
	if (sorted)
		return;
	if (count <= FEW)
		sort_few(list, count);
	else
		qsort(list, count, sizeof(*list), compare_members);
	for (size_t i = 1; i < count; i++)
		if (compare_names(list[i - 1].raw, list[i].raw) == 0)
			j->twice = list[i].raw;
}

static struct frame *
push(struct canon *c)
{
	if (c->depth == c->room) {
		unsigned room = c->room ? c->room * 2 : 16;
		struct frame *frames = arena_alloc(c->arena, room * sizeof(*frames));

		if (c->depth)
			memcpy(frames, c->frames, c->depth * sizeof(*frames));
		c->frames = frames;
		c->room = room;
	}
	return &c->frames[c->depth++];
}

static void
open_object(struct canon *c, struct value v)
{
	struct frame *f = push(c);

	*f = (struct frame){ .object = true };
	f->sorted = arena_alloc(c->arena, json_length(v) * sizeof(*f->sorted));
	for (struct value k = json_first(v); json_type(k); k = json_next(k)) {
		if (c->skip && c->skip(c->context, c->depth, json_string(k, c->arena)))
			continue;
		f->sorted[f->count++] = (struct member){ k, json_string_raw(k) };
	}
	sort_members(v.json, f->sorted, f->count);
	buf_add_byte(c->out, '{');
}

static void
write_value(struct canon *c, struct value v)
{
	switch (json_type(v)) {
	case JSON_OBJECT: open_object(c, v); break;
	case JSON_ARRAY:
		*push(c) = (struct frame){ .next = json_first(v) };
		buf_add_byte(c->out, '[');
		break;
	default:
		plan_note(c->plan, v, c->out);
		canon_leaf(v, c->out);
		plan_noted(c->plan, c->out);
	}
}

/* The next item or member of the innermost container, or its end. */
static void
step(struct canon *c)
{
	struct frame *f = &c->frames[c->depth - 1];
	struct value item = f->next;

	if (f->object ? !f->count : !item.json) {
		buf_add_byte(c->out, f->object ? '}' : ']');
		c->depth--;
		return;
	}
	if (f->written)
		buf_add_byte(c->out, ',');
	f->written = true;
	if (f->object) {
		canon_string(f->sorted->raw, c->out);
		buf_add_byte(c->out, ':');
		item = json_member_value(f->sorted->name);
		f->sorted++;
		f->count--;
	} else {
		f->next = json_next(item);
	}
	write_value(c, item);
}

static void
write_all(struct canon *c, struct value v)
{
	write_value(c, v);
	while (c->depth)
		step(c);
}

void
canon_write(struct value v, canon_skip skip, void *context, struct arena *a, struct buf *out)
{
	struct canon c = { .skip = skip, .context = context, .arena = a, .out = out };

	if (v.json)
		write_all(&c, v);
}

void
canon_write_planned(struct canon_plans *plans, struct value v, canon_skip skip, void *context,
    struct arena *a, struct buf *out)
{
	struct canon c = { .skip = skip, .context = context, .arena = a, .out = out };

	if (plan_write(plans, v, out))
		return;
	c.plan = plan_begin(plans, v, out);
	write_all(&c, v);
	plan_note(c.plan, (struct value){ 0 }, out);
}
