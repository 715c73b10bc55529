/* SPDX-License-Identifier: MIT */
/* OpenAI's responses, read alone: what is written in OpenAI's form is a chat completion.
 * Source: the API reference of responses (openai-openapi, openapi.yaml). */
#include "chat/parts.h"

static const char *
read_part(struct value part, struct chat_message *m, struct arena *a)
{
	struct value type = json_get(part, "type"), url = json_get(part, "image_url");
	struct chat_part *p;

	if (json_is(type, "input_text") || json_is(type, "output_text"))
		return chat_text(json_get(part, "text"), m) ? NULL : "a text that is no string";
	if (json_is(type, "input_file")) {
		url = json_get(part, "file_data");
		if (json_type(url) != JSON_STRING)
			url = json_get(part, "file_url");
		p = chat_part_add(m, CHAT_FILE);
		p->name = chat_string(json_get(part, "filename"));
	} else if (json_is(type, "input_image")) {
		p = chat_part_add(m, CHAT_IMAGE);
		p->detail = json_raw(json_get(part, "detail"));
	} else {
		return "a part of an item that is no text, image or document";
	}
	if (json_type(url) != JSON_STRING)
		return "an image or document without its data";
	return chat_read_url(json_raw(url), p, a) ? NULL : "data that is none in base64";
}

static const char *
read_message(struct value item, struct chat *c)
{
	struct value role = json_get(item, "role"), content = json_get(item, "content");
	struct chat_message *m = &c->message[c->message_count++];
	const char *why = NULL;

	chat_parts_open(m, CHAT_USER, json_length(content) + 1, c->arena);
	if (json_is(role, "assistant"))
		m->role = CHAT_ASSISTANT;
	else if (json_is(role, "system") || json_is(role, "developer"))
		m->role = CHAT_SYSTEM;
	m->plain = json_type(content) == JSON_STRING;
	if (m->plain)
		chat_text(content, m);
	for (struct value p = json_first(content); !why && json_type(p); p = json_next(p))
		why = read_part(p, m, c->arena);
	return why;
}

static const char *
read_call(struct value item, struct chat *c)
{
	struct slice args = json_string(json_get(item, "arguments"), c->arena);
	struct chat_part *p;

	p = chat_follow(c, CHAT_ASSISTANT, CHAT_CALL);
	p->id = json_raw(json_get(item, "call_id"));
	p->name = json_raw(json_get(item, "name"));
	p->args = args.len ? arena_copy(c->arena, args) : SLICE("{}");
	return chat_object(p->args) ? NULL : "a tool call whose arguments are no JSON object";
}

static const char *
read_result(struct value item, struct chat *c)
{
	struct value output = json_get(item, "output");
	struct chat_message inner;
	struct chat_part *p;
	const char *why = NULL;

	chat_parts_open(&inner, CHAT_USER, json_length(output) + 1, c->arena);
	inner.plain = json_type(output) == JSON_STRING;
	if (inner.plain)
		chat_text(output, &inner);
	for (struct value v = json_first(output); !why && json_type(v); v = json_next(v))
		why = read_part(v, &inner, c->arena);
	p = chat_follow(c, CHAT_USER, CHAT_RESULT);
	p->id = json_raw(json_get(item, "call_id"));
	p->parts = inner.parts;
	p->count = inner.count;
	p->plain = inner.plain;
	return why;
}

static const char *
read_item(struct value item, struct chat *c)
{
	struct value type = json_get(item, "type");

	if (json_is(type, "function_call"))
		return read_call(item, c);
	if (json_is(type, "function_call_output"))
		return read_result(item, c);
	if (json_type(type) == JSON_ABSENT || json_is(type, "message"))
		return read_message(item, c);
	return "an item that is no message, tool call or result";
}

