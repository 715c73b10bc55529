/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "base/diag.h"
#include "base/mem.h"
#include "cmd/llm-route/condition.h"
#include "cmd/llm-route/routes_read.h"

static const char *const error_class_names[ERROR_CLASSES] = { "rate_limit", "server", "timeout",
	"connection", "context_window", "content_policy", "auth" };

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

	if (!read_want(r, &name, "the name of the tier"))
		return false;
	if (slice_eqz(name, "keep") || slice_eqz(name, "learned") ||
	    slice_eqz(name, "strongest") || slice_eqz(name, "lowest"))
		return read_wrong(r, "'%s' cannot be the name of a tier", diag_clean(name));
	if (routes_tier(r->routes, name) != SIZE_MAX)
		return read_wrong(r, "tier '%s' stands twice", diag_clean(name));
	t = read_append(&r->routes->tiers, &r->routes->tier_count, sizeof(*t));
	t->name = name;
	t->line = r->line;
	while (read_more(r, &word)) {
		struct model *m = read_append(&t->models, &t->count, sizeof(*m));

		m->name = word;
	}
	if (!r->why && !t->count)
		return read_wrong(r, "a tier has at least one model");
	return r->why == NULL;
}

static bool
read_alias(struct reader *r)
{
	struct slice from, equals, to;
	struct alias *a;

	if (!read_want(r, &from, "a name") || !read_want(r, &equals, "'='") ||
	    !read_want(r, &to, "a model"))
		return false;
	if (!slice_eqz(equals, "="))
		return read_wrong(r, "an alias is written 'alias A = B'");
	for (size_t i = 0; i < r->routes->alias_count; i++)
		if (slice_eq(r->routes->aliases[i].from, from))
			return read_wrong(r, "alias '%s' stands twice", diag_clean(from));
	a = read_append(&r->routes->aliases, &r->routes->alias_count, sizeof(*a));
	*a = (struct alias){ from, to, r->line };
	return read_end(r);
}

static bool
set_target(struct reader *r, struct target *t, struct slice word)
{
	if (slice_eqz(word, "learned"))
		return read_wrong(r, "'learned' is a target of rules and defaults only");
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

		if (!read_want(r, &word, "'->'"))
			return false;
		if (slice_eqz(word, "->"))
			break;
		c = read_append(&rule->conditions, &rule->count, sizeof(*c));
		if (!condition_parse(word, c, &r->routes->arena, &r->why))
			return read_wrong(r, "'%s': %s", diag_clean(word), r->why);
		r->why = NULL;
	}
	if (!read_want(r, &word, "a tier or a model"))
		return false;
	if (slice_eqz(word, "learned")) {
		rule->target = (struct target){ .kind = TARGET_LEARNED, .name = word };
		if (!r->routes->learned_line)
			r->routes->learned_line = r->line;
	} else if (!set_target(r, &rule->target, word)) {
		return false;
	}
	return read_settings(r, &rule->settings);
}

static bool
read_rule(struct reader *r)
{
	struct routes *routes = r->routes;
	struct slice name;
	struct rule *rule;

	if (!read_want(r, &name, "the name of the rule"))
		return false;
	if (slice_eqz(name, "->") || slice_eqz(name, "default"))
		return read_wrong(r, "a rule has a name of its own");
	if (routes->default_at != routes->rule_count)
		return read_wrong(r, "a rule stands before the defaults");
	for (size_t i = 0; i < routes->rule_count; i++)
		if (slice_eq(routes->rules[i].name, name))
			return read_wrong(r, "rule '%s' stands twice", diag_clean(name));
	rule = read_append(&routes->rules, &routes->rule_count, sizeof(*rule));
	routes->default_at = routes->rule_count;
	rule->name = name;
	rule->line = r->line;
	return read_decision(r, rule);
}

static bool
read_default(struct reader *r)
{
	struct rule *rule =
	    read_append(&r->routes->rules, &r->routes->rule_count, sizeof(*rule));

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

	if (!read_want(r, &name, "the kind of user") || !read_want(r, &bounds, "LEAST..MOST"))
		return false;
	while (dots + 1 < bounds.len && memcmp(bounds.ptr + dots, "..", 2) != 0)
		dots++;
	least = slice_take(bounds, dots);
	most = dots + 1 < bounds.len ? slice_drop(bounds, dots + 2) : bounds;
	u = read_append(&r->routes->users, &r->routes->user_count, sizeof(*u));
	*u = (struct user){ name, routes_tier(r->routes, least), routes_tier(r->routes, most),
		r->line };
	if (u->least == SIZE_MAX || u->most == SIZE_MAX)
		return read_wrong(
		    r, "the bounds of a user are two tiers that stand above, as A..B");
	if (u->least > u->most)
		return read_wrong(
		    r, "the first tier of a user's bounds stands before the second");
	return read_end(r);
}

static bool
read_task(struct reader *r)
{
	struct task_pattern *t;
	struct slice name, word;
	bool caseless;
	const char *why;
	size_t where;

	if (!read_want(r, &name, "the name of the task") || !read_want(r, &word, "a pattern"))
		return false;
	t = read_append(&r->routes->tasks, &r->routes->task_count, sizeof(*t));
	t->task = name;
	t->line = r->line;
	if (!pattern_parse(word, &t->source, &caseless, &r->routes->arena))
		return read_wrong(
		    r, "a task is written 'task NAME /PATTERN/' or 'task NAME /PATTERN/i'");
	t->pattern = pattern_compile(t->source, caseless, &why, &where);
	if (!t->pattern)
		return read_wrong(
		    r, "the pattern is wrong at its byte %zu: %s", where + 1, why);
	return read_end(r);
}

