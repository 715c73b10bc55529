/* SPDX-License-Identifier: MIT */
/* A side request in the shape of its parent. */
#include <inttypes.h>

#include "base/ascii.h"
#include "base/digest.h"
#include "cmd/llm-compress/shape.h"
#include "cmd/llm-compress/side/side.h"
#include "json/write.h"

#define ID_MAX 64 /* bytes of an id that every provider takes */

const char *const side_names[SIDE_KINDS] = { "summary", "facts", "map", "logprobs" };

bool
side_named(struct slice name, enum side_kind *kind)
{
	for (size_t i = 0; i < SIDE_KINDS; i++)
		if (slice_eqz(name, side_names[i])) {
			*kind = (enum side_kind)i;
			return true;
		}
	return false;
}

struct slice
side_word(struct value v, struct arena *a)
{
	if (json_type(v) == JSON_STRING)
		return json_string(v, a);
	return json_type(v) == JSON_NUMBER ? json_raw(v) : SLICE("");
}

struct slice
side_id(const struct request *q, const struct record *r)
{
	struct value v = side.id ? path_get(side.id, q->root) : q->id;

	if (json_type(v) == JSON_STRING)
		return json_string(v, r->arena);
	if (json_type(v) == JSON_NUMBER)
		return json_raw(v);
	return arena_printf(r->arena, "r-%" PRIu64, r->ordinal);
}

/* Bedrock takes letters and digits alone. */
static struct slice
plain_id(struct slice id, struct arena *a)
{
	char *to = arena_alloc(a, id.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < id.len; i++)
		if (ascii_letter(id.ptr[i]) || ascii_digit(id.ptr[i]))
			to[n++] = id.ptr[i];
	return slice_of(to, n);
}

/* ID-summary, ID-map-3; where that is too long for some provider, a digest of it. */
static struct slice
own_id(const struct work *w, const struct side_request *s, enum shape shape)
{
	struct slice id = s->of ? arena_printf(w->arena, "%.*s-%s-%" PRIu64,
				      SLICE_ARG(s->parent), side_names[s->kind], s->part)
				: arena_printf(w->arena, "%.*s-%s", SLICE_ARG(s->parent),
				      side_names[s->kind]);
	char hex[DIGEST_SIZE * 2 + 1];
	unsigned char digest[DIGEST_SIZE];

	if (id.len > ID_MAX) {
		digest_of(id, digest);
		digest_hex(digest, DIGEST_SIZE, hex);
		id = arena_printf(w->arena, "%s-%.40s", side_names[s->kind], hex);
	}
	return shape == SHAPE_BEDROCK ? plain_id(id, w->arena) : id;
}

static void
write_cap(const struct work *w, struct slice model, struct writer *j)
{
	const char *const *path = request_cap_path(w->api, model);
	size_t depth = 0;

	for (; path[depth]; depth++) {
		if (depth)
			write_object(j);
		write_name(j, path[depth]);
	}
	write_number(j, side.cap);
	while (depth-- > 1)
		write_object_end(j);
}

static void
write_text_block(struct writer *j, struct slice text)
{
	write_array(j);
	write_object(j);
	write_name(j, "text");
	write_string(j, text);
	write_object_end(j);
	write_array_end(j);
}

static void
write_system(enum api api, struct slice text, struct writer *j)
{
	switch (api) {
	case API_RESPONSES: write_name(j, "instructions"); break;
	case API_GEMINI:
		write_name(j, "systemInstruction");
		write_object(j);
		write_name(j, "parts");
		write_text_block(j, text);
		write_object_end(j);
		return;
	case API_CONVERSE:
		write_name(j, "system");
		write_text_block(j, text);
		return;
	default: write_name(j, "system"); break;
	}
	write_string(j, text);
}

static void
write_messages(const struct work *w, const struct side_request *s, struct writer *j)
{
	struct buf b = { 0 };

	if (w->api == API_RESPONSES || w->api == API_COMPLETION) {
		write_name(j, w->api == API_RESPONSES ? "input" : "prompt");
		write_string(j, w->api == API_RESPONSES
				    ? s->user
				    : arena_printf(w->arena, "%.*s\n\n%.*s\n\n",
					  SLICE_ARG(s->system), SLICE_ARG(s->user)));
		return;
	}
	write_name(j, w->api == API_GEMINI ? "contents" : "messages");
	write_array(j);
	if (w->api == API_CHAT) {
		write_object(j);
		write_name(j, "role");
		write_z(j, "system");
		write_name(j, "content");
		write_string(j, s->system);
		write_object_end(j);
	}
	shape_write(w->api, false, s->user, &b);
	write_raw(j, buf_slice(&b));
	write_array_end(j);
	buf_free(&b);
}

/* The model of a line of Bedrock or Gemini stands beside the body. */
static void
write_body(const struct work *w, const struct side_request *s, enum shape shape,
    struct slice model, struct writer *j)
{
	write_object(j);
	if (shape == SHAPE_BEDROCK && w->api == API_MESSAGES) {
		write_name(j, "anthropic_version");
		write_z(j, "bedrock-2023-05-31");
	} else if (model.len && w->api != API_GEMINI && w->api != API_CONVERSE) {
		write_name(j, "model");
		write_string(j, model);
	}
	if (w->api != API_CHAT && w->api != API_COMPLETION)
		write_system(w->api, s->system, j);
	write_messages(w, s, j);
	write_cap(w, model, j);
	write_object_end(j);
}

