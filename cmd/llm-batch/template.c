/* SPDX-License-Identifier: MIT */
#include "template.h"

#include <stdlib.h>

#include "base/mem.h"
#include "json/path.h"
#include "json/tree.h"
#include "json/write.h"
#include "line.h"

enum piece_kind { PIECE_TEXT, PIECE_FIELD, PIECE_PATH, PIECE_LINE, PIECE_ID };

struct piece {
	enum piece_kind kind;
	struct slice text; /* PIECE_TEXT: bytes of the output; PIECE_FIELD: the name */
	struct path *path; /* PIECE_PATH: the piece's own */
	const char *hole;  /* as messages name it */
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

/* Cuts compact JSON at its strings; names of members are no templates. */
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

/* How a line of this template begins, and what of it lies in which member. */
struct frame {
	const char *id_name,
	    *wrap;         /* wrap: the member that takes the whole template, or NULL */
	struct value body; /* of an envelope, else absent */
};

static bool
frame_of(struct value root, struct frame *f)
{
	*f = (struct frame){ .id_name = "custom_id", .body = json_get(root, "body") };
	if (json_type(json_get(root, "request")) == JSON_OBJECT) {
		f->id_name = "key";
	} else if (json_type(json_get(root, "modelInput")) == JSON_OBJECT) {
		f->id_name = "recordId";
	} else if (json_type(f->body) != JSON_OBJECT &&
		   json_type(json_get(root, "params")) != JSON_OBJECT) {
		enum api api = api_of(root);

		f->wrap = api == API_MESSAGES   ? "params"
			  : api == API_GEMINI   ? "request"
			  : api == API_CONVERSE ? "modelInput"
						: "body";
		f->id_name = api == API_GEMINI     ? "key"
			     : api == API_CONVERSE ? "recordId"
						   : "custom_id";
		f->body = strcmp(f->wrap, "body") == 0 ? root : (struct value){ 0 };
		return api != API_NONE;
	}
	return true;
}

/* The line without its id: the template, wrapped where it is a bare body, with the method and
 * address that an envelope wants. */
static struct cJSON *
line_tree(struct value root, const struct frame *f)
{
	const char *url =
	    json_type(f->body) == JSON_OBJECT ? line_endpoint(api_of(f->body)) : NULL;
	struct cJSON *line = f->wrap ? tree_object() : tree_of(root);

	if (!tree_is_object(line))
		return line;
	if (!f->wrap)
		tree_drop(line, f->id_name);
	if (json_type(f->body) == JSON_OBJECT) {
		if (f->wrap || !json_type(json_get(root, "method")))
			tree_put_text(line, "method", "POST");
		if (url && (f->wrap || !json_type(json_get(root, "url"))))
			tree_put_text(line, "url", url);
	}
	if (f->wrap)
		tree_put(line, f->wrap, tree_of(root));
	return line;
}

/* Begins the request with its id and adds the rest. */
static bool
shape_add(struct template *t, struct value root, const char **why)
{
	struct buf text = { 0 };
	struct frame f;
	struct cJSON *line;
	struct value id;
	bool ok;

	if (!frame_of(root, &f)) {
		*why = "a template is an envelope, has params, request or modelInput, or is a "
		       "request body";
		return false;
	}
	line = line_tree(root, &f);
	ok = tree_is_object(line);
	if (ok)
		tree_write(line, &text);
	else
		*why = "a member's name has a NUL or a lone surrogate";
	tree_free(line);
	text_add(&t->request, arena_printf(&t->arena, "{\"%s\":\"", f.id_name));
	piece_add(&t->request, PIECE_ID, SLICE(""));
	text_add(&t->request, text.len > 2 ? SLICE("\",") : SLICE("\""));
	ok = ok && value_add(t, &t->request,
		       arena_copy(&t->arena, slice_drop(buf_slice(&text), 1)), why);
	buf_free(&text);
	id = json_get(root, f.id_name);
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
