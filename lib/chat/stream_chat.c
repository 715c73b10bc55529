/* SPDX-License-Identifier: MIT */
/* Chat completions: choices, each with a text, and tool calls behind them in the list. */
#include "chat/stream_parts.h"

#define CALLS_FROM 128 /* pieces from here on are tool calls: of choice 0 alone */

static void
chat_calls(struct assembly *s, struct value calls)
{
	for (struct value c = json_first(calls); json_type(c); c = json_next(c)) {
		uint64_t n = 0;
		struct piece *p;
		struct value f = json_get(c, "function");

		json_whole(json_get(c, "index"), &n);
		p = n < STREAM_PIECES - CALLS_FROM
			? chat_stream_piece(s, (struct value){ 0 }, n + CALLS_FROM)
			: NULL;
		if (!p) {
			s->why = "more tool calls than an answer has";
			return;
		}
		p->open = true;
		if (!p->id.ptr)
			p->id = chat_stream_keep(s, json_get(c, "id"));
		if (!p->name.ptr)
			p->name = chat_stream_keep(s, json_get(f, "name"));
		chat_stream_add(s, &p->more, json_get(f, "arguments"));
	}
}

void
chat_stream_openai_event(struct assembly *s, struct value e)
{
	struct value choices = json_get(e, "choices");

	if (!s->head.ptr)
		s->head = chat_stream_keep(s, e);
	if (json_type(json_get(e, "usage")) == JSON_OBJECT)
		s->usage = chat_stream_keep(s, json_get(e, "usage"));
	if (json_type(choices) != JSON_ARRAY)
		return;
	for (struct value c = json_first(choices); json_type(c); c = json_next(c)) {
		struct value delta = json_get(c, "delta");
		struct piece *p = chat_stream_piece(s, json_get(c, "index"), 0);

		if (!p || p - s->list >= CALLS_FROM) {
			s->why = "more choices than an answer has";
			return;
		}
		p->open = true;
		chat_stream_add(s, &p->text, json_get(delta, "content"));
		chat_stream_add(s, &p->text, json_get(c, "text"));
		chat_stream_add(s, &p->more, json_get(delta, "refusal"));
		chat_stream_add(s, &s->thought, json_get(delta, "reasoning_content"));
		if (json_type(json_get(delta, "tool_calls")) == JSON_ARRAY)
			chat_calls(s, json_get(delta, "tool_calls"));
		if (json_type(json_get(c, "finish_reason")) == JSON_STRING)
			p->finish = chat_stream_keep(s, json_get(c, "finish_reason"));
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
		chat_stream_member(w, "id", p->id);
		write_name(w, "type");
		write_z(w, "function");
		write_name(w, "function");
		write_object(w);
		chat_stream_member(w, "name", p->name);
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
	chat_stream_member(w, "finish_reason", p->finish);
	write_object_end(w);
}

bool
chat_stream_openai_end(struct assembly *s, bool plain, struct writer *w)
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
			chat_stream_member(w, kept[i], json_raw(v));
	}
	write_name(w, "choices");
	write_array(w);
	for (size_t i = 0; i < s->count && i < CALLS_FROM; i++)
		if (s->list[i].open)
			chat_choice(s, i, plain, w);
	write_array_end(w);
	chat_stream_member(w, "usage", s->usage);
	write_object_end(w);
	json_free(&json);
	return true;
}