/* The text is to be read, not to be answered: one token is the least that all servers take. */
static void
write_scored(const struct side_request *s, struct slice model, struct writer *j)
{
	write_object(j);
	write_name(j, "model");
	write_string(j, model);
	write_name(j, "prompt");
	write_string(j, s->user);
	write_name(j, "max_tokens");
	write_number(j, 1);
	write_name(j, "temperature");
	write_number(j, 0);
	write_name(j, "echo");
	write_bool(j, true);
	write_name(j, "logprobs");
	write_number(j, 1);
	write_object_end(j);
}

static const char *
url_of(enum api api)
{
	return api == API_RESPONSES    ? "/v1/responses"
	       : api == API_COMPLETION ? "/v1/completions"
				       : "/v1/chat/completions";
}

static enum shape
shape_of(const struct work *w)
{
	enum shape shape = w->request->shape;

	if (shape != SHAPE_BARE)
		return shape;
	return w->api == API_MESSAGES   ? SHAPE_ANTHROPIC
	       : w->api == API_GEMINI   ? SHAPE_GEMINI
	       : w->api == API_CONVERSE ? SHAPE_BEDROCK
					: SHAPE_ENVELOPE;
}

static void
write_frame(const struct work *w, enum shape shape, enum api api, struct slice id,
    struct slice model, struct writer *j)
{
	write_name(j, shape == SHAPE_BEDROCK  ? "recordId"
		      : shape == SHAPE_GEMINI ? "key"
					      : "custom_id");
	write_string(j, id);
	if (shape == SHAPE_ENVELOPE) {
		struct value url = json_get(w->request->root, "url");

		write_name(j, "method");
		write_z(j, "POST");
		write_name(j, "url");
		if (api == w->api && json_type(url) == JSON_STRING)
			write_raw(j, json_raw(url));
		else
			write_z(j, url_of(api));
	}
	if (shape == SHAPE_BEDROCK || shape == SHAPE_GEMINI) {
		write_name(j, shape == SHAPE_GEMINI ? "model" : "modelId");
		write_string(j, model);
	}
	write_name(j, shape == SHAPE_ANTHROPIC ? "params"
		      : shape == SHAPE_GEMINI  ? "request"
		      : shape == SHAPE_BEDROCK ? "modelInput"
					       : "body");
}

/* Who the parent was for, so that the cost of the call is counted there. */
static void
write_tags(const struct work *w, struct writer *j)
{
	static const char *const names[] = { "tenant", "user", "session", "task", "feature" };
	bool any = false;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct value v = request_attribute(w->request, names[i]);

		if (json_type(v) != JSON_STRING && json_type(v) != JSON_NUMBER)
			continue;
		if (!any) {
			write_name(j, "tags");
			write_object(j);
		}
		any = true;
		write_name(j, names[i]);
		write_raw(j, json_raw(v));
	}
	if (any)
		write_object_end(j);
}

void
side_write(const struct work *w, const struct side_request *s, struct buf *out)
{
	struct writer j = { out, false };
	struct slice model = side.model ? slice_z(side.model) : w->model;

	bool scored = s->kind == SIDE_LOGPROBS;
	enum shape shape = scored ? SHAPE_ENVELOPE : shape_of(w);

	write_object(&j);
	write_frame(w, shape, scored ? API_COMPLETION : w->api, own_id(w, s, shape), model, &j);
	if (scored)
		write_scored(s, model, &j);
	else
		write_body(w, s, shape, model, &j);
	write_name(&j, "llm");
	write_object(&j);
	write_name(&j, "v");
	write_number(&j, 1);
	write_name(&j, "for");
	write_string(&j, s->parent);
	write_name(&j, "side");
	write_z(&j, "compress");
	write_name(&j, "ask");
	write_z(&j, side_names[s->kind]);
	if (s->of) {
		write_name(&j, "part");
		write_number(&j, s->part);
		write_name(&j, "of");
		write_number(&j, s->of);
	}
	write_tags(w, &j);
	write_object_end(&j);
	write_object_end(&j);
}

static void
add_call(struct work *w, const struct piece *p, struct buf *out)
{
	struct value call = p->part.block, name = json_get(call, "name");
	struct slice text = json_type(p->part.text) == JSON_STRING
				? json_string(p->part.text, w->arena)
				: json_raw(p->part.text);

	if (!json_type(name))
		name = json_get(json_get(call, "function"), "name");
	buf_printf(out, "[calls %.*s] ", SLICE_ARG(json_string(name, w->arena)));
	buf_add(out, text.ptr ? text : SLICE(""));
}

struct slice
side_script(struct work *w, size_t first, size_t last)
{
	static const char *const who[] = { [ROLE_SYSTEM] = "System",
		[ROLE_USER] = "User",
		[ROLE_ASSISTANT] = "Assistant",
		[ROLE_RESULT] = "Tool" };
	struct buf b = { 0 };

	for (size_t i = first; i < last; i++) {
		const struct message *m = &w->messages[i];

		if (m->role == ROLE_SYSTEM || m->pinned)
			continue;
		buf_printf(&b, "%s: ", who[m->role]);
		for (size_t k = m->first; k < m->first + m->count; k++) {
			const struct piece *p = &w->pieces[k];

			if (p->part.kind == PART_CALL)
				add_call(w, p, &b);
			else if (p->now.ptr)
				buf_add(&b, p->now);
			else if (p->part.kind >= PART_IMAGE)
				buf_add(&b, SLICE("[attachment]"));
			if (k + 1 < m->first + m->count)
				buf_add_byte(&b, '\n');
		}
		buf_add_byte(&b, '\n');
	}
	return work_keep(w, &b);
}
