/* SPDX-License-Identifier: MIT */
#include "chat/chat.h"

#include "chat/parts.h"
#include "json/write.h"

/* For the provider's own books and caches: the answer is the same without it. */
static bool
is_book(const char *what)
{
	static const char *const books[] = { "metadata", "user", "store", "prompt_cache_key",
		"prompt_cache_retention", "safety_identifier", "labels", "requestMetadata" };

	for (size_t i = 0; i < sizeof(books) / sizeof(*books); i++)
		if (strcmp(books[i], what) == 0)
			return true;
	return false;
}

void
chat_lose(struct chat *c, const char *what)
{
	for (size_t i = 0; i < c->lost_count; i++)
		if (strcmp(c->lost[i], what) == 0)
			return;
	what = arena_copy(c->arena, slice_z(what)).ptr;
	if (!c->setting && !is_book(what))
		c->setting = what;
	if (c->lost_count == CHAT_LOST)
		c->lost[CHAT_LOST - 1] = "and more";
	else
		c->lost[c->lost_count++] = what;
}

void
chat_lose_essential(struct chat *c, const char *what)
{
	if (!c->essential)
		c->essential = what;
	chat_lose(c, what);
}

struct slice
chat_quote(struct slice text, struct arena *a)
{
	struct buf b = { 0 };
	struct slice out;

	json_quote(&b, text);
	out = arena_copy(a, buf_slice(&b));
	buf_free(&b);
	return out;
}

struct slice
chat_plain(struct slice quoted, struct arena *a)
{
	struct json j = { 0 };
	struct slice out = { NULL, 0 };
	const char *why;
	size_t where;

	if (quoted.ptr && json_scan(&j, quoted, &why, &where))
		out = json_string(json_root(&j), a);
	out = out.ptr ? arena_copy(a, out) : out;
	json_free(&j);
	return out;
}

static bool
read_form(const struct request *r, struct chat *c, const char **why)
{
	switch (r->api) {
	case API_CHAT: return chat_read_openai(r->body, c, why);
	case API_RESPONSES: return chat_read_responses(r->body, c, why);
	case API_MESSAGES: return chat_read_anthropic(r->body, c, why);
	case API_GEMINI: return chat_read_gemini(r->body, c, why);
	case API_CONVERSE: return chat_read_converse(r->body, c, why);
	default: *why = "no chat request: only those can be said in another form"; return false;
	}
}

static bool
is_string(struct slice raw)
{
	return raw.ptr && raw.len && *raw.ptr == '"';
}

/* An address, or data of a type that begins with one of the two. */
static bool
has_data(const struct chat_part *p, struct slice type, struct slice other)
{
	return is_string(p->url) ||
	       (is_string(p->data) && is_string(p->mime) &&
		   (slice_starts(p->mime, type) || slice_starts(p->mime, other)));
}

/* NULL, or what a part lacks that every form wants. */
static const char *
lacks(const struct chat_part *p)
{
	struct slice image = SLICE("\"image/");

	if (chat_is_stored(p->url))
		return "a file in its provider's store";
	switch (p->kind) {
	case CHAT_TEXT: return is_string(p->text) ? NULL : "a text that is no string";
	case CHAT_IMAGE:
		return has_data(p, image, image)
			   ? NULL
			   : "an image without its type and data, or an address";
	case CHAT_FILE:
		return is_string(p->text) ||
			       has_data(p, SLICE("\"application/"), SLICE("\"text/"))
			   ? NULL
			   : "a document without its type and data, or an address";
	case CHAT_CALL:
		return is_string(p->name) && p->args.ptr && *p->args.ptr == '{'
			   ? NULL
			   : "a tool call without its name and arguments";
	case CHAT_RESULT:
	case CHAT_THINKING: break;
	}
	return NULL;
}

static const char *
lacking(const struct chat *c)
{
	const char *why = NULL;

	for (size_t i = 0; i < c->message_count; i++) {
		const struct chat_message *m = &c->message[i];

		for (size_t k = 0; !why && k < m->count; k++) {
			why = lacks(&m->parts[k]);
			for (size_t n = 0; !why && n < m->parts[k].count; n++)
				why = lacks(&m->parts[k].parts[n]);
		}
	}
	for (size_t i = 0; i < c->tool_count; i++)
		if (!is_string(c->tool[i].name))
			why = "a tool without a name";
	return why;
}

enum api
chat_api(enum chat_target form)
{
	static const enum api apis[] = { [CHAT_OPENAI] = API_CHAT,
		[CHAT_HOSTED] = API_CHAT,
		[CHAT_OPENROUTER] = API_CHAT,
		[CHAT_MISTRAL] = API_CHAT,
		[CHAT_ANTHROPIC] = API_MESSAGES,
		[CHAT_GEMINI] = API_GEMINI,
		[CHAT_CONVERSE] = API_CONVERSE };

	return apis[form];
}

bool
chat_read(const struct request *r, struct chat *c, struct arena *a, const char **why)
{
	*c = (struct chat){ .arena = a, .model = json_raw(r->model) };
	*why = chat_kept_elsewhere(r);
	if (!*why && read_form(r, c, why))
		*why = lacking(c);
	return !*why;
}

