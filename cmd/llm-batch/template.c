/* SPDX-License-Identifier: MIT */
#include "template.h"

#include <stdlib.h>

#include "base/mem.h"
#include "json/path.h"
#include "json/write.h"
#include "line.h"

enum piece_kind { PIECE_TEXT, PIECE_FIELD, PIECE_PATH, PIECE_LINE, PIECE_ID };

struct piece {
	enum piece_kind kind;
	struct slice text; /* PIECE_TEXT: bytes of the output; PIECE_FIELD: the name */
	struct path *path; /* PIECE_PATH: the piece's own */
	const char *hole; /* as messages name it */
};

struct pieces {
	struct piece *list;
	size_t count;
};

struct template
{
	struct pieces id, request;
	struct arena arena; /* what the pieces point to */
};

static struct piece *
piece_add(struct pieces *p, enum piece_kind kind, struct slice text)
{
	p->list = mem_grow(p->list, p->count + 1, sizeof(*p->list));
	p->list[p->count] = (struct piece){ .kind = kind, .text = text };
	return &p->list[p->count++];
}

/* Literal bytes; neighbours are not merged, there are few. */
static void
text_add(struct pieces *p, struct slice text)
{
	if (text.len)
		piece_add(p, PIECE_TEXT, text);
}

/* The characters of what stands, escaped, between two braces. */
static struct slice
unescape(struct slice raw, struct arena *a)
{
	struct json j = { 0 };
	const char *why;
	size_t where;
	struct slice quoted = arena_printf(a, "\"%.*s\"", SLICE_ARG(raw)), text = raw;

	if (json_scan(&j, quoted, &why, &where))
		text = arena_copy(a, json_string(json_root(&j), a));
	json_free(&j);
	return text;
}

static bool
has_control(struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.ptr[i] < ' ' || s.ptr[i] == '{')
			return true;
	return false;
}

static bool
hole_add(struct template *t, struct pieces *p, struct slice raw, const char **why)
{
	struct slice name = unescape(raw, &t->arena);
	struct piece *piece;

	if (!name.len || has_control(name)) {
		*why = "a '{' that begins no field name; write '{{' for a brace";
		return false;
	}
	piece = piece_add(p, PIECE_FIELD, arena_copy(&t->arena, name));
	piece->hole = piece->text.ptr;
	if (slice_eqz(name, "line"))
		piece->kind = PIECE_LINE;
	if (name.ptr[0] == '.') {
		piece->kind = PIECE_PATH;
		piece->path = path_compile(piece->hole, why);
		return piece->path != NULL;
	}
	return true;
}

/* The characters of a string, escaped, cut at its holes. */
static bool
string_add(struct template *t, struct pieces *p, struct slice s, const char **why)
{
	while (s.len) {
		size_t open = slice_find(s, '{'), close;

		if (open + 1 < s.len && s.ptr[open + 1] == '{') {
			text_add(p, slice_take(s, open + 1));
			s = slice_drop(s, open + 2);
			continue;
		}
		text_add(p, slice_take(s, open));
		if (open == s.len)
			break;
		s = slice_drop(s, open + 1);
		close = slice_find(s, '}');
		if (close == s.len) {
			*why = "a '{' without its '}'; write '{{' for a brace";
			return false;
		}
		if (!hole_add(t, p, slice_take(s, close), why))
			return false;
		s = slice_drop(s, close + 1);
	}
	return true;
}

/* The text of a value without blanks between its parts. */
static struct slice
compact(struct slice raw, struct arena *a)
{
	char *out = arena_alloc(a, raw.len + 1);
	size_t n = 0;
	bool quoted = false;

	for (size_t i = 0; i < raw.len; i++) {
		char c = raw.ptr[i];

		if (!quoted && (c == ' ' || c == '\t' || c == '\n' || c == '\r'))
			continue;
		out[n++] = c;
		if (quoted && c == '\\')
			out[n++] = raw.ptr[++i];
		else if (c == '"')
			quoted = !quoted;
	}
	return slice_of(out, n);
}

/* Cuts a compact value at its strings; names of members are no templates. */
static bool
value_add(struct template *t, struct pieces *p, struct slice raw, const char **why)
{
	size_t begin = 0;

	for (size_t i = 0; i < raw.len; i++) {
		size_t end = i + 1;

		if (raw.ptr[i] != '"')
			continue;
		while (raw.ptr[end] != '"')
			end += raw.ptr[end] == '\\' ? 2 : 1;
		if (end + 1 == raw.len || raw.ptr[end + 1] != ':') {
			text_add(p, slice_of(raw.ptr + begin, i + 1 - begin));
			if (!string_add(t, p, slice_of(raw.ptr + i + 1, end - i - 1), why))
				return false;
			begin = end;
		}
		i = end;
	}
	text_add(p, slice_of(raw.ptr + begin, raw.len - begin));
	return true;
}

static bool
member_add(struct template *t, const char *name, struct slice raw, const char **why)
{
	text_add(&t->request, arena_printf(&t->arena, ",\"%s\":", name));
	return value_add(t, &t->request, compact(raw, &t->arena), why);
}

static bool
members_add(struct template *t, struct value root, const char *id_name, const char **why)
{
	for (struct value k = json_first(root); json_type(k); k = json_next(k)) {
		if (json_is(k, id_name))
			continue;
		text_add(&t->request, SLICE(","));
		text_add(&t->request, arena_copy(&t->arena, json_raw(k)));
		text_add(&t->request, SLICE(":"));
		if (!value_add(t, &t->request,
			compact(json_raw(json_member_value(k)), &t->arena), why))
			return false;
	}
	return true;
}

