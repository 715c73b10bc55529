/* SPDX-License-Identifier: MIT */
/* The one sentence that may be added: at the end of the system text, behind a cache marker, so
 * that a cached prefix stays as it is. */
#include "cmd/llm-route/output/parts.h"
#include "json/write.h"

/* {"text":S}, with the type where the interface wants one. */
static struct slice
block_of(const struct setter *s, const char *type)
{
	struct buf b = { 0 };
	struct writer w = { &b, false };
	struct slice out;

	write_object(&w);
	if (type) {
		write_name(&w, "type");
		write_z(&w, type);
	}
	write_name(&w, "text");
	write_string(&w, s->d->settings.concise);
	write_object_end(&w);
	out = arena_copy(s->r->arena, buf_slice(&b));
	buf_free(&b);
	return out;
}

/* A string gets the sentence behind a blank line; false where it ends with it already. */
static void
extend_string(struct setter *s, struct value v)
{
	struct slice raw = json_raw(v), sentence = s->d->settings.concise, quoted;
	struct buf b = { 0 };

	if (slice_ends(json_string(v, s->r->arena), sentence) || s->observe)
		return;
	quoted = chat_quote(sentence, s->r->arena);
	buf_add(&b, slice_take(raw, raw.len - 1));
	if (raw.len > 2)
		buf_add(&b, SLICE("\\n\\n"));
	buf_add(&b, slice_drop(quoted, 1));
	edits_replace(s->r->edits, v, arena_copy(s->r->arena, buf_slice(&b)));
	buf_free(&b);
}

static void
extend_array(struct setter *s, struct value array, const char *type)
{
	struct value last = { 0 }, none = { 0 };

	for (struct value k = json_first(array); json_type(k); k = json_next(k))
		last = k;
	if (slice_eq(json_string(json_get(last, "text"), s->r->arena), s->d->settings.concise))
		return;
	if (!s->observe)
		edits_insert(s->r->edits, array, none, block_of(s, type));
}

static void
extend(struct setter *s, struct value v, const char *type)
{
	if (json_type(v) == JSON_STRING)
		extend_string(s, v);
	else if (json_type(v) == JSON_ARRAY)
		extend_array(s, v, type);
}

/* Chat: the last of the system messages that begin it, or a new one in front. */
static void
in_chat(struct setter *s)
{
	struct value messages = json_get(s->q->body, "messages"), system = { 0 };
	struct buf b = { 0 };

	for (struct value m = json_first(messages); json_type(m); m = json_next(m)) {
		struct value role = json_get(m, "role");

		if (!json_is(role, "system") && !json_is(role, "developer"))
			break;
		system = m;
	}
	if (json_type(system)) {
		extend(s, json_get(system, "content"), "text");
		return;
	}
	if (s->observe || json_type(messages) != JSON_ARRAY)
		return;
	buf_add(&b, SLICE("{\"role\":\"system\",\"content\":"));
	json_quote(&b, s->d->settings.concise);
	buf_add_byte(&b, '}');
	edits_insert(s->r->edits, messages, json_first(messages),
	    arena_copy(s->r->arena, buf_slice(&b)));
	buf_free(&b);
}

static void
at_member(struct setter *s, const char *name, bool array)
{
	struct value v = json_get(s->q->body, name);
	struct slice raw;

	if (json_type(v) > JSON_NULL) {
		extend(s, v, s->q->api == API_CONVERSE ? NULL : "text");
		return;
	}
	raw = array ? arena_printf(s->r->arena, "[%s]", block_of(s, NULL).ptr)
		    : chat_quote(s->d->settings.concise, s->r->arena);
	setter_put(s, (const char *const[]){ name, NULL }, raw);
}

static void
in_gemini(struct setter *s)
{
	struct value v = json_get(s->q->body, "systemInstruction");
	static const char *const path[] = { "systemInstruction", "parts", NULL };

	if (!json_type(v))
		v = json_get(s->q->body, "system_instruction");
	if (json_type(v) > JSON_NULL)
		extend(s, json_get(v, "parts"), NULL);
	else
		setter_put(s, path, arena_printf(s->r->arena, "[%s]", block_of(s, NULL).ptr));
}

void
output_concise(struct setter *s)
{
	if (!s->d->settings.concise.ptr)
		return;
	switch (s->q->api) {
	case API_CHAT: in_chat(s); break;
	case API_RESPONSES: at_member(s, "instructions", false); break;
	case API_MESSAGES: at_member(s, "system", false); break;
	case API_CONVERSE: at_member(s, "system", true); break;
	case API_GEMINI: in_gemini(s); break;
	default: setter_drop(s->d, "concise"); break;
	}
}
