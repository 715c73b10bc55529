/* SPDX-License-Identifier: MIT */
#include "cmd/llm-compress/target.h"

#include "cmd/llm-compress/annotate.h"
#include "money/price.h"
#include "task/classify.h"

#define MILLION 1000000u
#define RESERVE                                                                       \
	4096 /* tokens for an answer without a cap, where the model can write so many \
	      */

/* Shares kept by how hard the task is: a simple one needs little of its context. */
static const struct {
	enum level level;
	uint64_t kept; /* millionths */
} rates[] = {
	{ LEVEL_SIMPLE, 400000 },
	{ LEVEL_MODERATE, 600000 },
	{ LEVEL_COMPLEX, 850000 },
};
#define DEFAULT_RATE 700000

static uint64_t
share_of(uint64_t tokens, uint64_t millionths)
{
	return (uint64_t)((unsigned __int128)tokens * millionths / MILLION);
}

static uint64_t
adaptive_rate(struct work *w)
{
	struct slice word =
	    json_string(json_get(json_get(w->request->llm, "route"), "complexity"), w->arena);
	enum level level;

	if (word.ptr && level_named(word, &level))
		for (size_t i = 0; i < sizeof(rates) / sizeof(*rates); i++)
			if (rates[i].level == level)
				return rates[i].kept;
	work_refuse_as(w, "adaptive", "no complexity in llm.route: the default rate");
	return settings.ratio != SETTING_NONE ? settings.ratio : DEFAULT_RATE;
}

uint64_t
target_window(const struct work *w)
{
	struct model_facts facts = model_facts(w->model, SLICE(""));
	uint64_t reserve, cap;

	if (!facts.known || !facts.context)
		return 0;
	reserve = facts.max_output && facts.max_output < RESERVE ? facts.max_output : RESERVE;
	if (json_whole(request_cap(w->request, NULL), &cap))
		reserve = cap;
	return reserve < facts.context ? facts.context - reserve : 0;
}

/* Where the count is an estimate its upper end has to fit. */
static uint64_t
safe(const struct work *w, uint64_t window)
{
	const struct tokens *t = &w->counted;

	if (t->class != TOKENS_ESTIMATE || t->high <= t->count)
		return window;
	return (uint64_t)((unsigned __int128)window * t->count / t->high);
}

static void
lower(struct work *w, uint64_t target)
{
	if (target < w->target)
		w->target = target;
}

void
target_set(struct work *w)
{
	uint64_t rate = settings.adaptive ? adaptive_rate(w) : settings.ratio;

	w->base = annotate_base(w->request, w->before.count);
	if (settings.target != SETTING_NONE)
		lower(w, settings.target);
	if (rate != SETTING_NONE)
		lower(w, share_of(w->base, rate));
	if (!settings_has_size() && settings.floor != SETTING_NONE)
		lower(w, 0); /* as far as the floor allows */
	if (settings.fit && !target_window(w))
		work_refuse_as(w, "fit",
		    "the window of this model is not known, or is smaller "
		    "than what the answer may take");
	target_follow(w);
}

void
target_follow(struct work *w)
{
	if (settings.fit && target_window(w))
		lower(w, safe(w, target_window(w)));
}
