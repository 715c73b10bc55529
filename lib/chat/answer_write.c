/* SPDX-License-Identifier: MIT */
#include "chat/answer_parts.h"

/* All texts of a kind as one JSON string; false if there is none. */
static bool
joined(const struct answer *x, enum chat_kind kind, struct writer *w)
{
	struct buf b = { 0 };
	bool any = false;

	for (size_t i = 0; i < x->said.count; i++)
		if (x->said.parts[i].kind == kind) {
			buf_add(&b, chat_plain(x->said.parts[i].text, x->arena));
			any = true;
		}
	if (any)
		write_string(w, buf_slice(&b));
	buf_free(&b);
	return any;
}

static void
string_or(struct writer *w, const char *name, struct slice raw, const char *other)
{
	write_name(w, name);
	if (raw.ptr)
		write_raw(w, raw);
	else
		write_z(w, other);
}

/* Anthropic's ids are wanted where a form has one for each call. */
static void
write_id(struct writer *w, const char *name, const struct answer *x, size_t i)
{
	if (x->said.parts[i].id.ptr) {
		string_or(w, name, x->said.parts[i].id, NULL);
	} else {
		write_name(w, name);
		write_string(w, arena_printf(x->arena, "call_%zu", i));
	}
}

static void
number(struct writer *w, const char *name, uint64_t n)
{
	write_name(w, name);
	write_number(w, n);
}

static bool
has(const struct answer *x, enum chat_kind kind)
{
	for (size_t i = 0; i < x->said.count; i++)
		if (x->said.parts[i].kind == kind)
			return true;
	return false;
}

static void
write_call(struct writer *w, const struct answer *x, size_t i)
{
	const struct chat_part *p = &x->said.parts[i];

	write_object(w);
	write_id(w, "id", x, i);
	write_name(w, "type");
	write_z(w, "function");
	write_name(w, "function");
	write_object(w);
	string_or(w, "name", p->name, "");
	write_name(w, "arguments");
	write_string(w, p->args);
	write_object_end(w);
	write_object_end(w);
}

void
answer_write_chat(struct writer *w, const struct answer *x)
{
	static const char *const ends[] = { NULL, "stop", "length", "tool_calls",
		"content_filter" };
	const struct usage *u = &x->usage;

	string_or(w, "id", x->id, "");
	write_name(w, "object");
	write_z(w, "chat.completion");
	string_or(w, "model", x->model, NULL);
	write_name(w, "choices");
	write_array(w);
	write_object(w);
	number(w, "index", 0);
	write_name(w, "message");
	write_object(w);
	write_name(w, "role");
	write_z(w, "assistant");
	write_name(w, "content");
	if (!joined(x, CHAT_TEXT, w))
		write_null(w);
	if (has(x, CHAT_THINKING)) {
		write_name(w, "reasoning_content");
		joined(x, CHAT_THINKING, w);
	}
	if (has(x, CHAT_CALL)) {
		write_name(w, "tool_calls");
		write_array(w);
		for (size_t i = 0; i < x->said.count; i++)
			if (x->said.parts[i].kind == CHAT_CALL)
				write_call(w, x, i);
		write_array_end(w);
	}
	write_object_end(w);
	write_name(w, "finish_reason");
	write_z(w, ends[x->end]);
	write_object_end(w);
	write_array_end(w);
	if (!u->present)
		return;
	write_name(w, "usage");
	write_object(w);
	number(w, "prompt_tokens", u->input);
	number(w, "completion_tokens", u->output);
	number(w, "total_tokens", u->input + u->output);
	write_name(w, "prompt_tokens_details");
	write_object(w);
	number(w, "cached_tokens", u->cached);
	write_object_end(w);
	write_name(w, "completion_tokens_details");
	write_object(w);
	number(w, "reasoning_tokens", u->reasoning);
	write_object_end(w);
	write_object_end(w);
}

static void
write_responses_output(struct writer *w, const struct answer *x)
{
	if (has(x, CHAT_TEXT)) {
		write_object(w);
		write_name(w, "type");
		write_z(w, "message");
		write_name(w, "status");
		write_z(w, "completed");
		write_name(w, "role");
		write_z(w, "assistant");
		write_name(w, "content");
		write_array(w);
		write_object(w);
		write_name(w, "type");
		write_z(w, "output_text");
		write_name(w, "text");
		joined(x, CHAT_TEXT, w);
		write_name(w, "annotations");
		write_array(w);
		write_array_end(w);
		write_object_end(w);
		write_array_end(w);
		write_object_end(w);
	}
	for (size_t i = 0; i < x->said.count; i++) {
		const struct chat_part *p = &x->said.parts[i];

		if (p->kind != CHAT_CALL)
			continue;
		write_object(w);
		write_name(w, "type");
		write_z(w, "function_call");
		write_id(w, "call_id", x, i);
		string_or(w, "name", p->name, "");
		write_name(w, "arguments");
		write_string(w, p->args);
		write_object_end(w);
	}
}

