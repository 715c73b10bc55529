/* SPDX-License-Identifier: MIT */
/* Bedrock's Converse, written; its sources stand with the reader. */
#include "chat/parts.h"

static void
write_point(enum chat_cache cache, struct writer *w)
{
	if (!cache)
		return;
	write_object(w);
	write_name(w, "cachePoint");
	write_object(w);
	write_name(w, "type");
	write_z(w, "default");
	if (cache == CHAT_CACHE_1H) {
		write_name(w, "ttl");
		write_z(w, "1h");
	}
	write_object_end(w);
	write_object_end(w);
}

static const char *
write_image(const struct chat_part *p, struct chat *c, struct writer *w)
{
	struct slice mime = chat_plain(p->mime, c->arena);

	if (p->url.ptr || !mime.ptr || !slice_starts(mime, SLICE("image/")))
		return "an image by address has no place there";
	write_name(w, "image");
	write_object(w);
	write_name(w, "format");
	write_string(w, slice_drop(mime, 6));
	write_name(w, "source");
	write_object(w);
	chat_member(w, "bytes", p->data);
	write_object_end(w);
	write_object_end(w);
	if (p->detail.ptr && !slice_eqz(p->detail, "\"auto\""))
		chat_lose(c, "detail of an image");
	return NULL;
}

/* Letters, digits, single blanks and few signs: more is refused there. */
static struct slice
document_name(struct slice quoted, struct arena *a)
{
	struct slice name = chat_plain(quoted, a);
	char *out = arena_alloc(a, name.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < name.len; i++) {
		char b = name.ptr[i];
		bool letter =
		    (b >= '0' && b <= '9') || ((b | 0x20) >= 'a' && (b | 0x20) <= 'z');

		out[n++] = letter || (b && strchr("-()[] ", b)) ? b : '-';
		n -= n > 1 && b == ' ' && out[n - 2] == ' ';
	}
	return slice_of(out, n);
}

static const char *
write_document(const struct chat_part *p, struct chat *c, struct writer *w)
{
	struct slice format = p->text.ptr ? SLICE("txt") : chat_ending(p->mime, c->arena);
	struct slice name = document_name(p->name, c->arena);

	if (p->url.ptr)
		return "a document by address has no place there";
	if (!format.ptr)
		return "a document of a type that is not known there";
	if (!name.len) /* it needs one, and no two may have the same */
		name = arena_printf(c->arena, "document-%zu", ++c->files);
	write_name(w, "document");
	write_object(w);
	write_name(w, "format");
	write_string(w, format);
	write_name(w, "name");
	write_string(w, name);
	write_name(w, "source");
	write_object(w);
	chat_member(w, p->text.ptr ? "text" : "bytes", p->text.ptr ? p->text : p->data);
	write_object_end(w);
	write_object_end(w);
	return NULL;
}

static const char *write_blocks(
    const struct chat_part *parts, size_t count, struct chat *c, struct writer *w);

static const char *
write_result(const struct chat_part *p, struct chat *c, struct writer *w)
{
	const char *why;

	write_name(w, "toolResult");
	write_object(w);
	chat_member(w, "toolUseId", p->id);
	write_name(w, "content");
	write_array(w);
	why = write_blocks(p->parts, p->count, c, w);
	write_array_end(w);
	if (p->failed) {
		write_name(w, "status");
		write_z(w, "error");
	}
	write_object_end(w);
	return why;
}

static void
write_thought(const struct chat_part *p, struct writer *w)
{
	write_name(w, "reasoningContent");
	write_object(w);
	write_name(w, "reasoningText");
	write_object(w);
	chat_member(w, "text", p->text);
	chat_member(w, "signature", p->signature);
	write_object_end(w);
	write_object_end(w);
}

static const char *
write_block(const struct chat_part *p, struct chat *c, struct writer *w)
{
	const char *why = NULL;

	if (p->sealed.ptr) {
		chat_lose(c, "thinking of earlier turns");
		return NULL;
	}
	write_object(w);
	switch (p->kind) {
	case CHAT_TEXT: chat_member(w, "text", p->text); break;
	case CHAT_IMAGE: why = write_image(p, c, w); break;
	case CHAT_FILE: why = write_document(p, c, w); break;
	case CHAT_RESULT: why = write_result(p, c, w); break;
	case CHAT_THINKING: write_thought(p, w); break;
	case CHAT_CALL:
		write_name(w, "toolUse");
		write_object(w);
		chat_member(w, "toolUseId", p->id);
		chat_member(w, "name", p->name);
		chat_member(w, "input", p->args);
		write_object_end(w);
		break;
	}
	write_object_end(w);
	write_point(p->cache, w);
	return why;
}

static const char *
write_blocks(const struct chat_part *parts, size_t count, struct chat *c, struct writer *w)
{
	const char *why = NULL;

	for (size_t i = 0; !why && i < count; i++)
		why = write_block(&parts[i], c, w);
	return why;
}

