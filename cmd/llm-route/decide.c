/* SPDX-License-Identifier: MIT */
#include "cmd/llm-route/decide.h"

#include <stdlib.h>

#include "cmd/llm-route/alternates.h"
#include "cmd/llm-route/choice.h"
#include "cmd/llm-route/learned/choose.h"
#include "cmd/llm-route/output/caps.h"
#include "cmd/llm-route/semantic.h"

/* Adds to the reason, behind the separator where something stands already. */
static void
choice_say(struct choice *c, const char *separator, const char *text)
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
take(struct choice *c, size_t index)
{
	struct decision *d = c->decision;
	const struct candidate *best = &d->field[index];

	d->keep = false;
	d->taken = index;
	d->model = best->model->name;
	d->chosen = best->model;
	d->lane = best->lane;
	d->priced = true;
	d->cost = best->cost;
	d->unpriced = NULL;
	alternates_of(c);
}

static void
say_out(struct choice *c, const struct candidate *one)
{
	choice_say(c, "; ", "");
	buf_add(&c->reason, one->model->name);
	choice_say(c, " ", one->why);
}

/* The cheapest of the models that can do it; false, with the reasons, if none can. */
static bool
choose_of(struct choice *c, const struct model *models, size_t count, size_t tier)
{
	struct candidate *fit = arena_alloc(c->facts->arena, count * sizeof(*fit));
	size_t n = 0, unmeasured = 0;

	for (size_t i = 0; i < count; i++) {
		struct candidate one =
		    candidate_judge(c->facts, &models[i], &c->decision->settings);

		one.tier = tier;
		if (one.fits)
			fit[n++] = one;
		else
			say_out(c, &one);
		unmeasured += one.fits && !models[i].measured;
	}
	if (!n)
		return false;
	qsort(fit, n, sizeof(*fit), by_cost); /* models of a tier stand in one array */
	c->decision->field = fit;
	c->decision->field_count = n;
	take(c, 0);
	if (count > 1) {
		choice_say(c, "; ", "cheapest of ");
		buf_add_number(&c->reason, n);
	}
	if (c->decision->settings.latency && unmeasured)
		buf_printf(&c->reason, "; latency of %zu not measured", unmeasured);
	return true;
}

/* All models of the tiers from least to most, for a choice over the whole file. */
static bool
choose_of_tiers(struct choice *c, const struct routes *routes)
{
	size_t count = 0, n = 0;
	struct candidate *fit;

	for (size_t i = c->least; i <= c->most; i++)
		count += routes->tiers[i].count;
	fit = arena_alloc(c->facts->arena, count * sizeof(*fit));
	for (size_t i = c->least; i <= c->most; i++)
		for (size_t k = 0; k < routes->tiers[i].count; k++) {
			struct candidate one = candidate_judge(
			    c->facts, &routes->tiers[i].models[k], &c->decision->settings);

			one.tier = i;
			if (one.fits)
				fit[n++] = one;
		}
	if (!n)
		return false;
	qsort(fit, n, sizeof(*fit), by_cost);
	c->decision->field = fit;
	c->decision->field_count = n;
	take(c, 0);
	return true;
}

static void
keep_model(struct choice *c)
{
	struct decision *d = c->decision;
	struct facts *f = c->facts;

	d->keep = true;
	d->alternate_count = 0;
	d->field_count = 0;
	d->lane = effective_lane(f, &d->settings);
	d->model = f->asked;
	if (f->asked.ptr && f->routes)
		d->model = routes_alias(f->routes, f->asked);
	d->chosen = d->model.len ? policy_model(f->policy, d->model) : NULL;
	if (!d->chosen) {
		d->priced = false;
		d->unpriced = "the record names no model";
		return;
	}
	d->priced =
	    candidate_cost(f, d->chosen, &d->settings, &d->lane, &d->cost, &d->unpriced);
	if (!d->priced)
		d->lane = f->lane;
	alternates_of(c);
}

/* False where no candidate of the target can do it. */
static bool
follow(struct choice *c, const struct target *t)
{
	const struct routes *routes = c->facts->routes;

	switch (t->kind) {
	case TARGET_KEEP: keep_model(c); return true;
	case TARGET_MODEL: return choose_of(c, &t->model, 1, SIZE_MAX);
	case TARGET_TIER:
	case TARGET_LEARNED: break; /* the latter became another before */
	}
	if (c->facts->policy->joint &&
	    (!c->decision->rule || c->decision->rule >= routes->rules + routes->default_at))
		return choose_of_tiers(c, routes);
	return choose_of(
	    c, routes->tiers[t->tier].models, routes->tiers[t->tier].count, t->tier);
}

