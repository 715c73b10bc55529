/* SPDX-License-Identifier: MIT */
#include "by.h"

#include "base/diag.h"
#include "base/mem.h"
#include "fingerprint.h"
#include "json/write.h"
#include "traits.h"

struct by_memory {
	char name[32]; /* of the period from `from` to before `to` */
	int64_t from, to;
};

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
		{ "task", BY_TASK }, { "route", BY_ROUTE }, { "session", BY_SESSION },
		{ "user", BY_USER }, { "prompt", BY_PROMPT }, { "pattern", BY_PATTERN } };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strcmp(kinds[i].name, name) == 0)
			return kinds[i].kind;
	return period_named(name) ? BY_PERIOD : BY_ATTRIBUTE;
}

/* Paths that never lead to text of people: annotations, metadata, identifiers. */
static bool
is_plain_path(const struct path *path)
{
	static const char *const through[] = { "llm", "metadata", "tags", "usage",
		"usageMetadata" };
	static const char *const end[] = { "model", "id", "custom_id", "user", "user_id",
		"tenant", "session", "session_id", "sessionId", "feature", "task", "tier",
		"lane", "priority", "provider", "type", "role", "object", "status",
		"status_code", "service_tier", "finish_reason", "stop_reason", "version",
		"created", "time", "timestamp", "deployment", "team", "team_id", "project",
		"environment", "key", "end_user", "request_id", "requestId", "call_type",
		"model_group" };
	size_t n = path_length(path);

	if (n == SIZE_MAX || n == 0)
		return false;
	for (size_t i = 0; i + 1 < n; i++)
		for (size_t k = 0; k < sizeof(through) / sizeof(*through); k++)
			if (slice_eqz(path_name(path, i), through[k]))
				return true;
	for (size_t k = 0; k < sizeof(end) / sizeof(*end); k++)
		if (slice_eqz(path_name(path, n - 1), end[k]))
			return true;
	return false;
}

static void
add_field(struct by *by, struct slice word)
{
	struct by_field *f = &by->field[by->count];
	const char *why = NULL;
	char *text;

	if (by->count == BY_FIELDS)
		diag_die(STATUS_USAGE, "'--by' has more than %d fields", BY_FIELDS);
	text = mem_alloc(word.len + 1);
	memcpy(text, word.ptr, word.len);
	text[word.len] = '\0';
	f->text = text;
	if (*text == '.') {
		f->kind = BY_PATH;
		f->path = path_compile(text, &why);
		f->hidden = by->no_text && f->path && !is_plain_path(f->path);
	} else {
		f->kind = kind_named(text);
		f->period = period_named(text);
		if (f->period)
			f->memory = mem_zero(sizeof(*f->memory));
		if (!*text || strpbrk(text, ".[]\" \t"))
			why = "a path starts with a dot, a name has letters, digits and _ only";
	}
	if (why)
		diag_die(STATUS_USAGE, "'--by' '%s': %s", diag_clean(word), why);
	by->count++;
}

