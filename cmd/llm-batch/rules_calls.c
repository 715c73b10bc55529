/* SPDX-License-Identifier: MIT */
/* Tool results need the call that they answer: providers refuse a conversation without it. */
#include "base/hash.h"
#include "json/members.h"
#include "rules.h"

static const char orphan[] = "a tool result without its call";

static void
learn(struct hash_map *calls, struct value id, struct arena *a)
{
	if (json_type(id) == JSON_STRING)
		hash_map_add(calls, json_string(id, a), NULL);
}

static bool
knows(const struct hash_map *calls, struct value id, struct arena *a)
{
	return json_type(id) == JSON_STRING &&
	       hash_map_find(calls, json_string(id, a)) != SIZE_MAX;
}

static const char *
chat_message(struct value message, struct hash_map *calls, struct arena *a)
{
	static const char *const names[] = { "role", "tool_calls", "tool_call_id" };
	static struct members members = { .names = names, .count = 3 };
	struct value v[3];

	members_get(message, &members, v);
	for (struct value c = json_first(v[1]); json_type(c); c = json_next(c))
		learn(calls, json_get(c, "id"), a);
	if (json_is(v[0], "tool") && !knows(calls, v[2], a))
		return orphan;
	return NULL;
}

static const char *
blocks_message(struct value message, struct hash_map *calls, struct arena *a)
{
	struct value content = json_get(message, "content");

	if (json_type(content) != JSON_ARRAY)
		return NULL;
	for (struct value b = json_first(content); json_type(b); b = json_next(b)) {
		if (json_is(json_get(b, "type"), "tool_use"))
			learn(calls, json_get(b, "id"), a);
		if (json_is(json_get(b, "type"), "tool_result") &&
		    !knows(calls, json_get(b, "tool_use_id"), a))
			return orphan;
	}
	return NULL;
}

static const char *
responses_item(struct value item, struct hash_map *calls, struct arena *a)
{
	struct value type = json_get(item, "type");

	if (json_is(type, "function_call") || json_is(type, "custom_tool_call"))
		learn(calls, json_get(item, "call_id"), a);
	if ((json_is(type, "function_call_output") ||
		json_is(type, "custom_tool_call_output")) &&
	    !knows(calls, json_get(item, "call_id"), a))
		return orphan;
	return NULL;
}

static const char *
gemini_content(struct value content, struct hash_map *calls, struct arena *a)
{
	struct value parts = json_get(content, "parts");

	for (struct value p = json_first(parts); json_type(p); p = json_next(p)) {
		struct value answer = json_get(p, "functionResponse");

		learn(calls, json_get(json_get(p, "functionCall"), "name"), a);
		if (json_type(answer) == JSON_OBJECT &&
		    !knows(calls, json_get(answer, "name"), a))
			return orphan;
	}
	return NULL;
}

const char *
rules_orphan(const struct line *l, struct arena *a)
{
	struct value list = request_messages(&l->request);
	struct hash_map calls = { 0 };
	const char *why = NULL;

	if (json_type(list) != JSON_ARRAY)
		return NULL;
	for (struct value m = json_first(list); json_type(m) && !why; m = json_next(m)) {
		switch (l->request.api) {
		case API_CHAT: why = chat_message(m, &calls, a); break;
		case API_MESSAGES: why = blocks_message(m, &calls, a); break;
		case API_RESPONSES: why = responses_item(m, &calls, a); break;
		case API_GEMINI: why = gemini_content(m, &calls, a); break;
		default: break;
		}
	}
	hash_map_free(&calls);
	return why;
}
