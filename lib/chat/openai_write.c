/* SPDX-License-Identifier: MIT */
/* OpenAI's chat completions, and all that copy them, written; its sources stand with the
 * reader. */
#include <stdio.h>

#include "chat/parts.h"

/* What the hosts of this form take beside what all of them take. */
static const struct dialect {
	const char *cap, *seed; /* cap NULL: it follows the model */
	enum { FILES_NONE, FILES_DATA, FILES_ANY, FILES_DOCUMENT } files;
	bool top_k, marks, user, logprobs;
} dialects[] = {
	[CHAT_OPENAI] = { NULL, "seed", FILES_DATA, false, false, true, true },
	[CHAT_HOSTED] = { "max_tokens", "seed", FILES_NONE, true, false, true, true },
	[CHAT_OPENROUTER] = { NULL, "seed", FILES_ANY, true, true, true, true },
	[CHAT_MISTRAL] = { "max_tokens", "random_seed", FILES_DOCUMENT, false, false, false,
	    false },
};

/* A request on its way into one of them. */
struct writing {
	const struct dialect *to;
	struct chat *c;
	struct writer *w;
	const char *why; /* what cannot be said there, or NULL */
	bool marks_lost;
};

static void
write_image(const struct chat_part *p, struct writing *o)
{
	struct writer *w = o->w;

	write_z(w, "image_url");
	write_name(w, "image_url");
	write_object(w);
	chat_member(w, "url", chat_url(p, o->c->arena));
	chat_member(w, "detail", p->detail);
	write_object_end(w);
}

/* OpenAI wants the name, which it tells the type by. */
static struct slice
file_name(const struct chat_part *p, struct arena *a)
{
	struct slice ending = chat_ending(p->mime, a);

	if (p->name.ptr)
		return p->name;
	return arena_printf(a, "\"document%s%.*s\"", ending.ptr ? "." : "", SLICE_ARG(ending));
}

static void
write_file(const struct chat_part *p, struct writing *o)
{
	struct writer *w = o->w;

	if (o->to->files == FILES_NONE)
		o->why = "a document has no place there";
	if (o->to->files == FILES_DATA && p->url.ptr)
		o->why = "a document by address has no place there";
	if (o->to->files == FILES_DOCUMENT) {
		write_z(w, "document_url");
		chat_member(w, "document_url", chat_url(p, o->c->arena));
		chat_member(w, "document_name", p->name);
		return;
	}
	write_z(w, "file");
	write_name(w, "file");
	write_object(w);
	chat_member(w, "filename", file_name(p, o->c->arena));
	chat_member(w, "file_data", chat_url(p, o->c->arena));
	write_object_end(w);
}

static void
write_part(const struct chat_part *p, struct writing *o)
{
	struct writer *w = o->w;

	write_object(w);
	write_name(w, "type");
	if (p->kind == CHAT_IMAGE) {
		write_image(p, o);
	} else if (p->kind == CHAT_FILE && !p->text.ptr) {
		write_file(p, o);
	} else {
		write_z(w, "text");
		chat_member(w, "text", p->text);
		if (p->kind == CHAT_FILE)
			chat_lose(o->c, "the frame of a text document");
	}
	if (o->to->marks)
		chat_write_marker(p->cache, w);
	else if (p->cache)
		o->marks_lost = true;
	write_object_end(w);
}

static bool
is_content(const struct chat_part *p)
{
	return p->kind == CHAT_TEXT || p->kind == CHAT_IMAGE || p->kind == CHAT_FILE;
}

/* The texts, images and files among the parts: one string where one text was all. */
static void
write_content(const struct chat_part *parts, size_t count, bool plain, struct writing *o)
{
	struct writer *w = o->w;
	size_t n = 0, first = 0;

	for (size_t i = count; i-- > 0;) {
		n += is_content(&parts[i]);
		first = is_content(&parts[i]) ? i : first;
	}
	write_name(w, "content");
	if (!n) {
		write_null(w);
	} else if (n == 1 && plain && parts[first].kind == CHAT_TEXT && !parts[first].cache) {
		write_raw(w, parts[first].text);
	} else {
		write_array(w);
		for (size_t i = 0; i < count; i++)
			if (is_content(&parts[i]))
				write_part(&parts[i], o);
		write_array_end(w);
	}
}

static void
write_calls(const struct chat_message *m, struct chat *c, struct writer *w)
{
	bool any = false;
	char id[24];
	unsigned number = 0;

	for (size_t i = 0; i < m->count; i++) {
		const struct chat_part *p = &m->parts[i];

		if (p->kind != CHAT_CALL)
			continue;
		if (!any) {
			write_name(w, "tool_calls");
			write_array(w);
			any = true;
		}
		write_object(w);
		snprintf(id, sizeof id, "call_%u", ++number);
		write_name(w, "id");
		write_raw(w, p->id.ptr ? p->id : chat_quote(slice_z(id), c->arena));
		write_name(w, "type");
		write_z(w, "function");
		write_name(w, "function");
		write_object(w);
		chat_member(w, "name", p->name);
		write_name(w, "arguments");
		write_string(w, p->args);
		write_object_end(w);
		write_object_end(w);
	}
	if (any)
		write_array_end(w);
}

static void
write_result(const struct chat_part *p, struct writing *o)
{
	struct writer *w = o->w;

	for (size_t i = 0; i < p->count; i++)
		if (p->parts[i].kind != CHAT_TEXT)
			o->why = "a tool result that is no text";
	if (p->failed)
		chat_lose(o->c, "is_error of a tool result");
	if (p->cache)
		o->marks_lost = true;
	write_object(w);
	write_name(w, "role");
	write_z(w, "tool");
	chat_member(w, "tool_call_id", p->id.ptr ? p->id : p->name);
	write_content(p->parts, p->count, p->plain || p->count == 1, o);
	write_object_end(w);
}