static void
fall_back(struct choice *c, const char *name, const char *why)
{
	c->decision->fallback = name;
	choice_say(c, "; ", "fallback ");
	buf_add(&c->reason, slice_z(name));
	choice_say(c, ": ", why);
}

static unsigned
confidence_in(const struct condition *c, const struct facts *f)
{
	switch (c->subject) {
	case SUBJECT_COMPLEXITY: return f->level_confidence;
	case SUBJECT_TASK: return f->task_confidence;
	case SUBJECT_INTENT: return f->intent_score;
	default: return 100; /* facts are certain, words are not */
	}
}

static bool
by_words(const struct rule *rule)
{
	for (size_t i = 0; i < rule->count; i++)
		if (rule->conditions[i].subject == SUBJECT_COMPLEXITY ||
		    rule->conditions[i].subject == SUBJECT_INTENT ||
		    rule->conditions[i].subject == SUBJECT_TASK)
			return true;
	return false;
}

static unsigned
confidence_of(const struct rule *rule, const struct facts *f)
{
	unsigned least = 100;

	for (size_t i = 0; rule && i < rule->count; i++) {
		unsigned one = confidence_in(&rule->conditions[i], f);

		least = one < least ? one : least;
	}
	return least;
}

/* The tier of a target: of a model, the first that has it; SIZE_MAX if none has. */
static size_t
tier_of(const struct routes *routes, const struct target *t, struct slice asked)
{
	if (t->kind == TARGET_TIER)
		return t->tier;
	return routes_tier_of(routes, t->kind == TARGET_MODEL ? t->model.name : asked);
}

/* Moves the target inside the bounds of this kind of user. */
static void
bound(struct choice *c, const struct routes *routes, struct target *t)
{
	struct slice name = json_string(c->facts->attribute[ATTRIBUTE_TIER], c->facts->arena);
	struct slice asked = c->facts->asked;
	size_t i = 0, at;
	bool unknown;

	c->most = routes->tier_count ? routes->tier_count - 1 : 0;
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
	c->least = routes->users[i].least;
	c->most = routes->users[i].most;
	at = tier_of(routes, t, asked.ptr ? routes_alias(routes, asked) : asked);
	if (at == SIZE_MAX && t->kind == TARGET_KEEP && unknown)
		at = c->most + 1; /* nobody knows who asks for what: lowest trust */
	if (at == SIZE_MAX || (at >= c->least && at <= c->most))
		return;
	t->kind = TARGET_TIER;
	t->tier = at < c->least ? c->least : c->most;
	t->name = routes->tiers[t->tier].name;
	choice_say(c, "; ", "moved inside the bounds of user tier ");
	buf_add(&c->reason, routes->users[i].name);
}

static struct target
strongest(const struct routes *routes)
{
	struct target target = { .kind = TARGET_KEEP };

	if (routes->tier_count) {
		target.kind = TARGET_TIER;
		target.tier = routes->tier_count - 1;
		target.name = routes->tiers[target.tier].name;
	}
	return target;
}

/* Four decimals of a number between -1000 and 1000, as printf has them but for ties, which it
 * takes its time for: this is written for every record. */
static void
add_four(struct buf *out, double x)
{
	unsigned long n = (unsigned long)((x < 0 ? -x : x) * 10000 + 0.5);
	char digits[] = { '.', (char)('0' + n / 1000 % 10), (char)('0' + n / 100 % 10),
		(char)('0' + n / 10 % 10), (char)('0' + n % 10) };

	if (x < 0)
		buf_add_byte(out, '-');
	buf_add_number(out, n / 10000);
	buf_add(out, slice_of(digits, sizeof(digits)));
}

/* What the trained model says; the fallback for low confidence where it knows nothing. */
static struct target
ask_learned(struct choice *c, const struct routes *routes)
{
	const struct policy *p = c->facts->policy;
	struct learned_answer answer;

	learned_ask(p->learned, &c->facts->texts, c->facts->arena, &answer);
	c->decision->confidence = answer.confidence;
	if (answer.new || (uint64_t)answer.confidence * 10000 < p->min_confidence) {
		fall_back(c, "confidence",
		    answer.new ? "like no labelled prompt" : "not sure enough");
		c->unsure = true;
		return routes->fallbacks.confidence;
	}
	choice_say(c, "; ", "learned ");
	buf_add(&c->reason, answer.arm);
	choice_say(c, ": gain ", "");
	add_four(&c->reason, answer.gain);
	choice_say(c, ", threshold ", "");
	add_four(&c->reason, answer.threshold);
	return *answer.target;
}

