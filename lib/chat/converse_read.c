/* SPDX-License-Identifier: MIT */
/* Bedrock's Converse. Source: the reference of the Converse request (ContentBlock,
 * InferenceConfiguration, ToolConfiguration, CachePointBlock). What it has no member for and
 * Claude takes stands in additionalModelRequestFields. */
#include "chat/parts.h"

static bool
read_image(struct value image, struct chat_message *m, struct arena *a)
{
	struct slice format = json_string_raw(json_get(image, "format"));
	struct value bytes = json_get(json_get(image, "source"), "bytes");
	struct chat_part *p;

	if (!format.ptr || json_type(bytes) != JSON_STRING)
		return false;
	p = chat_part_add(m, CHAT_IMAGE);
	p->mime = arena_printf(a, "\"image/%.*s\"", SLICE_ARG(format));
	p->data = json_raw(bytes);
	return true;
}

/* The type is told by the ending of such files; ptr NULL where it is not known. */
static bool
read_document(struct value document, struct chat_message *m, struct arena *a)
{
	struct slice format = json_string_raw(json_get(document, "format"));
	struct value source = json_get(document, "source");
	struct chat_part *p;

	if (json_type(document) != JSON_OBJECT)
		return false;
	p = chat_part_add(m, CHAT_FILE);
	p->name = chat_string(json_get(document, "name"));
	p->text = json_raw(json_get(source, "text"));
	p->data = json_raw(json_get(source, "bytes"));
	p->mime = chat_mime_of(arena_printf(a, ".%.*s", SLICE_ARG(format)));
	return true;
}

static const char *read_blocks(struct value list, struct chat_message *m, struct chat *c);

static const char *
read_result(struct value v, struct chat_message *m, struct chat *c)
{
	struct value content = json_get(v, "content");
	struct chat_message inner;
	struct chat_part *p;
	const char *why;

	chat_parts_open(&inner, CHAT_USER, json_length(content) + 1, c->arena);
	why = read_blocks(content, &inner, c);
	p = chat_part_add(m, CHAT_RESULT);
	p->id = json_raw(json_get(v, "toolUseId"));
	p->failed = json_is(json_get(v, "status"), "error");
	p->parts = inner.parts;
	p->count = inner.count;
	p->plain = inner.count == 1;
	return why;
}

static void
read_call(struct value v, struct chat_message *m)
{
	struct chat_part *p = chat_part_add(m, CHAT_CALL);

	p->id = json_raw(json_get(v, "toolUseId"));
	p->name = json_raw(json_get(v, "name"));
	p->args = json_raw(json_get(v, "input"));
}

static enum chat_cache
cache_of(struct value point)
{
	return json_is(json_get(point, "ttl"), "1h") ? CHAT_CACHE_1H : CHAT_CACHE_5M;
}

static const char *
read_block(struct value b, struct chat_message *m, struct chat *c)
{
	struct value point = json_get(b, "cachePoint"), json = json_get(b, "json");
	struct value call = json_get(b, "toolUse"), result = json_get(b, "toolResult");
	struct value thought = json_get(json_get(b, "reasoningContent"), "reasoningText");

	if (json_type(json_get(b, "text")) == JSON_STRING) {
		chat_text(json_get(b, "text"), m);
	} else if (json_type(json) > JSON_NULL) {
		chat_part_add(m, CHAT_TEXT)->text = chat_quote(json_raw(json), c->arena);
	} else if (json_type(call) == JSON_OBJECT) {
		read_call(call, m);
	} else if (json_type(result) == JSON_OBJECT) {
		return read_result(result, m, c);
	} else if (json_type(point) == JSON_OBJECT) {
		if (m->count)
			m->parts[m->count - 1].cache = cache_of(point);
	} else if (json_type(thought) == JSON_OBJECT) {
		struct chat_part *p = chat_part_add(m, CHAT_THINKING);

		p->text = json_raw(json_get(thought, "text"));
		p->signature = json_raw(json_get(thought, "signature"));
	} else if (!read_image(json_get(b, "image"), m, c->arena) &&
		   !read_document(json_get(b, "document"), m, c->arena)) {
		return "a block that is no text, image, document, tool call, result or "
		       "thinking";
	}
	return NULL;
}

