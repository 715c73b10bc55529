/* SPDX-License-Identifier: MIT */
/* Anthropic: input excludes what was read from the cache and written to it. */
#include "model/usage_dialect.h"

static void
written_of(const struct usage_object *o, struct usage *u)
{
	struct value split = usage_at(o, U_CACHE_CREATION);
	uint64_t written = usage_number(u, o, U_CACHE_CREATION_TOKENS);
	uint64_t short_lived = usage_member(u, split, "ephemeral_5m_input_tokens");

	u->written_1h = usage_member(u, split, "ephemeral_1h_input_tokens");
	u->written_5m = short_lived;
	if (json_type(split) != JSON_OBJECT)
		u->written_5m = written;
	else if (usage_said(o, U_CACHE_CREATION_TOKENS) &&
		 written != short_lived + u->written_1h)
		usage_flaw(u, "cache writes are not the sum of their parts");
}

/* A total tells whether a gateway has put the cache into the input after all. */
static void
check_total(const struct usage_object *o, struct usage *u, uint64_t fresh)
{
	uint64_t total = usage_number(u, o, U_TOTAL_TOKENS);

	if (!usage_said(o, U_TOTAL_TOKENS) || total == u->input + u->output)
		return;
	if (total == fresh + u->output)
		u->input = fresh;
	else
		usage_flaw(u, "the total is not the sum of its parts");
}

/* "fast" is told apart from the tier, and priced apart. */
static void
tier_of(const struct usage_object *o, struct usage *u)
{
	struct slice speed = json_string_raw(usage_at(o, U_SPEED));
	struct slice tier = json_string_raw(usage_at(o, U_SERVICE_TIER));

	if (speed.ptr && !slice_eqz(speed, "standard"))
		u->service_tier = speed;
	else if (tier.ptr)
		u->service_tier = tier;
	u->region = json_string_raw(usage_at(o, U_INFERENCE_GEO));
}

static bool
stands_beside(struct value iteration)
{
	return json_type(iteration) == JSON_OBJECT &&
	       json_type(json_get(iteration, "type")) == JSON_STRING &&
	       !json_is(json_get(iteration, "type"), "message");
}

/* Is it behind the first beside_most? */
static bool
is_beyond(const struct usage *u, struct value at)
{
	struct value v = json_first(u->beside);

	for (size_t i = 0; i < u->beside_most && json_type(v); i++)
		v = json_next(v);
	return u->beside_most && json_type(v) && at.entry >= v.entry;
}

bool
usage_beside(const struct usage *u, struct value *at, struct usage *part)
{
	*at = at->json ? json_next(*at) : json_first(u->beside);
	while (json_type(*at) && !stands_beside(*at))
		*at = json_next(*at);
	if (!json_type(*at) || is_beyond(u, *at))
		return false;
	*part = (struct usage){ .model = json_get(*at, "model") };
	if (!usage_object(*at, part))
		usage_flaw(part, "an iteration without counts");
	part->beside = (struct value){ 0 };
	part->service_tier = u->service_tier;
	part->region = u->region;
	usage_check_parts(part);
	return true;
}

void
usage_anthropic(const struct usage_object *o, struct usage *u)
{
	uint64_t fresh = usage_number(u, o, U_INPUT_TOKENS);

	u->dialect = "anthropic";
	u->cached = usage_number(u, o, U_CACHE_READ);
	written_of(o, u);
	u->input = fresh + u->cached + u->written_5m + u->written_1h;
	u->output = usage_number(u, o, U_OUTPUT_TOKENS);
	u->reasoning = usage_member(u, usage_at(o, U_OUTPUT_DETAILS), "thinking_tokens");
	u->web_searches = usage_member(u, usage_at(o, U_SERVER_TOOLS), "web_search_requests");
	if (json_type(usage_at(o, U_ITERATIONS)) == JSON_ARRAY)
		u->beside = usage_at(o, U_ITERATIONS);
	tier_of(o, u);
	check_total(o, u, fresh);
}
