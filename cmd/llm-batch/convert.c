/* SPDX-License-Identifier: MIT */
/* llm-batch convert: the same requests as lines of another provider. */
#include "batch.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"
#include "chat/chat.h"
#include "json/write.h"
#include "line.h"
#include "members.h"
#include "money/price.h"

static const char *to, *model, *id_path;
static uint64_t default_cap;
static bool lossy;

const struct option convert_options[] = {
	{ 0, "to", OPTION_TEXT, "P", &to, "the provider whose lines are wanted", NULL },
	{ 0, "lossy", OPTION_FLAG, NULL, &lossy,
	    "leave out settings that P has no place for, and list them in llm.batch.lost",
	    NULL },
	{ 0, "model", OPTION_TEXT, "M", &model, "the model of every request", NULL },
	{ 0, "max-tokens", OPTION_NUMBER, "N", &default_cap,
	    "cap of requests without one, where P wants one (the model's maximum)", NULL },
	{ 0, "id", OPTION_TEXT, "PATH", &id_path, "where a record without an id has one",
	    NULL },
	{ 0 },
};

/* How a provider's lines look. */
enum wire { WIRE_URL, WIRE_BODY, WIRE_PARAMS, WIRE_KEY, WIRE_VERTEX, WIRE_BEDROCK };
static const struct target {
	const char *name;
	enum wire wire;
	enum chat_target body;
	const char *prefix; /* of the endpoint in `url` */
	bool same;          /* takes OpenAI's other interfaces as they are */
} targets[] = {
	{ "openai", WIRE_URL, CHAT_OPENAI, "/v1", true },
	{ "azure", WIRE_URL, CHAT_OPENAI, "", true },
	{ "openrouter", WIRE_URL, CHAT_OPENROUTER, "/v1", false },
	{ "anthropic", WIRE_PARAMS, CHAT_ANTHROPIC, NULL, false },
	{ "gemini", WIRE_KEY, CHAT_GEMINI, NULL, false },
	{ "vertex", WIRE_VERTEX, CHAT_GEMINI, NULL, false },
	{ "bedrock", WIRE_BEDROCK, CHAT_CONVERSE, NULL, false },
	{ "mistral", WIRE_BODY, CHAT_MISTRAL, NULL, false },
	{ "fireworks", WIRE_BODY, CHAT_HOSTED, NULL, false },
	{ "together", WIRE_BODY, CHAT_HOSTED, NULL, false },
	{ .name = NULL },
};

struct converter {
	const struct target *target;
	const struct path *by;
	struct stream *stream;
	struct json json, again;
	struct edits edits;
	struct buf body, line, out;
};

static const struct target *
target_named(const char *name)
{
	const struct target *t = targets;

	if (!name)
		tool_usage("'--to' is missing: openai, azure, openrouter, anthropic, gemini, "
			   "vertex, bedrock, mistral, fireworks or together");
	while (t->name && strcmp(t->name, name) != 0)
		t++;
	if (!t->name)
		tool_usage("'--to' knows openai, azure, openrouter, anthropic, gemini, vertex, "
			   "bedrock, mistral, fireworks and together, not '%s'",
		    diag_clean(slice_z(name)));
	return t;
}

/* Claude at Bedrock takes its own body; other models there are asked in Converse's form. */
static bool
is_claude(struct slice name)
{
	for (size_t i = 0; i + 6 <= name.len; i++)
		if (memcmp(name.ptr + i, "claude", 6) == 0)
			return true;
	return false;
}

static enum chat_target
body_of(const struct target *t, struct slice name)
{
	return t->wire == WIRE_BEDROCK && is_claude(name) ? CHAT_ANTHROPIC : t->body;
}

/* The body becomes what of it a provider knows: no other member can be in the way of a
 * translation. False where it cannot be read. */
