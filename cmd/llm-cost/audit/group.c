/* SPDX-License-Identifier: MIT */
#include "group.h"

#include <stdlib.h>

#include "look.h"
#include "base/mem.h"

#define ANSWERS_LEAST 20 /* fewer show no usual length */
#define RUNAWAY 10       /* times the median */

static struct usd
part_cost(const struct row *row, const char *name)
{
	for (size_t i = 0; i < row->bill.part_count; i++)
		if (strcmp(row->bill.parts[i].name, name) == 0)
			return row->bill.parts[i].usd;
	return (struct usd){ 0 };
}

static struct slice
task_of(const struct row *row, struct arena *a)
{
	struct value v = row_attribute(row, "task");

	if (json_type(v) != JSON_STRING)
		v = json_get(json_get(row->request.llm, "route"), "task");
	return json_type(v) == JSON_STRING ? json_string(v, a) : slice_of(NULL, 0);
}

static struct output_group *
output_of(struct groupings *g, const struct row *row, struct arena *a)
{
	struct slice task = task_of(row, a);
	char key[256];
	bool added;
	size_t i, len;

	if (!g->output)
		g->output = mem_zero(GROUPS_OUTPUT * sizeof(*g->output));
	if (row->model.len + task.len + 2 > sizeof(key))
		return NULL;
	memcpy(key, row->model.ptr, row->model.len);
	key[row->model.len] = '\n';
	len = row->model.len + 1;
	if (task.ptr) {
		memcpy(key + len, task.ptr, task.len);
		len += task.len;
		key[len++] = '.';
	}
	if (g->outputs.count == GROUPS_OUTPUT) {
		i = hash_map_find(&g->outputs, slice_of(key, len));
		return i == SIZE_MAX ? NULL : &g->output[i];
	}
	i = hash_map_add(&g->outputs, slice_of(key, len), &added);
	if (added) {
		struct slice kept = g->outputs.keys[i];

		g->output[i].model = slice_take(kept, row->model.len);
		g->output[i].task = task.ptr ? slice_of(kept.ptr + row->model.len + 1, task.len)
					     : slice_of(NULL, 0);
	}
	return &g->output[i];
}

static void
add_output(struct output_group *o, const struct row *row, const struct body *b)
{
	const struct usage *u = &row->usage;
	uint64_t visible = u->output - u->reasoning;
	struct usd cost = part_cost(row, "output"), thought = part_cost(row, "reasoning");

	if (!thought.units && u->reasoning && u->output)
		thought = usd_part(cost, u->reasoning, u->output);
	else
		cost = usd_add(cost, thought);
	lengths_add(&o->visible, visible);
	o->answers++;
	o->tokens += u->output;
	o->input += u->input;
	o->reasoning += u->reasoning;
	o->cost = usd_add(o->cost, cost);
	o->reasoning_cost = usd_add(o->reasoning_cost, thought);
	o->uncapped += b && !b->capped;
	if (row->wasted && row->request.shape != SHAPE_USAGE) {
		o->cut++;
		o->cut_cost = usd_add(o->cut_cost, row->bill.usd);
	}
	if (thought.units &&
	    ((b && b->level == LEVEL_SIMPLE) ||
		json_is(
		    json_get(json_get(row->request.llm, "route"), "complexity"), "simple"))) {
		o->simple++;
		o->simple_reasoning = usd_add(o->simple_reasoning, thought);
	}
	if (visible > o->longest)
		o->longest = visible;
}

static void
add_prompt(struct groupings *g, const struct row *row, const struct body *b)
{
	struct imprint p, m;
	bool added;
	size_t i;

	if (!b || !b->prefix.len)
		return;
	if (!g->prompt)
		g->prompt = mem_zero(GROUPS_PROMPT * sizeof(*g->prompt));
	g->prompts.limit = GROUPS_PROMPT;
	p = imprint_of(b->prefix);
	m = imprint_of(row->model);
	i = imprint_map_add(&g->prompts, (struct imprint){ p.a ^ m.a, p.b ^ m.b }, &added);
	if (i == SIZE_MAX)
		return;
	if (added)
		g->prompt[i].model = arena_copy(&g->names, row->model);
	g->prompt[i].requests++;
	g->prompt[i].cost = usd_add(g->prompt[i].cost, row->bill.usd);
}

void
groupings_add(struct groupings *g, const struct row *row, const struct body *b,
    const struct audit_sums *without, struct arena *a)
{
	struct output_group *o;

	/* whoever runs an agent does not choose its answers' length */
	if (!row->has_usage || row->usage.flaw || row_is_agent(row))
		return;
	o = output_of(g, row, a);
	if (o && row->usage.output) {
		add_output(o, row, b);
		remainder_add(&o->rest, row, without);
	}
	add_prompt(g, row, b);
}

/* What an answer of usual length needs, with room: what 99 of 100 keep to and twice the median,
 * or ten times the median where more than one of 100 run away. */
static void
find_cap(struct output_group *o)
{
	uint64_t p99 = lengths_quantile(&o->visible, 990);

	o->median = lengths_quantile(&o->visible, 500);
	/* a cap would cut the thinking, and the answer with it */
	if (o->answers < ANSWERS_LEAST || !o->median || o->reasoning ||
	    o->longest < RUNAWAY * o->median)
		return;
	o->cap = p99 > 2 * o->median ? p99 : 2 * o->median;
	o->cap = lengths_edge(o->cap < RUNAWAY * o->median ? o->cap : RUNAWAY * o->median);
	o->over = lengths_over(&o->visible, o->cap, &o->excess);
	o->saved = usd_part(o->cost, o->excess, o->tokens);
}

void
groupings_close(struct groupings *g, struct audit_sums *s)
{
	for (size_t i = 0; i < g->outputs.count; i++) {
		struct output_group *o = &g->output[i];

		find_cap(o);
		if (!o->excess)
			o->saved = o->simple_reasoning;
		if (o->saved.units)
			walk_late(s, AUDIT_OUTPUT, o->excess ? o->over : o->simple, o->saved,
			    &o->rest);
	}
}

void
groupings_free(struct groupings *g)
{
	for (size_t i = 0; i < g->outputs.count; i++)
		lengths_free(&g->output[i].visible);
	hash_map_free(&g->outputs);
	imprint_map_free(&g->prompts);
	free(g->output);
	free(g->prompt);
	arena_close(&g->names);
}

struct output_group
groupings_sum(const struct groupings *g)
{
	struct output_group sum = { 0 };

	for (size_t i = 0; i < g->outputs.count; i++) {
		const struct output_group *o = &g->output[i];

		sum.cut += o->cut;
		sum.uncapped += o->uncapped;
		sum.cut_cost = usd_add(sum.cut_cost, o->cut_cost);
		sum.reasoning_cost = usd_add(sum.reasoning_cost, o->reasoning_cost);
	}
	return sum;
}

const struct prompt_group *
groupings_dearest(const struct groupings *g)
{
	const struct prompt_group *most = NULL;

	for (size_t i = 0; i < g->prompts.count; i++)
		if (!most || usd_cmp(g->prompt[i].cost, most->cost) > 0)
			most = &g->prompt[i];
	return most;
}
