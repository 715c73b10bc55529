/* SPDX-License-Identifier: MIT */
/* Anthropic's messages. */
#include "model/api.h"

static const struct value none;

/* Chat bodies have messages too: what only this interface has tells. */
/* Blocks that no other interface has; what has roles of chat's is none of ours. */
static bool
has_own_block(struct value messages)
{
	for (struct value m = json_first(messages); json_type(m); m = json_next(m)) {
		struct value role = json_get(m, "role"), content = json_get(m, "content");

		if (!json_is(role, "user") && !json_is(role, "assistant"))
			return false;
		for (struct value b = json_type(content) == JSON_ARRAY ? json_first(content)
								       : (struct value){ 0 };
		     json_type(b); b = json_next(b)) {
			struct value type = json_get(b, "type");

			if (json_is(type, "tool_use") || json_is(type, "tool_result") ||
			    json_is(type, "thinking") || json_is(type, "redacted_thinking") ||
			    json_type(json_get(b, "source")) == JSON_OBJECT)
				return true;
		}
	}
	return false;
}

static bool
messages_takes(const struct signs *s)
{
	if (json_type(s->messages) != JSON_ARRAY)
		return false;
	if (json_type(s->url) != JSON_ABSENT)
		return slice_ends(json_string_raw(s->url), SLICE("/messages"));
	return json_type(s->system) || json_type(s->anthropic_version) ||
	       json_type(s->stop_sequences) ||
	       json_type(json_get(json_first(s->tools), "input_schema")) ||
	       has_own_block(s->messages);
}

static struct value
messages_messages(struct value body)
{
	return json_get(body, "messages");
}

static struct value
messages_system(struct value body)
{
	return json_get(body, "system");
}

static void
document(const struct part *base, struct value block, part_fn each, void *context)
{
	struct value source = json_get(block, "source");

	if (json_is(json_get(source, "type"), "text"))
		part_give(*base, base->kind, json_get(source, "data"), block, each, context);
	else
		part_give(*base, PART_FILE, none, block, each, context);
}

static void
content_block(const struct part *base, struct value block, part_fn each, void *context)
{
	struct value type = json_get(block, "type");
	struct part result = *base;

	if (json_is(type, "text")) {
		part_give(*base, base->kind, json_get(block, "text"), block, each, context);
	} else if (json_is(type, "image")) {
		part_give(*base, PART_IMAGE, none, block, each, context);
	} else if (json_is(type, "document")) {
		document(base, block, each, context);
	} else if (json_is(type, "tool_use") || json_is(type, "server_tool_use")) {
		part_give(*base, PART_CALL, json_get(block, "input"), block, each, context);
	} else if (json_is(type, "tool_result")) {
		struct value content = json_get(block, "content");

		/* results hold text and images, never results: one level down, and no further
		 */
		result.kind = PART_RESULT;
		if (json_type(content) == JSON_STRING)
			part_give(result, PART_RESULT, content, block, each, context);
		for (struct value b =
			 json_first(json_type(content) == JSON_ARRAY ? content : none);
		     json_type(b); b = json_next(b))
			if (json_is(json_get(b, "type"), "document"))
				document(&result, b, each, context);
			else
				part_give(result,
				    json_is(json_get(b, "type"), "text")    ? PART_RESULT
				    : json_is(json_get(b, "type"), "image") ? PART_IMAGE
									    : PART_OTHER,
				    json_get(b, "text"), b, each, context);
	} else if (json_is(type, "thinking")) {
		part_give(
		    *base, PART_THINKING, json_get(block, "thinking"), block, each, context);
	} else {
		part_give(*base, PART_OTHER, none, block, each, context);
	}
}

static void
messages_parts(const struct request *r, part_fn each, void *context)
{
	parts_of_turns(r->body, content_block, each, context);
}

static bool
messages_answers(struct value answer)
{
	return json_type(json_get(answer, "content")) == JSON_ARRAY;
}

static enum ending
messages_ending(struct value answer)
{
	static const char *const done[] = { "end_turn", "stop_sequence", "tool_use", NULL };
	static const char *const cut[] = { "max_tokens", "model_context_window_exceeded",
		NULL };
	struct value reason = json_get(answer, "stop_reason");

	if (json_is(reason, "refusal"))
		return ENDING_FILTERED;
	return one_of(reason, done)  ? ENDING_DONE
	       : one_of(reason, cut) ? ENDING_CUT
				     : ENDING_UNKNOWN;
}

static void
messages_answer_parts(struct value answer, part_fn each, void *context)
{
	struct part base = { .kind = PART_ASSISTANT };

	parts_content(base, json_get(answer, "content"), content_block, each, context);
}

static const char *const max_tokens[] = { "max_tokens", NULL };
static const char *const renamed[][2] = { { "stop", "stop_sequences" }, { NULL, NULL } };

const struct api_rules messages_rules = { .takes = messages_takes,
	.parts = messages_parts,
	.answers = messages_answers,
	.ending = messages_ending,
	.answer_parts = messages_answer_parts,
	.messages = messages_messages,
	.system_text = messages_system,
	.cap = { max_tokens },
	.renamed = renamed };