/* fallback CLASS [of NAME] = TARGET... */
static bool
read_instead(struct reader *r, enum error_class class)
{
	struct routes *routes = r->routes;
	struct slice word, of = { NULL, 0 };
	bool any = false;

	if (!read_want(r, &word, "'='"))
		return false;
	if (slice_eqz(word, "of") &&
	    (!read_want(r, &of, "a model") || !read_want(r, &word, "'='")))
		return false;
	if (!slice_eqz(word, "="))
		return read_wrong(
		    r, "a fallback is written 'fallback CLASS [of NAME] = TARGET...'");
	while (read_more(r, &word)) {
		struct instead *one =
		    read_append(&routes->insteads, &routes->instead_count, sizeof(*one));

		*one = (struct instead){ .class = class, .of = of, .line = r->line };
		if (!set_target(r, &one->target, word))
			return false;
		any = true;
	}
	return r->why ? false : any || read_wrong(r, "what is chosen is missing");
}

static bool
read_user_fallback(struct reader *r, struct slice word)
{
	struct fallbacks *f = &r->routes->fallbacks;
	size_t i = 0;

	while (i < r->routes->user_count && !slice_eq(r->routes->users[i].name, word))
		i++;
	f->user = slice_eqz(word, "lowest") ? SIZE_MAX : i;
	return f->user != r->routes->user_count ||
	       read_wrong(r, "fallback tier is 'lowest' or a kind of user that stands above");
}

static bool
read_fallback(struct reader *r)
{
	struct fallbacks *f = &r->routes->fallbacks;
	struct slice name, equals, word;

	if (!read_want(r, &name, "error, label, confidence or tier"))
		return false;
	for (unsigned i = 0; i < ERROR_CLASSES; i++)
		if (slice_eqz(name, error_class_names[i]))
			return read_instead(r, (enum error_class)i);
	if (!read_want(r, &equals, "'='") || !read_want(r, &word, "what is chosen"))
		return false;
	if (!slice_eqz(equals, "="))
		return read_wrong(r, "a fallback is written 'fallback NAME = TARGET'");
	if (slice_eqz(name, "label")) {
		f->label_strongest = slice_eqz(word, "strongest");
		if (!f->label_strongest && !set_target(r, &f->label, word))
			return false;
	} else if (slice_eqz(name, "error") || slice_eqz(name, "confidence")) {
		if (!set_target(r, slice_eqz(name, "error") ? &f->error : &f->confidence, word))
			return false;
	} else if (!slice_eqz(name, "tier")) {
		return read_wrong(r,
		    "the fallbacks are error, label, confidence and tier, or of a class of "
		    "failed calls: rate_limit, server, timeout, connection, context_window, "
		    "content_policy, auth");
	} else if (!read_user_fallback(r, word)) {
		return false;
	}
	return read_end(r);
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
		{ "profile", read_profile },
		{ "model", read_model },
		{ "cooldown", read_cooldown },
		{ "word", read_word },
		{ "complexity", read_complexity },
	};
	struct slice word;

	if (!read_more(r, &word))
		return r->why == NULL;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (slice_eqz(word, kinds[i].word))
			return kinds[i].read(r);
	return read_wrong(r,
	    "a line begins with tier, alias, rule, default, user, task, profile, model, "
	    "fallback, "
	    "cooldown, word or complexity, not '%s'",
	    diag_clean(word));
}

/* Tiers may stand below the lines that name them, so targets are bound at the end. */
static void
bind(const struct routes *routes, struct target *t)
{
	if (t->kind == TARGET_KEEP || t->kind == TARGET_LEARNED || !t->name.ptr)
		return;
	t->tier = routes_tier(routes, t->name);
	t->kind = t->tier == SIZE_MAX ? TARGET_MODEL : TARGET_TIER;
	t->model.name = t->name;
}

/* Of the kinds of user the one that may have least; of equals the first. */
static size_t
lowest_user(const struct routes *routes)
{
	const struct user *u = routes->users;
	size_t lowest = 0;

	for (size_t i = 1; i < routes->user_count; i++)
		if (u[i].most < u[lowest].most ||
		    (u[i].most == u[lowest].most && u[i].least < u[lowest].least))
			lowest = i;
	return lowest;
}

/* What is looked for in a record only if a rule asks. */
static void
note_questions(struct routes *routes)
{
	for (size_t i = 0; i < routes->rule_count; i++)
		for (size_t k = 0; k < routes->rules[i].count; k++) {
			enum subject s = routes->rules[i].conditions[k].subject;

			routes->asks_complexity |= s == SUBJECT_COMPLEXITY;
			routes->asks_intent |= s == SUBJECT_INTENT;
		}
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
	routes->fallbacks.user = SIZE_MAX;
	routes->limits = task_limits_builtin;
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
	for (size_t i = 0; i < routes->instead_count; i++)
		bind(routes, &routes->insteads[i].target);
	if (routes->fallbacks.user == SIZE_MAX)
		routes->fallbacks.user = lowest_user(routes);
	note_questions(routes);
	routes_words(routes);
	return routes;
}
