/* SPDX-License-Identifier: MIT */
/* Server-sent events to the answer that they are the pieces of. */
#include <stdlib.h>

#include "base/mem.h"
#include "chat/answer.h"
#include "json/write.h"

#define PIECES 256 /* blocks, tool calls or choices of one answer */

/* One block, call or choice that grows. */
struct piece {
	bool open;
	struct slice head, id, name, type, finish, signature; /* JSON, in the arena */
	struct buf text, more;                                /* characters; arguments */
	size_t choice;
};

struct assembly {
	struct arena arena;
	struct json json;
	struct piece *list;
	size_t count;
	struct slice head;        /* the first event's object */
	struct slice usage, stop; /* the last ones told */
	struct buf thought;
	bool done;
	const char *why;
};

static struct slice
keep(struct assembly *s, struct value v)
{
	return json_type(v) > JSON_NULL ? arena_copy(&s->arena, json_raw(v))
					: slice_of(NULL, 0);
}

static void
add_text(struct assembly *s, struct buf *b, struct value v)
{
	if (json_type(v) == JSON_STRING)
		buf_add(b, json_string(v, &s->arena));
}

static struct piece *
piece_at(struct assembly *s, struct value index, uint64_t otherwise)
{
	uint64_t n = otherwise;

	json_whole(index, &n);
	if (n >= PIECES) {
		s->why = "more pieces than an answer has";
		return NULL;
	}
	while (s->count <= n)
		s->list[s->count++] = (struct piece){ .open = false };
	return &s->list[n];
}

static void
member(struct writer *w, const char *name, struct slice raw)
{
	if (!raw.ptr)
		return;
	write_name(w, name);
	write_raw(w, raw);
}

/* chat completions: choices, each with a text, and tool calls behind them in the list */

#define CALLS_FROM 128 /* pieces from here on are tool calls: of choice 0 alone */

static void
chat_calls(struct assembly *s, struct value calls)
{
	for (struct value c = json_first(calls); json_type(c); c = json_next(c)) {
		uint64_t n = 0;
		struct piece *p;
		struct value f = json_get(c, "function");

		json_whole(json_get(c, "index"), &n);
		p = n < PIECES - CALLS_FROM ? piece_at(s, (struct value){ 0 }, n + CALLS_FROM)
					    : NULL;
		if (!p) {
			s->why = "more tool calls than an answer has";
			return;
		}
		p->open = true;
		if (!p->id.ptr)
			p->id = keep(s, json_get(c, "id"));
		if (!p->name.ptr)
			p->name = keep(s, json_get(f, "name"));
		add_text(s, &p->more, json_get(f, "arguments"));
	}
}

static void
chat_event(struct assembly *s, struct value e)
{
	struct value choices = json_get(e, "choices");

	if (!s->head.ptr)
		s->head = keep(s, e);
	if (json_type(json_get(e, "usage")) == JSON_OBJECT)
		s->usage = keep(s, json_get(e, "usage"));
	if (json_type(choices) != JSON_ARRAY)
		return;
	for (struct value c = json_first(choices); json_type(c); c = json_next(c)) {
		struct value delta = json_get(c, "delta");
		struct piece *p = piece_at(s, json_get(c, "index"), 0);

		if (!p || p - s->list >= CALLS_FROM) {
			s->why = "more choices than an answer has";
			return;
		}
		p->open = true;
		add_text(s, &p->text, json_get(delta, "content"));
		add_text(s, &p->text, json_get(c, "text"));
		add_text(s, &p->more, json_get(delta, "refusal"));
		add_text(s, &s->thought, json_get(delta, "reasoning_content"));
		if (json_type(json_get(delta, "tool_calls")) == JSON_ARRAY)
			chat_calls(s, json_get(delta, "tool_calls"));
		if (json_type(json_get(c, "finish_reason")) == JSON_STRING)
			p->finish = keep(s, json_get(c, "finish_reason"));
	}
}

static void
chat_tools(const struct assembly *s, struct writer *w)
{
	write_name(w, "tool_calls");
	write_array(w);
	for (size_t i = CALLS_FROM; i < s->count; i++) {
		const struct piece *p = &s->list[i];

		if (!p->open)
			continue;
		write_object(w);
		member(w, "id", p->id);
		write_name(w, "type");
		write_z(w, "function");
		write_name(w, "function");
		write_object(w);
		member(w, "name", p->name);
		write_name(w, "arguments");
		write_string(w, buf_slice(&p->more));
		write_object_end(w);
		write_object_end(w);
	}
	write_array_end(w);
}

