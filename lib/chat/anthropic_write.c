/* SPDX-License-Identifier: MIT */
/* Anthropic's messages, written; its sources stand with the reader. */
#include "chat/parts.h"

void
chat_write_marker(enum chat_cache cache, struct writer *w)
{
	if (!cache)
		return;
	write_name(w, "cache_control");
	write_object(w);
	write_name(w, "type");
	write_z(w, "ephemeral");
	if (cache == CHAT_CACHE_1H) {
		write_name(w, "ttl");
		write_z(w, "1h");
	}
	write_object_end(w);
}

static void
write_image(const struct chat_part *p, struct writer *w)
{
	write_z(w, "image");
	write_name(w, "source");
	write_object(w);
	write_name(w, "type");
	write_z(w, p->url.ptr ? "url" : "base64");
	chat_member(w, "url", p->url);
	chat_member(w, "media_type", p->mime);
	chat_member(w, "data", p->data);
	write_object_end(w);
}

/* A PDF, by its bytes or its address, or plain text. */
static const char *
write_document(const struct chat_part *p, struct chat *c, struct writer *w)
{
	bool pdf = slice_eqz(chat_ending(p->mime, c->arena), "pdf");

	if (p->data.ptr && !pdf)
		return "a document that is no PDF has no place there";
	write_z(w, "document");
	write_name(w, "source");
	write_object(w);
	write_name(w, "type");
	write_z(w, p->url.ptr ? "url" : p->text.ptr ? "text" : "base64");
	chat_member(w, "url", p->url);
	if (!p->url.ptr)
		chat_member(w, "media_type", p->text.ptr ? SLICE("\"text/plain\"") : p->mime);
	chat_member(w, "data", p->text.ptr ? p->text : p->data);
	write_object_end(w);
	chat_member(w, "title", p->name);
	return NULL;
}

static const char *write_content(
    const struct chat_part *parts, size_t count, bool plain, struct chat *c, struct writer *w);

static const char *
write_result(const struct chat_part *p, struct chat *c, struct writer *w)
{
	write_z(w, "tool_result");
	chat_member(w, "tool_use_id", p->id);
	if (p->failed) {
		write_name(w, "is_error");
		write_bool(w, true);
	}
	return write_content(p->parts, p->count, p->plain, c, w);
}

static const char *
write_block(const struct chat_part *p, struct chat *c, struct writer *w)
{
	const char *why = NULL;

	write_object(w);
	write_name(w, "type");
	switch (p->kind) {
	case CHAT_TEXT:
		write_z(w, "text");
		chat_member(w, "text", p->text);
		break;
	case CHAT_IMAGE:
		write_image(p, w);
		if (p->detail.ptr && !slice_eqz(p->detail, "\"auto\""))
			chat_lose(c, "detail of an image");
		break;
	case CHAT_FILE: why = write_document(p, c, w); break;
	case CHAT_CALL:
		write_z(w, "tool_use");
		chat_member(w, "id", p->id);
		chat_member(w, "name", p->name);
		chat_member(w, "input", p->args);
		break;
	case CHAT_RESULT: why = write_result(p, c, w); break;
	case CHAT_THINKING:
		write_z(w, p->sealed.ptr ? "redacted_thinking" : "thinking");
		chat_member(w, "thinking", p->text);
		chat_member(w, "signature", p->signature);
		chat_member(w, "data", p->sealed);
		break;
	}
	chat_write_marker(p->cache, w);
	write_object_end(w);
	return why;
}

static const char *
write_content(
    const struct chat_part *parts, size_t count, bool plain, struct chat *c, struct writer *w)
{
	const char *why = NULL;

	write_name(w, "content");
	if (plain && count == 1 && parts[0].kind == CHAT_TEXT && !parts[0].cache) {
		write_raw(w, parts[0].text);
		return NULL;
	}
	write_array(w);
	for (size_t i = 0; !why && i < count; i++)
		why = write_block(&parts[i], c, w);
	write_array_end(w);
	return why;
}

/* All system messages become the one member: where several stand in a row, as its blocks. */
static bool
write_system(struct chat *c, struct writer *w, const char **why)
{
	const struct chat_message *m = c->message;
	size_t n = 0;

	while (n < c->message_count && m[n].role == CHAT_SYSTEM)
		n++;
	for (size_t i = n; i < c->message_count; i++) {
		if (m[i].role == CHAT_SYSTEM) {
			*why = "a system message between the others has no place there";
			return false;
		}
	}
	if (n == 1 && m->plain && m->count == 1 && !m->parts[0].cache) {
		chat_member(w, "system", m->parts[0].text);
	} else if (n) {
		write_name(w, "system");
		write_array(w);
		for (size_t i = 0; i < n; i++)
			for (size_t k = 0; !*why && k < m[i].count; k++)
				*why = write_block(&m[i].parts[k], c, w);
		write_array_end(w);
	}
	return !*why;
}

static bool
write_messages(struct chat *c, struct writer *w, const char **why)
{
	write_name(w, "messages");
	write_array(w);
	for (size_t i = 0; !*why && i < c->message_count; i++) {
		const struct chat_message *m = &c->message[i];

		if (m->role == CHAT_SYSTEM)
			continue;
		if (!m->count) {
			*why = "a message without content has no place there";
			return false;
		}
		if (m->name.ptr)
			chat_lose(c, "name of a message");
		write_object(w);
		write_name(w, "role");
		write_z(w, m->role == CHAT_USER ? "user" : "assistant");
		*why = write_content(m->parts, m->count, m->plain, c, w);
		write_object_end(w);
	}
	write_array_end(w);
	return !*why;
}

