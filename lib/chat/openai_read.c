/* SPDX-License-Identifier: MIT */
/* OpenAI's chat completions, and all that copy them. Sources: the API reference of chat
 * completions (openai-openapi, openapi.yaml), Mistral's for random_seed. */
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
		chat_lose_essential(c, "response_format");
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
		chat_lose_essential(c, "tool_choice");
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
			chat_lose_essential(c, "tools of another type than function");
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

/* The old name of tools. */
static void
read_functions(struct value v, struct chat *c)
{
	if (json_length(v))
		chat_lose_essential(c, "functions");
}

static void
read_search(struct value v, struct chat *c)
{
	if (json_type(v) > JSON_NULL)
		chat_lose_essential(c, "web_search_options");
}

/* Text goes without saying. */
static void
read_modalities(struct value v, struct chat *c)
{
	for (struct value m = json_first(v); json_type(m); m = json_next(m))
		if (!json_is(m, "text"))
			chat_lose_essential(c, "modalities");
}

static const struct chat_member_rule rules[] = {
	{ "model", 0, NULL },
	{ "messages", 0, NULL },
	{ "max_tokens", CHAT_AT(cap), NULL },
	{ "max_completion_tokens", CHAT_AT(cap), NULL },
	{ "temperature", CHAT_AT(temperature), NULL },
	{ "top_p", CHAT_AT(top_p), NULL },
	{ "top_k", CHAT_AT(top_k), NULL },
	{ "seed", CHAT_AT(seed), NULL },
	{ "random_seed", CHAT_AT(seed), NULL },
	{ "n", 0, read_single },
	{ "presence_penalty", CHAT_AT(presence), NULL },
	{ "frequency_penalty", CHAT_AT(frequency), NULL },
	{ "logprobs", CHAT_AT(logprobs), NULL },
	{ "top_logprobs", CHAT_AT(top_logprobs), NULL },
	{ "user", CHAT_AT(user), NULL },
	{ "safety_identifier", CHAT_AT(user), NULL },
	{ "stop", 0, chat_stops },
	{ "response_format", 0, read_format },
	{ "tools", 0, read_tools },
	{ "tool_choice", 0, read_choice },
	{ "parallel_tool_calls", CHAT_AT(parallel), NULL },
	{ "functions", 0, read_functions },
	{ "web_search_options", 0, read_search },
	{ "modalities", 0, read_modalities },
	{ "reasoning_effort", CHAT_AT(effort), NULL },
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
	return chat_read_url(json_raw(url), p, a);
}

/* OpenAI's and OpenRouter's files, and Mistral's documents. One that was uploaded before is
 * its provider's alone. */
static bool
read_file(struct value part, struct chat_message *m, struct arena *a)
{
	struct value file = json_get(part, "file"), url = json_get(part, "document_url");
	bool mistral = json_type(url) == JSON_STRING;
	struct chat_part *p;

	if (!mistral)
		url = json_get(file, "file_data");
	if (json_type(url) != JSON_STRING)
		return false;
	p = chat_part_add(m, CHAT_FILE);
	p->name =
	    chat_string(mistral ? json_get(part, "document_name") : json_get(file, "filename"));
	return chat_read_url(json_raw(url), p, a);
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
	else if (json_is(type, "file") || json_is(type, "document_url"))
		good = read_file(part, m, a);
	if (!good)
		return "a part of a message that is no text, image or document with its data";
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