static bool
own_body(struct converter *c, struct record *r, struct line *l)
{
	const char *why;
	size_t where;

	if (members_clean(l->request.body, l->request.api, false))
		return true;
	if (!json_scan(&c->json,
		members_strip(l->request.body, l->request.api, false, r->arena), &why, &where))
		return false;
	l->request.body = json_root(&c->json);
	l->request.model = json_get(l->request.body, "model");
	return true;
}

/* --model, the request's own or, where its line has no place for one, the one that was chosen or
 * stands beside it; or ptr NULL: as JSON. */
static struct slice
model_of(const struct line *l, struct arena *a)
{
	struct slice beside;

	if (model)
		return chat_quote(models_resolve(slice_z(model)), a);
	if (json_type(l->request.model) == JSON_STRING)
		return json_raw(l->request.model);
	beside = line_model(l, a);
	return beside.len ? chat_quote(beside, a) : slice_of(NULL, 0);
}

static uint64_t
cap_of(struct slice name)
{
	struct model_facts facts;

	if (default_cap)
		return default_cap;
	facts = model_facts(name, slice_of(NULL, 0));
	return facts.known ? facts.max_output : 0;
}

/* The body as it is, with this model and without members of another wire. */
static void
copy_body(struct converter *c, struct value body, struct slice name, bool keep_model,
    const char *version)
{
	struct writer w = { .out = &c->body };
	bool placed = false;

	write_object(&w);
	if (version) {
		write_name(&w, "anthropic_version");
		write_z(&w, version);
	}
	for (struct value k = json_first(body); json_type(k); k = json_next(k)) {
		if (json_is(k, "anthropic_version"))
			continue;
		if (json_is(k, "model")) {
			placed = true;
			if (!keep_model)
				continue;
			write_name(&w, "model");
			write_raw(&w, name.ptr ? name : json_raw(json_member_value(k)));
			continue;
		}
		write_name_slice(&w, json_string_raw(k));
		write_raw(&w, json_raw(json_member_value(k)));
	}
	if (!placed && keep_model && name.ptr) {
		write_name(&w, "model");
		write_raw(&w, name);
	}
	write_object_end(&w);
}

/* Adds "anthropic_version" and takes the model out of a body that was written for Anthropic. */
static void
for_bedrock(struct converter *c, struct arena *a)
{
	struct slice text = arena_copy(a, buf_slice(&c->body));
	const char *why;
	size_t where;

	if (!json_scan(&c->again, text, &why, &where))
		return;
	buf_clear(&c->body);
	copy_body(c, json_root(&c->again), slice_of(NULL, 0), false, "bedrock-2023-05-31");
}

/* The members that no provider knows stay in the body; in a bare record they are at its top.
 * One that would mean something over there is lost. */
static void
keep_strange(struct converter *c, struct value body, const struct line *l, struct chat *chat)
{
	enum api api = chat_api(c->target->body);

	if (l->request.shape == SHAPE_BARE)
		return;
	for (struct value k = json_first(body); json_type(k); k = json_next(k)) {
		struct slice name = json_string(k, chat->arena);

		if (member_known(l->request.api, name))
			continue;
		if (member_known(api, name)) {
			chat_lose(chat, arena_copy(chat->arena, name).ptr);
			continue;
		}
		c->body.len--;
		buf_add(&c->body, c->body.len > 1 ? SLICE(",") : SLICE(""));
		buf_add(&c->body, json_raw(k));
		buf_add_byte(&c->body, ':');
		buf_add(&c->body, json_raw(json_member_value(k)));
		buf_add_byte(&c->body, '}');
	}
}

/* True where the body, which speaks the interface that is wanted, says something in the dialect
 * of another of its hosts: documents of Mistral's kind, and any where there are none. */
