/* SPDX-License-Identifier: MIT */
#include "cmd/llm-route/output/caps.h"

#include <stdlib.h>

#include "base/mem.h"
#include "cmd/llm-route/condition.h"

struct cap_group {
	struct condition *field;
	size_t field_count;
	uint64_t cap, mean, requests, would_cut;
};

struct caps {
	struct cap_group *group;
	size_t count;
	struct arena arena;
};

static struct slice
scalar(struct value v, struct arena *a)
{
	return json_type(v) == JSON_STRING ? arena_copy(a, json_string(v, a)) : json_raw(v);
}

/* {"task":"summary",".a.b":"x"}: each becomes a condition of llm-routes(5). */
static bool
read_key(struct caps *c, struct cap_group *g, struct value key, const char **why)
{
	g->field = mem_zero((json_length(key) + 1) * sizeof(*g->field));
	for (struct value k = json_first(key); json_type(k); k = json_next(k)) {
		struct slice word, name = json_string(k, &c->arena);
		struct value v = json_member_value(k);

		if (json_type(v) <= JSON_NULL || json_type(v) >= JSON_ARRAY)
			return false; /* a missing field: no record can be told by it */
		word = condition_word(name, scalar(v, &c->arena), &c->arena);
		if (!condition_parse(word, &g->field[g->field_count], &c->arena, why))
			return false;
		g->field_count++;
	}
	return g->field_count > 0;
}

static void
read_group(struct caps *c, struct value v)
{
	struct cap_group *g;
	const char *why;

	c->group = mem_grow(c->group, c->count + 1, sizeof(*c->group));
	g = &c->group[c->count];
	*g = (struct cap_group){ 0 };
	if (!read_key(c, g, json_get(v, "key"), &why) ||
	    !json_whole(json_get(v, "mean"), &g->mean)) {
		free(g->field);
		return;
	}
	if (json_type(json_get(v, "caution")) <= JSON_NULL &&
	    json_type(json_get(v, "few_rows")) != JSON_TRUE &&
	    !json_whole(json_get(v, "cap"), &g->cap))
		g->cap = 0;
	if (!json_whole(json_get(v, "requests"), &g->requests) ||
	    !json_whole(json_get(v, "would_cut"), &g->would_cut))
		g->requests = 0;
	c->count++;
}

struct caps *
caps_read(struct slice text, const char **why)
{
	struct caps *c = mem_zero(sizeof(*c));
	struct json json = { 0 };
	struct value groups;
	bool fine = false;
	size_t where;

	if (json_scan(&json, text, why, &where)) {
		groups = json_get(json_root(&json), "groups");
		fine = json_type(groups) == JSON_ARRAY;
		*why = "it has no groups with caps: llm-cost caps --format json writes them";
		for (struct value g = json_first(groups); fine && json_type(g);
		     g = json_next(g)) {
			fine = json_type(json_get(g, "cap")) != JSON_ABSENT;
			read_group(c, g);
		}
	}
	json_free(&json);
	if (fine)
		return c;
	caps_free(c);
	return NULL;
}

void
caps_look(const struct caps *c, struct facts *f)
{
	for (size_t i = 0; i < c->count; i++) {
		const struct cap_group *g = &c->group[i];
		struct slice got;
		size_t k = 0;

		while (k < g->field_count && condition_test(&g->field[k], f, &got) == TEST_YES)
			k++;
		if (k < g->field_count)
			continue;
		f->past_cap = g->cap;
		f->expected_output = g->mean;
		return;
	}
}

size_t
caps_count(const struct caps *c, uint64_t *cut)
{
	uint64_t requests = 0, would_cut = 0;
	size_t n = 0;

	for (size_t i = 0; i < c->count; i++) {
		n += c->group[i].cap > 0;
		requests += c->group[i].cap ? c->group[i].requests : 0;
		would_cut += c->group[i].cap ? c->group[i].would_cut : 0;
	}
	*cut = requests ? would_cut * 1000000 / requests : 0;
	return n;
}

void
caps_free(struct caps *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->count; i++)
		free(c->group[i].field);
	free(c->group);
	arena_close(&c->arena);
	free(c);
}
