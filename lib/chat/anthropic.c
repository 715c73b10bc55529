/* SPDX-License-Identifier: MIT */
/* Anthropic's messages. Sources: the API reference of messages and its SDK's types
 * (MessageCreateParams), output_config of structured outputs and effort. */
#include <inttypes.h>

#include "chat/parts.h"

static void
read_marker(struct value owner, enum chat_cache *cache)
{
	struct value marker = json_get(owner, "cache_control");

	if (json_type(marker) == JSON_OBJECT)
		*cache = json_is(json_get(marker, "ttl"), "1h") ? CHAT_CACHE_1H : CHAT_CACHE_5M;
}

static bool
read_image(struct value block, struct chat_message *m)
{
	struct value source = json_get(block, "source");
	struct chat_part *p;

	if (json_is(json_get(source, "type"), "base64")) {
		p = chat_part_add(m, CHAT_IMAGE);
		p->mime = json_raw(json_get(source, "media_type"));
		p->data = json_raw(json_get(source, "data"));
		return true;
	}
	if (!json_is(json_get(source, "type"), "url"))
		return false;
	chat_part_add(m, CHAT_IMAGE)->url = json_raw(json_get(source, "url"));
	return true;
}

static const char *read_content(struct value content, struct chat_message *m, struct chat *c);

static const char *
read_result(struct value block, struct chat_message *m, struct chat *c)
{
	struct value content = json_get(block, "content");
	struct chat_message inner;
	struct chat_part *p;
	const char *why;

	chat_parts_open(&inner, CHAT_USER, json_length(content) + 1, c->arena);
	why = read_content(content, &inner, c);
	p = chat_part_add(m, CHAT_RESULT);
	p->id = json_raw(json_get(block, "tool_use_id"));
	p->failed = json_type(json_get(block, "is_error")) == JSON_TRUE;
	p->parts = inner.parts;
	p->count = inner.count;
	p->plain = inner.plain;
	return why;
}

static void
read_call(struct value block, struct chat_message *m)
{
	struct chat_part *p = chat_part_add(m, CHAT_CALL);

	p->id = json_raw(json_get(block, "id"));
	p->name = json_raw(json_get(block, "name"));
	p->args = json_raw(json_get(block, "input"));
}

static void
read_thinking(struct value block, struct chat_message *m)
{
	struct chat_part *p = chat_part_add(m, CHAT_THINKING);

	p->text = json_raw(json_get(block, "thinking"));
	p->signature = json_raw(json_get(block, "signature"));
	p->sealed = json_raw(json_get(block, "data"));
}

static const char *
read_block(struct value block, struct chat_message *m, struct chat *c)
{
	struct value type = json_get(block, "type");
	const char *why = NULL;
	bool good = true;

	if (json_is(type, "text"))
		good = chat_text(json_get(block, "text"), m);
	else if (json_is(type, "image"))
		good = read_image(block, m);
	else if (json_is(type, "tool_use"))
		read_call(block, m);
	else if (json_is(type, "tool_result"))
		why = read_result(block, m, c);
	else if (json_is(type, "thinking") || json_is(type, "redacted_thinking"))
		read_thinking(block, m);
	else
		good = false;
	if (!good)
		return "a block that is no text, image, tool call, result or thinking";
	if (json_length(json_get(block, "citations")))
		chat_lose(c, "citations");
	read_marker(block, &m->parts[m->count - 1].cache);
	return why;
}

static const char *
read_content(struct value content, struct chat_message *m, struct chat *c)
{
	const char *why = NULL;

	if (json_type(content) == JSON_STRING) {
		m->plain = true;
		chat_text(content, m);
	} else {
		for (struct value b = json_first(content); !why && json_type(b);
		     b = json_next(b))
			why = read_block(b, m, c);
	}
	return why;
}

static const char *
read_message(struct value v, enum chat_role role, struct value content, struct chat *c)
{
	struct chat_message *m = &c->message[c->message_count++];

	(void)v;
	chat_parts_open(m, role, json_length(content) + 1, c->arena);
	return read_content(content, m, c);
}

