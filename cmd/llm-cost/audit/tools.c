/* SPDX-License-Identifier: MIT */
#include "tools.h"

#include <stdlib.h>

#include "base/mem.h"
#include "tokens/tokens.h"

#define TOOLS_LIMIT 4096
#define DEFINITIONS_LIMIT 16384

static struct slice
name_in(struct value v, struct arena *a)
{
	static const char *const holders[] = { "function", "functionCall", "function_call",
		"toolUse", "toolSpec", "tool_call" };
	struct value name = json_get(v, "name");

	for (size_t i = 0; i < sizeof(holders) / sizeof(*holders) && !json_type(name); i++)
		name = json_get(json_get(v, holders[i]), "name");
	return json_string(name, a);
}

static struct tool_use *
tool_of(struct tools *t, struct slice name, const struct row *row)
{
	bool added = false;
	size_t i;

	if (!t->list)
		t->list = mem_zero(TOOLS_LIMIT * sizeof(*t->list));
	i = t->names.count < TOOLS_LIMIT ? hash_map_add(&t->names, name, &added)
					 : hash_map_find(&t->names, name);
	if (i == SIZE_MAX)
		return NULL;
	if (added)
		t->list[i] = (struct tool_use){ .name = t->names.keys[i],
			.api = row->request.api,
			.shape = row->request.shape };
	return &t->list[i];
}

struct calls {
	struct tools *tools;
	const struct row *row;
	const struct audit_sums *without;
	struct arena *arena;
	bool answered;
};

static void
see_call(void *context, const struct part *part)
{
	struct calls *c = context;
	struct slice name;
	struct tool_use *t;

	c->answered = true;
	if (part->kind != PART_CALL)
		return;
	name = name_in(part->block, c->arena);
	if (name.ptr && (t = tool_of(c->tools, name, c->row)))
		t->called = true;
}

/* Calls that earlier turns made count too: the log may begin in the middle. */
static void
see_earlier(void *context, const struct part *part)
{
	struct calls *c = context;
	bool answered = c->answered;

	see_call(context, part);
	c->answered = answered;
}

static uint64_t
tokens_of(struct tools *t, struct value definition, const struct row *row)
{
	struct imprint p = imprint_of(json_raw(definition)), m = imprint_of(row->model);
	bool added;
	size_t i;

	t->definitions.limit = DEFINITIONS_LIMIT;
	if (!t->tokens)
		t->tokens = mem_zero(DEFINITIONS_LIMIT * sizeof(*t->tokens));
	i = imprint_map_add(&t->definitions, (struct imprint){ p.a ^ m.a, p.b ^ m.b }, &added);
	if (i == SIZE_MAX)
		return 0;
	if (added)
		t->tokens[i] =
		    tokens_text(tokenizer_for(row->model), json_raw(definition)).count;
	return t->tokens[i];
}

/* Price of a token where tools stand: first of all, so read from the cache if anything is. */
static struct usd
price_of_tools(const struct row *row)
{
	static const char *const order[] = { "cached", "cache_write_5m", "cache_write_1h",
		"input" };

	for (size_t k = 0; k < sizeof(order) / sizeof(*order); k++)
		for (size_t i = 0; i < row->bill.part_count; i++)
			if (strcmp(row->bill.parts[i].name, order[k]) == 0)
				return row->bill.parts[i].price;
	return (struct usd){ 0 };
}

static void
add_definition(const struct calls *c, struct value definition, struct usd price)
{
	struct slice name = name_in(definition, c->arena);
	struct tool_use *tool = name.ptr ? tool_of(c->tools, name, c->row) : NULL;
	uint64_t n;

	if (!tool)
		return;
	n = tokens_of(c->tools, definition, c->row);
	tool->requests++;
	tool->tokens += n;
	tool->cost = usd_add(tool->cost, usd_times(price, n));
	remainder_add(&tool->rest, c->row, c->without);
}

void
tools_add(
    struct tools *t, const struct row *row, const struct audit_sums *without, struct arena *a)
{
	struct value tools = request_tools(&row->request);
	struct calls c = { t, row, without, a, false };
	struct usd price;

	request_parts(&row->request, see_earlier, &c);
	answer_parts(&row->request, see_call, &c);
	if (!json_type(tools))
		return;
	t->carried++;
	t->answers += c.answered;
	price = price_of_tools(row);
	for (struct value d = json_first(tools); json_type(d); d = json_next(d)) {
		struct value list = json_get(d, "functionDeclarations");

		if (!json_type(list))
			add_definition(&c, d, price);
		for (struct value f = json_first(list); json_type(f); f = json_next(f))
			add_definition(&c, f, price);
	}
}

void
tools_close(struct tools *t, struct audit_sums *s)
{
	uint64_t most = 0;

	for (size_t i = 0; i < t->names.count && t->answers; i++) {
		struct tool_use *tool = &t->list[i];

		if (tool->called || tool->requests < AUDIT_TOOL_CALLS)
			continue;
		t->unused++;
		t->unused_tokens += tool->tokens;
		most = tool->requests > most ? tool->requests : most;
		walk_late(s, AUDIT_TOOLS, 0, tool->cost, &tool->rest);
	}
	s->requests[PROVEN][AUDIT_TOOLS] += most;
}