static const char *
write_messages(struct chat *c, bool system, struct writer *w)
{
	const char *why = NULL;
	bool open = false;

	for (size_t i = 0; !why && i < c->message_count; i++) {
		const struct chat_message *m = &c->message[i];

		if ((m->role == CHAT_SYSTEM) != system)
			continue;
		if (system && i && c->message[i - 1].role != CHAT_SYSTEM)
			return "a system message between the others has no place there";
		if (!open) {
			write_name(w, system ? "system" : "messages");
			write_array(w);
			open = true;
		}
		if (system) {
			why = write_blocks(m->parts, m->count, c, w);
			continue;
		}
		if (m->name.ptr)
			chat_lose(c, "name of a message");
		write_object(w);
		write_name(w, "role");
		write_z(w, m->role == CHAT_USER ? "user" : "assistant");
		write_name(w, "content");
		write_array(w);
		why = write_blocks(m->parts, m->count, c, w);
		write_array_end(w);
		write_object_end(w);
	}
	if (open)
		write_array_end(w);
	return why;
}

static void
write_choice(struct chat *c, struct writer *w)
{
	static const char *const names[] = { NULL, "auto", NULL, "any", "tool" };

	if (c->choice == CHOICE_NONE)
		chat_lose_essential(c, "tool_choice none");
	if (!names[c->choice])
		return;
	write_name(w, "toolChoice");
	write_object(w);
	write_name(w, names[c->choice]);
	write_object(w);
	if (c->choice == CHOICE_TOOL)
		chat_member(w, "name", c->choice_name);
	write_object_end(w);
	write_object_end(w);
}

static void
write_tools(struct chat *c, struct writer *w)
{
	if (!c->tool_count)
		return;
	write_name(w, "toolConfig");
	write_object(w);
	write_name(w, "tools");
	write_array(w);
	for (size_t i = 0; i < c->tool_count; i++) {
		write_object(w);
		write_name(w, "toolSpec");
		write_object(w);
		chat_member(w, "name", c->tool[i].name);
		chat_member(w, "description", c->tool[i].description);
		write_name(w, "inputSchema");
		write_object(w);
		write_name(w, "json");
		write_raw(w,
		    c->tool[i].schema.ptr ? c->tool[i].schema : SLICE("{\"type\":\"object\"}"));
		write_object_end(w);
		write_object_end(w);
		write_object_end(w);
		write_point(c->tool[i].cache, w);
		if (c->tool[i].strict.ptr && slice_eqz(c->tool[i].strict, "true"))
			chat_lose(c, "strict of a tool");
	}
	write_array_end(w);
	write_choice(c, w);
	write_object_end(w);
}

static void
write_inference(const struct chat *c, struct writer *w)
{
	if (!c->cap.ptr && !c->temperature.ptr && !c->top_p.ptr && !c->stop_count)
		return;
	write_name(w, "inferenceConfig");
	write_object(w);
	chat_member(w, "maxTokens", c->cap);
	chat_member(w, "temperature", c->temperature);
	chat_member(w, "topP", c->top_p);
	chat_write_stops(c, "stopSequences", w);
	write_object_end(w);
}

static void
write_more(const struct chat *c, struct writer *w)
{
	if (!c->top_k.ptr && !c->think_budget.ptr)
		return;
	write_name(w, "additionalModelRequestFields");
	write_object(w);
	chat_member(w, "top_k", c->top_k);
	if (c->think_budget.ptr) {
		bool open = slice_eqz(c->think_budget, "-1");

		write_name(w, "thinking");
		write_object(w);
		write_name(w, "type");
		write_z(w, open                              ? "adaptive"
			   : slice_eqz(c->think_budget, "0") ? "disabled"
							     : "enabled");
		if (!open && !slice_eqz(c->think_budget, "0"))
			chat_member(w, "budget_tokens", c->think_budget);
		write_object_end(w);
	}
	write_object_end(w);
}

bool
chat_write_converse(struct chat *c, struct writer *w, const char **why)
{
	static const struct chat_loss losses[] = { { "seed", CHAT_AT(seed), NULL },
		{ "n", CHAT_AT(n), NULL }, { "presence_penalty", CHAT_AT(presence), "0" },
		{ "frequency_penalty", CHAT_AT(frequency), "0" },
		{ "logprobs", CHAT_AT(logprobs), "false" },
		{ "top_logprobs", CHAT_AT(top_logprobs), NULL },
		{ "user", CHAT_AT(user), NULL },
		{ "parallel_tool_calls", CHAT_AT(parallel), "true" },
		{ "reasoning_effort", CHAT_AT(effort), NULL }, { 0 } };

	write_object(w);
	*why = write_messages(c, false, w);
	if (!*why)
		*why = write_messages(c, true, w);
	write_inference(c, w);
	write_tools(c, w);
	write_more(c, w);
	write_object_end(w);
	chat_lose_set(c, losses);
	if (c->format == FORMAT_JSON || c->format == FORMAT_SCHEMA)
		chat_lose_essential(c, "response_format");
	return !*why;
}
