/* SPDX-License-Identifier: MIT */
/* OpenAI's chat completions, and all that copy them, written; its sources stand with the
 * reader. */
#include <stdio.h>

#include "chat/parts.h"

static void
write_image(const struct chat_part *p, struct chat *c, struct writer *w)
{
	struct slice url = p->url;

	if (!url.ptr) {
		struct buf b = { 0 };

		buf_add(&b, SLICE("data:"));
		buf_add(&b, chat_plain(p->mime, c->arena));
		buf_add(&b, SLICE(";base64,"));
		buf_add(&b, chat_plain(p->data, c->arena));
		url = chat_quote(buf_slice(&b), c->arena);
		buf_free(&b);
	}
	write_object(w);
	write_name(w, "type");
	write_z(w, "image_url");
	write_name(w, "image_url");
	write_object(w);
	chat_member(w, "url", url);
	chat_member(w, "detail", p->detail);
	write_object_end(w);
	write_object_end(w);
}

static void
write_part(const struct chat_part *p, struct chat *c, struct writer *w)
{
	if (p->kind == CHAT_IMAGE) {
		write_image(p, c, w);
		return;
	}
	write_object(w);
	write_name(w, "type");
	write_z(w, "text");
	chat_member(w, "text", p->text);
	write_object_end(w);
}

static bool
is_content(const struct chat_part *p)
{
	return p->kind == CHAT_TEXT || p->kind == CHAT_IMAGE;
}

/* The texts and images among the parts: one string where one text was all. */
static void
write_content(
    const struct chat_part *parts, size_t count, bool plain, struct chat *c, struct writer *w)
{
	size_t n = 0, first = 0;

	for (size_t i = count; i-- > 0;) {
		n += is_content(&parts[i]);
		first = is_content(&parts[i]) ? i : first;
	}
	write_name(w, "content");
	if (!n) {
		write_null(w);
	} else if (n == 1 && plain && parts[first].kind == CHAT_TEXT) {
		write_raw(w, parts[first].text);
	} else {
		write_array(w);
		for (size_t i = 0; i < count; i++)
			if (is_content(&parts[i]))
				write_part(&parts[i], c, w);
		write_array_end(w);
	}
}

static void
write_calls(const struct chat_message *m, struct chat *c, struct writer *w)
{
	bool any = false;
	char id[24];
	unsigned number = 0;

	for (size_t i = 0; i < m->count; i++) {
		const struct chat_part *p = &m->parts[i];

		if (p->kind != CHAT_CALL)
			continue;
		if (!any) {
			write_name(w, "tool_calls");
			write_array(w);
			any = true;
		}
		write_object(w);
		snprintf(id, sizeof id, "call_%u", ++number);
		write_name(w, "id");
		write_raw(w, p->id.ptr ? p->id : chat_quote(slice_z(id), c->arena));
		write_name(w, "type");
		write_z(w, "function");
		write_name(w, "function");
		write_object(w);
		chat_member(w, "name", p->name);
		write_name(w, "arguments");
		write_string(w, p->args);
		write_object_end(w);
		write_object_end(w);
	}
	if (any)
		write_array_end(w);
}

static void
write_message(const struct chat_message *m, struct chat *c, struct writer *w)
{
	static const char *const roles[] = { "system", "user", "assistant" };
	bool rest = m->count == 0;

	for (size_t i = 0; i < m->count; i++) {
		const struct chat_part *p = &m->parts[i];

		rest |= p->kind != CHAT_RESULT && p->kind != CHAT_THINKING;
		if (p->kind == CHAT_THINKING)
			chat_lose(c, "thinking of earlier turns");
		if (p->kind != CHAT_RESULT)
			continue;
		if (p->failed)
			chat_lose(c, "is_error of a tool result");
		write_object(w);
		write_name(w, "role");
		write_z(w, "tool");
		chat_member(w, "tool_call_id", p->id.ptr ? p->id : p->name);
		write_content(p->parts, p->count, p->plain || p->count == 1, c, w);
		write_object_end(w);
	}
	if (!rest)
		return;
	write_object(w);
	write_name(w, "role");
	write_z(w, roles[m->role]);
	chat_member(w, "name", m->name);
	/* one text beside calls is a string here, a block elsewhere */
	write_content(m->parts, m->count, m->plain || m->role == CHAT_ASSISTANT, c, w);
	write_calls(m, c, w);
	write_object_end(w);
}

