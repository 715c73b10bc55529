/* SPDX-License-Identifier: MIT */
/* Google's generateContent, of the Gemini API and Vertex, written; its sources stand with the
 * reader. */
#include "chat/parts.h"

/* The tool that a result is of: its own name, else that of the call with its id. */
static struct slice
name_of_result(const struct chat *c, const struct chat_part *result)
{
	if (result->name.ptr)
		return result->name;
	for (size_t i = 0; i < c->message_count; i++)
		for (size_t k = 0; k < c->message[i].count; k++) {
			const struct chat_part *p = &c->message[i].parts[k];

			if (p->kind == CHAT_CALL && slice_eq(p->id, result->id))
				return p->name;
		}
	return slice_of(NULL, 0);
}

static void
write_response(const struct chat_part *p, struct chat *c, struct writer *w)
{
	struct slice text =
	    p->count == 1 ? chat_plain(p->parts[0].text, c->arena) : slice_of(NULL, 0);
	struct buf all = { 0 };

	for (size_t i = 0; !text.ptr && i < p->count; i++)
		buf_add(&all, chat_plain(p->parts[i].text, c->arena));
	write_name(w, "response");
	if (text.ptr && chat_object(text)) {
		write_raw(w, slice_trim(text));
	} else {
		write_object(w);
		write_name(w, "result");
		write_string(w, text.ptr ? text : buf_slice(&all));
		write_object_end(w);
	}
	buf_free(&all);
}

static const char *
write_result(const struct chat_part *p, struct chat *c, struct writer *w)
{
	struct slice name = name_of_result(c, p);

	if (!name.ptr)
		return "a tool result without its call, whose name is wanted there";
	for (size_t i = 0; i < p->count; i++)
		if (p->parts[i].kind != CHAT_TEXT)
			return "a tool result that is no text";
	if (p->failed)
		chat_lose(c, "is_error of a tool result");
	write_name(w, "functionResponse");
	write_object(w);
	chat_member(w, "id", p->id);
	chat_member(w, "name", name);
	write_response(p, c, w);
	write_object_end(w);
	return NULL;
}

/* An image or a document. */
static const char *
write_data(const struct chat_part *p, struct chat *c, struct writer *w)
{
	struct slice mime = p->mime;

	if (p->url.ptr && !mime.ptr)
		mime = chat_mime_of(chat_plain(p->url, c->arena));
	if (!mime.ptr)
		return "an image or document whose type is wanted there, and its address does "
		       "not tell it";
	write_name(w, p->url.ptr ? "fileData" : "inlineData");
	write_object(w);
	chat_member(w, "mimeType", mime);
	chat_member(w, p->url.ptr ? "fileUri" : "data", p->url.ptr ? p->url : p->data);
	write_object_end(w);
	if (p->name.ptr)
		chat_lose(c, "name of a document");
	if (p->detail.ptr && !slice_eqz(p->detail, "\"auto\""))
		chat_lose(c, "detail of an image");
	return NULL;
}

static const char *
write_part(const struct chat_part *p, struct chat *c, struct writer *w)
{
	const char *why = NULL;

	if (p->kind == CHAT_THINKING) {
		chat_lose(c, "thinking of earlier turns");
		return NULL;
	}
	write_object(w);
	if (p->text.ptr) {
		chat_member(w, "text", p->text);
		if (p->kind == CHAT_FILE)
			chat_lose(c, "the frame of a text document");
	} else if (p->kind == CHAT_IMAGE || p->kind == CHAT_FILE) {
		why = write_data(p, c, w);
	} else if (p->kind == CHAT_RESULT) {
		why = write_result(p, c, w);
	} else {
		write_name(w, "functionCall");
		write_object(w);
		chat_member(w, "id", p->id);
		chat_member(w, "name", p->name);
		chat_member(w, "args", p->args);
		write_object_end(w);
	}
	write_object_end(w);
	return why;
}

static const char *
write_parts(const struct chat_message *m, struct chat *c, struct writer *w)
{
	const char *why = NULL;

	for (size_t i = 0; !why && i < m->count; i++)
		why = write_part(&m->parts[i], c, w);
	return why;
}

static const char *
write_contents(struct chat *c, struct writer *w)
{
	const char *why = NULL;

	write_name(w, "contents");
	write_array(w);
	for (size_t i = 0; !why && i < c->message_count; i++) {
		const struct chat_message *m = &c->message[i];

		if (m->role == CHAT_SYSTEM)
			continue;
		if (m->name.ptr)
			chat_lose(c, "name of a message");
		write_object(w);
		write_name(w, "role");
		write_z(w, m->role == CHAT_USER ? "user" : "model");
		write_name(w, "parts");
		write_array(w);
		why = write_parts(m, c, w);
		write_array_end(w);
		write_object_end(w);
	}
	write_array_end(w);
	return why;
}