static void
write_message(const struct chat_message *m, struct writing *o)
{
	static const char *const roles[] = { "system", "user", "assistant" };
	bool rest = m->count == 0;
	struct writer *w = o->w;

	for (size_t i = 0; i < m->count; i++) {
		const struct chat_part *p = &m->parts[i];

		rest |= p->kind != CHAT_RESULT && p->kind != CHAT_THINKING;
		if (p->kind == CHAT_THINKING)
			chat_lose(o->c, "thinking of earlier turns");
		if (p->kind == CHAT_RESULT)
			write_result(p, o);
		else if (p->cache && !is_content(p))
			o->marks_lost = true;
	}
	if (!rest)
		return;
	write_object(w);
	write_name(w, "role");
	write_z(w, roles[m->role]);
	chat_member(w, "name", m->name);
	/* one text beside calls is a string here, a block elsewhere */
	write_content(m->parts, m->count, m->plain || m->role == CHAT_ASSISTANT, o);
	write_calls(m, o->c, w);
	write_object_end(w);
}

static void
write_tools(const struct chat *c, struct writer *w)
{
	static const char *const choices[] = {
		[CHOICE_AUTO] = "auto", [CHOICE_NONE] = "none", [CHOICE_ANY] = "required"
	};

	if (c->tool_count) {
		write_name(w, "tools");
		write_array(w);
	}
	for (size_t i = 0; i < c->tool_count; i++) {
		write_object(w);
		write_name(w, "type");
		write_z(w, "function");
		write_name(w, "function");
		write_object(w);
		chat_member(w, "name", c->tool[i].name);
		chat_member(w, "description", c->tool[i].description);
		chat_member(w, "parameters", c->tool[i].schema);
		chat_member(w, "strict", c->tool[i].strict);
		write_object_end(w);
		write_object_end(w);
	}
	if (c->tool_count)
		write_array_end(w);
	if (c->choice == CHOICE_TOOL) {
		write_name(w, "tool_choice");
		write_object(w);
		write_name(w, "type");
		write_z(w, "function");
		write_name(w, "function");
		write_object(w);
		chat_member(w, "name", c->choice_name);
		write_object_end(w);
		write_object_end(w);
	} else if (c->choice) {
		write_name(w, "tool_choice");
		write_z(w, choices[c->choice]);
	}
	chat_member(w, "parallel_tool_calls", c->parallel);
}

static void
write_format(const struct chat *c, struct writer *w)
{
	if (!c->format)
		return;
	write_name(w, "response_format");
	write_object(w);
	write_name(w, "type");
	write_z(w, c->format == FORMAT_TEXT   ? "text"
		   : c->format == FORMAT_JSON ? "json_object"
					      : "json_schema");
	if (c->format == FORMAT_SCHEMA) {
		write_name(w, "json_schema");
		write_object(w);
		/* the name is wanted here, and known to no other form */
		write_name(w, "name");
		write_raw(w, c->schema_name.ptr ? c->schema_name : SLICE("\"answer\""));
		chat_member(w, "strict", c->schema_strict);
		chat_member(w, "schema", c->schema);
		write_object_end(w);
	}
	write_object_end(w);
}

/* A setting that not all of them take. */
static void
take(struct chat *c, struct writer *w, const char *name, struct slice raw, bool taken)
{
	if (taken)
		chat_member(w, name, raw);
	else if (raw.ptr)
		chat_lose(c, name);
}

/* Under the name that this model takes. */
static const char *
cap_name(const struct chat *c)
{
	return request_cap_path(API_CHAT, chat_plain(c->model, c->arena))[0];
}

bool
chat_write_openai(struct chat *c, enum chat_target target, struct writer *w, const char **why)
{
	const struct dialect *to = &dialects[target];
	struct writing o = { .to = to, .c = c, .w = w };

	write_object(w);
	chat_member(w, "model", c->model);
	write_name(w, "messages");
	write_array(w);
	for (size_t i = 0; i < c->message_count; i++)
		write_message(&c->message[i], &o);
	write_array_end(w);
	chat_member(w, to->cap ? to->cap : cap_name(c), c->cap);
	chat_member(w, "temperature", c->temperature);
	chat_member(w, "top_p", c->top_p);
	take(c, w, "top_k", c->top_k, to->top_k);
	chat_member(w, to->seed, c->seed);
	chat_member(w, "n", c->n);
	chat_member(w, "presence_penalty", c->presence);
	chat_member(w, "frequency_penalty", c->frequency);
	take(c, w, "logprobs", c->logprobs, to->logprobs);
	take(c, w, "top_logprobs", c->top_logprobs, to->logprobs);
	take(c, w, "user", c->user, to->user);
	chat_write_stops(c, "stop", w);
	write_format(c, w);
	write_tools(c, w);
	chat_member(w, "reasoning_effort", c->effort);
	write_object_end(w);
	if (c->think_budget.ptr)
		chat_lose(c, "a budget of thinking tokens");
	if (c->stop_count > 4)
		chat_lose(c, "more than four stop sequences");
	for (size_t i = 0; i < c->tool_count; i++)
		o.marks_lost |= c->tool[i].cache != CHAT_UNMARKED;
	if (o.marks_lost)
		chat_lose(c, "cache markers");
	*why = o.why;
	return !o.why;
}