static void
write_tools(const struct chat *c, struct writer *w)
{
	static const char *const choices[] = {
		[CHOICE_AUTO] = "auto", [CHOICE_NONE] = "none", [CHOICE_ANY] = "required"
	};

	if (c->tool_count) {
		write_name(w, "tools");
		write_array(w);
	}
	for (size_t i = 0; i < c->tool_count; i++) {
		write_object(w);
		write_name(w, "type");
		write_z(w, "function");
		write_name(w, "function");
		write_object(w);
		chat_member(w, "name", c->tool[i].name);
		chat_member(w, "description", c->tool[i].description);
		chat_member(w, "parameters", c->tool[i].schema);
		chat_member(w, "strict", c->tool[i].strict);
		write_object_end(w);
		write_object_end(w);
	}
	if (c->tool_count)
		write_array_end(w);
	if (c->choice == CHOICE_TOOL) {
		write_name(w, "tool_choice");
		write_object(w);
		write_name(w, "type");
		write_z(w, "function");
		write_name(w, "function");
		write_object(w);
		chat_member(w, "name", c->choice_name);
		write_object_end(w);
		write_object_end(w);
	} else if (c->choice) {
		write_name(w, "tool_choice");
		write_z(w, choices[c->choice]);
	}
	chat_member(w, "parallel_tool_calls", c->parallel);
}

static void
write_format(const struct chat *c, struct writer *w)
{
	if (!c->format)
		return;
	write_name(w, "response_format");
	write_object(w);
	write_name(w, "type");
	write_z(w, c->format == FORMAT_TEXT   ? "text"
		   : c->format == FORMAT_JSON ? "json_object"
					      : "json_schema");
	if (c->format == FORMAT_SCHEMA) {
		write_name(w, "json_schema");
		write_object(w);
		/* the name is wanted here, and known to no other form */
		write_name(w, "name");
		write_raw(w, c->schema_name.ptr ? c->schema_name : SLICE("\"answer\""));
		chat_member(w, "strict", c->schema_strict);
		chat_member(w, "schema", c->schema);
		write_object_end(w);
	}
	write_object_end(w);
}

/* Under the name that this model takes. */
static const char *
cap_name(const struct chat *c)
{
	return request_cap_path(API_CHAT, chat_plain(c->model, c->arena))[0];
}

bool
chat_write_openai(struct chat *c, bool mistral, struct writer *w, const char **why)
{
	(void)why;
	write_object(w);
	chat_member(w, "model", c->model);
	write_name(w, "messages");
	write_array(w);
	for (size_t i = 0; i < c->message_count; i++)
		write_message(&c->message[i], c, w);
	write_array_end(w);
	chat_member(w, mistral ? "max_tokens" : cap_name(c), c->cap);
	chat_member(w, "temperature", c->temperature);
	chat_member(w, "top_p", c->top_p);
	chat_member(w, mistral ? "random_seed" : "seed", c->seed);
	chat_member(w, "n", c->n);
	chat_member(w, "presence_penalty", c->presence);
	chat_member(w, "frequency_penalty", c->frequency);
	if (!mistral) {
		chat_member(w, "logprobs", c->logprobs);
		chat_member(w, "top_logprobs", c->top_logprobs);
		chat_member(w, "user", c->user);
	}
	chat_write_stops(c, "stop", w);
	write_format(c, w);
	write_tools(c, w);
	chat_member(w, "reasoning_effort", c->effort);
	write_object_end(w);
	if (c->top_k.ptr)
		chat_lose(c, "top_k");
	if (c->think_budget.ptr)
		chat_lose(c, "a budget of thinking tokens");
	if (c->stop_count > 4)
		chat_lose(c, "more than four stop sequences");
	if (chat_has_marks(c))
		chat_lose(c, "cache markers");
	if (mistral && (c->logprobs.ptr || c->top_logprobs.ptr))
		chat_lose(c, "logprobs");
	if (mistral && c->user.ptr)
		chat_lose(c, "user");
	return true;
}
