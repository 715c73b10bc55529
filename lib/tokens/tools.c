/* SPDX-License-Identifier: MIT */
#include "base/buf.h"
#include "tokens/tokenizer.h"

/* Of each set of properties, property, and list of values; of all functions together. */
#define SET_BEGINS 3
#define PROPERTY 3
#define LIST_BEGINS (-3)
#define LIST_ITEM 3
#define ALL_END 12

/* Deeper schemas than this are counted by their names no further. */
#define DEPTH_MOST 16

struct rendering {
	const struct tokenizer *t;
	struct arena *a;
	struct buf line;
	int64_t count;
};

static struct slice
text_of(struct rendering *r, struct value v)
{
	return json_type(v) == JSON_STRING ? json_string(v, r->a) : json_raw(v);
}

/* A description is written without the full stop it ends in. */
static struct slice
without_stop(struct slice s)
{
	return s.len && s.ptr[s.len - 1] == '.' ? slice_take(s, s.len - 1) : s;
}

/* The parts of a line are joined by colons. */
static void
count_line(struct rendering *r, const struct slice *part, size_t parts)
{
	buf_clear(&r->line);
	for (size_t i = 0; i < parts; i++) {
		if (i)
			buf_add_byte(&r->line, ':');
		buf_add(&r->line, part[i]);
	}
	r->count += (int64_t)encoding_count(r->t->encoding, buf_slice(&r->line));
}

static void
count_values(struct rendering *r, struct value list)
{
	if (json_type(list) != JSON_ARRAY)
		return;
	r->count += LIST_BEGINS;
	for (struct value v = json_first(list); json_type(v); v = json_next(v))
		r->count += LIST_ITEM + (int64_t)encoding_count(r->t->encoding, text_of(r, v));
}

static void count_properties(struct rendering *r, struct value schema, unsigned depth);

static void
count_property(struct rendering *r, struct slice name, struct value schema, unsigned depth)
{
	struct slice part[3] = { name, text_of(r, json_get(schema, "type")),
		without_stop(text_of(r, json_get(schema, "description"))) };

	r->count += PROPERTY;
	count_line(r, part, 3);
	count_values(r, json_get(schema, "enum"));
	count_properties(r, schema, depth + 1);
	count_properties(r, json_get(schema, "items"), depth + 1);
}

static void
count_properties(struct rendering *r, struct value schema, unsigned depth)
{
	struct value properties = json_get(schema, "properties");

	if (json_type(properties) != JSON_OBJECT || !json_length(properties) ||
	    depth > DEPTH_MOST)
		return;
	r->count += SET_BEGINS;
	for (struct value k = json_first(properties); json_type(k); k = json_next(k))
		count_property(r, json_string(k, r->a), json_member_value(k), depth);
}

/* In chat the function is a member of the tool, in responses the tool itself. */
static bool
count_function(struct rendering *r, struct value tool)
{
	struct value f = json_get(tool, "function");
	struct slice part[2];

	if (json_type(f) != JSON_OBJECT)
		f = tool;
	if (json_type(json_get(f, "name")) != JSON_STRING)
		return false;
	part[0] = text_of(r, json_get(f, "name"));
	part[1] = without_stop(text_of(r, json_get(f, "description")));
	r->count += r->t->family->function;
	count_line(r, part, 2);
	count_properties(r, json_get(f, "parameters"), 0);
	return true;
}

bool
tools_count(const struct tokenizer *t, struct value tools, struct arena *a, uint64_t *count)
{
	struct rendering r = { .t = t, .a = a, .count = ALL_END };
	bool good = true;

	for (struct value v = json_first(tools); good && json_type(v); v = json_next(v))
		good = count_function(&r, v);
	buf_free(&r.line);
	*count = r.count > 0 ? (uint64_t)r.count : 0;
	return good;
}
