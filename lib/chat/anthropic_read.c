/* SPDX-License-Identifier: MIT */
/* Anthropic's messages. Sources: the API reference of messages and its SDK's types
 * (MessageCreateParams), output_config of structured outputs and effort. */
#include "chat/parts.h"

static void
read_marker(struct value owner, enum chat_cache *cache)
{
	struct value marker = json_get(owner, "cache_control");

	if (json_type(marker) == JSON_OBJECT)
		*cache = json_is(json_get(marker, "ttl"), "1h") ? CHAT_CACHE_1H : CHAT_CACHE_5M;
}

static bool
read_image(struct value block, struct chat_message *m)
{
	struct value source = json_get(block, "source");
	struct chat_part *p;

	if (json_is(json_get(source, "type"), "base64")) {
		p = chat_part_add(m, CHAT_IMAGE);
		p->mime = json_raw(json_get(source, "media_type"));
		p->data = json_raw(json_get(source, "data"));
		return true;
	}
	if (!json_is(json_get(source, "type"), "url"))
		return false;
	chat_part_add(m, CHAT_IMAGE)->url = json_raw(json_get(source, "url"));
	return true;
}

/* One that was uploaded before is its provider's alone. */
static bool
read_document(struct value block, struct chat_message *m, struct chat *c)
{
	struct value source = json_get(block, "source"), type = json_get(source, "type");
	struct chat_part *p = chat_part_add(m, CHAT_FILE);

	p->name = chat_string(json_get(block, "title"));
	p->mime = json_raw(json_get(source, "media_type"));
	if (json_type(json_get(block, "context")) > JSON_NULL)
		chat_lose(c, "context of a document");
	if (json_is(type, "base64")) {
		p->data = json_raw(json_get(source, "data"));
	} else if (json_is(type, "text")) {
		p->text = json_raw(json_get(source, "data"));
	} else if (json_is(type, "url")) {
		p->url = json_raw(json_get(source, "url"));
		p->mime = SLICE("\"application/pdf\"");
	} else {
		return false;
	}
	return true;
}

static const char *read_content(struct value content, struct chat_message *m, struct chat *c);

static const char *
read_result(struct value block, struct chat_message *m, struct chat *c)
{
	struct value content = json_get(block, "content");
	struct chat_message inner;
	struct chat_part *p;
	const char *why;

	chat_parts_open(&inner, CHAT_USER, json_length(content) + 1, c->arena);
	why = read_content(content, &inner, c);
	p = chat_part_add(m, CHAT_RESULT);
	p->id = json_raw(json_get(block, "tool_use_id"));
	p->failed = json_type(json_get(block, "is_error")) == JSON_TRUE;
	p->parts = inner.parts;
	p->count = inner.count;
	p->plain = inner.plain;
	return why;
}

static void
read_call(struct value block, struct chat_message *m)
{
	struct chat_part *p = chat_part_add(m, CHAT_CALL);

	p->id = json_raw(json_get(block, "id"));
	p->name = json_raw(json_get(block, "name"));
	p->args = json_raw(json_get(block, "input"));
}

static void
read_thinking(struct value block, struct chat_message *m)
{
	struct chat_part *p = chat_part_add(m, CHAT_THINKING);

	p->text = json_raw(json_get(block, "thinking"));
	p->signature = json_raw(json_get(block, "signature"));
	p->sealed = json_raw(json_get(block, "data"));
}

static const char *
read_block(struct value block, struct chat_message *m, struct chat *c)
{
	struct value type = json_get(block, "type");
	const char *why = NULL;
	bool good = true;

	if (json_is(type, "text"))
		good = chat_text(json_get(block, "text"), m);
	else if (json_is(type, "image"))
		good = read_image(block, m);
	else if (json_is(type, "document"))
		good = read_document(block, m, c);
	else if (json_is(type, "tool_use"))
		read_call(block, m);
	else if (json_is(type, "tool_result"))
		why = read_result(block, m, c);
	else if (json_is(type, "thinking") || json_is(type, "redacted_thinking"))
		read_thinking(block, m);
	else
		good = false;
	if (!good)
		return "a block that is no text, image, document with its data, tool call, "
		       "result or thinking";
	if (json_length(json_get(block, "citations")))
		chat_lose(c, "citations");
	read_marker(block, &m->parts[m->count - 1].cache);
	return why;
}

static const char *
read_content(struct value content, struct chat_message *m, struct chat *c)
{
	const char *why = NULL;

	if (json_type(content) == JSON_STRING) {
		m->plain = true;
		chat_text(content, m);
	} else {
		for (struct value b = json_first(content); !why && json_type(b);
		     b = json_next(b))
			why = read_block(b, m, c);
	}
	return why;
}