static const char *
read_blocks(struct value list, struct chat_message *m, struct chat *c)
{
	const char *why = NULL;

	for (struct value b = json_first(list); !why && json_type(b); b = json_next(b))
		why = read_block(b, m, c);
	m->plain = m->count == 1;
	return why;
}

static const char *
read_message(struct value list, enum chat_role role, struct chat *c)
{
	struct chat_message *m = &c->message[c->message_count++];

	chat_parts_open(m, role, json_length(list) + 1, c->arena);
	return read_blocks(list, m, c);
}

static const struct chat_member_rule inference_rules[] = {
	{ "maxTokens", CHAT_AT(cap), NULL },
	{ "temperature", CHAT_AT(temperature), NULL },
	{ "topP", CHAT_AT(top_p), NULL },
	{ "stopSequences", 0, chat_stops },
	{ 0 },
};

static void
read_inference(struct value v, struct chat *c)
{
	chat_read_members(v, inference_rules, c);
}

static void
read_thinking(struct value v, struct chat *c)
{
	if (json_is(json_get(v, "type"), "enabled"))
		c->think_budget = json_raw(json_get(v, "budget_tokens"));
	else if (json_is(json_get(v, "type"), "adaptive"))
		c->think_budget = SLICE("-1");
}

static const struct chat_member_rule more_rules[] = {
	{ "top_k", CHAT_AT(top_k), NULL },
	{ "thinking", 0, read_thinking },
	{ 0 },
};

static void
read_more(struct value v, struct chat *c)
{
	chat_read_members(v, more_rules, c);
}

static void
read_tools(struct value v, struct chat *c)
{
	struct value list = json_get(v, "tools"), choice = json_get(v, "toolChoice");

	c->tool = arena_zero(c->arena, json_length(list) + 1, sizeof *c->tool);
	for (struct value t = json_first(list); json_type(t); t = json_next(t)) {
		struct value spec = json_get(t, "toolSpec"), point = json_get(t, "cachePoint");

		if (json_type(point) == JSON_OBJECT && c->tool_count) {
			c->tool[c->tool_count - 1].cache = cache_of(point);
			continue;
		}
		if (json_type(spec) != JSON_OBJECT) {
			chat_lose_essential(c, "tools of the provider itself");
			continue;
		}
		c->tool[c->tool_count++] = (struct chat_tool){
			.name = json_raw(json_get(spec, "name")),
			.description = json_raw(json_get(spec, "description")),
			.schema = json_raw(json_get(json_get(spec, "inputSchema"), "json")),
			.strict = json_raw(json_get(spec, "strict")),
		};
	}
	if (json_type(json_get(choice, "auto")))
		c->choice = CHOICE_AUTO;
	else if (json_type(json_get(choice, "any")))
		c->choice = CHOICE_ANY;
	else if (json_type(json_get(choice, "tool")))
		c->choice = CHOICE_TOOL;
	c->choice_name = json_raw(json_get(json_get(choice, "tool"), "name"));
}

static const struct chat_member_rule rules[] = {
	{ "messages", 0, NULL },
	{ "system", 0, NULL },
	{ "modelId", 0, NULL },
	{ "inferenceConfig", 0, read_inference },
	{ "toolConfig", 0, read_tools },
	{ "additionalModelRequestFields", 0, read_more },
	{ 0 },
};

bool
chat_read_converse(struct value body, struct chat *c, const char **why)
{
	struct value list = json_get(body, "messages"), system = json_get(body, "system");

	c->message = arena_zero(c->arena, json_length(list) + 2, sizeof *c->message);
	if (json_length(system))
		*why = read_message(system, CHAT_SYSTEM, c);
	for (struct value v = json_first(list); !*why && json_type(v); v = json_next(v))
		*why = read_message(json_get(v, "content"),
		    json_is(json_get(v, "role"), "assistant") ? CHAT_ASSISTANT : CHAT_USER, c);
	if (!*why)
		chat_read_members(body, rules, c);
	return !*why;
}
