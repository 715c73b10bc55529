/* SPDX-License-Identifier: MIT */
/* What the lines of ROUTES name is looked up: aliases, models, files. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "cmd/llm-route/routes.h"
#include "json/scan.h"
#include "stream/file.h"
#include "tokens/families.h"

struct slice
routes_alias(const struct routes *routes, struct slice name)
{
	size_t steps = 0;

	for (size_t i = 0; i < routes->alias_count; i++)
		if (slice_eq(routes->aliases[i].from, name)) {
			if (++steps > routes->alias_count)
				return (struct slice){ NULL, 0 };
			name = routes->aliases[i].to;
			i = SIZE_MAX; /* begin again with the new name */
		}
	return name;
}

const struct declared *
routes_declared(const struct routes *routes, struct slice name)
{
	for (size_t i = 0; i < routes->model_count; i++)
		if (slice_eq(routes->models[i].name, name))
			return &routes->models[i];
	return NULL;
}

#define OVERRIDE(f, d, bit, fact)                            \
	do {                                                 \
		if (((d)->can | (d)->cannot) & (bit)) {      \
			(f)->says_##fact = true;             \
			(f)->fact = ((d)->can & (bit)) != 0; \
		}                                            \
	} while (0)

static void
override(struct model_facts *f, const struct declared *d, struct arena *a)
{
	f->known = true;
	f->context = d->window ? d->window : f->context;
	f->max_output = d->max_output ? d->max_output : f->max_output;
	if (d->provider.ptr)
		f->provider = arena_copy(a, d->provider).ptr;
	OVERRIDE(f, d, CAN_VISION, vision);
	OVERRIDE(f, d, CAN_TOOLS, tools);
	OVERRIDE(f, d, CAN_AUDIO, audio);
	OVERRIDE(f, d, CAN_FILES, files);
	OVERRIDE(f, d, CAN_SCHEMA, schema);
	OVERRIDE(f, d, CAN_REASONING, reasoning);
}

static struct model
look_up(const struct routes *routes, struct slice name, struct arena *a)
{
	char room[FAMILY_NAME_MOST];
	struct model m = { .name = routes_alias(routes, name) };
	struct slice provider = { NULL, 0 };

	m.declared = routes_declared(routes, m.name);
	m.known = models_resolve(m.declared && m.declared->as.ptr ? m.declared->as : m.name);
	m.own = arena_copy(a, family_own_name(m.known, room));
	m.tokenizer = tokenizer_for(m.known);
	if (m.declared)
		provider = m.declared->provider;
	m.facts = model_facts(m.known, provider);
	if (!m.facts.known && provider.ptr)
		m.facts = model_facts(m.known, (struct slice){ NULL, 0 });
	if (m.declared)
		override(&m.facts, m.declared, a);
	return m;
}

struct model
routes_model(const struct routes *routes, struct slice name, struct arena *a)
{
	for (size_t i = 0; i < routes->tier_count; i++)
		for (size_t k = 0; k < routes->tiers[i].count; k++)
			if (slice_eq(routes->tiers[i].models[k].name, name))
				return routes->tiers[i].models[k];
	return look_up(routes, name, a);
}

size_t
routes_tier_of(const struct routes *routes, struct slice model)
{
	for (size_t i = 0; model.ptr && i < routes->tier_count; i++)
		for (size_t k = 0; k < routes->tiers[i].count; k++)
			if (slice_eq(routes->tiers[i].models[k].name, model))
				return i;
	return SIZE_MAX;
}

static void
each_target(struct target *t, void (*each)(void *, struct model *), void *context)
{
	if (t->kind == TARGET_MODEL)
		each(context, &t->model);
}