static void
read_tools(struct value v, struct chat *c)
{
	c->tool = arena_zero(c->arena, json_length(v) + 1, sizeof *c->tool);
	for (struct value t = json_first(v); json_type(t); t = json_next(t)) {
		if (!json_is(json_get(t, "type"), "function")) {
			chat_lose_essential(c, "tools of another type than function");
			continue;
		}
		c->tool[c->tool_count++] = (struct chat_tool){
			.name = json_raw(json_get(t, "name")),
			.description = json_raw(json_get(t, "description")),
			.schema = json_raw(json_get(t, "parameters")),
			.strict = json_raw(json_get(t, "strict")),
		};
	}
}

static void
read_choice(struct value v, struct chat *c)
{
	if (json_is(v, "auto"))
		c->choice = CHOICE_AUTO;
	else if (json_is(v, "none"))
		c->choice = CHOICE_NONE;
	else if (json_is(v, "required"))
		c->choice = CHOICE_ANY;
	else if (json_is(json_get(v, "type"), "function"))
		c->choice = CHOICE_TOOL;
	else
		chat_lose_essential(c, "tool_choice");
	c->choice_name = json_raw(json_get(v, "name"));
}

static void
read_reasoning(struct value v, struct chat *c)
{
	if (json_type(json_get(v, "effort")) == JSON_STRING)
		c->effort = json_raw(json_get(v, "effort"));
	if (json_type(json_get(v, "summary")) > JSON_NULL)
		chat_lose(c, "reasoning.summary");
}

static void
read_text(struct value v, struct chat *c)
{
	struct value format = json_get(v, "format"), type = json_get(format, "type");

	if (json_is(type, "text"))
		c->format = FORMAT_TEXT;
	else if (json_is(type, "json_object"))
		c->format = FORMAT_JSON;
	else if (json_is(type, "json_schema"))
		c->format = FORMAT_SCHEMA;
	if (c->format == FORMAT_SCHEMA) {
		c->schema = json_raw(json_get(format, "schema"));
		c->schema_name = json_raw(json_get(format, "name"));
		c->schema_strict = json_raw(json_get(format, "strict"));
	}
	if (json_type(json_get(v, "verbosity")) > JSON_NULL)
		chat_lose(c, "text.verbosity");
}

static void
read_store(struct value v, struct chat *c)
{
	if (json_type(v) == JSON_TRUE)
		chat_lose(c, "store");
}

static const struct chat_member_rule rules[] = {
	{ "model", 0, NULL },
	{ "input", 0, NULL },
	{ "instructions", 0, NULL },
	{ "max_output_tokens", CHAT_AT(cap), NULL },
	{ "temperature", CHAT_AT(temperature), NULL },
	{ "top_p", CHAT_AT(top_p), NULL },
	{ "top_logprobs", CHAT_AT(top_logprobs), NULL },
	{ "user", CHAT_AT(user), NULL },
	{ "safety_identifier", CHAT_AT(user), NULL },
	{ "tools", 0, read_tools },
	{ "tool_choice", 0, read_choice },
	{ "parallel_tool_calls", CHAT_AT(parallel), NULL },
	{ "reasoning", 0, read_reasoning },
	{ "text", 0, read_text },
	{ "store", 0, read_store },
	{ "stream", 0, NULL },
	{ "stream_options", 0, NULL },
	{ 0 },
};

bool
chat_read_responses(struct value body, struct chat *c, const char **why)
{
	struct value input = json_get(body, "input"),
		     instructions = json_get(body, "instructions");

	c->message = arena_zero(c->arena, json_length(input) + 3, sizeof *c->message);
	if (json_type(instructions) == JSON_STRING) {
		struct chat_message *m = &c->message[c->message_count++];

		chat_parts_open(m, CHAT_SYSTEM, 1, c->arena);
		m->plain = chat_text(instructions, m);
	}
	if (json_type(input) == JSON_STRING) {
		struct chat_message *m = &c->message[c->message_count++];

		chat_parts_open(m, CHAT_USER, 1, c->arena);
		m->plain = chat_text(input, m);
	}
	for (struct value v = json_type(input) == JSON_ARRAY ? json_first(input)
							     : (struct value){ 0 };
	     !*why && json_type(v); v = json_next(v))
		*why = read_item(v, c);
	if (!*why)
		chat_read_members(body, rules, c);
	return !*why;
}
