/* SPDX-License-Identifier: MIT */
#include "chat/answer.h"

#include "chat/answer_parts.h"

static bool
is_set(struct value v)
{
	return json_type(v) > JSON_NULL;
}

static void
room(struct answer *x, size_t n)
{
	chat_parts_open(&x->said, CHAT_ASSISTANT, n, x->arena);
}

static void
add_text(struct answer *x, enum chat_kind kind, struct value v)
{
	if (json_type(v) == JSON_STRING && json_string_raw(v).len)
		chat_part_add(&x->said, kind)->text = json_raw(v);
}

/* A call whose arguments are a string of JSON. */
static bool
add_call(struct answer *x, struct value id, struct value name, struct value args)
{
	struct chat_part *p = chat_part_add(&x->said, CHAT_CALL);
	struct slice text =
	    json_type(args) == JSON_STRING ? json_string(args, x->arena) : json_raw(args);

	p->id = json_type(id) == JSON_STRING ? json_raw(id) : slice_of(NULL, 0);
	p->name = json_raw(name);
	p->args = text.len ? arena_copy(x->arena, text) : SLICE("{}");
	return json_type(name) == JSON_STRING && chat_object(p->args);
}

static enum end
end_of(struct value word, const char *const table[][2])
{
	static const char kinds[] = "-sltf"; /* in the order of enum end */

	for (size_t i = 0; table[i][0]; i++)
		if (json_is(word, table[i][0]))
			return (enum end)(strchr(kinds, table[i][1][0]) - kinds);
	return END_UNSAID;
}

static bool
read_chat(struct value answer, struct answer *x, const char **why)
{
	static const char *const ends[][2] = { { "stop", "s" }, { "length", "l" },
		{ "tool_calls", "t" }, { "function_call", "t" }, { "content_filter", "f" },
		{ NULL, NULL } };
	struct value choices = json_get(answer, "choices"), choice, message, calls;

	if (json_type(choices) != JSON_ARRAY || json_length(choices) != 1) {
		*why = "not one answer but none or several";
		return false;
	}
	choice = json_first(choices);
	message = json_get(choice, "message");
	calls = json_get(message, "tool_calls");
	room(x, 4 + (json_type(calls) == JSON_ARRAY ? json_length(calls) : 0));
	add_text(x, CHAT_THINKING, json_get(message, "reasoning_content"));
	add_text(x, CHAT_TEXT, json_get(message, "content"));
	add_text(x, CHAT_TEXT, json_get(message, "refusal"));
	x->end = end_of(json_get(choice, "finish_reason"), ends);
	if (json_type(json_get(message, "refusal")) == JSON_STRING)
		x->end = END_FILTER;
	if (json_type(calls) != JSON_ARRAY)
		return true;
	for (struct value c = json_first(calls); json_type(c); c = json_next(c)) {
		struct value f = json_get(c, "function");

		if (!add_call(
			x, json_get(c, "id"), json_get(f, "name"), json_get(f, "arguments"))) {
			*why = "a tool call whose arguments are no JSON object";
			return false;
		}
	}
	return true;
}

static bool
read_responses(struct value answer, struct answer *x, const char **why)
{
	struct value output = json_get(answer, "output"),
		     reason = json_get(json_get(answer, "incomplete_details"), "reason");
	size_t n = 0;

	if (json_type(output) != JSON_ARRAY) {
		*why = "no output";
		return false;
	}
	for (struct value o = json_first(output); json_type(o); o = json_next(o))
		n += 1 + (json_type(json_get(o, "content")) == JSON_ARRAY
				 ? json_length(json_get(o, "content"))
				 : 0);
	room(x, n);
	x->end = json_is(reason, "max_output_tokens") ? END_LENGTH
		 : json_is(reason, "content_filter")  ? END_FILTER
						      : END_STOP;
	for (struct value o = json_first(output); json_type(o); o = json_next(o)) {
		struct value content = json_get(o, "content");

		if (json_is(json_get(o, "type"), "function_call")) {
			if (x->end == END_STOP)
				x->end = END_TOOLS;
			if (!add_call(x, json_get(o, "call_id"), json_get(o, "name"),
				json_get(o, "arguments"))) {
				*why = "a tool call whose arguments are no JSON object";
				return false;
			}
		} else if (json_is(json_get(o, "type"), "message") &&
			   json_type(content) == JSON_ARRAY) {
			for (struct value c = json_first(content); json_type(c);
			     c = json_next(c)) {
				add_text(x, CHAT_TEXT, json_get(c, "text"));
				if (json_is(json_get(c, "type"), "refusal")) {
					add_text(x, CHAT_TEXT, json_get(c, "refusal"));
					x->end = END_FILTER;
				}
			}
		}
	}
	return true;
}

