/* SPDX-License-Identifier: MIT */
/* Anthropic's messages: blocks that are begun, told piece by piece, and ended. */
#include "chat/stream_parts.h"

static void
messages_delta(struct assembly *s, struct piece *p, struct value delta)
{
	chat_stream_add(s, &p->text, json_get(delta, "text"));
	chat_stream_add(s, &p->text, json_get(delta, "thinking"));
	chat_stream_add(s, &p->more, json_get(delta, "partial_json"));
	if (json_type(json_get(delta, "signature")) == JSON_STRING)
		p->signature = chat_stream_keep(s, json_get(delta, "signature"));
}

void
chat_stream_messages_event(struct assembly *s, struct value e)
{
	struct value type = json_get(e, "type");
	struct piece *p;

	if (json_is(type, "message_start")) {
		s->head = chat_stream_keep(s, json_get(e, "message"));
	} else if (json_is(type, "content_block_start")) {
		if (!(p = chat_stream_piece(s, json_get(e, "index"), s->count)))
			return;
		p->open = true;
		p->head = chat_stream_keep(s, json_get(e, "content_block"));
		chat_stream_add(s, &p->text, json_get(json_get(e, "content_block"), "text"));
		chat_stream_add(
		    s, &p->text, json_get(json_get(e, "content_block"), "thinking"));
	} else if (json_is(type, "content_block_delta")) {
		if ((p = chat_stream_piece(s, json_get(e, "index"), 0)))
			messages_delta(s, p, json_get(e, "delta"));
	} else if (json_is(type, "content_block_stop")) {
		if ((p = chat_stream_piece(s, json_get(e, "index"), 0)))
			p->open = false;
	} else if (json_is(type, "message_delta")) {
		s->stop = chat_stream_keep(s, json_get(e, "delta"));
		/* cumulative: the last one counts */
		if (json_type(json_get(e, "usage")) == JSON_OBJECT)
			s->usage = chat_stream_keep(s, json_get(e, "usage"));
	} else if (json_is(type, "message_stop")) {
		s->done = true;
	} else if (json_is(type, "error")) {
		s->why = "the stream ended with an error";
	}
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
	chat_stream_member(&own, "signature", p->signature);
	write_object_end(&own);
	write_object(w);
	chat_stream_merge(p->head, arena_copy(a, buf_slice(&b)), w);
	write_object_end(w);
	buf_free(&b);
}

bool
chat_stream_messages_end(struct assembly *s, struct writer *w)
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
	chat_stream_merge(json_raw(json_get(json_root(&json), "usage")), s->usage, &u);
	write_object_end(&u);
	write_object(&o);
	write_name(&o, "content");
	write_array(&o);
	for (size_t i = 0; i < s->count; i++)
		messages_block(&s->list[i], &s->arena, &o);
	write_array_end(&o);
	chat_stream_merge(s->stop, slice_of(NULL, 0), &o);
	write_name(&o, "usage");
	write_raw(&o, buf_slice(&usage));
	write_object_end(&o);
	write_object(w);
	chat_stream_merge(s->head, arena_copy(&s->arena, buf_slice(&over)), w);
	write_object_end(w);
	buf_free(&over);
	buf_free(&usage);
	json_free(&json);
	return true;
}
