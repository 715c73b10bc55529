/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/mem.h"
#include "money/price_build.h"
#include "money/price_load.h"
#include "money/price_table.h"
#include "stream/file.h"

static bool
is_own(struct value row)
{
	return json_type(json_get(row, "model")) == JSON_STRING ||
	       json_type(json_get(row, "fallback")) == JSON_ARRAY ||
	       json_type(json_get(row, "date")) == JSON_STRING;
}

static bool
is_litellm(struct value table)
{
	for (struct value k = json_first(table); json_type(k); k = json_next(k)) {
		struct value v = json_member_value(k);

		if (json_type(json_get(v, "litellm_provider")) ||
		    json_type(json_get(v, "input_cost_per_token")))
			return true;
	}
	return false;
}

/* Told apart by content. */
static void
build_value(struct price_build *b, struct value v)
{
	struct value first = json_first(v), providers = json_get(v, "providers");

	if (json_type(v) == JSON_OBJECT && json_type(providers) == JSON_ARRAY)
		build_genai(b, providers);
	else if (json_type(v) == JSON_OBJECT && is_own(v))
		build_own(b, v);
	else if (json_type(v) == JSON_OBJECT && is_litellm(v))
		build_litellm(b, v);
	else if (json_type(v) == JSON_ARRAY &&
		 json_type(json_get(first, "models")) == JSON_ARRAY)
		build_genai(b, v);
	else if (json_type(v) == JSON_ARRAY && is_own(first))
		for (; json_type(first) && !b->why; first = json_next(first))
			build_own(b, first);
	else
		b->why = "no price table of a form that is known, see llm-prices(5)";
}

/* One JSON text, or one a line; *line is where it went wrong. */
static void
build_text(struct price_build *b, struct slice text, size_t *line)
{
	struct json json = { 0 };
	size_t where, next;
	const char *why;

	*line = 1;
	if (json_scan(&json, text, &why, &where)) {
		build_value(b, json_root(&json));
		json_free(&json);
		return;
	}
	for (; text.len && !b->why; text = slice_drop(text, next + 1)) {
		struct slice one = slice_trim(slice_take(text, next = slice_find(text, '\n')));

		if (one.len && !json_scan(&json, one, &why, &where))
			b->why = why;
		else if (one.len)
			build_value(b, json_root(&json));
		*line += !b->why;
	}
	json_free(&json);
}

static int
line_order(const void *a, const void *b)
{
	return slice_cmp(*(const struct slice *)a, *(const struct slice *)b);
}

/* The lines of the text in byte order, in memory that stays; equal ones once. */
static struct slice
sorted(struct slice text)
{
	struct slice *line = NULL;
	struct buf out = { 0 };
	size_t count = 0, room = 0, n;

	for (; text.len; text = slice_drop(text, n + 1)) {
		n = slice_find(text, '\n');
		if (count == room)
			line = mem_grow(line, room = room ? room * 2 : 256, sizeof(*line));
		line[count++] = slice_take(text, n);
	}
	if (count)
		qsort(line, count, sizeof(*line), line_order);
	for (size_t i = 0; i < count; i++) {
		if (i && slice_eq(line[i], line[i - 1]))
			continue;
		buf_add(&out, line[i]);
		buf_add_byte(&out, '\n');
	}
	free(line);
	return buf_slice(&out);
}

void
prices_build(struct price_build *b, struct slice text, size_t *line)
{
	if (slice_starts(text, SLICE("\xEF\xBB\xBF")))
		text = slice_drop(text, 3);
	build_text(b, text, line);
	if (!b->why && !b->count)
		b->why = "no price table of a form that is known, see llm-prices(5)";
}

void
prices_build_close(struct price_build *b)
{
	buf_free(&b->rows);
	buf_free(&b->names);
	arena_close(&b->arena);
}

/* "place: reason" in memory that lives until the next one. */
static const char *
complaint(const char *name, size_t line, const char *reason)
{
	static struct buf message;

	buf_clear(&message);
	if (line)
		buf_printf(&message, "%s:%zu: %s", name, line, reason);
	else
		buf_printf(&message, "%s: %s", name, reason);
	buf_add_byte(&message, 0);
	return message.data;
}

const char *
prices_read(const char *name, struct slice text)
{
	struct price_build b = { 0 };
	struct price_layer layer;
	const char *why = NULL;
	size_t line;

	prices_build(&b, text, &line);
	if (b.why) {
		why = complaint(name, line, b.why);
	} else {
		layer =
		    (struct price_layer){ mem_string(name), *b.date ? mem_string(b.date) : NULL,
			    sorted(buf_slice(&b.rows)), sorted(buf_slice(&b.names)), 0 };
		price_layer_add(&layer);
	}
	prices_build_close(&b);
	return why;
}

bool
prices_load(const char *file, const char **why)
{
	struct buf text = { 0 };

	if (file_read(file, &text))
		*why = prices_read(file, buf_slice(&text));
	else
		*why = complaint(file, 0, strerror(errno));
	buf_free(&text);
	return !*why;
}
