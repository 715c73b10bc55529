/* SPDX-License-Identifier: MIT */
/* OpenAI's chat completions, and all that copy them. Sources: the API reference of chat
 * completions (openai-openapi, openapi.yaml), Mistral's for random_seed. */
#include <stdio.h>

#include "chat/parts.h"

static void
read_format(struct value v, struct chat *c)
{
	struct value type = json_get(v, "type"), schema = json_get(v, "json_schema");

	if (json_is(type, "text")) {
		c->format = FORMAT_TEXT;
	} else if (json_is(type, "json_object")) {
		c->format = FORMAT_JSON;
	} else if (json_is(type, "json_schema")) {
		c->format = FORMAT_SCHEMA;
		c->schema = json_raw(json_get(schema, "schema"));
		c->schema_name = json_raw(json_get(schema, "name"));
		c->schema_strict = json_raw(json_get(schema, "strict"));
		if (json_type(json_get(schema, "description")))
			chat_lose(c, "response_format.json_schema.description");
	} else if (json_type(v) != JSON_NULL) {
		chat_lose(c, "response_format");
	}
}

static void
read_choice(struct value v, struct chat *c)
{
	if (json_is(v, "auto"))
		c->choice = CHOICE_AUTO;
	else if (json_is(v, "none"))
		c->choice = CHOICE_NONE;
	else if (json_is(v, "required") || json_is(v, "any"))
		c->choice = CHOICE_ANY;
	else if (json_is(json_get(v, "type"), "function"))
		c->choice = CHOICE_TOOL;
	else if (json_type(v) != JSON_NULL)
		chat_lose(c, "tool_choice");
	if (c->choice == CHOICE_TOOL)
		c->choice_name = json_raw(json_get(json_get(v, "function"), "name"));
}

static void
read_tools(struct value v, struct chat *c)
{
	c->tool = arena_zero(c->arena, json_length(v) + 1, sizeof *c->tool);
	for (struct value t = json_first(v); json_type(t); t = json_next(t)) {
		struct value f = json_get(t, "function");

		if (!json_is(json_get(t, "type"), "function")) {
			chat_lose(c, "tools of another type than function");
			continue;
		}
		c->tool[c->tool_count++] = (struct chat_tool){
			.name = json_raw(json_get(f, "name")),
			.description = json_raw(json_get(f, "description")),
			.schema = json_raw(json_get(f, "parameters")),
			.strict = json_raw(json_get(f, "strict")),
		};
	}
}

static void
read_tier(struct value v, struct chat *c)
{
	if (json_type(v) > JSON_NULL && !json_is(v, "auto") && !json_is(v, "default"))
		chat_lose(c, "service_tier");
}

static void
read_store(struct value v, struct chat *c)
{
	if (json_type(v) == JSON_TRUE)
		chat_lose(c, "store");
}

static void
read_single(struct value v, struct chat *c)
{
	uint64_t n;

	if (!json_whole(v, &n) || n != 1)
		c->n = json_raw(v);
}

#define AT(x) offsetof(struct chat, x)
static const struct chat_member_rule rules[] = {
	{ "model", 0, NULL },
	{ "messages", 0, NULL },
	{ "max_tokens", AT(cap), NULL },
	{ "max_completion_tokens", AT(cap), NULL },
	{ "temperature", AT(temperature), NULL },
	{ "top_p", AT(top_p), NULL },
	{ "top_k", AT(top_k), NULL },
	{ "seed", AT(seed), NULL },
	{ "random_seed", AT(seed), NULL },
	{ "n", 0, read_single },
	{ "presence_penalty", AT(presence), NULL },
	{ "frequency_penalty", AT(frequency), NULL },
	{ "logprobs", AT(logprobs), NULL },
	{ "top_logprobs", AT(top_logprobs), NULL },
	{ "user", AT(user), NULL },
	{ "safety_identifier", AT(user), NULL },
	{ "stop", 0, chat_stops },
	{ "response_format", 0, read_format },
	{ "tools", 0, read_tools },
	{ "tool_choice", 0, read_choice },
	{ "parallel_tool_calls", AT(parallel), NULL },
	{ "reasoning_effort", AT(effort), NULL },
	{ "service_tier", 0, read_tier },
	/* how an answer travels, not what it is */
	{ "stream", 0, NULL },
	{ "stream_options", 0, NULL },
	{ "store", 0, read_store },
	{ 0 },
};

static bool
read_image(struct value part, struct chat_message *m, struct arena *a)
{
	struct value image = json_get(part, "image_url");
	struct value url = json_type(image) == JSON_OBJECT ? json_get(image, "url") : image;
	struct chat_part *p;

	if (json_type(url) != JSON_STRING)
		return false;
	p = chat_part_add(m, CHAT_IMAGE);
	p->detail = json_raw(json_get(image, "detail"));
	return chat_image_url(json_raw(url), p, a);
}

