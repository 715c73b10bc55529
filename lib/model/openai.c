/* SPDX-License-Identifier: MIT */
/* OpenAI's interfaces, and all that copy them: chat, responses, completions, embeddings. */
#include "json/members.h"
#include "model/api.h"

static const struct value none;

static bool
url_ends(struct value url, struct slice tail)
{
	return slice_ends(json_string_raw(url), tail);
}

static bool
model_has(const struct signs *s, struct slice word)
{
	return slice_has(json_string_raw(s->model), word);
}

/* Blocks of chat and responses content: their types do not collide. */
static void
content_block(const struct part *base, struct value block, part_fn each, void *context)
{
	static const char *const texts[] = { "text", "input_text", "output_text", NULL };
	static const char *const images[] = { "image_url", "input_image", "image", NULL };
	static const char *const audio[] = { "input_audio", "audio", NULL };
	static const char *const files[] = { "file", "input_file", NULL };
	struct value type = json_get(block, "type");

	if (one_of(type, texts))
		part_give(*base, base->kind, json_get(block, "text"), block, each, context);
	else if (json_is(type, "refusal"))
		part_give(*base, base->kind, json_get(block, "refusal"), block, each, context);
	else
		part_give(*base,
		    one_of(type, images)  ? PART_IMAGE
		    : one_of(type, audio) ? PART_AUDIO
		    : one_of(type, files) ? PART_FILE
					  : PART_OTHER,
		    none, block, each, context);
}

static enum part_kind
kind_of_role(struct value role)
{
	static const char *const system[] = { "system", "developer", NULL };
	static const char *const tool[] = { "tool", "function", NULL };

	return json_is(role, "user")        ? PART_USER
	       : one_of(role, system)       ? PART_SYSTEM
	       : one_of(role, tool)         ? PART_RESULT
	       : json_is(role, "assistant") ? PART_ASSISTANT
					    : PART_USER;
}

static void
tool_calls(struct part base, struct value calls, struct value call, part_fn each, void *context)
{
	struct value legacy = json_get(call, "arguments");

	for (struct value c = json_first(calls); json_type(c); c = json_next(c)) {
		struct value arguments = json_get(json_get(c, "function"), "arguments");

		if (json_type(arguments))
			part_give(base, PART_CALL, arguments, c, each, context);
	}
	if (json_type(legacy))
		part_give(base, PART_CALL, legacy, none, each, context);
}

static void
chat_message(struct value message, size_t turn, part_fn each, void *context)
{
	enum { ROLE, CONTENT, CALLS, CALL, THINKING, REASONING, MEMBERS };
	static const char *const names[MEMBERS] = { "role", "content", "tool_calls",
		"function_call", "reasoning_content", "reasoning" };
	static struct members members = { .names = names, .count = MEMBERS };
	struct value v[MEMBERS], thinking;
	struct part base = { .message = message, .turn = turn };

	members_get(message, &members, v);
	base.kind = kind_of_role(v[ROLE]);
	thinking = json_type(v[THINKING]) ? v[THINKING] : v[REASONING];
	if (json_type(thinking) == JSON_STRING)
		part_give(base, PART_THINKING, thinking, none, each, context);
	parts_content(base, v[CONTENT], content_block, each, context);
	tool_calls(base, v[CALLS], v[CALL], each, context);
}

static bool
chat_takes(const struct signs *s)
{
	return json_type(s->messages) == JSON_ARRAY;
}

static struct value
chat_messages(struct value body)
{
	return json_get(body, "messages");
}

static void
chat_parts(const struct request *r, part_fn each, void *context)
{
	struct value messages = json_get(r->body, "messages");
	size_t turn = 0;

	for (struct value m = json_first(messages); json_type(m); m = json_next(m))
		chat_message(m, turn++, each, context);
}

static bool
chat_answers(struct value answer)
{
	struct value choices = json_get(answer, "choices");

	return json_type(choices) == JSON_ARRAY &&
	       json_type(json_get(json_first(choices), "text")) == JSON_ABSENT;
}

