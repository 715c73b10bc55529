/* SPDX-License-Identifier: MIT */
/* Google's generateContent, of the Gemini API and Vertex. Source: the reference of
 * GenerateContentRequest, GenerationConfig and Tool. Both spellings of a name are read
 * (protobuf's JSON takes them), the one with capitals is written. */
#include "chat/parts.h"
#include "json/edit.h"

static struct value
either(struct value v, const char *camel, const char *snake)
{
	struct value x = json_get(v, camel);

	return json_type(x) ? x : json_get(v, snake);
}

static bool
read_data(struct value part, struct chat_message *m)
{
	struct value data = either(part, "inlineData", "inline_data");
	struct value file = either(part, "fileData", "file_data");
	struct value from = json_type(data) ? data : file;
	struct value url = either(file, "fileUri", "file_uri");
	struct slice mime = json_string_raw(either(from, "mimeType", "mime_type"));
	bool image = slice_starts(mime, SLICE("image/"));
	struct chat_part *p;

	if (!image && !slice_starts(mime, SLICE("application/")) &&
	    !slice_starts(mime, SLICE("text/")))
		return false;
	p = chat_part_add(m, image ? CHAT_IMAGE : CHAT_FILE);
	p->mime = json_raw(either(from, "mimeType", "mime_type"));
	p->data = json_raw(json_get(data, "data"));
	p->url = json_raw(url);
	p->name = chat_string(either(from, "displayName", "display_name"));
	return true;
}

static void
read_result(struct value result, struct chat_message *m, struct chat *c)
{
	struct value response = json_get(result, "response");
	struct value text = json_get(response, "result");
	struct chat_part *p = chat_part_add(m, CHAT_RESULT), *inner;

	inner = arena_zero(c->arena, 1, sizeof *inner);
	p->id = json_raw(json_get(result, "id"));
	p->name = json_raw(json_get(result, "name"));
	p->plain = true;
	p->parts = inner;
	p->count = 1;
	/* a text stands in an object of its own there; what is more is JSON */
	if (json_length(response) == 1 && json_type(text) == JSON_STRING)
		inner->text = json_raw(text);
	else
		inner->text = chat_quote(json_raw(response), c->arena);
}

static void
read_call(struct value call, struct chat_message *m)
{
	struct chat_part *p = chat_part_add(m, CHAT_CALL);

	p->id = json_raw(json_get(call, "id"));
	p->name = json_raw(json_get(call, "name"));
	p->args = json_raw(json_get(call, "args"));
	if (!p->args.ptr)
		p->args = SLICE("{}");
}

static const char *
read_part(struct value part, struct chat_message *m, struct chat *c)
{
	struct value call = either(part, "functionCall", "function_call");
	struct value result = either(part, "functionResponse", "function_response");

	if (json_type(json_get(part, "thought")) == JSON_TRUE) {
		chat_lose(c, "thinking of earlier turns");
		return NULL;
	}
	if (json_type(json_get(part, "text")) == JSON_STRING)
		chat_text(json_get(part, "text"), m);
	else if (json_type(call) == JSON_OBJECT)
		read_call(call, m);
	else if (json_type(result) == JSON_OBJECT)
		read_result(result, m, c);
	else if (!read_data(part, m))
		return "a part that is no text, image, document with its data, call or "
		       "response";
	return NULL;
}

static const char *
read_content(struct value content, enum chat_role role, struct chat *c)
{
	struct value parts = json_get(content, "parts");
	struct chat_message *m = &c->message[c->message_count++];
	const char *why = NULL;

	chat_parts_open(m, role, json_length(parts) + 1, c->arena);
	/* a system instruction may be one part */
	if (json_type(parts) == JSON_OBJECT)
		return read_part(parts, m, c);
	for (struct value p = json_first(parts); !why && json_type(p); p = json_next(p))
		why = read_part(p, m, c);
	m->plain = m->count == 1;
	return why;
}

/* The word of JSON Schema for a type of Google's, which is written in capitals; a JSON string.
 */
