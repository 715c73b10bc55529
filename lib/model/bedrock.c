/* SPDX-License-Identifier: MIT */
/* Bedrock's Converse. What InvokeModel takes is the body of the model's own provider. */
#include "model/api.h"

static const struct value none;

/* Content is always an array of blocks that have no type, but one member that tells. */
static bool
converse_takes(const struct signs *s)
{
	struct value block;

	if (json_type(s->messages) != JSON_ARRAY)
		return false;
	if (json_type(s->inference_config) || json_type(s->tool_config))
		return true;
	block = json_first(json_get(json_first(s->messages), "content"));
	return json_type(block) == JSON_OBJECT && !json_type(json_get(block, "type"));
}

static struct value
converse_messages(struct value body)
{
	return json_get(body, "messages");
}

static struct value
converse_system(struct value body)
{
	return json_get(body, "system");
}

static void
tool_result(struct part base, struct value result, part_fn each, void *context)
{
	struct value content = json_get(result, "content");

	for (struct value b = json_first(content); json_type(b); b = json_next(b)) {
		struct value text = either(b, "text", "json");

		part_give(base,
		    json_type(text)                   ? PART_RESULT
		    : json_type(json_get(b, "image")) ? PART_IMAGE
						      : PART_FILE,
		    text, b, each, context);
	}
}

static void
content_block(const struct part *base, struct value block, part_fn each, void *context)
{
	static const struct {
		const char *name;
		enum part_kind kind;
	} kinds[] = { { "image", PART_IMAGE }, { "video", PART_FILE },
		{ "document", PART_FILE }, { "audio", PART_AUDIO } };
	struct value text = json_get(block, "text"), use = json_get(block, "toolUse");
	struct value result = json_get(block, "toolResult");
	struct value thinking = json_get(block, "reasoningContent");

	if (json_type(text) == JSON_STRING) {
		part_give(*base, base->kind, text, block, each, context);
	} else if (json_type(use)) {
		part_give(*base, PART_CALL, json_get(use, "input"), block, each, context);
	} else if (json_type(result)) {
		tool_result(*base, result, each, context);
	} else if (json_type(thinking)) {
		part_give(*base, PART_THINKING,
		    json_get(json_get(thinking, "reasoningText"), "text"), block, each,
		    context);
	} else {
		enum part_kind kind = PART_OTHER;

		for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
			if (json_type(json_get(block, kinds[i].name)))
				kind = kinds[i].kind;
		part_give(*base, kind, none, block, each, context);
	}
}

static void
converse_parts(const struct request *r, part_fn each, void *context)
{
	parts_of_turns(r->body, content_block, each, context);
}

static bool
converse_answers(struct value answer)
{
	return json_type(json_get(json_get(answer, "output"), "message")) == JSON_OBJECT;
}

static enum ending
converse_ending(struct value answer)
{
	static const char *const done[] = { "end_turn", "tool_use", "stop_sequence", NULL };
	static const char *const cut[] = { "max_tokens", "model_context_window_exceeded",
		NULL };
	static const char *const filtered[] = { "guardrail_intervened", "content_filtered",
		NULL };
	struct value reason = json_get(answer, "stopReason");

	return one_of(reason, done)       ? ENDING_DONE
	       : one_of(reason, cut)      ? ENDING_CUT
	       : one_of(reason, filtered) ? ENDING_FILTERED
					  : ENDING_UNKNOWN;
}

static void
converse_answer_parts(struct value answer, part_fn each, void *context)
{
	struct part base = { .kind = PART_ASSISTANT };

	parts_content(base,
	    json_get(json_get(json_get(answer, "output"), "message"), "content"), content_block,
	    each, context);
}

static const char *const max_tokens[] = { "inferenceConfig", "maxTokens", NULL };
static const char *const renamed[][2] = { { "stop", "stopSequences" }, { "top_p", "topP" },
	{ NULL, NULL } };

const struct api_rules converse_rules = { .takes = converse_takes,
	.parts = converse_parts,
	.answers = converse_answers,
	.ending = converse_ending,
	.answer_parts = converse_answer_parts,
	.messages = converse_messages,
	.system_text = converse_system,
	.cap = { max_tokens },
	.parameters = "inferenceConfig",
	.renamed = renamed };