static void
chat_choice(const struct assembly *s, size_t i, bool plain, struct writer *w)
{
	const struct piece *p = &s->list[i];
	bool tools = i == 0 && s->count > CALLS_FROM;

	write_object(w);
	write_name(w, "index");
	write_number(w, i);
	if (plain) {
		write_name(w, "text");
		write_string(w, buf_slice(&p->text));
	} else {
		write_name(w, "message");
		write_object(w);
		write_name(w, "role");
		write_z(w, "assistant");
		write_name(w, "content");
		if (!p->text.len && (tools || p->more.len))
			write_null(w);
		else
			write_string(w, buf_slice(&p->text));
		if (i == 0 && s->thought.len) {
			write_name(w, "reasoning_content");
			write_string(w, buf_slice(&s->thought));
		}
		write_name(w, "refusal");
		if (p->more.len)
			write_string(w, buf_slice(&p->more));
		else
			write_null(w);
		if (tools)
			chat_tools(s, w);
		write_object_end(w);
	}
	member(w, "finish_reason", p->finish);
	write_object_end(w);
}

static bool
chat_end(struct assembly *s, bool plain, struct writer *w)
{
	static const char *const kept[] = { "id", "created", "model", "service_tier",
		"system_fingerprint" };
	struct json json = { 0 };
	const char *why;
	size_t where;

	for (size_t i = 0; i < s->count && i < CALLS_FROM; i++)
		if (s->list[i].open && !s->list[i].finish.ptr)
			return false;
	if (!s->count || !s->list[0].open || !json_scan(&json, s->head, &why, &where))
		return false;
	write_object(w);
	write_name(w, "object");
	write_z(w, plain ? "text_completion" : "chat.completion");
	for (size_t i = 0; i < sizeof(kept) / sizeof(*kept); i++) {
		struct value v = json_get(json_root(&json), kept[i]);

		if (json_type(v))
			member(w, kept[i], json_raw(v));
	}
	write_name(w, "choices");
	write_array(w);
	for (size_t i = 0; i < s->count && i < CALLS_FROM; i++)
		if (s->list[i].open)
			chat_choice(s, i, plain, w);
	write_array_end(w);
	member(w, "usage", s->usage);
	write_object_end(w);
	json_free(&json);
	return true;
}

/* responses: the last event has all of it */

static void
responses_event(struct assembly *s, struct value e)
{
	struct value type = json_get(e, "type");

	if (!json_is(type, "response.completed") && !json_is(type, "response.incomplete") &&
	    !json_is(type, "response.failed"))
		return;
	s->head = keep(s, json_get(e, "response"));
	s->done = true;
}

/* Anthropic's messages */

static void
messages_delta(struct assembly *s, struct piece *p, struct value delta)
{
	add_text(s, &p->text, json_get(delta, "text"));
	add_text(s, &p->text, json_get(delta, "thinking"));
	add_text(s, &p->more, json_get(delta, "partial_json"));
	if (json_type(json_get(delta, "signature")) == JSON_STRING)
		p->signature = keep(s, json_get(delta, "signature"));
}

static void
messages_event(struct assembly *s, struct value e)
{
	struct value type = json_get(e, "type");
	struct piece *p;

	if (json_is(type, "message_start")) {
		s->head = keep(s, json_get(e, "message"));
	} else if (json_is(type, "content_block_start")) {
		if (!(p = piece_at(s, json_get(e, "index"), s->count)))
			return;
		p->open = true;
		p->head = keep(s, json_get(e, "content_block"));
		add_text(s, &p->text, json_get(json_get(e, "content_block"), "text"));
		add_text(s, &p->text, json_get(json_get(e, "content_block"), "thinking"));
	} else if (json_is(type, "content_block_delta")) {
		if ((p = piece_at(s, json_get(e, "index"), 0)))
			messages_delta(s, p, json_get(e, "delta"));
	} else if (json_is(type, "content_block_stop")) {
		if ((p = piece_at(s, json_get(e, "index"), 0)))
			p->open = false;
	} else if (json_is(type, "message_delta")) {
		s->stop = keep(s, json_get(e, "delta"));
		/* cumulative: the last one counts */
		if (json_type(json_get(e, "usage")) == JSON_OBJECT)
			s->usage = keep(s, json_get(e, "usage"));
	} else if (json_is(type, "message_stop")) {
		s->done = true;
	} else if (json_is(type, "error")) {
		s->why = "the stream ended with an error";
	}
}

/* The object's members, those of over in place of its own. */
static void
merged(struct slice object, struct slice over, struct writer *w)
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

static void
messages_block(const struct piece *p, struct arena *a, struct writer *w)
{
	struct buf b = { 0 };
	struct writer own = { &b, false };
	bool thinking = p->head.ptr && memmem(p->head.ptr, p->head.len, "\"thinking\"", 10);

	write_object(&own);
	if (p->more.len) {
		write_name(&own, "input");
		write_raw(&own, buf_slice(&p->more));
	} else if (p->text.len) {
		write_name(&own, thinking ? "thinking" : "text");
		write_string(&own, buf_slice(&p->text));
	}
	member(&own, "signature", p->signature);
	write_object_end(&own);
	write_object(w);
	merged(p->head, arena_copy(a, buf_slice(&b)), w);
	write_object_end(w);
	buf_free(&b);
}

