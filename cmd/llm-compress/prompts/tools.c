/* SPDX-License-Identifier: MIT */
#include "cmd/llm-compress/prompts/tools.h"

#include "cmd/llm-compress/shape.h"

/* {"type":"function","function":{"name"}}, {"name"}, {"toolSpec":{"name"}} and Gemini's lists.
 */
void
tool_defines(struct value tool, tool_definition_fn each, void *context)
{
	static const char *const lists[] = { "functionDeclarations", "function_declarations" };
	struct value name = json_get(tool, "name");

	if (!json_type(name))
		name = json_get(json_get(tool, "function"), "name");
	if (!json_type(name))
		name = json_get(json_get(tool, "toolSpec"), "name");
	if (json_type(name))
		each(context, name, tool);
	for (size_t i = 0; i < 2; i++) {
		struct value list = json_get(tool, lists[i]);

		for (struct value d = json_first(list); json_type(d); d = json_next(d))
			each(context, json_get(d, "name"), d);
	}
}

struct slice
tool_called(const struct part *p, struct arena *a)
{
	static const char *const holders[] = { "function", "functionCall", "function_call",
		"toolUse" };
	struct value from = json_type(p->block) ? p->block : p->message;
	struct value name = json_get(from, "name");

	for (size_t i = 0; i < sizeof(holders) / sizeof(*holders) && !json_type(name); i++)
		name = json_get(json_get(from, holders[i]), "name");
	return json_string(name, a);
}

static bool
is_listed(struct slice name)
{
	for (size_t i = 0; i < settings.without_tool.count; i++)
		if (slice_eqz(name, settings.without_tool.item[i]))
			return true;
	return false;
}

static bool
is_called(struct work *w, struct slice name)
{
	for (size_t i = 0; i < w->count; i++) {
		const struct part *p = &w->pieces[i].part;

		if (p->kind == PART_CALL && slice_eq(tool_called(p, w->arena), name))
			return true;
	}
	return false;
}

/* Whether what says which tool is to be called has this string in it. */
static bool
is_chosen(struct work *w, struct slice name)
{
	struct value body = w->request->body, config = json_get(body, "toolConfig");
	struct value chosen[] = { json_get(body, "tool_choice"),
		json_get(body, "function_call"), json_get(config, "toolChoice"),
		json_get(config, "functionCallingConfig"),
		json_get(json_get(body, "tool_config"), "function_calling_config") };
	struct slice quoted = arena_printf(w->arena, "\"%.*s\"", SLICE_ARG(name));

	for (size_t i = 0; i < sizeof(chosen) / sizeof(*chosen); i++) {
		struct slice raw = json_type(chosen[i]) ? json_raw(chosen[i]) : SLICE("");

		if (raw.len && memmem(raw.ptr, raw.len, quoted.ptr, quoted.len))
			return true;
	}
	return false;
}

/* The definitions of one item of the list. */
struct removal {
	struct work *w;
	size_t count, gone;
};

static void
judge(void *context, struct value name, struct value definition)
{
	struct removal *r = context;
	struct work *w = r->w;
	struct slice text = json_string(name, w->arena);
	const char *why = NULL;

	r->count++;
	if (!text.ptr || !is_listed(text))
		return;
	if (is_called(w, text))
		why = "the conversation calls this tool";
	else if (is_chosen(w, text))
		why = "the request asks for this tool";
	else if (shape_has_marker(definition))
		why = "the tool holds a cache mark";
	if (why) {
		work_refuse(w, why);
		return;
	}
	work_cut(w, definition);
	r->gone++;
}

/* Nothing is left: an empty list, and what speaks of one, are no request. */
static void
cut_members(struct work *w)
{
	static const char *const names[] = { "tools", "tool_choice", "parallel_tool_calls",
		"toolConfig", "tool_config" };

	for (struct value m = json_first(w->request->body); json_type(m); m = json_next(m))
		for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
			if (json_is(m, names[i]))
				work_cut(w, m);
}

void
tools_run(struct work *w)
{
	struct value tools = request_tools(w->request);
	size_t left = 0;

	for (struct value tool = json_first(tools); json_type(tool); tool = json_next(tool)) {
		struct removal r = { .w = w };
		size_t before = w->cut_count;

		tool_defines(tool, judge, &r);
		if (!r.gone || r.gone < r.count) {
			left++;
			continue;
		}
		w->cut_count = before; /* with its last function goes the list of them */
		work_cut(w, tool);
	}
	if (w->cut_count && !left) {
		w->cut_count = 0;
		cut_members(w);
	}
}
