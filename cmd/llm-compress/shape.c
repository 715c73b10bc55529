/* SPDX-License-Identifier: MIT */
#include "cmd/llm-compress/shape.h"

#include "json/write.h"

static bool
ends_with(struct value v, struct slice tail)
{
	return slice_ends(json_string_raw(v), tail);
}

/* Where a message keeps its blocks. */
static struct value
blocks_of(enum api api, struct value message)
{
	struct value content = json_get(message, api == API_GEMINI ? "parts" : "content");

	return json_type(content) == JSON_ARRAY ? content : (struct value){ 0 };
}

static struct value
first_of(struct value object, const char *one, const char *other)
{
	struct value v = json_get(object, one);

	return json_type(v) ? v : json_get(object, other);
}

/* What tells a block that brings a result. */
static struct value
result_of(enum api api, struct value block)
{
	switch (api) {
	case API_MESSAGES:
		return ends_with(json_get(block, "type"), SLICE("tool_result"))
			   ? block
			   : (struct value){ 0 };
	case API_CONVERSE: return json_get(block, "toolResult");
	case API_GEMINI: return first_of(block, "functionResponse", "function_response");
	default: return (struct value){ 0 };
	}
}

static struct value
call_of(enum api api, struct value block)
{
	switch (api) {
	case API_MESSAGES:
		return json_is(json_get(block, "type"), "tool_use") ? block
								    : (struct value){ 0 };
	case API_CONVERSE: return json_get(block, "toolUse");
	case API_GEMINI: return first_of(block, "functionCall", "function_call");
	default: return (struct value){ 0 };
	}
}

static enum role
role_of_item(struct value item)
{
	struct value type = json_get(item, "type");

	if (json_type(type) != JSON_STRING || json_is(type, "message"))
		return ROLE_USER;
	return ends_with(type, SLICE("_output")) ? ROLE_RESULT : ROLE_ASSISTANT;
}

enum role
shape_role(enum api api, struct value message)
{
	struct value role = json_get(message, "role"), blocks;

	if (api == API_RESPONSES && role_of_item(message) != ROLE_USER)
		return role_of_item(message);
	if (json_is(role, "system") || json_is(role, "developer"))
		return ROLE_SYSTEM;
	if (json_is(role, "tool") || json_is(role, "function"))
		return ROLE_RESULT;
	if (json_is(role, "assistant") || json_is(role, "model"))
		return ROLE_ASSISTANT;
	blocks = blocks_of(api, message);
	for (struct value b = json_first(blocks); json_type(b); b = json_next(b))
		if (json_type(result_of(api, b)))
			return ROLE_RESULT;
	return ROLE_USER;
}

static void
give(tool_use_fn each, void *context, bool result, struct value id, struct arena *a)
{
	struct tool_use use = { result, json_string(id, a) };

	if (!use.id.ptr)
		use.id = SLICE("");
	each(context, &use);
}

static void
chat_tools(struct value message, struct arena *a, tool_use_fn each, void *context)
{
	struct value calls = json_get(message, "tool_calls");
	struct value legacy = json_get(message, "function_call");

	for (struct value c = json_first(calls); json_type(c); c = json_next(c))
		give(each, context, false, json_get(c, "id"), a);
	if (json_type(legacy) == JSON_OBJECT)
		give(each, context, false, json_get(legacy, "name"), a);
	if (json_is(json_get(message, "role"), "tool"))
		give(each, context, true, json_get(message, "tool_call_id"), a);
	else if (json_is(json_get(message, "role"), "function"))
		give(each, context, true, json_get(message, "name"), a);
}

static void
item_tools(struct value item, struct arena *a, tool_use_fn each, void *context)
{
	struct value id = json_get(item, "call_id"), type = json_get(item, "type");

	if (json_type(id) == JSON_STRING)
		give(each, context, ends_with(type, SLICE("_output")), id, a);
}

static void
block_tool(enum api api, struct value block, bool result, struct value use, struct arena *a,
    tool_use_fn each, void *context)
{
	static const char *const ids[][2] = { [API_MESSAGES] = { "id", "tool_use_id" },
		[API_CONVERSE] = { "toolUseId", "toolUseId" },
		[API_GEMINI] = { "id", "id" } };
	struct value id = json_get(use, ids[api][result]);

	(void)block;
	if (!json_type(id) && api == API_GEMINI)
		id = json_get(use, "name");
	give(each, context, result, id, a);
}

void
shape_tools(
    enum api api, struct value message, struct arena *a, tool_use_fn each, void *context)
{
	struct value blocks;

	if (api == API_CHAT) {
		chat_tools(message, a, each, context);
		return;
	}
	if (api == API_RESPONSES) {
		item_tools(message, a, each, context);
		return;
	}
	blocks = blocks_of(api, message);
	for (struct value b = json_first(blocks); json_type(b); b = json_next(b)) {
		struct value call = call_of(api, b), result = result_of(api, b);

		if (json_type(call))
			block_tool(api, b, false, call, a, each, context);
		if (json_type(result))
			block_tool(api, b, true, result, a, each, context);
	}
}

void
shape_write(enum api api, bool assistant, struct slice text, struct buf *out)
{
	struct writer j = { out, false };

	write_object(&j);
	write_name(&j, "role");
	write_z(&j, !assistant ? "user" : api == API_GEMINI ? "model" : "assistant");
	write_name(&j, api == API_GEMINI ? "parts" : "content");
	if (api == API_GEMINI || api == API_CONVERSE) {
		write_array(&j);
		write_object(&j);
		write_name(&j, "text");
		write_string(&j, text);
		write_object_end(&j);
		write_array_end(&j);
	} else {
		write_string(&j, text);
	}
	write_object_end(&j);
}

bool
shape_may_begin(enum api api, const struct message *m)
{
	if (api == API_CHAT || api == API_RESPONSES)
		return m->role == ROLE_USER || m->role == ROLE_ASSISTANT;
	return m->role == ROLE_USER;
}

bool
shape_has_marker(struct value v)
{
	return json_type(json_get(v, "cache_control")) > JSON_NULL ||
	       json_type(json_get(v, "cachePoint")) > JSON_NULL;
}