void
by_parse(struct by *by, const char *text)
{
	const char *start = text;
	bool quoted = false;

	*by = (struct by){ .no_text = by->no_text, .reader = by->reader };
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

void
by_over(struct by *by, const char *word)
{
	struct by_field *f = &by->field[by->count];

	if (!period_named(word) && strcmp(word, "session") != 0 && strcmp(word, "block5h") != 0)
		diag_die(STATUS_USAGE,
		    "'--over' wants hour, day, week, month, session or block5h, not '%s'",
		    diag_clean(slice_z(word)));
	for (size_t i = 0; i < by->count; i++)
		if (strcmp(by->field[i].text, word) == 0)
			diag_die(STATUS_USAGE, "'--over' '%s' is in '--by' already", word);
	add_field(by, slice_z(word));
	if (strcmp(word, "block5h") == 0)
		f->kind = BY_HOURS;
	by->over = by->count;
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

static void
add_hidden(struct buf *key, struct value v, struct arena *a)
{
	struct buf text = { 0 };

	if (json_type(v) != JSON_STRING && json_type(v) != JSON_ARRAY &&
	    json_type(v) != JSON_OBJECT) {
		add_value(key, v, a);
		return;
	}
	fingerprint_text(json_raw(v), &text);
	add_string(key, buf_slice(&text));
	buf_free(&text);
}

static void
add_fingerprint(const struct by *by, enum by_kind kind, const struct record *r,
    const struct row *row, struct buf *key)
{
	bool with_text = !by->no_text, found;
	struct buf text = { 0 };

	found = kind == BY_PROMPT
		    ? fingerprint_prompt(&row->request, with_text, r->arena, &text)
		    : fingerprint_pattern(&row->request, with_text, r->arena, &text);
	if (found)
		add_string(key, buf_slice(&text));
	else
		buf_add(key, SLICE("null"));
	buf_free(&text);
}

/* A row without a time of its own is in no period. */
static void
add_period(const struct by_field *f, const struct row *row, struct buf *key)
{
	struct by_memory *m = f->memory;

	if (!row->own_time) {
		buf_add(key, SLICE("null"));
		return;
	}
	if (row->when < m->from || row->when >= m->to)
		period_name(f->period, row->when, m->name, &m->from, &m->to);
	buf_add_byte(key, '"');
	buf_add(key, slice_z(m->name));
	buf_add_byte(key, '"');
}

static void
add_hours(const struct row *row, struct buf *key)
{
	if (row->own_time && row->when >= 0)
		buf_add_number(key, (uint64_t)row->when / 3600000);
	else
		buf_add(key, SLICE("null"));
}

/* The attribute, else what llm-route wrote. */
static void
add_routed(const struct row *row, const char *name, const char *in_route, struct buf *key,
    struct arena *a)
{
	struct value v = request_attribute(&row->request, name);

	if (!json_type(v))
		v = json_get(json_get(row->request.llm, "route"), in_route);
	add_value(key, v, a);
}

static void
add_session(const struct by *by, const struct record *r, const struct row *row, struct buf *key)
{
	struct value v = traits_session(r, row);

	if (json_type(v) <= JSON_NULL && by->reader && by->reader->session[0])
		add_string(key, slice_z(by->reader->session));
	else
		add_value(key, v, r->arena);
}

static void
add_path(const struct by_field *f, const struct record *r, struct buf *key)
{
	struct value v = path_get(f->path, r->root);

	if (f->hidden)
		add_hidden(key, v, r->arena);
	else
		add_value(key, v, r->arena);
}

static void
add_field_value(const struct by *by, const struct by_field *f, const struct record *r,
    const struct row *row, struct buf *key)
{
	switch (f->kind) {
	case BY_PATH: add_path(f, r, key); break;
	case BY_MODEL:
		if (row->model.ptr)
			add_string(key, row->model);
		else
			buf_add(key, SLICE("null"));
		break;
	case BY_PROVIDER: add_provider(key, row); break;
	case BY_LANE: buf_add(key, slice_z(lane_names[row->lane])); break;
	case BY_TASK: add_routed(row, "task", "task", key, r->arena); break;
	case BY_ROUTE: add_routed(row, "route", "rule", key, r->arena); break;
	case BY_SESSION: add_session(by, r, row, key); break;
	case BY_USER: add_value(key, traits_user(r, row), r->arena); break;
	case BY_PROMPT:
	case BY_PATTERN: add_fingerprint(by, f->kind, r, row, key); break;
	case BY_PERIOD: add_period(f, row, key); break;
	case BY_HOURS: add_hours(row, key); break;
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
		add_field_value(by, &by->field[i], r, row, key);
		buf_add_byte(key, '\n');
	}
}

bool
by_told(const struct by *by, const struct row *row, int64_t *from, int64_t *until)
{
	for (size_t i = 0; i < by->count; i++) {
		const struct by_field *f = &by->field[i];

		if (f->kind != BY_MODEL && f->kind != BY_PROVIDER && f->kind != BY_LANE &&
		    f->kind != BY_PERIOD)
			return false;
		if (f->kind == BY_PERIOD && row->own_time) {
			*from = f->memory->from > *from ? f->memory->from : *from;
			*until = f->memory->to < *until ? f->memory->to : *until;
		}
	}
	return true;
}

bool
by_periods(const struct by *by)
{
	for (size_t i = 0; i < by->count; i++)
		if (by->field[i].kind == BY_PERIOD)
			return true;
	return false;
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
