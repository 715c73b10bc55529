/* SPDX-License-Identifier: MIT */
#include "cmd/llm-route/alternates.h"

/* Only what is known to be easy may go to a weaker model when the chosen one is busy. */
static bool
may_fall(const struct facts *f)
{
	return f->level == LEVEL_SIMPLE || f->level == LEVEL_MODERATE;
}

/* Has a kept or a taken row a tier? Of a model that stands in none, nothing is weaker. */
static bool
is_weaker(const struct choice *c, size_t tier)
{
	size_t own = routes_tier_of(c->facts->routes, c->decision->chosen->name);

	return own != SIZE_MAX && tier != SIZE_MAX && tier < own;
}

static bool
wanted(const struct choice *c, enum error_class class, const struct model *m, size_t tier)
{
	const struct model *chosen = c->decision->chosen;

	if (slice_eq(m->name, chosen->name))
		return false;
	if (tier != SIZE_MAX && (tier < c->least || tier > c->most))
		return false;
	if (is_weaker(c, tier) && !may_fall(c->facts))
		return false;
	return class != ERROR_CONTEXT || !m->facts.context || !chosen->facts.context ||
	       m->facts.context > chosen->facts.context;
}

/* Is the line for the chosen model: by its name, by the one that was asked, by its tier? Two
 * aliases of one model are one name. */
static bool
is_for(const struct choice *c, const struct instead *line)
{
	const struct routes *routes = c->facts->routes;
	const struct decision *d = c->decision;
	struct slice of, asked = c->facts->asked;
	size_t tier;

	if (!line->of.ptr)
		return true;
	of = routes_alias(routes, line->of);
	if (slice_eq(of, d->model) || (asked.ptr && slice_eq(of, routes_alias(routes, asked))))
		return true;
	tier = routes_tier_of(routes, d->chosen->name);
	return tier != SIZE_MAX && slice_eq(line->of, routes->tiers[tier].name);
}

static void
add(struct slice *names, size_t *n, struct slice name)
{
	for (size_t i = 0; i < *n; i++)
		if (slice_eq(names[i], name))
			return;
	names[(*n)++] = name;
}

/* The models of the `fallback CLASS` lines that can take the row, in their order. */
static void
of_class(struct choice *c, enum error_class class)
{
	struct decision *d = c->decision;
	const struct routes *routes = c->facts->routes;
	struct slice *names = NULL;
	size_t n = 0, room = 1;

	for (size_t i = 0; i < routes->instead_count; i++)
		room += routes->insteads[i].target.kind == TARGET_TIER
			    ? routes->tiers[routes->insteads[i].target.tier].count
			    : 1;
	for (size_t i = 0; i < routes->instead_count; i++) {
		const struct target *t = &routes->insteads[i].target;
		bool tier = t->kind == TARGET_TIER;
		const struct model *models = tier ? routes->tiers[t->tier].models : &t->model;
		size_t count = tier ? routes->tiers[t->tier].count : t->kind == TARGET_MODEL;

		if (routes->insteads[i].class != class || !is_for(c, &routes->insteads[i]))
			continue;
		if (!names)
			names = arena_alloc(c->facts->arena, room * sizeof(*names));
		for (size_t k = 0; k < count; k++)
			if (wanted(c, class, &models[k],
				tier ? t->tier : routes_tier_of(routes, models[k].name)) &&
			    candidate_judge(c->facts, &models[k], &d->settings).fits)
				add(names, &n, models[k].name);
	}
	d->class[class] = names;
	d->class_count[class] = n;
}

void
alternates_of(struct choice *c)
{
	struct decision *d = c->decision;
	size_t n = 0;

	d->alternates =
	    arena_alloc(c->facts->arena, (d->field_count + 1) * sizeof(*d->alternates));
	for (size_t i = 0; i < d->field_count; i++)
		if (&d->field[i] != &d->field[d->taken] &&
		    !(is_weaker(c, d->field[i].tier) && !may_fall(c->facts)))
			d->alternates[n++] = d->field[i].model->name;
	d->alternate_count = n;
	if (!c->facts->routes || !c->facts->routes->instead_count || !d->chosen)
		return;
	for (unsigned i = 0; i < ERROR_CLASSES; i++)
		of_class(c, (enum error_class)i);
}