static const char *
read_message(struct value v, enum chat_role role, struct value content, struct chat *c)
{
	struct chat_message *m = &c->message[c->message_count++];

	(void)v;
	chat_parts_open(m, role, json_length(content) + 1, c->arena);
	return read_content(content, m, c);
}

static void
read_tools(struct value v, struct chat *c)
{
	c->tool = arena_zero(c->arena, json_length(v) + 1, sizeof *c->tool);
	for (struct value t = json_first(v); json_type(t); t = json_next(t)) {
		struct value type = json_get(t, "type");
		struct chat_tool *tool = &c->tool[c->tool_count];

		if (json_type(type) > JSON_NULL && !json_is(type, "custom")) {
			chat_lose_essential(c, "tools of the provider itself");
			continue;
		}
		tool->name = json_raw(json_get(t, "name"));
		tool->description = json_raw(json_get(t, "description"));
		tool->schema = json_raw(json_get(t, "input_schema"));
		tool->strict = json_raw(json_get(t, "strict"));
		read_marker(t, &tool->cache);
		c->tool_count++;
	}
}

static void
read_choice(struct value v, struct chat *c)
{
	struct value type = json_get(v, "type");

	if (json_is(type, "auto"))
		c->choice = CHOICE_AUTO;
	else if (json_is(type, "none"))
		c->choice = CHOICE_NONE;
	else if (json_is(type, "any"))
		c->choice = CHOICE_ANY;
	else if (json_is(type, "tool"))
		c->choice = CHOICE_TOOL;
	c->choice_name = json_raw(json_get(v, "name"));
	if (json_type(json_get(v, "disable_parallel_tool_use")) == JSON_TRUE)
		c->parallel = SLICE("false");
	else if (json_type(json_get(v, "disable_parallel_tool_use")) == JSON_FALSE)
		c->parallel = SLICE("true");
}

static void
read_thinking_setting(struct value v, struct chat *c)
{
	if (json_is(json_get(v, "type"), "enabled"))
		c->think_budget = json_raw(json_get(v, "budget_tokens"));
	else if (json_is(json_get(v, "type"), "disabled"))
		c->think_budget = SLICE("0");
	else if (json_is(json_get(v, "type"), "adaptive"))
		c->think_budget = SLICE("-1");
	else
		chat_lose(c, "thinking");
}

static void
read_schema(struct value v, struct chat *c)
{
	if (json_is(json_get(v, "type"), "json_schema")) {
		c->format = FORMAT_SCHEMA;
		c->schema = json_raw(json_get(v, "schema"));
	} else if (json_type(v) > JSON_NULL) {
		chat_lose_essential(c, "output_config.format");
	}
}

static void
read_output(struct value v, struct chat *c)
{
	if (json_type(json_get(v, "effort")) == JSON_STRING)
		c->effort = json_raw(json_get(v, "effort"));
	read_schema(json_get(v, "format"), c);
}

static void
read_metadata(struct value v, struct chat *c)
{
	if (json_type(json_get(v, "user_id")) == JSON_STRING)
		c->user = json_raw(json_get(v, "user_id"));
}

static void
read_tier(struct value v, struct chat *c)
{
	if (!json_is(v, "auto") && !json_is(v, "standard_only"))
		chat_lose(c, "service_tier");
}

static const struct chat_member_rule rules[] = {
	{ "model", 0, NULL },
	{ "messages", 0, NULL },
	{ "system", 0, NULL },
	{ "max_tokens", CHAT_AT(cap), NULL },
	{ "temperature", CHAT_AT(temperature), NULL },
	{ "top_p", CHAT_AT(top_p), NULL },
	{ "top_k", CHAT_AT(top_k), NULL },
	{ "stop_sequences", 0, chat_stops },
	{ "tools", 0, read_tools },
	{ "tool_choice", 0, read_choice },
	{ "thinking", 0, read_thinking_setting },
	{ "output_config", 0, read_output },
	{ "output_format", 0, read_schema },
	{ "metadata", 0, read_metadata },
	{ "service_tier", 0, read_tier },
	{ "stream", 0, NULL },
	{ "anthropic_version", 0, NULL },
	{ 0 },
};

bool
chat_read_anthropic(struct value body, struct chat *c, const char **why)
{
	struct value list = json_get(body, "messages"), system = json_get(body, "system");

	c->message = arena_zero(c->arena, json_length(list) + 2, sizeof *c->message);
	if (json_type(system) > JSON_NULL)
		*why = read_message(body, CHAT_SYSTEM, system, c);
	for (struct value v = json_first(list); !*why && json_type(v); v = json_next(v)) {
		bool assistant = json_is(json_get(v, "role"), "assistant");

		*why = read_message(
		    v, assistant ? CHAT_ASSISTANT : CHAT_USER, json_get(v, "content"), c);
	}
	if (!*why)
		chat_read_members(body, rules, c);
	return !*why;
}
