/* SPDX-License-Identifier: MIT */
#include "cmd/llm-route/learned/choose.h"

#include <stdlib.h>

#include "base/diag.h"
#include "base/mem.h"
#include "cmd/llm-route/learned/learned.h"

struct learned {
	struct trained *trained;
	struct embed *embed;
	double threshold, rank; /* share of labelled prompts whose score is below it */
	struct target target[LEARNED_ARMS];
};

/* A declared model, one of the tables or of a tier, or what an alias stands for. */
static bool
is_known(const struct routes *routes, const struct model *m, struct slice name)
{
	return m->declared || m->facts.known || !slice_eq(m->name, name) ||
	       routes_tier_of(routes, name) != SIZE_MAX;
}

static bool
find_target(struct target *t, struct slice arm, struct routes *routes)
{
	bool weak = slice_eqz(arm, "weak"), strong = slice_eqz(arm, "strong");

	*t = (struct target){ .kind = TARGET_TIER, .name = arm };
	t->tier = routes_tier(routes, arm);
	if (t->tier != SIZE_MAX)
		return true;
	if ((weak || strong) && routes->tier_count) {
		t->tier = weak ? 0 : routes->tier_count - 1;
		t->name = routes->tiers[t->tier].name;
		return true;
	}
	t->kind = TARGET_MODEL;
	t->model = routes_model(routes, arm, &routes->arena);
	t->name = t->model.name;
	return t->model.name.ptr && is_known(routes, &t->model, arm);
}

struct learned *
learned_open(const char *file, const char *encoder, struct routes *routes)
{
	struct learned *l = mem_zero(sizeof(*l));

	l->embed = learned_embed(encoder);
	l->trained = learned_load(file, l->embed);
	for (size_t i = 0; i < l->trained->lesson.arms; i++)
		if (!find_target(&l->target[i], l->trained->arm[i], routes))
			diag_die(STATUS_USAGE,
			    "%s: its model '%s' is no tier, alias or model of the rules", file,
			    diag_clean(l->trained->arm[i]));
	return l;
}

void
learned_set_share(struct learned *l, uint64_t share)
{
	l->rank = 1 - (double)share / 1e6;
	l->threshold = trained_threshold(l->trained, (double)share / 1e6);
}

void
learned_set_threshold(struct learned *l, double threshold)
{
	l->rank = trained_rank(l->trained, threshold);
	l->threshold = threshold;
}

void
learned_free(struct learned *l)
{
	if (!l)
		return;
	trained_free(l->trained);
	embed_close(l->embed);
	free(l);
}

/* From 50 at the threshold to 100 for the labelled prompt that is farthest from it. */
static unsigned
confidence_of(const struct learned *l, double score)
{
	double rank = trained_rank(l->trained, score), room;

	room = rank > l->rank ? 1 - l->rank : l->rank;
	rank = rank > l->rank ? rank - l->rank : l->rank - rank;
	return room > 0 ? (unsigned)(50 + 50 * rank / room) : 100;
}

void
learned_ask(const struct learned *l, const struct instructions *texts, struct arena *a,
    struct learned_answer *out)
{
	struct slice prompt = instructions_last(texts, a);
	struct gain g;
	struct look look;
	size_t arm;

	*out = (struct learned_answer){ .threshold = l->threshold, .new = true };
	if (!prompt.len)
		return;
	look_at(&look, prompt, trained_part(l->trained), l->embed, a);
	trained_gains(l->trained, &look, &g);
	arm = trained_choose(l->trained, &g, l->threshold);
	out->new = g.new;
	out->arm = l->trained->arm[arm];
	out->target = &l->target[arm];
	out->gain = g.of[l->trained->lesson.arms - 1];
	out->confidence = confidence_of(l, trained_score(l->trained, &g));
}