static struct slice
type_name(struct value type, bool nullable, struct arena *a)
{
	static const char *const names[] = { "STRING", "NUMBER", "INTEGER", "BOOLEAN", "ARRAY",
		"OBJECT", "NULL" };
	struct slice word = json_string_raw(type);
	char lower[8];

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (!slice_eqz(word, names[i]))
			continue;
		for (size_t k = 0; k < word.len; k++)
			lower[k] = (char)(word.ptr[k] | 0x20);
		word = arena_copy(a, slice_of(lower, word.len));
	}
	return nullable ? arena_printf(a, "[\"%.*s\",\"null\"]", SLICE_ARG(word))
			: arena_printf(a, "\"%.*s\"", SLICE_ARG(word));
}

/* One object of a schema: its type, and nullable, which JSON Schema says as another type. */
static void
change_object(struct value object, struct edits *e, struct chat *c)
{
	struct value type = json_get(object, "type"), any = json_get(object, "anyOf");
	struct value values = json_get(object, "enum");
	bool nullable = json_type(json_get(object, "nullable")) == JSON_TRUE, said = !nullable;

	if (json_type(type) == JSON_STRING) {
		edits_replace(e, type, type_name(type, nullable, c->arena));
		said = true;
	}
	if (nullable && json_type(any) == JSON_ARRAY) {
		edits_insert(e, any, (struct value){ 0 }, SLICE("{\"type\":\"null\"}"));
		said = true;
	}
	if (nullable && json_type(values) == JSON_ARRAY)
		edits_insert(e, values, (struct value){ 0 }, SLICE("null"));
	if (!said)
		chat_lose(c, "nullable of a schema");
	for (struct value k = json_first(object); json_type(k); k = json_next(k))
		if (json_is(k, "nullable") && json_type(json_member_value(k)) < JSON_NUMBER)
			edits_remove(e, k);
}

/* Google's own schemas (Schema of the API) in the words of JSON Schema. */
static struct slice
json_schema(struct value v, struct chat *c)
{
	struct slice text = json_raw(v);
	struct edits e = { 0 };
	struct json j = { 0 };
	struct buf out = { 0 };
	const char *why;
	size_t where;

	if (!text.ptr || !json_scan(&j, text, &why, &where))
		return text;
	for (uint32_t i = 0; i < j.count; i++)
		if (j.mark[i] == '{')
			change_object((struct value){ &j, i }, &e, c);
	edits_apply(&e, &j, &out);
	text = arena_copy(c->arena, buf_slice(&out));
	edits_free(&e);
	json_free(&j);
	buf_free(&out);
	return text;
}

static void
read_tools(struct value v, struct chat *c)
{
	size_t n = 0;

	for (struct value t = json_first(v); json_type(t); t = json_next(t))
		n += json_length(either(t, "functionDeclarations", "function_declarations"));
	c->tool = arena_zero(c->arena, n + 1, sizeof *c->tool);
	for (struct value t = json_first(v); json_type(t); t = json_next(t)) {
		struct value list = either(t, "functionDeclarations", "function_declarations");

		if (!json_type(list))
			chat_lose_essential(c, "tools of the provider itself");
		for (struct value f = json_first(list); json_type(f); f = json_next(f)) {
			struct chat_tool *tool = &c->tool[c->tool_count++];

			tool->name = json_raw(json_get(f, "name"));
			tool->description = json_raw(json_get(f, "description"));
			tool->schema = json_raw(
			    either(f, "parametersJsonSchema", "parameters_json_schema"));
			if (!tool->schema.ptr)
				tool->schema = json_schema(json_get(f, "parameters"), c);
		}
	}
}

static void
read_tool_config(struct value v, struct chat *c)
{
	struct value f = either(v, "functionCallingConfig", "function_calling_config");
	struct value names = either(f, "allowedFunctionNames", "allowed_function_names");
	struct value mode = json_get(f, "mode");

	if (json_is(mode, "AUTO"))
		c->choice = CHOICE_AUTO;
	else if (json_is(mode, "NONE"))
		c->choice = CHOICE_NONE;
	else if (json_is(mode, "ANY"))
		c->choice = CHOICE_ANY;
	if (json_length(names) == 1) {
		c->choice = CHOICE_TOOL;
		c->choice_name = json_raw(json_first(names));
	} else if (json_length(names)) {
		chat_lose_essential(c, "a choice among several tools");
	}
}