static void
read_tools(struct value v, struct chat *c)
{
	c->tool = arena_zero(c->arena, json_length(v) + 1, sizeof *c->tool);
	for (struct value t = json_first(v); json_type(t); t = json_next(t)) {
		struct value type = json_get(t, "type");
		struct chat_tool *tool = &c->tool[c->tool_count];

		if (json_type(type) > JSON_NULL && !json_is(type, "custom")) {
			chat_lose(c, "tools of the provider itself");
			continue;
		}
		tool->name = json_raw(json_get(t, "name"));
		tool->description = json_raw(json_get(t, "description"));
		tool->schema = json_raw(json_get(t, "input_schema"));
		tool->strict = json_raw(json_get(t, "strict"));
		read_marker(t, &tool->cache);
		c->tool_count++;
	}
}

static void
read_choice(struct value v, struct chat *c)
{
	struct value type = json_get(v, "type");

	if (json_is(type, "auto"))
		c->choice = CHOICE_AUTO;
	else if (json_is(type, "none"))
		c->choice = CHOICE_NONE;
	else if (json_is(type, "any"))
		c->choice = CHOICE_ANY;
	else if (json_is(type, "tool"))
		c->choice = CHOICE_TOOL;
	c->choice_name = json_raw(json_get(v, "name"));
	if (json_type(json_get(v, "disable_parallel_tool_use")) == JSON_TRUE)
		c->parallel = SLICE("false");
	else if (json_type(json_get(v, "disable_parallel_tool_use")) == JSON_FALSE)
		c->parallel = SLICE("true");
}

static void
read_thinking_setting(struct value v, struct chat *c)
{
	if (json_is(json_get(v, "type"), "enabled"))
		c->think_budget = json_raw(json_get(v, "budget_tokens"));
	else if (json_is(json_get(v, "type"), "disabled"))
		c->think_budget = SLICE("0");
	else if (json_is(json_get(v, "type"), "adaptive"))
		c->think_budget = SLICE("-1");
	else
		chat_lose(c, "thinking");
}

static void
read_schema(struct value v, struct chat *c)
{
	if (json_is(json_get(v, "type"), "json_schema")) {
		c->format = FORMAT_SCHEMA;
		c->schema = json_raw(json_get(v, "schema"));
	} else if (json_type(v) > JSON_NULL) {
		chat_lose(c, "output_config.format");
	}
}

static void
read_output(struct value v, struct chat *c)
{
	if (json_type(json_get(v, "effort")) == JSON_STRING)
		c->effort = json_raw(json_get(v, "effort"));
	read_schema(json_get(v, "format"), c);
}

static void
read_metadata(struct value v, struct chat *c)
{
	if (json_type(json_get(v, "user_id")) == JSON_STRING)
		c->user = json_raw(json_get(v, "user_id"));
}

static void
read_tier(struct value v, struct chat *c)
{
	if (!json_is(v, "auto") && !json_is(v, "standard_only"))
		chat_lose(c, "service_tier");
}

#define AT(x) offsetof(struct chat, x)
static const struct chat_member_rule rules[] = {
	{ "model", 0, NULL },
	{ "messages", 0, NULL },
	{ "system", 0, NULL },
	{ "max_tokens", AT(cap), NULL },
	{ "temperature", AT(temperature), NULL },
	{ "top_p", AT(top_p), NULL },
	{ "top_k", AT(top_k), NULL },
	{ "stop_sequences", 0, chat_stops },
	{ "tools", 0, read_tools },
	{ "tool_choice", 0, read_choice },
	{ "thinking", 0, read_thinking_setting },
	{ "output_config", 0, read_output },
	{ "output_format", 0, read_schema },
	{ "metadata", 0, read_metadata },
	{ "service_tier", 0, read_tier },
	{ "stream", 0, NULL },
	{ "anthropic_version", 0, NULL },
	{ 0 },
};

bool
chat_read_anthropic(struct value body, struct chat *c, const char **why)
{
	struct value list = json_get(body, "messages"), system = json_get(body, "system");

	c->message = arena_zero(c->arena, json_length(list) + 2, sizeof *c->message);
	if (json_type(system) > JSON_NULL)
		*why = read_message(body, CHAT_SYSTEM, system, c);
	for (struct value v = json_first(list); !*why && json_type(v); v = json_next(v)) {
		bool assistant = json_is(json_get(v, "role"), "assistant");

		*why = read_message(
		    v, assistant ? CHAT_ASSISTANT : CHAT_USER, json_get(v, "content"), c);
	}
	if (!*why)
		chat_read_members(body, rules, c);
	return !*why;
}