bool
chat_write(struct chat *c, enum chat_target target, uint64_t default_cap, struct buf *out,
    const char **why)
{
	struct writer w = { .out = out };

	*why = NULL;
	switch (target) {
	case CHAT_OPENAI:
	case CHAT_HOSTED:
	case CHAT_OPENROUTER:
	case CHAT_MISTRAL: return chat_write_openai(c, target, &w, why);
	case CHAT_ANTHROPIC: return chat_write_anthropic(c, default_cap, &w, why);
	case CHAT_GEMINI: return chat_write_gemini(c, &w, why);
	case CHAT_CONVERSE: return chat_write_converse(c, &w, why);
	}
	return false;
}

bool
chat_object(struct slice text)
{
	struct json j = { 0 };
	const char *why;
	size_t where;
	bool good =
	    json_scan(&j, text, &why, &where) && json_type(json_root(&j)) == JSON_OBJECT;

	json_free(&j);
	return good;
}

void
chat_parts_open(struct chat_message *m, enum chat_role role, size_t room, struct arena *a)
{
	*m = (struct chat_message){ .role = role };
	m->parts = arena_zero(a, room + 1, sizeof *m->parts);
}

struct chat_part *
chat_part_add(struct chat_message *m, enum chat_kind kind)
{
	struct chat_part *p = &m->parts[m->count++];

	p->kind = kind;
	return p;
}

struct chat_part *
chat_follow(struct chat *c, enum chat_role role, enum chat_kind kind)
{
	struct chat_message *m = c->message_count ? &c->message[c->message_count - 1] : NULL;
	struct chat_part *more;

	if (!m || m->role != role || !m->count ||
	    (kind == CHAT_RESULT && m->parts[m->count - 1].kind != CHAT_RESULT)) {
		m = &c->message[c->message_count++];
		chat_parts_open(m, role, 1, c->arena);
		return chat_part_add(m, kind);
	}
	/* twice the room each time it is full would need a count; turns have few calls */
	more = arena_zero(c->arena, m->count + 1, sizeof *more);
	memcpy(more, m->parts, m->count * sizeof *more);
	m->parts = more;
	return chat_part_add(m, kind);
}

struct slice
chat_string(struct value v)
{
	return json_type(v) == JSON_STRING ? json_raw(v) : slice_of(NULL, 0);
}

bool
chat_text(struct value v, struct chat_message *m)
{
	if (json_type(v) != JSON_STRING)
		return false;
	chat_part_add(m, CHAT_TEXT)->text = json_raw(v);
	return true;
}

void
chat_member(struct writer *w, const char *name, struct slice raw)
{
	if (!raw.ptr)
		return;
	write_name(w, name);
	write_raw(w, raw);
}

void
chat_stops(struct value v, struct chat *c)
{
	struct value item = json_type(v) == JSON_ARRAY ? json_first(v) : v;

	for (; json_type(item) == JSON_STRING;
	     item = json_type(v) == JSON_ARRAY ? json_next(item) : (struct value){ 0 }) {
		if (c->stop_count == CHAT_STOPS)
			chat_lose(c, "stop");
		else
			c->stop[c->stop_count++] = json_raw(item);
	}
}

void
chat_write_stops(const struct chat *c, const char *name, struct writer *w)
{
	if (!c->stop_count)
		return;
	write_name(w, name);
	write_array(w);
	for (size_t i = 0; i < c->stop_count; i++)
		write_raw(w, c->stop[i]);
	write_array_end(w);
}

void
chat_read_members(struct value body, const struct chat_member_rule *rule, struct chat *c)
{
	for (struct value k = json_first(body); json_type(k); k = json_next(k)) {
		struct slice name = json_string(k, c->arena);
		struct value v = json_member_value(k);
		const struct chat_member_rule *r = rule;

		while (r->name && !slice_eqz(name, r->name))
			r++;
		if (!r->name) {
			if (json_type(v) != JSON_NULL)
				chat_lose(c, arena_copy(c->arena, name).ptr);
		} else if (r->read) {
			r->read(v, c);
		} else if (r->offset && json_type(v) > JSON_NULL) {
			*(struct slice *)((char *)c + r->offset) = json_raw(v);
		}
	}
}

void
chat_lose_set(struct chat *c, const struct chat_loss *loss)
{
	for (; loss->name; loss++) {
		struct slice value = *(const struct slice *)((const char *)c + loss->offset);

		if (value.ptr && !(loss->usual && slice_eqz(value, loss->usual)))
			chat_lose(c, loss->name);
	}
}

bool
chat_has_marks(const struct chat *c)
{
	for (size_t i = 0; i < c->tool_count; i++)
		if (c->tool[i].cache)
			return true;
	for (size_t i = 0; i < c->message_count; i++)
		for (size_t k = 0; k < c->message[i].count; k++)
			if (c->message[i].parts[k].cache)
				return true;
	return false;
}