static void
write_tools(const struct chat *c, struct writer *w)
{
	static const char *const choices[] = { [CHOICE_UNSAID] = "auto",
		[CHOICE_AUTO] = "auto",
		[CHOICE_NONE] = "none",
		[CHOICE_ANY] = "any",
		[CHOICE_TOOL] = "tool" };

	if (c->tool_count) {
		write_name(w, "tools");
		write_array(w);
		for (size_t i = 0; i < c->tool_count; i++) {
			write_object(w);
			chat_member(w, "name", c->tool[i].name);
			chat_member(w, "description", c->tool[i].description);
			write_name(w, "input_schema");
			write_raw(w, c->tool[i].schema.ptr ? c->tool[i].schema
							   : SLICE("{\"type\":\"object\"}"));
			chat_member(w, "strict", c->tool[i].strict);
			chat_write_marker(c->tool[i].cache, w);
			write_object_end(w);
		}
		write_array_end(w);
	}
	if (!c->choice && !c->parallel.ptr)
		return;
	write_name(w, "tool_choice");
	write_object(w);
	write_name(w, "type");
	write_z(w, choices[c->choice]);
	if (c->choice == CHOICE_TOOL)
		chat_member(w, "name", c->choice_name);
	if (c->parallel.ptr) {
		write_name(w, "disable_parallel_tool_use");
		write_bool(w, slice_eqz(c->parallel, "false"));
	}
	write_object_end(w);
}

static void
write_output(struct chat *c, struct writer *w)
{
	if (c->format == FORMAT_JSON)
		chat_lose_essential(
		    c, "response_format json_object, which wants a schema here");
	if (!c->effort.ptr && c->format != FORMAT_SCHEMA)
		return;
	write_name(w, "output_config");
	write_object(w);
	chat_member(w, "effort", c->effort);
	if (c->format == FORMAT_SCHEMA) {
		write_name(w, "format");
		write_object(w);
		write_name(w, "type");
		write_z(w, "json_schema");
		chat_member(w, "schema", c->schema);
		write_object_end(w);
	}
	write_object_end(w);
}

static void
write_thinking(const struct chat *c, struct writer *w)
{
	if (!c->think_budget.ptr)
		return;
	write_name(w, "thinking");
	write_object(w);
	write_name(w, "type");
	if (slice_eqz(c->think_budget, "0")) {
		write_z(w, "disabled");
	} else if (slice_eqz(c->think_budget, "-1")) {
		write_z(w, "adaptive");
	} else {
		write_z(w, "enabled");
		chat_member(w, "budget_tokens", c->think_budget);
	}
	write_object_end(w);
}

static bool
write_cap(const struct chat *c, uint64_t default_cap, struct writer *w, const char **why)
{
	write_name(w, "max_tokens");
	if (c->cap.ptr)
		write_raw(w, c->cap);
	else if (default_cap)
		write_number(w, default_cap);
	else
		*why = "an output cap is wanted there, and the request has none";
	return !*why;
}

/* Numbers above 1, which OpenAI takes, are no temperature here. */
static void
write_temperature(struct chat *c, struct writer *w)
{
	struct json j = { 0 };
	const char *why;
	size_t where;
	double d;

	if (!c->temperature.ptr)
		return;
	if (json_scan(&j, c->temperature, &why, &where) && json_double(json_root(&j), &d) &&
	    d > 1)
		chat_lose(c, "temperature above 1");
	else
		chat_member(w, "temperature", c->temperature);
	json_free(&j);
}

/* The provider answers 400 to one of blanks alone. */
static void
lose_blank_stops(struct chat *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->stop_count; i++)
		if (slice_trim(chat_plain(c->stop[i], c->arena)).len)
			c->stop[n++] = c->stop[i];
		else
			chat_lose(c, "stop");
	c->stop_count = n;
}

bool
chat_write_anthropic(struct chat *c, uint64_t default_cap, struct writer *w, const char **why)
{
	static const struct chat_loss losses[] = { { "seed", CHAT_AT(seed), NULL },
		{ "n", CHAT_AT(n), NULL }, { "presence_penalty", CHAT_AT(presence), "0" },
		{ "frequency_penalty", CHAT_AT(frequency), "0" },
		{ "logprobs", CHAT_AT(logprobs), "false" },
		{ "top_logprobs", CHAT_AT(top_logprobs), NULL }, { 0 } };

	write_object(w);
	chat_member(w, "model", c->model);
	if (!write_cap(c, default_cap, w, why) || !write_system(c, w, why) ||
	    !write_messages(c, w, why))
		return false;
	write_temperature(c, w);
	chat_member(w, "top_p", c->top_p);
	chat_member(w, "top_k", c->top_k);
	lose_blank_stops(c);
	chat_write_stops(c, "stop_sequences", w);
	write_tools(c, w);
	write_thinking(c, w);
	write_output(c, w);
	if (c->user.ptr) {
		write_name(w, "metadata");
		write_object(w);
		chat_member(w, "user_id", c->user);
		write_object_end(w);
	}
	write_object_end(w);
	chat_lose_set(c, losses);
	return true;
}
