/* SPDX-License-Identifier: MIT */
/* Server-sent events to the answer that they are the pieces of. */
#include <stdlib.h>

#include "base/mem.h"
#include "chat/stream_parts.h"

struct slice
chat_stream_keep(struct assembly *s, struct value v)
{
	return json_type(v) > JSON_NULL ? arena_copy(&s->arena, json_raw(v))
					: slice_of(NULL, 0);
}

void
chat_stream_add(struct assembly *s, struct buf *b, struct value v)
{
	if (json_type(v) == JSON_STRING)
		buf_add(b, json_string(v, &s->arena));
}

struct piece *
chat_stream_piece(struct assembly *s, struct value index, uint64_t otherwise)
{
	uint64_t n = otherwise;

	json_whole(index, &n);
	if (n >= STREAM_PIECES) {
		s->why = "more pieces than an answer has";
		return NULL;
	}
	while (s->count <= n)
		s->list[s->count++] = (struct piece){ .open = false };
	return &s->list[n];
}

void
chat_stream_member(struct writer *w, const char *name, struct slice raw)
{
	if (!raw.ptr)
		return;
	write_name(w, name);
	write_raw(w, raw);
}

void
chat_stream_merge(struct slice object, struct slice over, struct writer *w)
{
	struct json a = { 0 }, b = { 0 };
	struct value base, top = { 0 };
	const char *why;
	size_t where;

	if (!object.ptr || !json_scan(&a, object, &why, &where))
		object = SLICE("{}");
	base = object.len > 2 ? json_root(&a) : (struct value){ 0 };
	if (over.ptr && json_scan(&b, over, &why, &where))
		top = json_root(&b);
	if (json_type(base) == JSON_OBJECT)
		for (struct value k = json_first(base); json_type(k); k = json_next(k)) {
			if (json_type(top) == JSON_OBJECT &&
			    json_type(json_get_slice(top, json_string_raw(k))))
				continue;
			write_name_slice(w, json_string_raw(k));
			write_raw(w, json_raw(json_member_value(k)));
		}
	if (json_type(top) == JSON_OBJECT)
		for (struct value k = json_first(top); json_type(k); k = json_next(k)) {
			write_name_slice(w, json_string_raw(k));
			write_raw(w, json_raw(json_member_value(k)));
		}
	json_free(&a);
	json_free(&b);
}

/* responses: the last event has all of it */

static void
responses_event(struct assembly *s, struct value e)
{
	struct value type = json_get(e, "type");

	if (!json_is(type, "response.completed") && !json_is(type, "response.incomplete") &&
	    !json_is(type, "response.failed"))
		return;
	s->head = chat_stream_keep(s, json_get(e, "response"));
	s->done = true;
}

/* One event's data. */
static void
take(struct assembly *s, enum api api, struct slice data)
{
	const char *why;
	size_t where;
	struct value e;

	if (slice_eqz(data, "[DONE]")) {
		s->done = true;
		return;
	}
	if (!json_scan(&s->json, data, &why, &where)) {
		s->why = "an event that is no JSON";
		return;
	}
	e = json_root(&s->json);
	if (json_type(json_get(e, "error")) > JSON_NULL && api != API_RESPONSES)
		s->why = "the stream ended with an error";
	else if (api == API_CHAT || api == API_COMPLETION)
		chat_stream_openai_event(s, e);
	else if (api == API_RESPONSES)
		responses_event(s, e);
	else if (api == API_MESSAGES)
		chat_stream_messages_event(s, e);
	else if (api == API_GEMINI)
		chat_stream_gemini_event(s, e);
	else
		s->why = "an interface that does not stream";
}

/* Events are separated by blank lines; only their data lines count. What is not ended by a
 * blank line is cut. */
static void
walk(struct assembly *s, enum api api, struct slice events)
{
	struct buf data = { 0 };

	while (events.len && !s->why) {
		size_t n = slice_find(events, '\n');
		struct slice line = slice_take(events, n);
		bool ended = n < events.len;

		events = slice_drop(events, n + 1);
		if (line.len && line.ptr[line.len - 1] == '\r')
			line.len--;
		if (!ended)
			break;
		if (!line.len) {
			if (data.len)
				take(s, api, buf_slice(&data));
			buf_clear(&data);
		} else if (slice_starts(line, SLICE("data:"))) {
			if (data.len)
				buf_add_byte(&data, '\n');
			buf_add(&data,
			    slice_drop(line, line.len > 5 && line.ptr[5] == ' ' ? 6 : 5));
		}
	}
	buf_free(&data);
}

static bool
finish(struct assembly *s, enum api api, struct buf *out)
{
	struct writer w = { out, false };

	switch (api) {
	case API_CHAT: return s->done && chat_stream_openai_end(s, false, &w);
	case API_COMPLETION: return s->done && chat_stream_openai_end(s, true, &w);
	case API_RESPONSES:
		if (s->done && s->head.ptr)
			buf_add(out, s->head);
		return s->done && s->head.ptr;
	case API_MESSAGES: return chat_stream_messages_end(s, &w);
	case API_GEMINI: return chat_stream_gemini_end(s, &w);
	default: return false;
	}
}

bool
chat_stream(enum api api, struct slice events, struct buf *out, const char **why)
{
	struct assembly *s = mem_zero(sizeof(*s));
	size_t before = out->len;
	bool ok;

	s->list = mem_zero(STREAM_PIECES * sizeof(*s->list));
	walk(s, api, events);
	ok = !s->why && finish(s, api, out);
	*why = s->why ? s->why : "the stream was cut";
	if (!ok)
		out->len = before;
	for (size_t i = 0; i < s->count; i++) {
		buf_free(&s->list[i].text);
		buf_free(&s->list[i].more);
	}
	buf_free(&s->thought);
	json_free(&s->json);
	arena_close(&s->arena);
	free(s->list);
	free(s);
	return ok;
}