static void
write_marker(enum chat_cache cache, struct writer *w)
{
	if (!cache)
		return;
	write_name(w, "cache_control");
	write_object(w);
	write_name(w, "type");
	write_z(w, "ephemeral");
	if (cache == CHAT_CACHE_1H) {
		write_name(w, "ttl");
		write_z(w, "1h");
	}
	write_object_end(w);
}

static void
write_image(const struct chat_part *p, struct writer *w)
{
	write_z(w, "image");
	write_name(w, "source");
	write_object(w);
	write_name(w, "type");
	write_z(w, p->url.ptr ? "url" : "base64");
	chat_member(w, "url", p->url);
	chat_member(w, "media_type", p->mime);
	chat_member(w, "data", p->data);
	write_object_end(w);
}

static void write_content(
    const struct chat_part *parts, size_t count, bool plain, struct chat *c, struct writer *w);

static void
write_result(const struct chat_part *p, struct chat *c, struct writer *w)
{
	write_z(w, "tool_result");
	chat_member(w, "tool_use_id", p->id);
	write_content(p->parts, p->count, p->plain, c, w);
	if (p->failed) {
		write_name(w, "is_error");
		write_bool(w, true);
	}
}

static void
write_block(const struct chat_part *p, struct chat *c, struct writer *w)
{
	write_object(w);
	write_name(w, "type");
	switch (p->kind) {
	case CHAT_TEXT:
		write_z(w, "text");
		chat_member(w, "text", p->text);
		break;
	case CHAT_IMAGE:
		write_image(p, w);
		if (p->detail.ptr && !slice_eqz(p->detail, "\"auto\""))
			chat_lose(c, "detail of an image");
		break;
	case CHAT_CALL:
		write_z(w, "tool_use");
		chat_member(w, "id", p->id);
		chat_member(w, "name", p->name);
		chat_member(w, "input", p->args);
		break;
	case CHAT_RESULT: write_result(p, c, w); break;
	case CHAT_THINKING:
		write_z(w, p->sealed.ptr ? "redacted_thinking" : "thinking");
		chat_member(w, "thinking", p->text);
		chat_member(w, "signature", p->signature);
		chat_member(w, "data", p->sealed);
		break;
	}
	write_marker(p->cache, w);
	write_object_end(w);
}

static void
write_content(
    const struct chat_part *parts, size_t count, bool plain, struct chat *c, struct writer *w)
{
	write_name(w, "content");
	if (plain && count == 1 && parts[0].kind == CHAT_TEXT && !parts[0].cache) {
		write_raw(w, parts[0].text);
		return;
	}
	write_array(w);
	for (size_t i = 0; i < count; i++)
		write_block(&parts[i], c, w);
	write_array_end(w);
}

/* All system messages become the one member: where several stand in a row, as its blocks. */
static bool
write_system(struct chat *c, struct writer *w, const char **why)
{
	const struct chat_message *m = c->message;
	size_t n = 0;

	while (n < c->message_count && m[n].role == CHAT_SYSTEM)
		n++;
	for (size_t i = n; i < c->message_count; i++) {
		if (m[i].role == CHAT_SYSTEM) {
			*why = "a system message between the others has no place there";
			return false;
		}
	}
	if (n == 1 && m->plain && m->count == 1 && !m->parts[0].cache) {
		chat_member(w, "system", m->parts[0].text);
	} else if (n) {
		write_name(w, "system");
		write_array(w);
		for (size_t i = 0; i < n; i++)
			for (size_t k = 0; k < m[i].count; k++)
				write_block(&m[i].parts[k], c, w);
		write_array_end(w);
	}
	return true;
}

static bool
write_messages(struct chat *c, struct writer *w, const char **why)
{
	write_name(w, "messages");
	write_array(w);
	for (size_t i = 0; i < c->message_count; i++) {
		const struct chat_message *m = &c->message[i];

		if (m->role == CHAT_SYSTEM)
			continue;
		if (!m->count) {
			*why = "a message without content has no place there";
			return false;
		}
		if (m->name.ptr)
			chat_lose(c, "name of a message");
		write_object(w);
		write_name(w, "role");
		write_z(w, m->role == CHAT_USER ? "user" : "assistant");
		write_content(m->parts, m->count, m->plain, c, w);
		write_object_end(w);
	}
	write_array_end(w);
	return true;
}

