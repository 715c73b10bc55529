/* SPDX-License-Identifier: MIT */
/* Which interface a body speaks, and what the provider files share. */
#include "model/api.h"

#include "json/members.h"

static const struct {
	enum api api;
	const struct api_rules *rules;
} apis[] = {
	{ API_CONVERSE, &converse_rules },
	{ API_GEMINI, &gemini_rules },
	{ API_MESSAGES, &messages_rules },
	{ API_EMBEDDING, &embedding_rules },
	{ API_RESPONSES, &responses_rules },
	{ API_CHAT, &chat_rules },
	{ API_COMPLETION, &completion_rules },
};
#define APIS (sizeof(apis) / sizeof(*apis))

const struct api_rules *
api_rules(enum api api)
{
	for (size_t i = 0; i < APIS; i++)
		if (apis[i].api == api)
			return apis[i].rules;
	return NULL;
}

const struct api_rules *
api_answering(struct value answer)
{
	for (size_t i = 0; i < APIS; i++)
		if (apis[i].rules->answers(answer))
			return apis[i].rules;
	return NULL;
}

enum api
api_with(struct value body, struct value url)
{
	static const char *const names[] = { "messages", "contents", "input", "prompt",
		"inputText", "inferenceConfig", "toolConfig", "system", "anthropic_version",
		"stop_sequences", "tools", "model" };
	static struct members members = { .names = names,
		.count = sizeof(names) / sizeof(*names) };
	struct value v[sizeof(names) / sizeof(*names)];
	struct signs s;

	if (json_type(body) != JSON_OBJECT)
		return API_NONE;
	/* the address tells at once where it is the commonest one */
	if (slice_ends(json_string_raw(url), SLICE("/chat/completions")) &&
	    json_type(json_get(body, "messages")) == JSON_ARRAY)
		return API_CHAT;
	members_get(body, &members, v);
	s = (struct signs){ .url = url,
		.messages = v[0],
		.contents = v[1],
		.input = v[2],
		.prompt = v[3],
		.input_text = v[4],
		.inference_config = v[5],
		.tool_config = v[6],
		.system = v[7],
		.anthropic_version = v[8],
		.stop_sequences = v[9],
		.tools = v[10],
		.model = v[11] };
	for (size_t i = 0; i < APIS; i++)
		if (apis[i].rules->takes(&s))
			return apis[i].api;
	return API_NONE;
}

enum api
api_of(struct value body)
{
	return api_with(body, (struct value){ 0 });
}

void
part_give(struct part base, enum part_kind kind, struct value text, struct value block,
    part_fn each, void *context)
{
	base.kind = kind;
	base.text = text;
	base.block = block;
	each(context, &base);
}

void
parts_content(
    struct part base, struct value content, block_fn block, part_fn each, void *context)
{
	struct value none = { 0 };

	if (json_type(content) == JSON_STRING) {
		part_give(base, base.kind, content, none, each, context);
		return;
	}
	if (json_type(content) != JSON_ARRAY)
		return;
	for (struct value b = json_first(content); json_type(b); b = json_next(b)) {
		if (json_type(b) == JSON_STRING)
			part_give(base, base.kind, b, b, each, context);
		else
			block(&base, b, each, context);
	}
}

void
parts_of_turns(struct value body, block_fn block, part_fn each, void *context)
{
	struct part base = { .kind = PART_SYSTEM };
	struct value messages = json_get(body, "messages");

	parts_content(base, json_get(body, "system"), block, each, context);
	for (struct value m = json_first(messages); json_type(m); m = json_next(m)) {
		base.kind =
		    json_is(json_get(m, "role"), "assistant") ? PART_ASSISTANT : PART_USER;
		base.message = m;
		parts_content(base, json_get(m, "content"), block, each, context);
		base.turn++;
	}
}

struct value
either(struct value object, const char *one, const char *other)
{
	struct value v = json_get(object, one);

	return json_type(v) ? v : json_get(object, other);
}

bool
one_of(struct value word, const char *const list[])
{
	for (size_t i = 0; list[i]; i++)
		if (json_is(word, list[i]))
			return true;
	return false;
}