static bool
messages_end(struct assembly *s, struct writer *w)
{
	struct buf over = { 0 }, usage = { 0 };
	struct writer o = { &over, false }, u = { &usage, false };
	struct json json = { 0 };
	const char *why;
	size_t where;

	for (size_t i = 0; i < s->count; i++)
		if (s->list[i].open || !s->list[i].head.ptr)
			return false;
	if (!s->done || !s->stop.ptr || !s->head.ptr ||
	    !json_scan(&json, s->head, &why, &where))
		return false;
	write_object(&u);
	merged(json_raw(json_get(json_root(&json), "usage")), s->usage, &u);
	write_object_end(&u);
	write_object(&o);
	write_name(&o, "content");
	write_array(&o);
	for (size_t i = 0; i < s->count; i++)
		messages_block(&s->list[i], &s->arena, &o);
	write_array_end(&o);
	merged(s->stop, slice_of(NULL, 0), &o);
	write_name(&o, "usage");
	write_raw(&o, buf_slice(&usage));
	write_object_end(&o);
	write_object(w);
	merged(s->head, arena_copy(&s->arena, buf_slice(&over)), w);
	write_object_end(w);
	buf_free(&over);
	buf_free(&usage);
	json_free(&json);
	return true;
}

/* Gemini: pieces of candidates; texts that follow one another become one part */

static void
gemini_event(struct assembly *s, struct value e)
{
	struct value candidates = json_get(e, "candidates"), parts, one;

	s->head = keep(s, e); /* the last has usage and reason */
	if (json_type(json_get(e, "usageMetadata")) == JSON_OBJECT)
		s->usage = keep(s, json_get(e, "usageMetadata"));
	if (json_type(candidates) != JSON_ARRAY)
		return;
	one = json_first(candidates);
	if (json_type(json_get(one, "finishReason")) == JSON_STRING)
		s->stop = keep(s, json_get(one, "finishReason"));
	parts = json_get(json_get(one, "content"), "parts");
	if (json_type(parts) != JSON_ARRAY)
		return;
	for (struct value p = json_first(parts); json_type(p); p = json_next(p)) {
		bool text =
		    json_type(json_get(p, "text")) == JSON_STRING && json_length(p) == 1;
		struct piece *last = s->count ? &s->list[s->count - 1] : NULL;

		if (!(text && last && last->open))
			last = piece_at(s, (struct value){ 0 }, s->count);
		if (!last)
			return;
		last->open = text;
		if (text)
			add_text(s, &last->text, json_get(p, "text"));
		else
			last->head = keep(s, p);
	}
}

static bool
gemini_end(struct assembly *s, struct writer *w)
{
	struct json json = { 0 };
	const char *why;
	size_t where;

	if (!s->stop.ptr || !s->head.ptr || !json_scan(&json, s->head, &why, &where))
		return false;
	write_object(w);
	write_name(w, "candidates");
	write_array(w);
	write_object(w);
	write_name(w, "content");
	write_object(w);
	write_name(w, "parts");
	write_array(w);
	for (size_t i = 0; i < s->count; i++) {
		if (!s->list[i].open) {
			write_raw(w, s->list[i].head);
			continue;
		}
		write_object(w);
		write_name(w, "text");
		write_string(w, buf_slice(&s->list[i].text));
		write_object_end(w);
	}
	write_array_end(w);
	write_name(w, "role");
	write_z(w, "model");
	write_object_end(w);
	member(w, "finishReason", s->stop);
	write_name(w, "index");
	write_number(w, 0);
	write_object_end(w);
	write_array_end(w);
	member(w, "usageMetadata", s->usage);
	for (struct value k = json_first(json_root(&json)); json_type(k); k = json_next(k))
		if (!json_is(k, "candidates") && !json_is(k, "usageMetadata")) {
			write_name_slice(w, json_string_raw(k));
			write_raw(w, json_raw(json_member_value(k)));
		}
	write_object_end(w);
	json_free(&json);
	return true;
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
		chat_event(s, e);
	else if (api == API_RESPONSES)
		responses_event(s, e);
	else if (api == API_MESSAGES)
		messages_event(s, e);
	else if (api == API_GEMINI)
		gemini_event(s, e);
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
	case API_CHAT: return s->done && chat_end(s, false, &w);
	case API_COMPLETION: return s->done && chat_end(s, true, &w);
	case API_RESPONSES:
		if (s->done && s->head.ptr)
			buf_add(out, s->head);
		return s->done && s->head.ptr;
	case API_MESSAGES: return messages_end(s, &w);
	case API_GEMINI: return gemini_end(s, &w);
	default: return false;
	}
}

bool
chat_stream(enum api api, struct slice events, struct buf *out, const char **why)
{
	struct assembly *s = mem_zero(sizeof(*s));
	size_t before = out->len;
	bool ok;

	s->list = mem_zero(PIECES * sizeof(*s->list));
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
