/* SPDX-License-Identifier: MIT */
#include "cmd/llm-route/ask/side.h"

#include <inttypes.h>

#include "cmd/llm-route/output/output.h"
#include "json/write.h"
#include "tokens/families.h"

struct slice
side_parent(const struct record *r, const struct request *q)
{
	struct slice id = json_string(q->id, r->arena);

	return id.ptr ? id : arena_printf(r->arena, "r-%" PRIu64, r->ordinal);
}

bool
side_names_none(const struct request *q)
{
	return json_type(q->model) != JSON_STRING &&
	       (q->shape == SHAPE_GEMINI || q->shape == SHAPE_BEDROCK);
}

void
side_sign(
    struct record *r, const struct request *q, const char *kind, unsigned n, struct slice model)
{
	struct slice parent = side_parent(r, q), id;
	const char *part;
	struct buf b = { 0 };
	struct writer w = { &b, false };

	/* Bedrock's jobs take letters and digits alone */
	part = q->shape == SHAPE_BEDROCK ? "" : "-";
	id = arena_printf(r->arena, "%.*s%s%s", SLICE_ARG(parent), part, kind);
	if (n > 1)
		id = arena_printf(r->arena, "%.*s%s%u", SLICE_ARG(id), part, n);
	if (json_type(q->id) == JSON_STRING)
		edits_replace(r->edits, q->id, chat_quote(id, r->arena));
	write_object(&w);
	write_name(&w, "v");
	write_number(&w, 1);
	write_name(&w, "for");
	write_string(&w, parent);
	write_name(&w, "side");
	write_z(&w, "route");
	write_name(&w, "ask");
	write_z(&w, kind);
	if (side_names_none(q)) {
		write_name(&w, "route");
		write_object(&w);
		write_name(&w, "model");
		write_string(&w, model);
		write_object_end(&w);
	}
	write_object_end(&w);
	edits_set(r->edits, r->root, "llm", arena_copy(r->arena, buf_slice(&b)));
	buf_free(&b);
}

/* max_tokens is refused by models that reason. */
static void
rename_cap(struct record *r, const struct request *q, struct slice model)
{
	char room[FAMILY_NAME_MOST];
	const char *const *now = NULL, *const *want = request_cap_path(
					   API_CHAT, family_own_name(model, room));
	uint64_t cap;

	if (q->api == API_CHAT && strcmp(want[0], "max_completion_tokens") == 0 &&
	    json_whole(request_cap(q, &now), &cap))
		side_cap(r, q, model, cap);
}

void
side_model(struct record *r, const struct request *q, struct slice model)
{
	if (json_type(q->model) == JSON_STRING)
		edits_replace(r->edits, q->model, chat_quote(model, r->arena));
	else if (!side_names_none(q))
		edits_set(r->edits, q->body, "model", chat_quote(model, r->arena));
	rename_cap(r, q, model);
}

/* {"role":R,"content":T} or with blocks, as the interface has it. */
static struct slice
message_of(const struct request *q, bool assistant, struct slice text, struct arena *a)
{
	bool gemini = q->api == API_GEMINI, blocks = gemini || q->api == API_CONVERSE;
	struct buf b = { 0 };
	struct writer w = { &b, false };
	struct slice out;

	write_object(&w);
	write_name(&w, "role");
	write_z(&w, !assistant ? "user" : gemini ? "model" : "assistant");
	write_name(&w, gemini ? "parts" : "content");
	if (blocks) {
		write_array(&w);
		write_object(&w);
		write_name(&w, "text");
	}
	write_string(&w, text);
	if (blocks) {
		write_object_end(&w);
		write_array_end(&w);
	}
	write_object_end(&w);
	out = arena_copy(a, buf_slice(&b));
	buf_free(&b);
	return out;
}

/* A prompt that is one string goes on behind a blank line. */
static bool
extend(struct record *r, const struct request *q, bool assistant, struct slice text)
{
	struct value v = json_get(q->body, q->api == API_RESPONSES ? "input" : "prompt");
	struct slice before = json_string(v, r->arena), raw;

	if (!before.ptr)
		return false;
	raw = arena_printf(r->arena, "%.*s\n\n%s%.*s", SLICE_ARG(before),
	    assistant ? "Answer so far:\n" : "", SLICE_ARG(text));
	edits_replace(r->edits, v, chat_quote(raw, r->arena));
	return true;
}

bool
side_say(struct record *r, const struct request *q, bool assistant, struct slice text)
{
	struct value messages = request_messages(q), none = { 0 };

	if (json_type(messages) != JSON_ARRAY)
		return extend(r, q, assistant, text);
	edits_insert(r->edits, messages, none, message_of(q, assistant, text, r->arena));
	return true;
}

bool
side_order(struct record *r, const struct request *q, struct slice text)
{
	struct value last = { 0 }, none = { 0 }, content;

	if (q->api != API_CONVERSE)
		return side_say(r, q, false, text);
	for (struct value m = json_first(request_messages(q)); json_type(m); m = json_next(m))
		last = m;
	content = json_get(last, "content");
	if (!json_is(json_get(last, "role"), "user") || json_type(content) != JSON_ARRAY)
		return side_say(r, q, false, text);
	edits_insert(r->edits, content, none,
	    arena_printf(r->arena, "{\"text\":%.*s}", SLICE_ARG(chat_quote(text, r->arena))));
	return true;
}

void
side_remove(struct record *r, const struct request *q, const char *const names[])
{
	for (struct value k = json_first(q->body); json_type(k); k = json_next(k))
		for (size_t i = 0; names[i]; i++)
			if (json_is(k, names[i]))
				edits_remove(r->edits, k);
}

void
side_cap(struct record *r, const struct request *q, struct slice model, uint64_t cap)
{
	const char *const *now = NULL, *const * want;
	char room[FAMILY_NAME_MOST];
	struct value old = request_cap(q, &now);
	struct slice raw = arena_printf(r->arena, "%" PRIu64, cap);
	size_t n = 0;

	want = request_cap_path(q->api, family_own_name(model, room));
	if (!want)
		return;
	while (want[n])
		n++;
	if (json_type(old) > JSON_NULL && now && strcmp(now[0], want[0]) == 0) {
		edits_replace(r->edits, old, raw);
		return;
	}
	if (json_type(old) > JSON_NULL && now)
		side_remove(r, q, (const char *const[]){ now[0], NULL });
	edits_set_path(r->edits, q->body, want, n, raw);
}

void
side_write(struct record *r)
{
	struct buf b = { 0 };

	edits_apply(r->edits, r->json, &b);
	stream_write(r->stream, buf_slice(&b));
	buf_free(&b);
}