static bool
in_dialect(const struct line *l, enum chat_target form)
{
	struct value list = json_get(l->request.body, "messages");

	if (form == CHAT_MISTRAL || json_type(json_get(l->request.body, "random_seed")))
		return true;
	for (struct value m = json_first(list); json_type(m); m = json_next(m)) {
		struct value content = json_get(m, "content");

		if (json_type(content) != JSON_ARRAY)
			continue;
		for (struct value p = json_first(content); json_type(p); p = json_next(p)) {
			struct value type = json_get(p, "type");

			if (json_is(type, "document_url") ||
			    (form == CHAT_HOSTED && json_is(type, "file")))
				return true;
		}
	}
	return false;
}

/* Fills c->body from the request, whose body in the record is whole; NULL, or why the request
 * cannot be said there. */
static const char *
convert_body(struct converter *c, struct record *r, const struct line *l, struct value whole,
    struct chat *chat)
{
	const struct target *t = c->target;
	struct slice name = model_of(l, r->arena), plain = chat_plain(name, r->arena);
	enum chat_target form = body_of(t, plain.ptr ? plain : SLICE(""));
	enum api api = l->request.api;
	bool bedrock = t->wire == WIRE_BEDROCK;
	const char *why;

	buf_clear(&c->body);
	*chat = (struct chat){ .arena = r->arena };
	if ((api == chat_api(form) && !in_dialect(l, form)) ||
	    (t->same &&
		(api == API_RESPONSES || api == API_EMBEDDING || api == API_COMPLETION)) ||
	    (api == API_EMBEDDING && form <= CHAT_MISTRAL)) {
		copy_body(c, l->request.shape == SHAPE_BARE ? l->request.body : whole, name,
		    t->wire < WIRE_KEY,
		    bedrock && form == CHAT_ANTHROPIC ? "bedrock-2023-05-31" : NULL);
		return NULL;
	}
	if (!chat_read(&l->request, chat, r->arena, &why))
		return why;
	chat->model = name;
	if (!chat_write(chat, form, cap_of(plain.ptr ? plain : SLICE("")), &c->body, &why))
		return why;
	if (bedrock && form == CHAT_ANTHROPIC)
		for_bedrock(c, r->arena);
	keep_strange(c, whole, l, chat);
	return NULL;
}

/* Members that belong to the line's old wire. */
static bool
is_wire(const struct line *l, struct slice name)
{
	static const char *const names[] = { "custom_id", "method", "url", "body", "params",
		"key", "recordId", "modelInput", "request", "model", "modelId", NULL };

	if (l->request.shape == SHAPE_BARE && member_known(l->request.api, name))
		return true;
	for (size_t i = 0; names[i]; i++)
		if (slice_eqz(name, names[i]))
			return true;
	return false;
}

static void
write_wire(struct converter *c, const struct line *l, struct slice name, struct arena *a,
    struct writer *w)
{
	const struct target *t = c->target;
	static const char *const ids[] = { "custom_id", "custom_id", "custom_id", "key",
		"custom_id", "recordId" };
	static const char *const bodies[] = { "body", "body", "params", "request", "request",
		"modelInput" };
	struct slice url;

	write_name(w, ids[t->wire]);
	write_string(w, l->name);
	if (t->wire == WIRE_URL) {
		url = slice_z(line_endpoint(
		    l->request.api == API_RESPONSES || l->request.api == API_EMBEDDING ||
			    l->request.api == API_COMPLETION
			? (t->same || l->request.api == API_EMBEDDING ? l->request.api
								      : API_CHAT)
			: API_CHAT));
		write_name(w, "method");
		write_z(w, "POST");
		write_name(w, "url");
		write_string(w, arena_printf(a, "%s%.*s", t->prefix,
				    SLICE_ARG(slice_drop(url, strlen("/v1")))));
	}
	write_name(w, bodies[t->wire]);
	write_raw(w, buf_slice(&c->body));
	/* the model of a job, which a line of these has no place for */
	if (name.ptr && t->wire >= WIRE_KEY) {
		write_name(w, t->wire == WIRE_BEDROCK ? "modelId" : "model");
		write_raw(w, name);
	}
}

