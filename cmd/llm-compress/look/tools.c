/* SPDX-License-Identifier: MIT */
#include "cmd/llm-compress/look/tools.h"

#include <stdlib.h>

#include "base/mem.h"
#include "cmd/llm-compress/prompts/tools.h"

struct seen_tool {
	uint64_t requests, calls, tokens;
	struct usd usd;
};
struct tool_use_log {
	struct hash_map names;
	struct seen_tool *list;
	size_t room;
	bool answers; /* or histories that call tools: what nobody calls is unused */
};

struct tool_use_log *
tools_open(void)
{
	return mem_zero(sizeof(struct tool_use_log));
}

static struct seen_tool *
tool_of(struct tool_use_log *l, struct slice name)
{
	bool added;
	size_t i = hash_map_add(&l->names, name, &added);

	if (i >= l->room) {
		l->room = l->room ? 2 * l->room : 64;
		l->list = mem_grow(l->list, l->room, sizeof(*l->list));
	}
	if (added)
		l->list[i] = (struct seen_tool){ 0 };
	return &l->list[i];
}

struct seeing {
	struct tool_use_log *log;
	const struct tokenizer *tokenizer;
	struct usd price;
	struct arena *arena;
};

static void
define(void *context, struct value name, struct value definition)
{
	const struct seeing *s = context;
	struct slice text = json_string(name, s->arena);
	struct seen_tool *t;
	uint64_t tokens;

	if (!text.ptr)
		return;
	t = tool_of(s->log, text);
	tokens = tokens_text(s->tokenizer, json_raw(definition)).count;
	t->requests++;
	t->tokens += tokens;
	t->usd = usd_add(t->usd, usd_times(s->price, tokens));
}

static void
see_call(void *context, const struct part *p)
{
	const struct seeing *s = context;
	struct slice text;

	if (p->kind != PART_CALL)
		return;
	text = tool_called(p, s->arena);
	if (text.ptr) {
		tool_of(s->log, text)->calls++;
		s->log->answers = true;
	}
}

void
tools_see(struct tool_use_log *l, const struct request *q, const struct tokenizer *t,
    struct usd price, struct arena *a)
{
	struct seeing s = { l, t, price, a };
	struct value tools = request_tools(q);

	for (struct value d = json_first(tools); json_type(d); d = json_next(d))
		tool_defines(d, define, &s);
	request_parts(q, see_call, &s);
	if (q->answered) {
		l->answers = true;
		answer_parts(q, see_call, &s);
	}
}

struct findings
tools_unused(struct tool_use_log *l, size_t most, bool *answers, struct arena *a)
{
	struct findings out = { arena_zero(a, l->names.count + 1, sizeof(*out.list)), 0 };

	*answers = l->answers;
	for (size_t i = 0; l->answers && i < l->names.count; i++) {
		const struct seen_tool *t = &l->list[i];

		if (t->calls || !t->requests)
			continue;
		out.list[out.count++] = (struct finding){ .text = l->names.keys[i],
			.count = t->requests,
			.requests = t->requests,
			.tokens = t->tokens,
			.usd = t->usd };
	}
	findings_sort(&out, most);
	return out;
}

void
tools_close(struct tool_use_log *l)
{
	hash_map_free(&l->names);
	free(l->list);
	free(l);
}