static const char *
write_system(struct chat *c, struct writer *w)
{
	const char *why = NULL;
	size_t n = 0;

	while (n < c->message_count && c->message[n].role == CHAT_SYSTEM)
		n++;
	for (size_t i = n; i < c->message_count; i++)
		if (c->message[i].role == CHAT_SYSTEM)
			return "a system message between the others has no place there";
	if (!n)
		return NULL;
	write_name(w, "systemInstruction");
	write_object(w);
	write_name(w, "parts");
	write_array(w);
	for (size_t i = 0; !why && i < n; i++)
		why = write_parts(&c->message[i], c, w);
	write_array_end(w);
	write_object_end(w);
	return why;
}

static void
write_tools(struct chat *c, struct writer *w)
{
	static const char *const modes[] = { "AUTO", "AUTO", "NONE", "ANY", "ANY" };

	if (c->tool_count) {
		write_name(w, "tools");
		write_array(w);
		write_object(w);
		write_name(w, "functionDeclarations");
		write_array(w);
		for (size_t i = 0; i < c->tool_count; i++) {
			write_object(w);
			chat_member(w, "name", c->tool[i].name);
			chat_member(w, "description", c->tool[i].description);
			chat_member(w, "parametersJsonSchema", c->tool[i].schema);
			write_object_end(w);
			if (c->tool[i].strict.ptr && slice_eqz(c->tool[i].strict, "true"))
				chat_lose(c, "strict of a tool");
		}
		write_array_end(w);
		write_object_end(w);
		write_array_end(w);
	}
	if (!c->choice)
		return;
	write_name(w, "toolConfig");
	write_object(w);
	write_name(w, "functionCallingConfig");
	write_object(w);
	write_name(w, "mode");
	write_z(w, modes[c->choice]);
	if (c->choice == CHOICE_TOOL) {
		write_name(w, "allowedFunctionNames");
		write_array(w);
		write_raw(w, c->choice_name);
		write_array_end(w);
	}
	write_object_end(w);
	write_object_end(w);
}

/* Levels of thought: low and high are both's words; others have no name there. */
static void
write_thinking(struct chat *c, struct writer *w)
{
	bool level =
	    c->effort.ptr &&
	    (slice_eqz(c->effort, "\"low\"") || slice_eqz(c->effort, "\"medium\"") ||
		slice_eqz(c->effort, "\"high\"") || slice_eqz(c->effort, "\"minimal\""));

	if (c->effort.ptr && !level)
		chat_lose(c, "reasoning_effort");
	if (!level && !c->think_budget.ptr)
		return;
	write_name(w, "thinkingConfig");
	write_object(w);
	if (level)
		chat_member(w, "thinkingLevel", c->effort);
	chat_member(w, "thinkingBudget", c->think_budget);
	write_object_end(w);
}

static void
write_config(struct chat *c, struct writer *w)
{
	write_object(w);
	chat_member(w, "maxOutputTokens", c->cap);
	chat_member(w, "temperature", c->temperature);
	chat_member(w, "topP", c->top_p);
	chat_member(w, "topK", c->top_k);
	chat_member(w, "seed", c->seed);
	chat_member(w, "candidateCount", c->n);
	chat_member(w, "presencePenalty", c->presence);
	chat_member(w, "frequencyPenalty", c->frequency);
	chat_member(w, "responseLogprobs", c->logprobs);
	chat_member(w, "logprobs", c->top_logprobs);
	chat_write_stops(c, "stopSequences", w);
	if (c->format == FORMAT_JSON || c->format == FORMAT_SCHEMA) {
		write_name(w, "responseMimeType");
		write_z(w, "application/json");
	}
	if (c->format == FORMAT_SCHEMA)
		chat_member(w, "responseJsonSchema", c->schema);
	write_thinking(c, w);
	write_object_end(w);
}

bool
chat_write_gemini(struct chat *c, struct writer *w, const char **why)
{
	static const struct chat_loss losses[] = { { "user", CHAT_AT(user), NULL },
		{ "parallel_tool_calls", CHAT_AT(parallel), "true" }, { 0 } };
	struct buf config = { 0 };
	struct writer inner = { .out = &config };

	write_object(w);
	*why = write_contents(c, w);
	if (!*why)
		*why = write_system(c, w);
	write_config(c, &inner);
	if (config.len > 2) {
		write_name(w, "generationConfig");
		write_raw(w, buf_slice(&config));
	}
	buf_free(&config);
	write_tools(c, w);
	write_object_end(w);
	chat_lose_set(c, losses);
	if (c->stop_count > 5)
		chat_lose(c, "more than five stop sequences");
	if (chat_has_marks(c))
		chat_lose(c, "cache markers");
	return !*why;
}
