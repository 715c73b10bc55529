/* SPDX-License-Identifier: MIT */
/* Google's generateContent: Gemini API and Vertex. */
#include "model/api.h"

static const struct value none;

static bool
gemini_takes(const struct signs *s)
{
	return json_type(s->contents) != JSON_ABSENT;
}

static struct value
gemini_messages(struct value body)
{
	return json_get(body, "contents");
}

static struct value
gemini_system(struct value body)
{
	return either(body, "systemInstruction", "system_instruction");
}

static enum part_kind
kind_of_data(struct value data)
{
	struct slice type = json_string_raw(either(data, "mimeType", "mime_type"));

	return slice_starts(type, SLICE("image"))   ? PART_IMAGE
	       : slice_starts(type, SLICE("audio")) ? PART_AUDIO
						    : PART_FILE;
}

static struct value
data_of(struct value p)
{
	struct value data = either(p, "inlineData", "inline_data");

	return json_type(data) ? data : either(p, "fileData", "file_data");
}

/* Images and files beside what a function gave back. */
static void
result_data(struct part base, struct value result, part_fn each, void *context)
{
	for (struct value p = json_first(json_get(result, "parts")); json_type(p);
	     p = json_next(p)) {
		struct value data = data_of(p);

		if (json_type(data))
			part_give(base, kind_of_data(data), none, p, each, context);
	}
}

static void
one_part(struct part base, struct value p, part_fn each, void *context)
{
	struct value text = json_get(p, "text"), data = data_of(p);
	struct value call = either(p, "functionCall", "function_call");
	struct value result = either(p, "functionResponse", "function_response");

	if (json_type(text) == JSON_STRING) {
		part_give(base,
		    json_type(json_get(p, "thought")) == JSON_TRUE ? PART_THINKING : base.kind,
		    text, p, each, context);
	} else if (json_type(data)) {
		part_give(base, kind_of_data(data), none, p, each, context);
	} else if (json_type(call)) {
		part_give(base, PART_CALL, json_get(call, "args"), p, each, context);
	} else if (json_type(result)) {
		part_give(base, PART_RESULT, json_get(result, "response"), p, each, context);
		result_data(base, result, each, context);
	} else {
		part_give(base, PART_OTHER, none, p, each, context);
	}
}

static void
parts_of(struct part base, struct value content, part_fn each, void *context)
{
	struct value parts = json_get(content, "parts");

	if (json_type(content) == JSON_STRING)
		part_give(base, base.kind, content, none, each, context);
	else if (json_type(parts) == JSON_OBJECT)
		one_part(base, parts, each, context);
	else
		for (struct value p = json_first(parts); json_type(p); p = json_next(p))
			one_part(base, p, each, context);
}

static void
gemini_parts(const struct request *r, part_fn each, void *context)
{
	struct value contents = json_get(r->body, "contents"), content;
	struct part base = { .kind = PART_SYSTEM };

	parts_of(base, gemini_system(r->body), each, context);
	base.kind = PART_USER;
	if (json_type(contents) != JSON_ARRAY) {
		base.message = contents;
		parts_of(base, contents, each, context);
		return;
	}
	for (content = json_first(contents); json_type(content); content = json_next(content)) {
		base.kind =
		    json_is(json_get(content, "role"), "model") ? PART_ASSISTANT : PART_USER;
		base.message = content;
		parts_of(base, content, each, context);
		base.turn++;
	}
}

static bool
gemini_answers(struct value answer)
{
	return json_type(json_get(answer, "candidates")) == JSON_ARRAY ||
	       json_type(json_get(answer, "promptFeedback")) == JSON_OBJECT;
}

static enum ending
gemini_ending(struct value answer)
{
	static const char *const open[] = { "FINISH_REASON_UNSPECIFIED", "OTHER", NULL };
	struct value candidates = json_get(answer, "candidates");
	enum ending ending = ENDING_UNKNOWN;

	if (json_type(json_get(json_get(answer, "promptFeedback"), "blockReason")) ==
	    JSON_STRING)
		return ENDING_FILTERED;
	for (struct value c = json_first(candidates); json_type(c); c = json_next(c)) {
		struct value reason = json_get(c, "finishReason");

		if (json_is(reason, "MAX_TOKENS"))
			return ENDING_CUT;
		if (json_type(reason) != JSON_STRING || one_of(reason, open))
			return ENDING_UNKNOWN;
		if (!json_is(reason, "STOP")) /* SAFETY, RECITATION, BLOCKLIST, SPII … */
			return ENDING_FILTERED;
		ending = ENDING_DONE;
	}
	return ending;
}

static void
gemini_answer_parts(struct value answer, part_fn each, void *context)
{
	struct value candidates = json_get(answer, "candidates");
	struct part base = { .kind = PART_ASSISTANT };

	for (struct value c = json_first(candidates); json_type(c);
	     c = json_next(c), base.turn++)
		parts_of(base, json_get(c, "content"), each, context);
}

static const char *const max_output[] = { "generationConfig", "maxOutputTokens", NULL };
static const char *const renamed[][2] = { { "stop", "stopSequences" }, { "top_p", "topP" },
	{ "top_k", "topK" }, { "n", "candidateCount" },
	{ "presence_penalty", "presencePenalty" }, { "frequency_penalty", "frequencyPenalty" },
	{ NULL, NULL } };

const struct api_rules gemini_rules = { .takes = gemini_takes,
	.parts = gemini_parts,
	.answers = gemini_answers,
	.ending = gemini_ending,
	.answer_parts = gemini_answer_parts,
	.messages = gemini_messages,
	.system_text = gemini_system,
	.cap = { max_output },
	.parameters = "generationConfig",
	.renamed = renamed };
