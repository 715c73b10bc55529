/* SPDX-License-Identifier: MIT */
/* Gemini: pieces of candidates; texts that follow one another become one part. */
#include "chat/stream_parts.h"

void
chat_stream_gemini_event(struct assembly *s, struct value e)
{
	struct value candidates = json_get(e, "candidates"), parts, one;

	s->head = chat_stream_keep(s, e); /* the last has usage and reason */
	if (json_type(json_get(e, "usageMetadata")) == JSON_OBJECT)
		s->usage = chat_stream_keep(s, json_get(e, "usageMetadata"));
	if (json_type(candidates) != JSON_ARRAY)
		return;
	one = json_first(candidates);
	if (json_type(json_get(one, "finishReason")) == JSON_STRING)
		s->stop = chat_stream_keep(s, json_get(one, "finishReason"));
	parts = json_get(json_get(one, "content"), "parts");
	if (json_type(parts) != JSON_ARRAY)
		return;
	for (struct value p = json_first(parts); json_type(p); p = json_next(p)) {
		bool text =
		    json_type(json_get(p, "text")) == JSON_STRING && json_length(p) == 1;
		struct piece *last = s->count ? &s->list[s->count - 1] : NULL;

		if (!(text && last && last->open))
			last = chat_stream_piece(s, (struct value){ 0 }, s->count);
		if (!last)
			return;
		last->open = text;
		if (text)
			chat_stream_add(s, &last->text, json_get(p, "text"));
		else
			last->head = chat_stream_keep(s, p);
	}
}

bool
chat_stream_gemini_end(struct assembly *s, struct writer *w)
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
	chat_stream_member(w, "finishReason", s->stop);
	write_name(w, "index");
	write_number(w, 0);
	write_object_end(w);
	write_array_end(w);
	chat_stream_member(w, "usageMetadata", s->usage);
	for (struct value k = json_first(json_root(&json)); json_type(k); k = json_next(k))
		if (!json_is(k, "candidates") && !json_is(k, "usageMetadata")) {
			write_name_slice(w, json_string_raw(k));
			write_raw(w, json_raw(json_member_value(k)));
		}
	write_object_end(w);
	json_free(&json);
	return true;
}