static struct target
choose_target(struct choice *c, const struct routes *routes)
{
	struct decision *d = c->decision;
	const struct fallbacks *f = &routes->fallbacks;
	struct target target = { .kind = TARGET_KEEP };

	if (c->facts->unknown_label && routes->asks_complexity) {
		fall_back(c, "label", "unknown complexity");
		return f->label_strongest ? strongest(routes) : f->label;
	}
	d->rule = first_match(c, routes);
	if (d->limit)
		choice_say(c, "; ", "a pattern took too long");
	if (!d->rule) {
		choice_say(c, "; ", "no rule matches");
		return target;
	}
	d->confidence = confidence_of(d->rule, c->facts);
	if (by_words(d->rule) &&
	    (uint64_t)d->confidence * 10000 < c->facts->policy->min_confidence) {
		fall_back(c, "confidence", "not sure enough");
		c->unsure = true;
		return f->confidence;
	}
	return d->rule->target.kind == TARGET_LEARNED ? ask_learned(c, routes)
						      : d->rule->target;
}

static void
choose_settings(struct choice *c, const struct routes *routes)
{
	struct decision *d = c->decision;
	struct facts *f = c->facts;

	if (c->unsure)
		return;
	d->settings = routes_settings(routes, d->rule, f->task);
	if (f->policy->caps)
		caps_look(f->policy->caps, f);
	if (!d->settings.max_tokens)
		d->settings.max_tokens = f->past_cap;
}

static void
finish(struct choice *c)
{
	struct decision *d = c->decision;

	if (d->rule && !c->reason.len)
		choice_say(c, "",
		    d->rule->count ? "its conditions hold" : "no rule before it matches");
	if (d->chosen && !d->keep && cap_is_thought(c->facts, &d->settings, d->chosen)) {
		choice_say(c, "; ", "may think up its cap of ");
		buf_add_number(&c->reason, c->facts->cap);
	}
	d->reason = arena_copy(c->facts->arena, buf_slice(&c->reason));
	buf_free(&c->reason);
}

void
decide(struct facts *f, struct decision *d)
{
	struct choice c = { .facts = f, .decision = d };
	struct target *target; /* as long as the record: the decision points to its model */

	*d = (struct decision){ .keep = true, .confidence = 100 };
	if (!f->routes) {
		choice_say(&c, "", "no rules");
		keep_model(&c);
		finish(&c);
		return;
	}
	if (f->policy->semantic && f->routes->asks_intent)
		semantic_look(f->policy->semantic, f);
	target = arena_alloc(f->arena, sizeof(*target));
	*target = choose_target(&c, f->routes);
	bound(&c, f->routes, target);
	choose_settings(&c, f->routes);
	if (!follow(&c, target)) {
		fall_back(&c, "error", "no candidate left");
		if (!follow(&c, &f->routes->fallbacks.error))
			keep_model(&c);
		if (d->keep)
			d->settings = (struct settings){ 0 };
	}
	finish(&c);
}

void
decide_take(struct facts *f, struct decision *d, size_t index, const char *reason)
{
	struct choice c = { .facts = f, .decision = d };

	c.most = f->routes->tier_count ? f->routes->tier_count - 1 : 0;
	take(&c, index);
	buf_add(&c.reason, d->reason);
	choice_say(&c, "; ", reason);
	finish(&c);
}

bool
decide_among(struct facts *f, struct decision *d, const struct model *models, size_t count,
    size_t tier, size_t most)
{
	struct choice c = { .facts = f, .decision = d, .most = most };
	bool found;

	c.least = tier == SIZE_MAX ? 0 : tier;
	*d = (struct decision){ .keep = true };
	found = choose_of(&c, models, count, tier);
	buf_free(&c.reason);
	return found;
}

void
decide_keep(struct facts *f, struct decision *d, const char *reason)
{
	struct choice c = { .facts = f, .decision = d };

	c.most = f->routes && f->routes->tier_count ? f->routes->tier_count - 1 : 0;
	buf_add(&c.reason, slice_z(reason));
	if (d->model.ptr && !d->keep) {
		choice_say(&c, "; ", "else ");
		buf_add(&c.reason, d->model);
	}
	d->settings = (struct settings){ 0 };
	keep_model(&c);
	finish(&c);
}
