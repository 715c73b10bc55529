/* SPDX-License-Identifier: MIT */
#include "cmd/llm-route/decide.h"

#include <stdlib.h>

/* A reason that grows, in the arena at the end. */
struct choice {
	struct facts *facts;
	struct decision *decision;
	struct buf reason;
};

static void
say(struct choice *c, const char *separator, const char *text)
{
	if (c->reason.len)
		buf_add(&c->reason, slice_z(separator));
	buf_add(&c->reason, slice_z(text));
}

/* The first rule whose conditions all hold; a pattern over its limit leaves only the defaults
 * that need no pattern. */
static const struct rule *
first_match(struct choice *c, const struct routes *routes)
{
	size_t i = 0;

	if (c->facts->limit) {
		c->decision->limit = true;
		i = routes->default_at;
	}
	while (i < routes->rule_count) {
		const struct rule *rule = &routes->rules[i];
		enum test result = TEST_YES;
		struct slice got;

		for (size_t k = 0; k < rule->count && result == TEST_YES; k++)
			result = condition_test(&rule->conditions[k], c->facts, &got);
		if (result == TEST_YES)
			return rule;
		if (result == TEST_LIMIT) {
			c->decision->limit = true;
			i = i < routes->default_at ? routes->default_at : i + 1;
		} else {
			i++;
		}
	}
	return NULL;
}

static int
by_cost(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;
	int order = usd_cmp(x->cost, y->cost);

	return order ? order : x->model < y->model ? -1 : x->model > y->model;
}

static void
take(struct choice *c, const struct candidate *best, size_t count)
{
	struct decision *d = c->decision;

	d->keep = false;
	d->model = best->model->name;
	d->known = best->model->known;
	d->model_facts = best->model->facts;
	d->priced = true;
	d->cost = best->cost;
	d->alternates = arena_alloc(c->facts->arena, count * sizeof(*d->alternates));
	d->alternate_count = count - 1;
	for (size_t i = 1; i < count; i++)
		d->alternates[i - 1] = best[i].model->name;
}

/* The cheapest of the models that can do it; false, with the reasons, if none can. */
static bool
choose_of(struct choice *c, const struct model *models, size_t count)
{
	struct candidate *fit = arena_alloc(c->facts->arena, count * sizeof(*fit));
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		struct candidate one =
		    candidate_judge(c->facts, &models[i], &c->decision->settings);

		if (one.fits) {
			fit[n++] = one;
			continue;
		}
		say(c, "; ", "");
		buf_add(&c->reason, models[i].name);
		say(c, " ", one.why);
	}
	if (!n)
		return false;
	qsort(fit, n, sizeof(*fit), by_cost); /* models of a tier stand in one array */
	take(c, fit, n);
	if (count > 1)
		buf_printf(&c->reason, "%scheapest of %zu", c->reason.len ? "; " : "", n);
	return true;
}

static void
keep_model(struct choice *c)
{
	struct decision *d = c->decision;
	struct facts *f = c->facts;
	struct price_query q = { .when = f->when, .lane = f->lane };
	uint64_t cap = effective_cap(f->request, &d->settings);
	struct bill bill;

	d->keep = true;
	d->alternate_count = 0;
	d->model = f->asked;
	if (f->asked.ptr && f->routes)
		d->model = routes_alias(f->routes, f->asked);
	d->known = d->model.ptr ? models_resolve(d->model) : d->model;
	if (!d->known.len) {
		d->priced = false;
		d->unpriced = "the record names no model";
		return;
	}
	q.model = d->known;
	bill_counts(&q, facts_tokens(f, f->tokenizer).count, cap ? cap : OUTPUT_RESERVE, &bill);
	d->priced = bill.priced;
	d->cost = bill.usd;
	d->unpriced = bill.unpriced;
}

/* False where no candidate of the target can do it. */
static bool
follow(struct choice *c, const struct target *t)
{
	if (t->kind == TARGET_KEEP) {
		keep_model(c);
		return true;
	}
	if (t->kind == TARGET_MODEL)
		return choose_of(c, &t->model, 1);
	return choose_of(
	    c, c->facts->routes->tiers[t->tier].models, c->facts->routes->tiers[t->tier].count);
}

static void
fall_back(struct choice *c, const char *name, const char *why)
{
	c->decision->fallback = name;
	say(c, "; ", "fallback ");
	buf_add(&c->reason, slice_z(name));
	say(c, ": ", why);
}

static bool
by_words(const struct rule *rule)
{
	for (size_t i = 0; i < rule->count; i++)
		if (rule->conditions[i].subject == SUBJECT_COMPLEXITY ||
		    rule->conditions[i].subject == SUBJECT_TASK)
			return true;
	return false;
}

