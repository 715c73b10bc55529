/* SPDX-License-Identifier: MIT */
/* llm-route lint: what a ROUTES file says in vain. */
#include <inttypes.h>
#include <stdio.h>

#include "base/when.h"
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
	if (a->subject == SUBJECT_TOKENS) {
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
	if (a->subject == SUBJECT_TOKENS) {
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

		if (c->subject == SUBJECT_TOKENS && c->relation == LESS && !c->number) {
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

static bool
known(const struct routes *routes, struct slice name)
{
	struct slice model = routes_alias(routes, name);
	struct price_query q = { .when = when_now() };

	if (!model.ptr)
		return true; /* a loop is told once, at its alias */
	q.model = models_resolve(model);
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
		else
			lint_model(routes, a->line, a->to);
	}
}

void
lint_run(const struct option_list *operands)
{
	struct routes *routes;

	if (operands->count != 1)
		tool_usage("one file of rules is wanted");
	routes = route_parse_file(operands->item[0]);
	lint_aliases(routes);
	lint_tiers(routes);
	for (size_t i = 0; i < routes->rule_count; i++) {
		lint_rule(routes, i);
		lint_target(routes, routes->rules[i].line, &routes->rules[i].target);
	}
	routes_free(routes);
}