void
answer_write_responses(struct writer *w, const struct answer *x)
{
	const struct usage *u = &x->usage;
	bool cut = x->end == END_LENGTH || x->end == END_FILTER;

	string_or(w, "id", x->id, "");
	write_name(w, "object");
	write_z(w, "response");
	write_name(w, "status");
	write_z(w, cut ? "incomplete" : "completed");
	write_name(w, "incomplete_details");
	if (cut) {
		write_object(w);
		write_name(w, "reason");
		write_z(w, x->end == END_LENGTH ? "max_output_tokens" : "content_filter");
		write_object_end(w);
	} else {
		write_null(w);
	}
	string_or(w, "model", x->model, NULL);
	write_name(w, "output");
	write_array(w);
	write_responses_output(w, x);
	write_array_end(w);
	if (!u->present)
		return;
	write_name(w, "usage");
	write_object(w);
	number(w, "input_tokens", u->input);
	write_name(w, "input_tokens_details");
	write_object(w);
	number(w, "cached_tokens", u->cached);
	write_object_end(w);
	number(w, "output_tokens", u->output);
	write_name(w, "output_tokens_details");
	write_object(w);
	number(w, "reasoning_tokens", u->reasoning);
	write_object_end(w);
	number(w, "total_tokens", u->input + u->output);
	write_object_end(w);
}

static void
write_block(struct writer *w, const struct answer *x, size_t i)
{
	static const char *const names[] = {
		[CHAT_TEXT] = "text", [CHAT_THINKING] = "thinking", [CHAT_CALL] = "tool_use"
	};
	const struct chat_part *p = &x->said.parts[i];

	write_object(w);
	write_name(w, "type");
	write_z(w, names[p->kind]);
	if (p->kind == CHAT_CALL) {
		write_id(w, "id", x, i);
		string_or(w, "name", p->name, "");
		write_name(w, "input");
		write_raw(w, p->args);
	} else {
		string_or(w, names[p->kind], p->text, "");
	}
	write_object_end(w);
}

void
answer_write_messages(struct writer *w, const struct answer *x)
{
	static const char *const ends[] = { NULL, "end_turn", "max_tokens", "tool_use",
		"refusal" };
	const struct usage *u = &x->usage;
	uint64_t written = u->written_5m + u->written_1h;

	string_or(w, "id", x->id, "");
	write_name(w, "type");
	write_z(w, "message");
	write_name(w, "role");
	write_z(w, "assistant");
	string_or(w, "model", x->model, NULL);
	write_name(w, "content");
	write_array(w);
	for (size_t i = 0; i < x->said.count; i++)
		write_block(w, x, i);
	write_array_end(w);
	write_name(w, "stop_reason");
	write_z(w, ends[x->end]);
	write_name(w, "stop_sequence");
	write_null(w);
	if (!u->present)
		return;
	write_name(w, "usage");
	write_object(w);
	number(w, "input_tokens", u->input - u->cached - written);
	number(w, "cache_creation_input_tokens", written);
	number(w, "cache_read_input_tokens", u->cached);
	number(w, "output_tokens", u->output);
	write_object_end(w);
}

static void
write_part(struct writer *w, const struct answer *x, size_t i)
{
	const struct chat_part *p = &x->said.parts[i];

	write_object(w);
	if (p->kind == CHAT_CALL) {
		write_name(w, "functionCall");
		write_object(w);
		if (p->id.ptr)
			string_or(w, "id", p->id, NULL);
		string_or(w, "name", p->name, "");
		write_name(w, "args");
		write_raw(w, p->args);
		write_object_end(w);
	} else {
		string_or(w, "text", p->text, "");
		if (p->kind == CHAT_THINKING) {
			write_name(w, "thought");
			write_bool(w, true);
		}
	}
	write_object_end(w);
}

void
answer_write_gemini(struct writer *w, const struct answer *x)
{
	static const char *const ends[] = { NULL, "STOP", "MAX_TOKENS", "STOP", "SAFETY" };
	const struct usage *u = &x->usage;

	write_name(w, "candidates");
	write_array(w);
	write_object(w);
	write_name(w, "content");
	write_object(w);
	write_name(w, "parts");
	write_array(w);
	for (size_t i = 0; i < x->said.count; i++)
		write_part(w, x, i);
	write_array_end(w);
	write_name(w, "role");
	write_z(w, "model");
	write_object_end(w);
	if (ends[x->end]) {
		write_name(w, "finishReason");
		write_z(w, ends[x->end]);
	}
	number(w, "index", 0);
	write_object_end(w);
	write_array_end(w);
	if (u->present) {
		write_name(w, "usageMetadata");
		write_object(w);
		number(w, "promptTokenCount", u->input);
		if (u->cached)
			number(w, "cachedContentTokenCount", u->cached);
		number(w, "candidatesTokenCount", u->output - u->reasoning);
		if (u->reasoning)
			number(w, "thoughtsTokenCount", u->reasoning);
		number(w, "totalTokenCount", u->input + u->output);
		write_object_end(w);
	}
	string_or(w, "modelVersion", x->model, NULL);
	string_or(w, "responseId", x->id, "");
}
