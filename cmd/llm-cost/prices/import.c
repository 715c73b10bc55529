/* SPDX-License-Identifier: MIT */
/* llm-cost prices import: LiteLLM's file or the data of genai-prices as rows of our own form.
 */
#include <errno.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/when.h"
#include "json/write.h"
#include "money/price_load.h"
#include "prices.h"
#include "stream/file.h"

/* The patterns of each model, as JSON strings with commas, by "provider TAB model". */
struct matches {
	struct hash_map models;
	struct buf *list;
};

static struct slice
column(struct slice *rest, char separator)
{
	size_t n = slice_find(*rest, separator);
	struct slice s = slice_take(*rest, n);

	*rest = slice_drop(*rest, n + 1);
	return s;
}

static struct slice
key_of(struct slice provider, struct slice model, struct arena *a)
{
	return arena_printf(a, "%.*s\t%.*s", SLICE_ARG(provider), SLICE_ARG(model));
}

/* provider TAB name TAB model, or provider TAB TAB pattern TAB model; without a model the
 * pattern takes names away, and goes with the model named last. */
static void
add_match(struct matches *m, struct slice line, struct slice *last, struct arena *a)
{
	struct slice provider = column(&line, '\t'), name = column(&line, '\t'), model, key;
	bool away, added;
	size_t i;

	if (!name.len)
		name = column(&line, '\t');
	model = line;
	away = !model.len;
	key = away ? *last : key_of(provider, model, a);
	if (!key.len || (!away && slice_eq(name, model)))
		return;
	*last = key;
	i = hash_map_add(&m->models, key, &added);
	if (added) {
		m->list = mem_grow(m->list, m->models.count, sizeof(*m->list));
		m->list[i] = (struct buf){ 0 };
	}
	if (m->list[i].len)
		buf_add_byte(&m->list[i], ',');
	json_quote(&m->list[i], away ? arena_printf(a, "!%.*s", SLICE_ARG(name)) : name);
}

/* The row with its patterns behind the model; they are said once, on the first row. */
static void
write_row(
    struct matches *m, struct slice line, struct json *json, struct buf *out, struct arena *a)
{
	struct value root = json_root(json), model = json_get(root, "model");
	struct slice raw = json_raw(model), key;
	size_t i, head = (size_t)(raw.ptr - line.ptr) + raw.len;

	if (json_type(model) != JSON_STRING) {
		buf_add(out, line);
		buf_add_byte(out, '\n');
		return;
	}
	key = key_of(json_string(json_get(root, "provider"), a), json_string(model, a), a);
	i = hash_map_find(&m->models, key);
	buf_add(out, slice_take(line, head));
	if (i != SIZE_MAX && m->list[i].len && !json_type(json_get(root, "match"))) {
		buf_printf(out, ",\"match\":[");
		buf_add(out, buf_slice(&m->list[i]));
		buf_add_byte(out, ']');
		buf_clear(&m->list[i]);
	}
	buf_add(out, slice_drop(line, head));
	buf_add_byte(out, '\n');
}

static void
import(const char *file, struct buf *out)
{
	struct price_build b = { 0 };
	struct matches m = { { 0 }, NULL };
	struct slice rest, last = SLICE("");
	struct buf text = { 0 };
	struct json json = { 0 };
	const char *why;
	size_t line, where;

	if (!file_read(file, &text))
		diag_die_errno(STATUS_USAGE, "%s", file);
	prices_build(&b, buf_slice(&text), &line);
	if (b.why)
		diag_die(STATUS_USAGE, "%s:%zu: %s", file, line, b.why);
	if (*b.date)
		buf_printf(out, "{\"date\":\"%s\"}\n", b.date);
	for (rest = buf_slice(&b.names); rest.len;)
		add_match(&m, column(&rest, '\n'), &last, &b.arena);
	for (rest = buf_slice(&b.rows); rest.len;) {
		struct slice row = column(&rest, '\n');

		if (json_scan(&json, row, &why, &where))
			write_row(&m, row, &json, out, &b.arena);
	}
	for (size_t i = 0; i < m.models.count; i++)
		buf_free(&m.list[i]);
	free(m.list);
	hash_map_free(&m.models);
	json_free(&json);
	prices_build_close(&b);
	buf_free(&text);
}

void
prices_import(const struct option_list *files, const char *format, struct buf *out)
{
	(void)format; /* the rows have one form */
	for (size_t i = 0; i < files->count; i++)
		import(files->item[i], out);
}