/* Every choice must be whole; a refusal is no answer to keep. */
enum ending
ending_of_choices(struct value choices)
{
	static const char *const done[] = { "stop", "tool_calls", "function_call", "eos",
		NULL };
	static const char *const cut[] = { "length", "max_tokens", NULL };
	static const char *const names[] = { "finish_reason", "message" };
	static struct members members = { .names = names, .count = 2 };
	enum ending ending = ENDING_UNKNOWN;

	for (struct value c = json_first(choices); json_type(c); c = json_next(c)) {
		struct value v[2];

		members_get(c, &members, v);
		if (json_type(json_get(v[1], "refusal")) == JSON_STRING ||
		    json_is(v[0], "content_filter"))
			return ENDING_FILTERED;
		if (one_of(v[0], cut))
			return ENDING_CUT;
		if (!one_of(v[0], done))
			return ENDING_UNKNOWN;
		ending = ENDING_DONE;
	}
	return ending;
}

static enum ending
choices_ending(struct value answer)
{
	return ending_of_choices(json_get(answer, "choices"));
}

static void
chat_answer_parts(struct value answer, part_fn each, void *context)
{
	struct value choices = json_get(answer, "choices");
	size_t turn = 0;

	for (struct value c = json_first(choices); json_type(c); c = json_next(c)) {
		struct value message = json_get(c, "message");

		if (json_type(message) == JSON_OBJECT)
			chat_message(message, turn++, each, context);
	}
}

static const char *const max_completion_tokens[] = { "max_completion_tokens", NULL };
static const char *const max_tokens[] = { "max_tokens", NULL };
static const char *const max_output_tokens[] = { "max_output_tokens", NULL };

const struct api_rules chat_rules = { .takes = chat_takes,
	.parts = chat_parts,
	.answers = chat_answers,
	.ending = choices_ending,
	.answer_parts = chat_answer_parts,
	.messages = chat_messages,
	.cap = { max_completion_tokens, max_tokens } };

/* Responses: instructions, and input as a string or as items of many types. */

static void
response_item(struct value item, size_t turn, part_fn each, void *context)
{
	struct value type = json_get(item, "type");
	struct part base = {
		.kind = kind_of_role(json_get(item, "role")), .message = item, .turn = turn
	};

	if (json_is(type, "function_call") || json_is(type, "custom_tool_call")) {
		part_give(
		    base, PART_CALL, either(item, "arguments", "input"), none, each, context);
	} else if (json_is(type, "function_call_output") ||
		   json_is(type, "custom_tool_call_output")) {
		base.kind = PART_RESULT;
		parts_content(base, json_get(item, "output"), content_block, each, context);
	} else if (json_is(type, "reasoning")) {
		struct value summary = json_get(item, "summary");

		for (struct value s = json_first(summary); json_type(s); s = json_next(s))
			part_give(base, PART_THINKING, json_get(s, "text"), s, each, context);
	} else if (json_type(json_get(item, "content"))) {
		parts_content(base, json_get(item, "content"), content_block, each, context);
	} else {
		part_give(base, PART_OTHER, none, none, each, context);
	}
}

static bool
responses_takes(const struct signs *s)
{
	enum json_type type = json_type(s->input);

	if (type == JSON_ABSENT)
		return url_ends(s->url, SLICE("/responses"));
	return type == JSON_STRING || type == JSON_ARRAY;
}

static struct value
responses_messages(struct value body)
{
	return json_get(body, "input");
}

static struct value
responses_system(struct value body)
{
	return json_get(body, "instructions");
}

static void
responses_parts(const struct request *r, part_fn each, void *context)
{
	struct value instructions = json_get(r->body, "instructions"),
		     input = json_get(r->body, "input");
	struct part base = { .kind = PART_SYSTEM };
	size_t turn = 0;

	if (json_type(instructions) == JSON_STRING)
		part_give(base, PART_SYSTEM, instructions, none, each, context);
	if (json_type(input) == JSON_STRING)
		part_give(base, PART_USER, input, none, each, context);
	for (struct value i = json_first(input); json_type(i); i = json_next(i))
		response_item(i, turn++, each, context);
}

static bool
responses_answers(struct value answer)
{
	return json_is(json_get(answer, "object"), "response") ||
	       json_type(json_get(answer, "output")) == JSON_ARRAY;
}

static bool
refuses(struct value output)
{
	for (struct value i = json_first(output); json_type(i); i = json_next(i)) {
		struct value content = json_get(i, "content");

		for (struct value b = json_first(content); json_type(b); b = json_next(b))
			if (json_is(json_get(b, "type"), "refusal"))
				return true;
	}
	return false;
}