void
routes_models(
    struct routes *routes, void (*each)(void *context, struct model *m), void *context)
{
	for (size_t i = 0; i < routes->tier_count; i++)
		for (size_t k = 0; k < routes->tiers[i].count; k++)
			each(context, &routes->tiers[i].models[k]);
	for (size_t i = 0; i < routes->rule_count; i++)
		each_target(&routes->rules[i].target, each, context);
	each_target(&routes->fallbacks.error, each, context);
	each_target(&routes->fallbacks.label, each, context);
	each_target(&routes->fallbacks.confidence, each, context);
	for (size_t i = 0; i < routes->instead_count; i++)
		each_target(&routes->insteads[i].target, each, context);
}

static void
resolve(void *context, struct model *m)
{
	struct routes *routes = context;

	if (m->name.ptr && routes_alias(routes, m->name).ptr)
		*m = look_up(routes, m->name, &routes->arena);
}

bool
routes_resolve(struct routes *routes, const char **why, uint64_t *line)
{
	routes_models(routes, resolve, routes);
	for (size_t i = 0; i < routes->alias_count; i++)
		if (!routes_alias(routes, routes->aliases[i].from).ptr) {
			*why = "this alias leads back to itself";
			*line = routes->aliases[i].line;
			return false;
		}
	return true;
}

/* JSON of a file on one line: between its tokens a line break is a blank. */
static bool
read_json(struct slice *name, struct arena *a, const char **why)
{
	static char text[300];
	struct buf b = { 0 };
	struct json json = { 0 };
	const char *reason = NULL;
	size_t where;
	bool fine;

	if (!name->ptr)
		return true;
	if (!file_read(arena_copy(a, *name).ptr, &b)) {
		snprintf(text, sizeof(text), "'%.*s': %s", SLICE_ARG(*name), strerror(errno));
		*why = text;
		buf_free(&b);
		return false;
	}
	for (size_t i = 0; i < b.len; i++)
		if (b.data[i] == '\n' || b.data[i] == '\r')
			b.data[i] = ' ';
	fine = json_scan(&json, slice_trim(buf_slice(&b)), &reason, &where) &&
	       json_type(json_root(&json)) == JSON_OBJECT;
	if (fine) {
		*name = arena_copy(a, json_raw(json_root(&json)));
	} else {
		snprintf(text, sizeof(text), "'%.*s' holds no JSON object: %s",
		    SLICE_ARG(*name), reason ? reason : "another value");
		*why = text;
	}
	json_free(&json);
	buf_free(&b);
	return fine;
}

bool
routes_files(struct routes *routes, const char **why, uint64_t *line)
{
	for (size_t i = 0; i < routes->rule_count; i++) {
		struct settings *s = &routes->rules[i].settings;

		*line = routes->rules[i].line;
		if (!read_json(&s->schema, &routes->arena, why) ||
		    !read_json(&s->tool, &routes->arena, why))
			return false;
	}
	for (size_t i = 0; i < routes->profile_count; i++) {
		struct settings *s = &routes->profiles[i].settings;

		*line = routes->profiles[i].line;
		if (!read_json(&s->schema, &routes->arena, why) ||
		    !read_json(&s->tool, &routes->arena, why))
			return false;
	}
	return true;
}

void
routes_free(struct routes *routes)
{
	if (!routes)
		return;
	for (size_t i = 0; i < routes->rule_count; i++) {
		for (size_t k = 0; k < routes->rules[i].count; k++)
			pattern_free(routes->rules[i].conditions[k].pattern);
		free(routes->rules[i].conditions);
	}
	for (size_t i = 0; i < routes->tier_count; i++)
		free(routes->tiers[i].models);
	for (size_t i = 0; i < routes->task_count; i++)
		pattern_free(routes->tasks[i].pattern);
	free(routes->rules);
	free(routes->tiers);
	free(routes->aliases);
	free(routes->profiles);
	free(routes->models);
	free(routes->insteads);
	free(routes->users);
	free(routes->tasks);
	free(routes->words);
	task_table_free(routes->table);
	arena_close(&routes->arena);
	free(routes);
}