static bool
read_messages(struct value answer, struct answer *x, const char **why)
{
	static const char *const ends[][2] = { { "end_turn", "s" }, { "stop_sequence", "s" },
		{ "max_tokens", "l" }, { "model_context_window_exceeded", "l" },
		{ "tool_use", "t" }, { "refusal", "f" }, { NULL, NULL } };
	struct value content = json_get(answer, "content");

	if (json_type(content) != JSON_ARRAY) {
		*why = "no content";
		return false;
	}
	room(x, json_length(content));
	x->end = end_of(json_get(answer, "stop_reason"), ends);
	for (struct value c = json_first(content); json_type(c); c = json_next(c)) {
		struct value type = json_get(c, "type");

		if (json_is(type, "text")) {
			add_text(x, CHAT_TEXT, json_get(c, "text"));
		} else if (json_is(type, "thinking")) {
			add_text(x, CHAT_THINKING, json_get(c, "thinking"));
		} else if (json_is(type, "tool_use")) {
			if (!add_call(x, json_get(c, "id"), json_get(c, "name"),
				json_get(c, "input"))) {
				*why = "a tool call without an input";
				return false;
			}
		} else if (!json_is(type, "redacted_thinking")) {
			*why = "a block that has no place in another form";
			return false;
		}
	}
	return true;
}

static bool
read_gemini(struct value answer, struct answer *x, const char **why)
{
	static const char *const ends[][2] = { { "STOP", "s" }, { "MAX_TOKENS", "l" },
		{ "SAFETY", "f" }, { "RECITATION", "f" }, { "PROHIBITED_CONTENT", "f" },
		{ "BLOCKLIST", "f" }, { "SPII", "f" }, { "MALFORMED_FUNCTION_CALL", "f" },
		{ NULL, NULL } };
	struct value candidates = json_get(answer, "candidates"), parts, one;

	if (json_type(candidates) != JSON_ARRAY || json_length(candidates) != 1) {
		*why = "not one answer but none or several";
		return false;
	}
	one = json_first(candidates);
	parts = json_get(json_get(one, "content"), "parts");
	room(x, json_type(parts) == JSON_ARRAY ? json_length(parts) : 0);
	x->end = end_of(json_get(one, "finishReason"), ends);
	if (json_type(parts) != JSON_ARRAY)
		return true;
	for (struct value p = json_first(parts); json_type(p); p = json_next(p)) {
		struct value call = json_get(p, "functionCall");

		if (is_set(call)) {
			if (x->end == END_STOP)
				x->end = END_TOOLS;
			if (!add_call(x, json_get(call, "id"), json_get(call, "name"),
				json_get(call, "args"))) {
				*why = "a tool call without a name";
				return false;
			}
		} else if (json_type(json_get(p, "text")) == JSON_STRING) {
			add_text(x,
			    json_type(json_get(p, "thought")) == JSON_TRUE ? CHAT_THINKING
									   : CHAT_TEXT,
			    json_get(p, "text"));
		} else {
			*why = "a part that has no place in another form";
			return false;
		}
	}
	return true;
}

static bool
read_answer(struct value v, enum api from, struct answer *x, const char **why)
{
	switch (from) {
	case API_CHAT: return read_chat(v, x, why);
	case API_RESPONSES: return read_responses(v, x, why);
	case API_MESSAGES: return read_messages(v, x, why);
	case API_GEMINI: return read_gemini(v, x, why);
	default: *why = "an answer of another kind"; return false;
	}
}

static struct slice
raw_string(struct value v)
{
	return json_type(v) == JSON_STRING ? json_raw(v) : slice_of(NULL, 0);
}

bool
chat_answer(struct value answer, enum api from, enum api to, struct arena *a, struct buf *out,
    struct value *usage, const char **why)
{
	struct answer x = { .arena = a };
	struct request r = { .json = answer.json,
		.shape = SHAPE_BARE,
		.api = from,
		.root = answer,
		.answered = true,
		.answer = answer,
		.status = 200 };
	struct writer w = { out, false };

	if (!read_answer(answer, from, &x, why))
		return false;
	usage_read(&r, &x.usage);
	*usage = x.usage.object;
	/* counts that contradict themselves are not told in another's words */
	x.usage.present =
	    x.usage.present && !x.usage.flaw && x.usage.reasoning <= x.usage.output &&
	    x.usage.cached + x.usage.written_5m + x.usage.written_1h <= x.usage.input;
	x.id = raw_string(json_get(answer, from == API_GEMINI ? "responseId" : "id"));
	x.model = raw_string(json_get(answer, from == API_GEMINI ? "modelVersion" : "model"));
	write_object(&w);
	switch (to) {
	case API_CHAT: answer_write_chat(&w, &x); break;
	case API_RESPONSES: answer_write_responses(&w, &x); break;
	case API_MESSAGES: answer_write_messages(&w, &x); break;
	case API_GEMINI: answer_write_gemini(&w, &x); break;
	default: *why = "no form that an answer can be said in"; return false;
	}
	write_object_end(&w);
	return true;
}
