/* SPDX-License-Identifier: MIT */
/* How much a model thinks, and in which service tier it answers. */
#include <inttypes.h>

#include "cmd/llm-route/output/parts.h"

static const char *const chat_effort[] = { "reasoning_effort", NULL };
static const char *const responses_effort[] = { "reasoning", "effort", NULL };
static const char *const messages_effort[] = { "output_config", "effort", NULL };
static const char *const messages_budget[] = { "thinking", "budget_tokens", NULL };
static const char *const messages_type[] = { "thinking", "type", NULL };
static const char *const gemini_budget[] = { "generationConfig", "thinkingConfig",
	"thinkingBudget", NULL };
static const char *const tier[] = { "service_tier", NULL };

static bool
thinks(const struct setter *s)
{
	const struct model_facts *m = &s->d->chosen->facts;

	return !candidate_is_listed(m) || m->reasoning;
}

static void
set_effort(struct setter *s)
{
	struct slice want = s->d->settings.effort;
	const char *const *path = s->q->api == API_CHAT        ? chat_effort
				  : s->q->api == API_RESPONSES ? responses_effort
				  : s->q->api == API_MESSAGES  ? messages_effort
							       : NULL;
	bool odd = slice_eqz(want, "none") || slice_eqz(want, "minimal");

	if (!want.ptr)
		return;
	/* Anthropic has low, medium and high */
	if (!path || !thinks(s) || (s->q->api == API_MESSAGES && odd)) {
		setter_drop(s->d, "effort");
		return;
	}
	/* a lower one that the user set stays */
	if (slice_eq(effective_effort(s->q, &s->d->settings), want) &&
	    !slice_eq(json_string_raw(setter_at(s, path)), want))
		setter_put(s, path, chat_quote(want, s->r->arena));
}

/* A budget lies below the cap and is never raised. */
static void
set_thinking(struct setter *s)
{
	const struct settings *want = &s->d->settings;
	uint64_t old, cap = effective_cap(s->facts, want, s->d->chosen);
	const char *const *path = s->q->api == API_MESSAGES ? messages_budget : gemini_budget;

	if (!want->has_thinking)
		return;
	if (!takes_budget(s->q, want) || !thinks(s) || (cap && want->thinking >= cap)) {
		setter_drop(s->d, "thinking");
		return;
	}
	if (json_whole(setter_at(s, path), &old) && old <= want->thinking)
		return;
	if (s->q->api == API_MESSAGES && !want->thinking) {
		if (json_type(setter_at(s, messages_type)) > JSON_NULL &&
		    !json_is(setter_at(s, messages_type), "disabled"))
			setter_put(s, (const char *const[]){ "thinking", NULL },
			    SLICE("{\"type\":\"disabled\"}"));
		return;
	}
	if (s->q->api == API_MESSAGES)
		setter_put(s, messages_type, SLICE("\"enabled\""));
	setter_put(s, path, arena_printf(s->r->arena, "%" PRIu64, want->thinking));
}

/* A model that lacks a tier refuses requests that name it. */
static bool
tier_is_taken(const struct setter *s, struct slice name)
{
	enum lane lane = LANE_REALTIME;

	if (s->d->lane == LANE_BATCH)
		return false; /* it has no tiers */
	if (!s->d->chosen || !lane_named(name, &lane) || lane == LANE_BATCH)
		return true;
	return candidate_has_lane(s->d->chosen, lane, s->facts->when);
}

/* Where rule and record say nothing, a row that can wait takes the cheaper tier of a model that
 * has one; a row that must not wait takes none. */
static void
set_service_tier(struct setter *s)
{
	struct slice want = s->d->settings.service_tier, own = s->facts->service_tier;
	bool by_lane = !want.ptr && s->facts->routes && s->q->api != API_MESSAGES &&
		       has_service_tier(s->q->api) &&
		       (s->d->lane == LANE_FLEX || s->d->lane == LANE_PRIORITY) &&
		       json_type(setter_at(s, tier)) <= JSON_NULL;

	if (by_lane)
		want = slice_z(lane_name(s->d->lane));
	if (want.ptr ? !has_service_tier(s->q->api) || !tier_is_taken(s, want)
		     : own.ptr && s->d->lane != LANE_BATCH && !tier_is_taken(s, own))
		setter_drop(s->d, "service_tier");
	else if (want.ptr && !slice_eq(json_string_raw(setter_at(s, tier)), want))
		setter_put(s, tier, chat_quote(want, s->r->arena));
}

void
output_effort(struct setter *s)
{
	set_effort(s);
	set_thinking(s);
	set_service_tier(s);
}