static void
write_line(struct converter *c, struct record *r, const struct line *l)
{
	struct writer w = { .out = &c->line };

	buf_clear(&c->line);
	write_object(&w);
	write_wire(c, l, model_of(l, r->arena), r->arena, &w);
	for (struct value k = json_first(r->root); json_type(k); k = json_next(k)) {
		if (is_wire(l, json_string(k, r->arena)))
			continue;
		write_name_slice(&w, json_string_raw(k));
		write_raw(&w, json_raw(json_member_value(k)));
	}
	write_object_end(&w);
}

/* llm.batch.lost: what was left out. */
static void
write_lost(struct converter *c, const struct chat *chat, struct arena *a)
{
	static const char *const lost[] = { "llm", "batch", "lost" }, *const v[] = { "llm",
		"v" };
	struct buf list = { 0 };
	struct writer w = { .out = &list };
	const char *why;
	size_t where;

	if (!chat->lost_count || !json_scan(&c->again, buf_slice(&c->line), &why, &where))
		return;
	write_array(&w);
	for (size_t i = 0; i < chat->lost_count; i++)
		write_z(&w, chat->lost[i]);
	write_array_end(&w);
	edits_set_path(&c->edits, json_root(&c->again), v, 2, SLICE("1"));
	edits_set_path(
	    &c->edits, json_root(&c->again), lost, 3, arena_copy(a, buf_slice(&list)));
	buf_clear(&c->out);
	edits_apply(&c->edits, &c->again, &c->out);
	buf_clear(&c->line);
	buf_add(&c->line, buf_slice(&c->out));
	buf_free(&list);
}

static struct slice
names_of(const struct chat *chat, struct arena *a)
{
	struct buf b = { 0 };
	struct slice out;

	for (size_t i = 0; i < chat->lost_count; i++) {
		if (i)
			buf_add(&b, SLICE(", "));
		buf_add(&b, slice_z(diag_clean(slice_z(chat->lost[i]))));
	}
	out = arena_copy(a, buf_slice(&b));
	buf_free(&b);
	return out;
}

static enum verdict
judge(struct converter *c, struct record *r)
{
	struct value whole;
	struct chat chat;
	struct line l;
	const char *why;

	if (!line_read(r, c->by, &l))
		return record_no_shape(r);
	if (l.request.answered)
		return PASS;
	whole = l.request.body;
	if (!own_body(c, r, &l))
		return record_reject(r, "a body that cannot be read");
	/* all of that is read */
	if (!json_check_unique(l.request.body)) {
		r->json->twice = l.request.body.json->twice;
		return DROP;
	}
	if ((why = line_id_fault(&l)))
		return record_reject(r, "%s", why);
	if ((why = convert_body(c, r, &l, whole, &chat)))
		return record_reject(r, "not for %s: %s", c->target->name, why);
	if (chat.setting && !lossy)
		return record_reject(r, "%s has no place for %s (--lossy leaves it out)",
		    c->target->name, names_of(&chat, r->arena).ptr);
	if (r->json->twice.ptr)
		return DROP;
	write_line(c, r, &l);
	write_lost(c, &chat, r->arena);
	stream_write(c->stream, buf_slice(&c->line));
	return DROP;
}

void
convert_run(const struct option_list *operands)
{
	struct stream_options o = tool_stream(operands, NO_OBJECT_PASS);
	struct converter *c = mem_zero(sizeof *c);
	struct record *r;

	c->target = target_named(to);
	c->by = line_id_path(id_path);
	c->stream = stream_open(&o);
	while ((r = stream_next(c->stream)))
		stream_put(c->stream, r, judge(c, r));
	stream_close(c->stream);
	json_free(&c->json);
	json_free(&c->again);
	edits_free(&c->edits);
	buf_free(&c->body);
	buf_free(&c->line);
	buf_free(&c->out);
	free(c);
}