static void
read_mime(struct value v, struct chat *c)
{
	if (json_is(v, "application/json"))
		c->format = c->format == FORMAT_SCHEMA ? FORMAT_SCHEMA : FORMAT_JSON;
	else if (!json_is(v, "text/plain"))
		chat_lose_essential(c, "generationConfig.responseMimeType");
}

static void
read_schema(struct value v, struct chat *c)
{
	c->format = FORMAT_SCHEMA;
	c->schema = json_schema(v, c);
}

static void
read_thinking(struct value v, struct chat *c)
{
	struct value level = either(v, "thinkingLevel", "thinking_level");
	struct slice word = json_string(level, c->arena);
	char lower[16];

	c->think_budget = json_raw(either(v, "thinkingBudget", "thinking_budget"));
	if (!word.ptr || word.len >= sizeof lower)
		return;
	for (size_t i = 0; i < word.len; i++)
		lower[i] = word.ptr[i] >= 'A' && word.ptr[i] <= 'Z' ? (char)(word.ptr[i] + 32)
								    : word.ptr[i];
	c->effort = chat_quote(slice_of(lower, word.len), c->arena);
}

static void
read_single(struct value v, struct chat *c)
{
	uint64_t n;

	if (!json_whole(v, &n) || n != 1)
		c->n = json_raw(v);
}

static const struct chat_member_rule config_rules[] = {
	{ "temperature", CHAT_AT(temperature), NULL },
	{ "topP", CHAT_AT(top_p), NULL },
	{ "top_p", CHAT_AT(top_p), NULL },
	{ "topK", CHAT_AT(top_k), NULL },
	{ "top_k", CHAT_AT(top_k), NULL },
	{ "candidateCount", 0, read_single },
	{ "candidate_count", 0, read_single },
	{ "maxOutputTokens", CHAT_AT(cap), NULL },
	{ "max_output_tokens", CHAT_AT(cap), NULL },
	{ "stopSequences", 0, chat_stops },
	{ "stop_sequences", 0, chat_stops },
	{ "presencePenalty", CHAT_AT(presence), NULL },
	{ "presence_penalty", CHAT_AT(presence), NULL },
	{ "frequencyPenalty", CHAT_AT(frequency), NULL },
	{ "frequency_penalty", CHAT_AT(frequency), NULL },
	{ "seed", CHAT_AT(seed), NULL },
	{ "responseLogprobs", CHAT_AT(logprobs), NULL },
	{ "response_logprobs", CHAT_AT(logprobs), NULL },
	{ "logprobs", CHAT_AT(top_logprobs), NULL },
	{ "responseSchema", 0, read_schema },
	{ "response_schema", 0, read_schema },
	{ "responseJsonSchema", 0, read_schema },
	{ "response_json_schema", 0, read_schema },
	{ "responseMimeType", 0, read_mime },
	{ "response_mime_type", 0, read_mime },
	{ "thinkingConfig", 0, read_thinking },
	{ "thinking_config", 0, read_thinking },
	{ 0 },
};

static void
read_config(struct value v, struct chat *c)
{
	chat_read_members(v, config_rules, c);
}

static const struct chat_member_rule rules[] = {
	{ "contents", 0, NULL },
	{ "model", 0, NULL },
	{ "systemInstruction", 0, NULL },
	{ "system_instruction", 0, NULL },
	{ "generationConfig", 0, read_config },
	{ "generation_config", 0, read_config },
	{ "tools", 0, read_tools },
	{ "toolConfig", 0, read_tool_config },
	{ "tool_config", 0, read_tool_config },
	{ 0 },
};

bool
chat_read_gemini(struct value body, struct chat *c, const char **why)
{
	struct value list = json_get(body, "contents");
	struct value system = either(body, "systemInstruction", "system_instruction");

	c->message = arena_zero(c->arena, json_length(list) + 2, sizeof *c->message);
	if (json_type(system) > JSON_NULL)
		*why = read_content(system, CHAT_SYSTEM, c);
	for (struct value v = json_first(list); !*why && json_type(v); v = json_next(v)) {
		bool model = json_is(json_get(v, "role"), "model");

		*why = read_content(v, model ? CHAT_ASSISTANT : CHAT_USER, c);
	}
	if (!*why)
		chat_read_members(body, rules, c);
	return !*why;
}
