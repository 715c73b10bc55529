/* SPDX-License-Identifier: MIT */
/* Bedrock's Converse. Source: the reference of the Converse request (ContentBlock,
 * InferenceConfiguration, ToolConfiguration, CachePointBlock). What it has no member for and
 * Claude takes stands in additionalModelRequestFields. */
#include "chat/parts.h"

static bool
read_image(struct value image, struct chat_message *m, struct arena *a)
{
	struct slice format = json_string_raw(json_get(image, "format"));
	struct value bytes = json_get(json_get(image, "source"), "bytes");
	struct chat_part *p;

	if (!format.ptr || json_type(bytes) != JSON_STRING)
		return false;
	p = chat_part_add(m, CHAT_IMAGE);
	p->mime = arena_printf(a, "\"image/%.*s\"", SLICE_ARG(format));
	p->data = json_raw(bytes);
	return true;
}

static const char *read_blocks(struct value list, struct chat_message *m, struct chat *c);

static const char *
read_result(struct value v, struct chat_message *m, struct chat *c)
{
	struct value content = json_get(v, "content");
	struct chat_message inner;
	struct chat_part *p;
	const char *why;

	chat_parts_open(&inner, CHAT_USER, json_length(content) + 1, c->arena);
	why = read_blocks(content, &inner, c);
	p = chat_part_add(m, CHAT_RESULT);
	p->id = json_raw(json_get(v, "toolUseId"));
	p->failed = json_is(json_get(v, "status"), "error");
	p->parts = inner.parts;
	p->count = inner.count;
	p->plain = inner.count == 1;
	return why;
}

static void
read_call(struct value v, struct chat_message *m)
{
	struct chat_part *p = chat_part_add(m, CHAT_CALL);

	p->id = json_raw(json_get(v, "toolUseId"));
	p->name = json_raw(json_get(v, "name"));
	p->args = json_raw(json_get(v, "input"));
}

static enum chat_cache
cache_of(struct value point)
{
	return json_is(json_get(point, "ttl"), "1h") ? CHAT_CACHE_1H : CHAT_CACHE_5M;
}

static const char *
read_block(struct value b, struct chat_message *m, struct chat *c)
{
	struct value point = json_get(b, "cachePoint"), json = json_get(b, "json");
	struct value call = json_get(b, "toolUse"), result = json_get(b, "toolResult");
	struct value thought = json_get(json_get(b, "reasoningContent"), "reasoningText");

	if (json_type(json_get(b, "text")) == JSON_STRING) {
		chat_text(json_get(b, "text"), m);
	} else if (json_type(json) > JSON_NULL) {
		chat_part_add(m, CHAT_TEXT)->text = chat_quote(json_raw(json), c->arena);
	} else if (json_type(call) == JSON_OBJECT) {
		read_call(call, m);
	} else if (json_type(result) == JSON_OBJECT) {
		return read_result(result, m, c);
	} else if (json_type(point) == JSON_OBJECT) {
		if (m->count)
			m->parts[m->count - 1].cache = cache_of(point);
	} else if (json_type(thought) == JSON_OBJECT) {
		struct chat_part *p = chat_part_add(m, CHAT_THINKING);

		p->text = json_raw(json_get(thought, "text"));
		p->signature = json_raw(json_get(thought, "signature"));
	} else if (!read_image(json_get(b, "image"), m, c->arena)) {
		return "a block that is no text, image, tool call, result or thinking";
	}
	return NULL;
}

static const char *
read_blocks(struct value list, struct chat_message *m, struct chat *c)
{
	const char *why = NULL;

	for (struct value b = json_first(list); !why && json_type(b); b = json_next(b))
		why = read_block(b, m, c);
	m->plain = m->count == 1;
	return why;
}

static const char *
read_message(struct value list, enum chat_role role, struct chat *c)
{
	struct chat_message *m = &c->message[c->message_count++];

	chat_parts_open(m, role, json_length(list) + 1, c->arena);
	return read_blocks(list, m, c);
}

