/* SPDX-License-Identifier: MIT */
#include "cmd/llm-route/routes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/mem.h"
#include "cmd/llm-route/condition.h"

/* The line that is being read. */
struct reader {
	struct routes *routes;
	struct slice rest;
	uint64_t line;
	const char *why;
	char text[300];
};

static bool wrong(struct reader *r, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool
wrong(struct reader *r, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(r->text, sizeof(r->text), format, args);
	va_end(args);
	r->why = r->text;
	return false;
}

/* The next word, or an error that says what was wanted. */
static bool
want(struct reader *r, struct slice *word, const char *what)
{
	const char *why = NULL;

	if (word_next(&r->rest, word, &why))
		return true;
	return why ? wrong(r, "%s", why) : wrong(r, "%s is missing", what);
}

static bool
more(struct reader *r, struct slice *word)
{
	return word_next(&r->rest, word, &r->why);
}

static bool
line_ends(struct reader *r)
{
	struct slice word;

	if (more(r, &word))
		return wrong(r, "nothing is wanted behind this, not '%s'", diag_clean(word));
	return r->why == NULL;
}

/* One more thing of size bytes at the end of *list, which grows by doubling. */
static void *
append(void *list, size_t *count, size_t size)
{
	char *items;

	memcpy(&items, list, sizeof(items));
	if ((*count & (*count - 1)) == 0) {
		items = mem_grow(items, *count ? 2 * *count : 1, size);
		memcpy(list, &items, sizeof(items));
	}
	memset(items + *count * size, 0, size);
	return items + (*count)++ * size;
}

size_t
routes_tier(const struct routes *routes, struct slice name)
{
	for (size_t i = 0; i < routes->tier_count; i++)
		if (slice_eq(routes->tiers[i].name, name))
			return i;
	return SIZE_MAX;
}

static bool
read_tier(struct reader *r)
{
	struct slice name, word;
	struct tier *t;

	if (!want(r, &name, "the name of the tier"))
		return false;
	if (slice_eqz(name, "keep") || slice_eqz(name, "learned") ||
	    slice_eqz(name, "strongest") || slice_eqz(name, "lowest"))
		return wrong(r, "'%s' cannot be the name of a tier", diag_clean(name));
	if (routes_tier(r->routes, name) != SIZE_MAX)
		return wrong(r, "tier '%s' stands twice", diag_clean(name));
	t = append(&r->routes->tiers, &r->routes->tier_count, sizeof(*t));
	t->name = name;
	t->line = r->line;
	while (more(r, &word)) {
		struct model *m = append(&t->models, &t->count, sizeof(*m));

		m->name = word;
	}
	if (!r->why && !t->count)
		return wrong(r, "a tier has at least one model");
	return r->why == NULL;
}

static bool
read_alias(struct reader *r)
{
	struct slice from, equals, to;
	struct alias *a;

	if (!want(r, &from, "a name") || !want(r, &equals, "'='") || !want(r, &to, "a model"))
		return false;
	if (!slice_eqz(equals, "="))
		return wrong(r, "an alias is written 'alias A = B'");
	for (size_t i = 0; i < r->routes->alias_count; i++)
		if (slice_eq(r->routes->aliases[i].from, from))
			return wrong(r, "alias '%s' stands twice", diag_clean(from));
	a = append(&r->routes->aliases, &r->routes->alias_count, sizeof(*a));
	*a = (struct alias){ from, to, r->line };
	return line_ends(r);
}

static bool
read_settings(struct reader *r, struct settings *s)
{
	struct slice word;

	while (more(r, &word)) {
		size_t n = slice_find(word, '=');
		struct slice name = slice_take(word, n), value = slice_drop(word, n + 1);

		if (n == word.len || !value.len)
			return wrong(r, "a setting is written KEY=VALUE");
		if (slice_eqz(name, "max_tokens")) {
			if (!number_parse(value, &s->max_tokens) || !s->max_tokens)
				return wrong(r, "max_tokens is a whole number above 0");
		} else if (slice_eqz(name, "service_tier")) {
			s->service_tier = value;
		} else if (slice_eqz(name, "effort")) {
			s->effort = value;
		} else {
			return wrong(r,
			    "no setting '%s'; there are max_tokens, service_tier, effort",
			    diag_clean(name));
		}
	}
	return r->why == NULL;
}

static bool
set_target(struct reader *r, struct target *t, struct slice word)
{
	if (slice_eqz(word, "learned"))
		return wrong(
		    r, "'learned' needs a trained model, which this version cannot read");
	t->kind = slice_eqz(word, "keep") ? TARGET_KEEP : TARGET_MODEL; /* a tier: see bind */
	t->name = word;
	return true;
}

/* COND… -> TARGET [key=value…] */
static bool
read_decision(struct reader *r, struct rule *rule)
{
	struct slice word;

	for (;;) {
		struct condition *c;

		if (!want(r, &word, "'->'"))
			return false;
		if (slice_eqz(word, "->"))
			break;
		c = append(&rule->conditions, &rule->count, sizeof(*c));
		if (!condition_parse(word, c, &r->routes->arena, &r->why))
			return wrong(r, "'%s': %s", diag_clean(word), r->why);
		r->why = NULL;
	}
	if (!want(r, &word, "a tier or a model") || !set_target(r, &rule->target, word))
		return false;
	return read_settings(r, &rule->settings);
}

static bool
read_rule(struct reader *r)
{
	struct routes *routes = r->routes;
	struct slice name;
	struct rule *rule;

	if (!want(r, &name, "the name of the rule"))
		return false;
	if (slice_eqz(name, "->") || slice_eqz(name, "default"))
		return wrong(r, "a rule has a name of its own");
	if (routes->default_at != routes->rule_count)
		return wrong(r, "a rule stands before the defaults");
	for (size_t i = 0; i < routes->rule_count; i++)
		if (slice_eq(routes->rules[i].name, name))
			return wrong(r, "rule '%s' stands twice", diag_clean(name));
	rule = append(&routes->rules, &routes->rule_count, sizeof(*rule));
	routes->default_at = routes->rule_count;
	rule->name = name;
	rule->line = r->line;
	return read_decision(r, rule);
}

static bool
read_default(struct reader *r)
{
	struct rule *rule = append(&r->routes->rules, &r->routes->rule_count, sizeof(*rule));

	rule->name = SLICE("default");
	rule->line = r->line;
	return read_decision(r, rule);
}

static bool
read_user(struct reader *r)
{
	struct slice name, bounds, least, most;
	struct user *u;
	size_t dots = 0;

	if (!want(r, &name, "the kind of user") || !want(r, &bounds, "LEAST..MOST"))
		return false;
	while (dots + 1 < bounds.len && memcmp(bounds.ptr + dots, "..", 2) != 0)
		dots++;
	least = slice_take(bounds, dots);
	most = dots + 1 < bounds.len ? slice_drop(bounds, dots + 2) : bounds;
	u = append(&r->routes->users, &r->routes->user_count, sizeof(*u));
	*u = (struct user){ name, routes_tier(r->routes, least), routes_tier(r->routes, most),
		r->line };
	if (u->least == SIZE_MAX || u->most == SIZE_MAX)
		return wrong(r, "the bounds of a user are two tiers that stand above, as A..B");
	if (u->least > u->most)
		return wrong(r, "the first tier of a user's bounds stands before the second");
	return line_ends(r);
}

static bool
read_task(struct reader *r)
{
	struct task_pattern *t;
	struct slice name, word;
	bool caseless;
	const char *why;
	size_t where;

	if (!want(r, &name, "the name of the task") || !want(r, &word, "a pattern"))
		return false;
	t = append(&r->routes->tasks, &r->routes->task_count, sizeof(*t));
	t->task = name;
	t->line = r->line;
	if (!pattern_parse(word, &t->source, &caseless, &r->routes->arena))
		return wrong(
		    r, "a task is written 'task NAME /PATTERN/' or 'task NAME /PATTERN/i'");
	t->pattern = pattern_compile(t->source, caseless, &why, &where);
	if (!t->pattern)
		return wrong(r, "the pattern is wrong at its byte %zu: %s", where + 1, why);
	return line_ends(r);
}

static bool
read_fallback(struct reader *r)
{
	struct fallbacks *f = &r->routes->fallbacks;
	struct slice name, equals, word;

	if (!want(r, &name, "error, label, confidence or tier") || !want(r, &equals, "'='") ||
	    !want(r, &word, "what is chosen"))
		return false;
	if (!slice_eqz(equals, "="))
		return wrong(r, "a fallback is written 'fallback NAME = TARGET'");
	if (slice_eqz(name, "error")) {
		if (!set_target(r, &f->error, word))
			return false;
	} else if (slice_eqz(name, "label")) {
		f->label_strongest = slice_eqz(word, "strongest");
		if (!f->label_strongest && !set_target(r, &f->label, word))
			return false;
	} else if (slice_eqz(name, "confidence")) {
		if (!set_target(r, &f->confidence, word))
			return false;
	} else if (slice_eqz(name, "tier")) {
		size_t i = 0;

		while (i < r->routes->user_count && !slice_eq(r->routes->users[i].name, word))
			i++;
		f->user = slice_eqz(word, "lowest") ? 0 : i;
		if (f->user == r->routes->user_count && f->user)
			return wrong(
			    r, "fallback tier is 'lowest' or a kind of user that stands above");
	} else {
		return wrong(r, "the fallbacks are error, label, confidence and tier");
	}
	return line_ends(r);
}

static bool
read_line(struct reader *r)
{
	static const struct {
		const char *word;
		bool (*read)(struct reader *);
	} kinds[] = {
		{ "tier", read_tier },
		{ "alias", read_alias },
		{ "rule", read_rule },
		{ "default", read_default },
		{ "user", read_user },
		{ "task", read_task },
		{ "fallback", read_fallback },
	};
	struct slice word;

	if (!more(r, &word))
		return r->why == NULL;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (slice_eqz(word, kinds[i].word))
			return kinds[i].read(r);
	return wrong(r,
	    "a line begins with tier, alias, rule, default, user, task or fallback, not '%s'",
	    diag_clean(word));
}

/* Tiers may stand below the lines that name them, so targets are bound at the end. */
static void
bind(const struct routes *routes, struct target *t)
{
	if (t->kind == TARGET_KEEP || !t->name.ptr)
		return;
	t->tier = routes_tier(routes, t->name);
	t->kind = t->tier == SIZE_MAX ? TARGET_MODEL : TARGET_TIER;
	t->model.name = t->name;
}

struct routes *
routes_parse(struct slice text, const char *file, const char **why, uint64_t *line)
{
	static struct reader reader;
	struct routes *routes = mem_zero(sizeof(*routes));

	reader = (struct reader){ .routes = routes };
	routes->file = file;
	text = arena_copy(&routes->arena, text);
	routes->fallbacks.label_strongest = true;
	if (slice_starts(text, SLICE("\xEF\xBB\xBF")))
		text = slice_drop(text, 3);
	while (text.len) {
		size_t n = slice_find(text, '\n');

		reader.rest = slice_take(text, n);
		reader.line++;
		reader.why = NULL;
		text = slice_drop(text, n + 1);
		if (!read_line(&reader)) {
			*why = reader.why;
			*line = reader.line;
			routes_free(routes);
			return NULL;
		}
	}
	for (size_t i = 0; i < routes->rule_count; i++)
		bind(routes, &routes->rules[i].target);
	bind(routes, &routes->fallbacks.error);
	bind(routes, &routes->fallbacks.label);
	bind(routes, &routes->fallbacks.confidence);
	return routes;
}

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

static void
resolve(const struct routes *routes, struct model *m)
{
	if (!m->name.ptr)
		return;
	m->name = routes_alias(routes, m->name);
	m->known = models_resolve(m->name);
	m->tokenizer = tokenizer_for(m->known);
	m->facts = model_facts(m->known, (struct slice){ NULL, 0 });
}

bool
routes_resolve(struct routes *routes, const char **why, uint64_t *line)
{
	for (size_t i = 0; i < routes->alias_count; i++)
		if (!routes_alias(routes, routes->aliases[i].from).ptr) {
			*why = "this alias leads back to itself";
			*line = routes->aliases[i].line;
			return false;
		}
	for (size_t i = 0; i < routes->tier_count; i++)
		for (size_t k = 0; k < routes->tiers[i].count; k++)
			resolve(routes, &routes->tiers[i].models[k]);
	for (size_t i = 0; i < routes->rule_count; i++)
		if (routes->rules[i].target.kind == TARGET_MODEL)
			resolve(routes, &routes->rules[i].target.model);
	resolve(routes, &routes->fallbacks.error.model);
	resolve(routes, &routes->fallbacks.label.model);
	resolve(routes, &routes->fallbacks.confidence.model);
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
	free(routes->users);
	free(routes->tasks);
	arena_close(&routes->arena);
	free(routes);
}
