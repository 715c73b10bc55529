/* SPDX-License-Identifier: MIT */
#include "by.h"

#include "base/diag.h"
#include "base/mem.h"
#include "json/write.h"

static const char *const lane_names[] = {
	[LANE_REALTIME] = "\"realtime\"",
	[LANE_BATCH] = "\"batch\"",
	[LANE_FLEX] = "\"flex\"",
	[LANE_PRIORITY] = "\"priority\"",
};

static enum by_kind
kind_named(const char *name)
{
	static const struct {
		const char *name;
		enum by_kind kind;
	} kinds[] = { { "model", BY_MODEL }, { "provider", BY_PROVIDER }, { "lane", BY_LANE },
		{ "task", BY_TASK }, { "session", BY_SESSION } };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strcmp(kinds[i].name, name) == 0)
			return kinds[i].kind;
	return BY_ATTRIBUTE;
}

static void
add_field(struct by *by, struct slice word)
{
	struct by_field *f = &by->field[by->count];
	const char *why = NULL;
	char *text;

	if (by->count == BY_FIELDS)
		diag_die(STATUS_USAGE, "--by has more than %d fields", BY_FIELDS);
	text = mem_alloc(word.len + 1);
	memcpy(text, word.ptr, word.len);
	text[word.len] = '\0';
	f->text = text;
	if (*text == '.') {
		f->kind = BY_PATH;
		f->path = path_compile(text, &why);
	} else {
		f->kind = kind_named(text);
		if (!*text || strpbrk(text, ".[]\" \t"))
			why = "a path starts with a dot, a name has letters, digits and _ only";
	}
	if (why)
		diag_die(STATUS_USAGE, "--by '%s': %s", diag_clean(word), why);
	by->count++;
}

void
by_parse(struct by *by, const char *text)
{
	const char *start = text;
	bool quoted = false;

	*by = (struct by){ 0 };
	if (!text)
		return;
	for (;; text++) {
		if (*text == '"' && (text == start || text[-1] != '\\'))
			quoted = !quoted;
		if (*text && (*text != ',' || quoted))
			continue;
		add_field(by, slice_of(start, (size_t)(text - start)));
		if (!*text)
			return;
		start = text + 1;
	}
}

static void
add_string(struct buf *key, struct slice text)
{
	json_quote(key, text);
}

static void
add_value(struct buf *key, struct value v, struct arena *a)
{
	struct slice raw = json_raw(v);

	if (!raw.ptr)
		raw = SLICE("null");
	/* escapes may spell one string in two ways */
	if (raw.ptr[0] == '"' && memchr(raw.ptr, '\\', raw.len) && !json_lone_surrogate(v))
		add_string(key, json_string(v, a));
	else
		buf_add(key, raw);
}

static void
add_provider(struct buf *key, const struct row *row)
{
	const char *slash = row->bill.row ? strchr(row->bill.row, '/') : NULL;

	if (!row->unpriced && slash)
		add_string(key, slice_of(row->bill.row, (size_t)(slash - row->bill.row)));
	else if (row->provider.ptr)
		add_string(key, row->provider);
	else
		buf_add(key, SLICE("null"));
}

/* The attribute, else what stands at another place. */
static void
add_either(struct buf *key, const struct row *row, const char *name, struct value other,
    struct arena *a)
{
	struct value v = request_attribute(&row->request, name);

	add_value(key, json_type(v) ? v : other, a);
}

static void
add_field_value(
    const struct by_field *f, const struct record *r, const struct row *row, struct buf *key)
{
	switch (f->kind) {
	case BY_PATH: add_value(key, path_get(f->path, r->root), r->arena); break;
	case BY_MODEL:
		if (row->model.ptr)
			add_string(key, row->model);
		else
			buf_add(key, SLICE("null"));
		break;
	case BY_PROVIDER: add_provider(key, row); break;
	case BY_LANE: buf_add(key, slice_z(lane_names[row->lane])); break;
	case BY_TASK:
		add_either(key, row, "task",
		    json_get(json_get(row->request.llm, "route"), "task"), r->arena);
		break;
	case BY_SESSION:
		add_either(key, row, "session", json_get(r->root, "sessionId"), r->arena);
		break;
	case BY_ATTRIBUTE:
		add_value(key, request_attribute(&row->request, f->text), r->arena);
		break;
	}
}

void
by_key(const struct by *by, const struct record *r, const struct row *row, struct buf *key)
{
	buf_clear(key);
	for (size_t i = 0; i < by->count; i++) {
		add_field_value(&by->field[i], r, row, key);
		buf_add_byte(key, '\n');
	}
}

struct slice
by_value(struct slice key, size_t i)
{
	while (i--)
		key = slice_drop(key, slice_find(key, '\n') + 1);
	return slice_take(key, slice_find(key, '\n'));
}

struct slice
by_text(struct slice value, struct arena *a)
{
	struct json j = { 0 };
	const char *why;
	size_t where;
	struct slice text = value;

	if (slice_eq(value, SLICE("null")))
		return SLICE("-");
	if (!value.len || value.ptr[0] != '"' || !json_scan(&j, value, &why, &where))
		return value;
	text = arena_copy(a, json_string(json_root(&j), a));
	json_free(&j);
	return text;
}