#define AT(x) offsetof(struct chat, x)
static const struct chat_member_rule inference_rules[] = {
	{ "maxTokens", AT(cap), NULL },
	{ "temperature", AT(temperature), NULL },
	{ "topP", AT(top_p), NULL },
	{ "stopSequences", 0, chat_stops },
	{ 0 },
};

static void
read_inference(struct value v, struct chat *c)
{
	chat_read_members(v, inference_rules, c);
}

static void
read_thinking(struct value v, struct chat *c)
{
	if (json_is(json_get(v, "type"), "enabled"))
		c->think_budget = json_raw(json_get(v, "budget_tokens"));
	else if (json_is(json_get(v, "type"), "adaptive"))
		c->think_budget = SLICE("-1");
}

static const struct chat_member_rule more_rules[] = {
	{ "top_k", AT(top_k), NULL },
	{ "thinking", 0, read_thinking },
	{ 0 },
};

static void
read_more(struct value v, struct chat *c)
{
	chat_read_members(v, more_rules, c);
}

static void
read_tools(struct value v, struct chat *c)
{
	struct value list = json_get(v, "tools"), choice = json_get(v, "toolChoice");

	c->tool = arena_zero(c->arena, json_length(list) + 1, sizeof *c->tool);
	for (struct value t = json_first(list); json_type(t); t = json_next(t)) {
		struct value spec = json_get(t, "toolSpec"), point = json_get(t, "cachePoint");

		if (json_type(point) == JSON_OBJECT && c->tool_count) {
			c->tool[c->tool_count - 1].cache = cache_of(point);
			continue;
		}
		if (json_type(spec) != JSON_OBJECT) {
			chat_lose(c, "tools of the provider itself");
			continue;
		}
		c->tool[c->tool_count++] = (struct chat_tool){
			.name = json_raw(json_get(spec, "name")),
			.description = json_raw(json_get(spec, "description")),
			.schema = json_raw(json_get(json_get(spec, "inputSchema"), "json")),
			.strict = json_raw(json_get(spec, "strict")),
		};
	}
	if (json_type(json_get(choice, "auto")))
		c->choice = CHOICE_AUTO;
	else if (json_type(json_get(choice, "any")))
		c->choice = CHOICE_ANY;
	else if (json_type(json_get(choice, "tool")))
		c->choice = CHOICE_TOOL;
	c->choice_name = json_raw(json_get(json_get(choice, "tool"), "name"));
}

static const struct chat_member_rule rules[] = {
	{ "messages", 0, NULL },
	{ "system", 0, NULL },
	{ "modelId", 0, NULL },
	{ "inferenceConfig", 0, read_inference },
	{ "toolConfig", 0, read_tools },
	{ "additionalModelRequestFields", 0, read_more },
	{ 0 },
};

bool
chat_read_converse(struct value body, struct chat *c, const char **why)
{
	struct value list = json_get(body, "messages"), system = json_get(body, "system");

	c->message = arena_zero(c->arena, json_length(list) + 2, sizeof *c->message);
	if (json_length(system))
		*why = read_message(system, CHAT_SYSTEM, c);
	for (struct value v = json_first(list); !*why && json_type(v); v = json_next(v))
		*why = read_message(json_get(v, "content"),
		    json_is(json_get(v, "role"), "assistant") ? CHAT_ASSISTANT : CHAT_USER, c);
	if (!*why)
		chat_read_members(body, rules, c);
	return !*why;
}

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
		chat_lose(c, "tool_choice none");
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
	static const struct chat_loss losses[] = { { "seed", AT(seed) }, { "n", AT(n) },
		{ "presence_penalty", AT(presence) }, { "frequency_penalty", AT(frequency) },
		{ "logprobs", AT(logprobs) }, { "top_logprobs", AT(top_logprobs) },
		{ "user", AT(user) }, { "parallel_tool_calls", AT(parallel) },
		{ "reasoning_effort", AT(effort) }, { 0 } };

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
		chat_lose(c, "response_format");
	return !*why;
}