static bool
envelope_add(struct template *t, struct value root, struct value body, const char **why)
{
	const char *url = line_endpoint(api_of(body));

	if (json_type(json_get(root, "body"))) {
		if (!members_add(t, root, "custom_id", why))
			return false;
		if (!json_type(json_get(root, "method")))
			text_add(&t->request, SLICE(",\"method\":\"POST\""));
		if (!json_type(json_get(root, "url")) && url)
			text_add(&t->request, arena_printf(&t->arena, ",\"url\":\"%s\"", url));
		return true;
	}
	text_add(&t->request, SLICE(",\"method\":\"POST\""));
	if (url)
		text_add(&t->request, arena_printf(&t->arena, ",\"url\":\"%s\"", url));
	return member_add(t, "body", json_raw(body), why);
}

/* Begins the request with its id and adds the rest in the form of its provider. */
static bool
shape_add(struct template *t, struct value root, const char **why)
{
	const char *id_name = "custom_id", *wrap = NULL;
	struct value body = json_get(root, "body"), id;
	bool ok;

	if (json_type(json_get(root, "request")) == JSON_OBJECT)
		id_name = "key";
	else if (json_type(json_get(root, "modelInput")) == JSON_OBJECT)
		id_name = "recordId";
	else if (json_type(body) != JSON_OBJECT &&
		 json_type(json_get(root, "params")) != JSON_OBJECT) {
		body = root;
		if (api_of(body) == API_NONE) {
			*why = "a template is an envelope, has params, request or modelInput, "
			       "or is a request body";
			return false;
		}
		if (api_of(body) == API_MESSAGES)
			wrap = "params";
		else if (api_of(body) == API_GEMINI)
			id_name = "key", wrap = "request";
		else if (api_of(body) == API_CONVERSE)
			id_name = "recordId", wrap = "modelInput";
	}
	text_add(&t->request, arena_printf(&t->arena, "{\"%s\":\"", id_name));
	piece_add(&t->request, PIECE_ID, SLICE(""));
	text_add(&t->request, SLICE("\""));
	id = json_get(root, id_name);
	if (wrap)
		ok = member_add(t, wrap, json_raw(root), why);
	else if (json_type(body) == JSON_OBJECT)
		ok = envelope_add(t, root, body, why);
	else
		ok = members_add(t, root, id_name, why);
	text_add(&t->request, SLICE("}"));
	if (ok && json_type(id) == JSON_STRING)
		ok = string_add(t, &t->id, arena_copy(&t->arena, json_string_raw(id)), why);
	return ok;
}

static void
pieces_free(struct pieces *p)
{
	for (size_t i = 0; i < p->count; i++)
		path_free(p->list[i].path);
	free(p->list);
}

void
template_close(struct template *t)
{
	pieces_free(&t->id);
	pieces_free(&t->request);
	arena_close(&t->arena);
	free(t);
}

struct template *
template_open(struct slice text, const char **why)
{
	struct template *t = mem_zero(sizeof(*t));
	struct json j = { 0 };
	size_t where;
	bool ok;

	if (slice_starts(text, SLICE("\xEF\xBB\xBF")))
		text = slice_drop(text, 3);
	ok = json_scan(&j, text, why, &where);
	if (ok && json_type(json_root(&j)) != JSON_OBJECT) {
		*why = "not an object";
		ok = false;
	}
	ok = ok && shape_add(t, json_root(&j), why);
	if (ok && j.twice.ptr) {
		*why = "a member that is read stands twice";
		ok = false;
	}
	json_free(&j);
	if (ok)
		return t;
	template_close(t);
	return NULL;
}

struct template *
template_simple(const char *model, const char *prompt, const char **why)
{
	struct buf b = { 0 };
	struct template *t;

	buf_add(&b, SLICE("{\"model\":"));
	json_quote(&b, slice_z(model));
	buf_add(&b, SLICE(",\"messages\":[{\"role\":\"user\",\"content\":"));
	json_quote(&b, slice_z(prompt));
	buf_add(&b, SLICE("}]}"));
	t = template_open(buf_slice(&b), why);
	buf_free(&b);
	return t;
}

/* Quoted by json_quote, then without the quotes. */
static void
add_escaped(struct buf *out, struct slice text)
{
	size_t begin = out->len;

	json_quote(out, text);
	memmove(out->data + begin, out->data + begin + 1, out->len - begin - 2);
	out->len -= 2;
}

static bool
value_insert(struct value v, struct buf *out)
{
	switch (json_type(v)) {
	case JSON_ABSENT: return false;
	case JSON_STRING: buf_add(out, json_string_raw(v)); return true;
	default: add_escaped(out, json_raw(v)); return true;
	}
}

static const char *
pieces_fill(const struct pieces *p, struct slice id, struct value row, struct slice line,
    struct buf *out)
{
	for (size_t i = 0; i < p->count; i++) {
		const struct piece *piece = &p->list[i];
		bool ok = true;

		switch (piece->kind) {
		case PIECE_TEXT: buf_add(out, piece->text); break;
		case PIECE_FIELD:
			ok = value_insert(json_get_slice(row, piece->text), out);
			break;
		case PIECE_PATH: ok = value_insert(path_get(piece->path, row), out); break;
		case PIECE_LINE: add_escaped(out, line); break;
		case PIECE_ID: buf_add(out, id); break;
		}
		if (!ok)
			return piece->hole;
	}
	return NULL;
}

const char *
template_id(const struct template *t, struct value row, struct slice line, struct buf *out)
{
	return pieces_fill(&t->id, SLICE(""), row, line, out);
}

const char *
template_fill(const struct template *t, struct slice id, struct value row, struct slice line,
    struct buf *out)
{
	return pieces_fill(&t->request, id, row, line, out);
}