static enum ending
responses_ending(struct value answer)
{
	struct value status = json_get(answer, "status");
	struct value reason = json_get(json_get(answer, "incomplete_details"), "reason");

	if (json_is(status, "failed"))
		return ENDING_FAILED;
	if (json_is(reason, "content_filter") || refuses(json_get(answer, "output")))
		return ENDING_FILTERED;
	if (json_is(status, "incomplete"))
		return ENDING_CUT;
	return json_is(status, "completed") ? ENDING_DONE : ENDING_UNKNOWN;
}

static void
responses_answer_parts(struct value answer, part_fn each, void *context)
{
	struct value output = json_get(answer, "output");
	size_t turn = 0;

	for (struct value i = json_first(output); json_type(i); i = json_next(i))
		response_item(i, turn++, each, context);
}

const struct api_rules responses_rules = { .takes = responses_takes,
	.parts = responses_parts,
	.answers = responses_answers,
	.ending = responses_ending,
	.answer_parts = responses_answer_parts,
	.messages = responses_messages,
	.system_text = responses_system,
	.cap = { max_output_tokens } };

/* Completions: prompt in, text out. */

static void
string_parts(struct value text, part_fn each, void *context)
{
	struct part base = { .kind = PART_USER };

	if (json_type(text) == JSON_STRING)
		part_give(base, PART_USER, text, none, each, context);
	for (struct value t = json_type(text) == JSON_ARRAY ? json_first(text) : none;
	     json_type(t); t = json_next(t))
		part_give(base, json_type(t) == JSON_STRING ? PART_USER : PART_OTHER,
		    json_type(t) == JSON_STRING ? t : none, t, each, context);
}

static bool
completion_takes(const struct signs *s)
{
	return json_type(s->prompt) || json_type(s->input_text);
}

static void
completion_parts(const struct request *r, part_fn each, void *context)
{
	string_parts(either(r->body, "prompt", "inputText"), each, context);
}

static bool
completion_answers(struct value answer)
{
	return json_type(json_get(json_first(json_get(answer, "choices")), "text")) ==
	       JSON_STRING;
}

static void
completion_answer_parts(struct value answer, part_fn each, void *context)
{
	struct value choices = json_get(answer, "choices");
	struct part base = { .kind = PART_ASSISTANT };

	for (struct value c = json_first(choices); json_type(c); c = json_next(c), base.turn++)
		part_give(base, PART_ASSISTANT, json_get(c, "text"), c, each, context);
}

static const char *const max_tokens_to_sample[] = { "max_tokens_to_sample", NULL };

const struct api_rules completion_rules = { .takes = completion_takes,
	.parts = completion_parts,
	.answers = completion_answers,
	.ending = choices_ending,
	.answer_parts = completion_answer_parts,
	.cap = { max_tokens, max_tokens_to_sample } };

/* Embeddings and moderations: input in, no text out. */

static bool
embedding_takes(const struct signs *s)
{
	if (json_type(s->input) == JSON_ABSENT)
		return false;
	if (json_type(s->url))
		return url_ends(s->url, SLICE("/embeddings")) ||
		       url_ends(s->url, SLICE("/moderations"));
	return model_has(s, SLICE("embed")) || model_has(s, SLICE("moderation")) ||
	       (json_type(s->input) == JSON_ARRAY &&
		   json_type(json_first(s->input)) == JSON_STRING);
}

static void
embedding_parts(const struct request *r, part_fn each, void *context)
{
	string_parts(json_get(r->body, "input"), each, context);
}

static bool
embedding_answers(struct value answer)
{
	return json_type(json_get(answer, "data")) == JSON_ARRAY ||
	       json_type(json_get(answer, "results")) == JSON_ARRAY;
}

static enum ending
embedding_ending(struct value answer)
{
	return json_type(json_first(either(answer, "data", "results"))) ? ENDING_DONE
									: ENDING_UNKNOWN;
}

static void
embedding_answer_parts(struct value answer, part_fn each, void *context)
{
	(void)answer, (void)each, (void)context; /* vectors hold no text */
}

const struct api_rules embedding_rules = { .takes = embedding_takes,
	.parts = embedding_parts,
	.answers = embedding_answers,
	.ending = embedding_ending,
	.answer_parts = embedding_answer_parts };