static void
write_tools(const struct chat *c, struct writer *w)
{
	static const char *const choices[] = { [CHOICE_UNSAID] = "auto",
		[CHOICE_AUTO] = "auto",
		[CHOICE_NONE] = "none",
		[CHOICE_ANY] = "any",
		[CHOICE_TOOL] = "tool" };

	if (c->tool_count) {
		write_name(w, "tools");
		write_array(w);
		for (size_t i = 0; i < c->tool_count; i++) {
			write_object(w);
			chat_member(w, "name", c->tool[i].name);
			chat_member(w, "description", c->tool[i].description);
			write_name(w, "input_schema");
			write_raw(w, c->tool[i].schema.ptr ? c->tool[i].schema
							   : SLICE("{\"type\":\"object\"}"));
			chat_member(w, "strict", c->tool[i].strict);
			write_marker(c->tool[i].cache, w);
			write_object_end(w);
		}
		write_array_end(w);
	}
	if (!c->choice && !c->parallel.ptr)
		return;
	write_name(w, "tool_choice");
	write_object(w);
	write_name(w, "type");
	write_z(w, choices[c->choice]);
	if (c->choice == CHOICE_TOOL)
		chat_member(w, "name", c->choice_name);
	if (c->parallel.ptr) {
		write_name(w, "disable_parallel_tool_use");
		write_bool(w, slice_eqz(c->parallel, "false"));
	}
	write_object_end(w);
}

static void
write_output(struct chat *c, struct writer *w)
{
	if (c->format == FORMAT_JSON)
		chat_lose(c, "response_format json_object, which wants a schema here");
	if (!c->effort.ptr && c->format != FORMAT_SCHEMA)
		return;
	write_name(w, "output_config");
	write_object(w);
	chat_member(w, "effort", c->effort);
	if (c->format == FORMAT_SCHEMA) {
		write_name(w, "format");
		write_object(w);
		write_name(w, "type");
		write_z(w, "json_schema");
		chat_member(w, "schema", c->schema);
		write_object_end(w);
	}
	write_object_end(w);
}

static void
write_thinking(const struct chat *c, struct writer *w)
{
	if (!c->think_budget.ptr)
		return;
	write_name(w, "thinking");
	write_object(w);
	write_name(w, "type");
	if (slice_eqz(c->think_budget, "0")) {
		write_z(w, "disabled");
	} else if (slice_eqz(c->think_budget, "-1")) {
		write_z(w, "adaptive");
	} else {
		write_z(w, "enabled");
		chat_member(w, "budget_tokens", c->think_budget);
	}
	write_object_end(w);
}

static bool
write_cap(const struct chat *c, uint64_t default_cap, struct writer *w, const char **why)
{
	write_name(w, "max_tokens");
	if (c->cap.ptr)
		write_raw(w, c->cap);
	else if (default_cap)
		write_number(w, default_cap);
	else
		*why = "an output cap is wanted there: give --max-tokens";
	return !*why;
}

/* Numbers above 1, which OpenAI takes, are no temperature here. */
static void
write_temperature(struct chat *c, struct writer *w)
{
	struct json j = { 0 };
	const char *why;
	size_t where;
	double d;

	if (!c->temperature.ptr)
		return;
	if (json_scan(&j, c->temperature, &why, &where) && json_double(json_root(&j), &d) &&
	    d > 1)
		chat_lose(c, "temperature above 1");
	else
		chat_member(w, "temperature", c->temperature);
	json_free(&j);
}

bool
chat_write_anthropic(struct chat *c, uint64_t default_cap, struct writer *w, const char **why)
{
	static const struct chat_loss losses[] = { { "seed", AT(seed) }, { "n", AT(n) },
		{ "presence_penalty", AT(presence) }, { "frequency_penalty", AT(frequency) },
		{ "logprobs", AT(logprobs) }, { "top_logprobs", AT(top_logprobs) }, { 0 } };

	write_object(w);
	chat_member(w, "model", c->model);
	if (!write_cap(c, default_cap, w, why) || !write_system(c, w, why) ||
	    !write_messages(c, w, why))
		return false;
	write_temperature(c, w);
	chat_member(w, "top_p", c->top_p);
	chat_member(w, "top_k", c->top_k);
	chat_write_stops(c, "stop_sequences", w);
	write_tools(c, w);
	write_thinking(c, w);
	write_output(c, w);
	if (c->user.ptr) {
		write_name(w, "metadata");
		write_object(w);
		chat_member(w, "user_id", c->user);
		write_object_end(w);
	}
	write_object_end(w);
	chat_lose_set(c, losses);
	return true;
}