/* Facts are certain, words are not. */
static unsigned
confidence_of(const struct rule *rule, const struct facts *f)
{
	unsigned least = 100;

	for (size_t i = 0; rule && i < rule->count; i++) {
		unsigned one =
		    rule->conditions[i].subject == SUBJECT_COMPLEXITY ? f->level_confidence
		    : rule->conditions[i].subject == SUBJECT_TASK     ? f->task_confidence
								      : 100;

		least = one < least ? one : least;
	}
	return least;
}

static bool
asks_complexity(const struct routes *routes)
{
	for (size_t i = 0; i < routes->rule_count; i++)
		for (size_t k = 0; k < routes->rules[i].count; k++)
			if (routes->rules[i].conditions[k].subject == SUBJECT_COMPLEXITY)
				return true;
	return false;
}

/* The tier of a target: of a model, the first that has it; SIZE_MAX if none has. */
static size_t
tier_of(const struct routes *routes, const struct target *t, struct slice asked)
{
	struct slice name = t->kind == TARGET_MODEL ? t->model.name : asked;

	if (t->kind == TARGET_TIER)
		return t->tier;
	for (size_t i = 0; name.ptr && i < routes->tier_count; i++)
		for (size_t k = 0; k < routes->tiers[i].count; k++)
			if (slice_eq(routes->tiers[i].models[k].name, name))
				return i;
	return SIZE_MAX;
}

/* Moves the target inside the bounds of this kind of user. */
static void
bound(struct choice *c, const struct routes *routes, struct target *t)
{
	struct slice name =
	    json_string(request_attribute(c->facts->request, "tier"), c->facts->arena);
	struct slice asked = c->facts->asked;
	size_t i = 0, at;
	bool unknown;

	if (!routes->user_count)
		return;
	while (i < routes->user_count && !(name.ptr && slice_eq(routes->users[i].name, name)))
		i++;
	unknown = i == routes->user_count;
	if (unknown) {
		i = routes->fallbacks.user;
		fall_back(c, "tier", "unknown user tier, taken as ");
		buf_add(&c->reason, routes->users[i].name);
	}
	at = tier_of(routes, t, asked.ptr ? routes_alias(routes, asked) : asked);
	if (at == SIZE_MAX && t->kind == TARGET_KEEP && unknown)
		at = routes->users[i].most +
		     1; /* nobody knows who asks for what: lowest trust */
	if (at == SIZE_MAX || (at >= routes->users[i].least && at <= routes->users[i].most))
		return;
	t->kind = TARGET_TIER;
	t->tier = at < routes->users[i].least ? routes->users[i].least : routes->users[i].most;
	t->name = routes->tiers[t->tier].name;
	say(c, "; ", "moved inside the bounds of user tier ");
	buf_add(&c->reason, routes->users[i].name);
}

static struct target
choose_target(struct choice *c, const struct routes *routes, uint64_t min_confidence)
{
	struct decision *d = c->decision;
	const struct fallbacks *f = &routes->fallbacks;
	struct target target = { .kind = TARGET_KEEP };

	if (c->facts->unknown_label && asks_complexity(routes)) {
		fall_back(c, "label", "unknown complexity");
		if (!f->label_strongest)
			return f->label;
		if (routes->tier_count) {
			target.kind = TARGET_TIER;
			target.tier = routes->tier_count - 1;
			target.name = routes->tiers[target.tier].name;
		}
		return target;
	}
	d->rule = first_match(c, routes);
	if (d->limit)
		say(c, "; ", "a pattern took too long");
	if (!d->rule) {
		say(c, "; ", "no rule matches");
		return target;
	}
	d->settings = d->rule->settings;
	d->confidence = confidence_of(d->rule, c->facts);
	if (by_words(d->rule) && (uint64_t)d->confidence * 10000 < min_confidence) {
		fall_back(c, "confidence", "not sure enough");
		d->settings = (struct settings){ 0 };
		return f->confidence;
	}
	return d->rule->target;
}

void
decide(struct facts *f, uint64_t min_confidence, struct decision *d)
{
	struct choice c = { .facts = f, .decision = d };
	struct target target;

	*d = (struct decision){ .keep = true, .confidence = 100 };
	if (!f->routes) {
		say(&c, "", "no rules");
		keep_model(&c);
	} else {
		target = choose_target(&c, f->routes, min_confidence);
		bound(&c, f->routes, &target);
		if (!follow(&c, &target)) {
			fall_back(&c, "error", "no candidate left");
			if (!follow(&c, &f->routes->fallbacks.error))
				keep_model(&c);
			if (d->keep)
				d->settings = (struct settings){ 0 };
		}
	}
	if (d->rule && !c.reason.len)
		say(&c, "",
		    d->rule->count ? "its conditions hold" : "no rule before it matches");
	d->reason = arena_copy(f->arena, buf_slice(&c.reason));
	buf_free(&c.reason);
}
