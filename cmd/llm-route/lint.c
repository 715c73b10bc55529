/* SPDX-License-Identifier: MIT */
/* llm-route lint: what a ROUTES file says in vain. */
#include <inttypes.h>
#include <stdio.h>

#include "base/when.h"
#include "cmd/llm-route/condition.h"
#include "cmd/llm-route/decide.h"
#include "cmd/llm-route/route.h"

static void finding(const struct routes *routes, uint64_t line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void
finding(const struct routes *routes, uint64_t line, const char *format, ...)
{
	va_list args;

	printf("%s:%" PRIu64 ": ", routes->file, line);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
	status_raise(STATUS_NO);
}

/* The same question of the record. */
static bool
same_subject(const struct condition *a, const struct condition *b)
{
	if (a->subject != b->subject)
		return false;
	if (a->subject == SUBJECT_PATH || a->subject == SUBJECT_ATTRIBUTE)
		return strcmp(a->name, b->name) == 0;
	return true;
}

/* Least and greatest number of tokens for which the condition holds. */
static void
range(const struct condition *c, uint64_t *least, uint64_t *most)
{
	*least = 0;
	*most = UINT64_MAX;
	switch (c->relation) {
	case LESS: *most = c->number ? c->number - 1 : 0; break;
	case AT_MOST: *most = c->number; break;
	case MORE: *least = c->number + 1; break;
	default: *least = c->number; break;
	}
}

/* Where b holds, a holds. */
static bool
follows(const struct condition *a, const struct condition *b)
{
	uint64_t a_least, a_most, b_least, b_most;
	int64_t budget = pattern_budget(b->value.len);

	if (!same_subject(a, b))
		return false;
	if (condition_counts(a->subject)) {
		range(a, &a_least, &a_most);
		range(b, &b_least, &b_most);
		return a_least <= b_least && a_most >= b_most;
	}
	if (a->relation == MATCHES && b->relation == IS)
		return pattern_search(a->pattern, b->value, &budget, NULL) == PATTERN_FOUND;
	return a->relation == b->relation && slice_eq(a->value, b->value) &&
	       (a->caseless || !b->caseless);
}

/* Where b matches, a has matched. */
static bool
shadows(const struct rule *a, const struct rule *b)
{
	for (size_t i = 0; i < a->count; i++) {
		bool found = false;

		for (size_t k = 0; k < b->count && !found; k++)
			found = follows(&a->conditions[i], &b->conditions[k]);
		if (!found)
			return false;
	}
	return true;
}

/* Two conditions that never hold together. An attribute may be an array, so two values of one
 * can both be there: such a pair is no contradiction. */
static bool
contradict(const struct condition *a, const struct condition *b)
{
	uint64_t a_least, a_most, b_least, b_most;

	if (!same_subject(a, b))
		return false;
	if (condition_counts(a->subject)) {
		range(a, &a_least, &a_most);
		range(b, &b_least, &b_most);
		return a_most < b_least || b_most < a_least;
	}
	if (a->subject == SUBJECT_PATH || a->subject == SUBJECT_ATTRIBUTE)
		return false;
	return a->relation == IS && b->relation == IS && !slice_eq(a->value, b->value);
}

static void
lint_rule(const struct routes *routes, size_t i)
{
	const struct rule *rule = &routes->rules[i];

	for (size_t a = 0; a < rule->count; a++) {
		const struct condition *c = &rule->conditions[a];

		if (condition_counts(c->subject) && c->relation == LESS && !c->number) {
			finding(
			    routes, rule->line, "'%s' can never hold", diag_clean(c->source));
			return;
		}
		for (size_t b = a + 1; b < rule->count; b++)
			if (contradict(c, &rule->conditions[b])) {
				finding(routes, rule->line,
				    "'%s' can never match: '%s' and '%s'",
				    diag_clean(rule->name), diag_clean(c->source),
				    diag_clean(rule->conditions[b].source));
				return;
			}
	}
	for (size_t k = 0; k < i; k++)
		if (shadows(&routes->rules[k], rule)) {
			finding(routes, rule->line,
			    "'%s' is never reached: '%s' in line %" PRIu64 " matches first",
			    diag_clean(rule->name), diag_clean(routes->rules[k].name),
			    routes->rules[k].line);
			return;
		}
}

/* What names what: looked up as a run would, with the lines `model`. */
static const struct declared *
declared(const struct routes *routes, struct slice name)
{
	for (size_t i = 0; i < routes->model_count; i++)
		if (slice_eq(routes->models[i].name, name))
			return &routes->models[i];
	return NULL;
}

static bool
known(const struct routes *routes, struct slice name)
{
	struct slice model = routes_alias(routes, name);
	struct price_query q = { .when = when_now() };
	const struct declared *d;

	if (!model.ptr)
		return true; /* a loop is told once, at its alias */
	d = declared(routes, model);
	if (d && d->has_input)
		return true;
	q.model = models_resolve(d && d->as.ptr ? d->as : model);
	return price_known(&q) || model_facts(q.model, (struct slice){ NULL, 0 }).known;
}

static void
lint_model(const struct routes *routes, uint64_t line, struct slice name)
{
	if (!known(routes, name))
		finding(routes, line, "no price table knows the model '%s'", diag_clean(name));
}

static void
lint_target(const struct routes *routes, uint64_t line, const struct target *t)
{
	if (t->kind == TARGET_MODEL && !known(routes, t->name))
		finding(
		    routes, line, "'%s' is no tier and no known model", diag_clean(t->name));
}

static void
lint_tiers(const struct routes *routes)
{
	for (size_t i = 0; i < routes->tier_count; i++) {
		const struct tier *t = &routes->tiers[i];

		for (size_t k = 0; k < t->count; k++)
			lint_model(routes, t->line, t->models[k].name);
	}
}

static void
lint_aliases(const struct routes *routes)
{
	for (size_t i = 0; i < routes->alias_count; i++) {
		const struct alias *a = &routes->aliases[i];

		if (!routes_alias(routes, a->from).ptr)
			finding(routes, a->line, "alias '%s' leads back to itself",
			    diag_clean(a->from));
		else if (routes_tier(routes, a->to) == SIZE_MAX)
			lint_model(routes, a->line, a->to);
		else
			finding(routes, a->line, "alias '%s' leads to a tier, not to a model",
			    diag_clean(a->from));
	}
}

/* Models of the target that could give what the settings ask. */
static size_t
able(const struct target *t, const struct routes *routes, const struct settings *s,
    bool (*can)(const struct model *, const struct settings *))
{
	size_t n = 0;

	if (t->kind == TARGET_MODEL)
		return can(&t->model, s);
	for (size_t k = 0; k < routes->tiers[t->tier].count; k++)
		n += can(&routes->tiers[t->tier].models[k], s);
	return n;
}

static bool
has_schema(const struct model *m, const struct settings *s)
{
	(void)s;
	return !candidate_is_listed(&m->facts) || m->facts.schema;
}

static bool
has_tools(const struct model *m, const struct settings *s)
{
	(void)s;
	return !candidate_is_listed(&m->facts) || m->facts.tools;
}

static bool
has_effort(const struct model *m, const struct settings *s)
{
	(void)s;
	return !candidate_is_listed(&m->facts) || m->facts.reasoning;
}

static bool
has_tier(const struct model *m, const struct settings *s)
{
	enum lane lane = LANE_REALTIME;

	return !lane_named(s->service_tier, &lane) || lane == LANE_BATCH ||
	       candidate_has_lane(m, lane, when_now());
}

static bool
has_output(const struct model *m, const struct settings *s)
{
	return !m->facts.max_output || s->max_tokens <= m->facts.max_output;
}

static bool
has_region(const struct model *m, const struct settings *s)
{
	return m->declared && candidate_has_word(m->declared->region, s->region);
}

static bool
has_policy(const struct model *m, const struct settings *s)
{
	return m->declared && candidate_has_word(m->declared->data, s->data);
}

/* What a rule asks of its target and no model there can do. */
static void
lint_settings(const struct routes *routes, const struct rule *rule)
{
	const struct settings *s = &rule->settings;
	const struct {
		bool asked;
		bool (*can)(const struct model *, const struct settings *);
		const char *what;
	} wants[] = {
		{ s->schema.ptr != NULL, has_schema, "takes a schema" },
		{ s->tool.ptr != NULL, has_tools, "has tools" },
		{ s->effort.ptr != NULL || s->has_thinking, has_effort, "reasons" },
		{ s->service_tier.ptr != NULL, has_tier, "has that service tier" },
		{ s->max_tokens > 0, has_output, "gives so many tokens" },
		{ s->region.ptr != NULL, has_region, "is said to be in that region" },
		{ s->data.ptr != NULL, has_policy, "is said to keep that data policy" },
	};

	if (rule->target.kind != TARGET_TIER && rule->target.kind != TARGET_MODEL)
		return; /* which model that is, only a record tells */
	for (size_t i = 0; i < sizeof(wants) / sizeof(*wants); i++)
		if (wants[i].asked && !able(&rule->target, routes, s, wants[i].can))
			finding(routes, rule->line,
			    "'%s' can never be met: no model of '%s' %s",
			    diag_clean(rule->name), diag_clean(rule->target.name),
			    wants[i].what);
}

static void
lint_files(struct routes *routes)
{
	const char *why = NULL;
	uint64_t line = 0;

	if (!routes_files(routes, &why, &line))
		finding(routes, line, "%s", why);
}

static void
lint_insteads(const struct routes *routes)
{
	for (size_t i = 0; i < routes->instead_count; i++) {
		const struct instead *one = &routes->insteads[i];

		lint_target(routes, one->line, &one->target);
		if (one->of.ptr && slice_eq(one->of, one->target.name))
			finding(routes, one->line, "'%s' stands in for itself",
			    diag_clean(one->of));
	}
}

/* Words that take nothing away, and levels that no sum reaches. */
static void
lint_words(const struct routes *routes)
{
	const struct task_limits *l = &routes->limits;

	for (size_t i = 0; i < routes->word_count; i++) {
		const struct phrase *p = &routes->words[i].phrase;

		if (!p->weight && (routes->bare || !task_phrase_known(p->text, p->sign)))
			finding(routes, routes->words[i].line,
			    "'%s' with weight 0 takes nothing away", p->text);
	}
	if (routes->limits_line && l->moderate > l->complex)
		finding(routes, routes->limits_line,
		    "'moderate' from %u points on is more than 'complex' from %u", l->moderate,
		    l->complex);
	if (routes->limits_line && l->tokens > l->more_tokens)
		finding(routes, routes->limits_line, "'tokens' is more than 'more_tokens'");
}

const struct option lint_options[] = { { 0 } };

void
lint_run(const struct option_list *operands)
{
	struct routes *routes;
	const char *why;
	uint64_t line;

	if (operands->count != 1)
		tool_usage("one file of rules is wanted");
	routes = route_parse_file(operands->item[0]);
	lint_aliases(routes);
	lint_tiers(routes);
	for (size_t i = 0; i < routes->rule_count; i++) {
		lint_rule(routes, i);
		lint_target(routes, routes->rules[i].line, &routes->rules[i].target);
	}
	lint_insteads(routes);
	lint_words(routes);
	lint_files(routes);
	routes_resolve(routes, &why, &line); /* a loop is told at its alias */
	for (size_t i = 0; i < routes->rule_count; i++)
		lint_settings(routes, &routes->rules[i]);
	routes_free(routes);
}