/* One item of a content array. */
static const char *
read_part(struct value part, struct chat_message *m, struct arena *a)
{
	struct value type = json_get(part, "type"), marker = json_get(part, "cache_control");
	bool good = false;

	if (json_is(type, "text"))
		good = chat_text(json_get(part, "text"), m);
	else if (json_is(type, "image_url"))
		good = read_image(part, m, a);
	if (!good)
		return "a part of a message that is neither text nor image";
	/* OpenRouter's, and LiteLLM's, for Anthropic */
	if (json_type(marker) == JSON_OBJECT)
		m->parts[m->count - 1].cache =
		    json_is(json_get(marker, "ttl"), "1h") ? CHAT_CACHE_1H : CHAT_CACHE_5M;
	return NULL;
}

static const char *
read_content(struct value content, struct chat_message *m, struct arena *a)
{
	const char *why = NULL;

	if (json_type(content) == JSON_STRING) {
		m->plain = true;
		chat_text(content, m);
	} else if (json_type(content) == JSON_ARRAY) {
		for (struct value p = json_first(content); !why && json_type(p);
		     p = json_next(p))
			why = read_part(p, m, a);
	} else if (json_type(content) > JSON_NULL) {
		why = "a message whose content is neither text nor a list";
	}
	return why;
}

static const char *
read_call(struct value call, struct chat_message *m, struct arena *a)
{
	struct value f = json_get(call, "function");
	struct slice args = json_string(json_get(f, "arguments"), a);
	struct chat_part *p;

	if (json_type(f) != JSON_OBJECT)
		return "a tool call that is none of a function";
	args = slice_trim(args.ptr ? args : SLICE(""));
	if (!args.len)
		args = SLICE("{}");
	if (!chat_object(args))
		return "a tool call whose arguments are no JSON object";
	p = chat_part_add(m, CHAT_CALL);
	p->id = json_raw(json_get(call, "id"));
	p->name = json_raw(json_get(f, "name"));
	p->args = arena_copy(a, args);
	return NULL;
}

static const char *
read_assistant(struct value v, struct chat *c, struct chat_message *m)
{
	struct value calls = json_get(v, "tool_calls");
	const char *why = read_content(json_get(v, "content"), m, c->arena);

	if (json_type(json_get(v, "refusal")) > JSON_NULL)
		return "an earlier answer that is a refusal";
	if (json_type(json_get(v, "function_call")) > JSON_NULL)
		return "function_call, which tool_calls replaced";
	if (json_type(json_get(v, "audio")) > JSON_NULL)
		return "an earlier answer in audio";
	for (struct value k = json_first(calls); !why && json_type(k); k = json_next(k))
		why = read_call(k, m, c->arena);
	return why;
}

static const char *
read_result(struct value v, struct chat *c)
{
	struct chat_message content;
	struct chat_part *p;
	const char *why;

	chat_parts_open(&content, CHAT_USER, json_length(json_get(v, "content")) + 1, c->arena);
	why = read_content(json_get(v, "content"), &content, c->arena);
	p = chat_follow(c, CHAT_USER, CHAT_RESULT);
	p->id = json_raw(json_get(v, "tool_call_id"));
	p->parts = content.parts;
	p->count = content.count;
	p->plain = content.plain;
	return why;
}

static const char *
read_message(struct value v, struct chat *c)
{
	struct value role = json_get(v, "role");
	struct chat_message *m;
	size_t room =
	    json_length(json_get(v, "content")) + json_length(json_get(v, "tool_calls")) + 1;

	if (json_is(role, "tool"))
		return read_result(v, c);
	m = &c->message[c->message_count++];
	chat_parts_open(m, CHAT_USER, room, c->arena);
	m->name = json_raw(json_get(v, "name"));
	if (json_is(role, "assistant")) {
		m->role = CHAT_ASSISTANT;
		return read_assistant(v, c, m);
	}
	if (json_is(role, "system") || json_is(role, "developer"))
		m->role = CHAT_SYSTEM;
	else if (!json_is(role, "user"))
		return "a message of a role that is not known";
	return read_content(json_get(v, "content"), m, c->arena);
}

bool
chat_read_openai(struct value body, struct chat *c, const char **why)
{
	struct value list = json_get(body, "messages");

	c->message = arena_zero(c->arena, json_length(list) + 1, sizeof *c->message);
	for (struct value v = json_first(list); !*why && json_type(v); v = json_next(v))
		*why = read_message(v, c);
	if (!*why)
		chat_read_members(body, rules, c);
	return !*why;
}

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
