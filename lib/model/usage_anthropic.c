/* SPDX-License-Identifier: MIT */
/* Anthropic: input excludes what was read from the cache and written to it. */
#include "model/usage_dialect.h"

static void
written_of(struct value o, struct usage *u)
{
	struct value split = json_get(o, "cache_creation");
	uint64_t written = usage_member(u, o, "cache_creation_input_tokens");
	uint64_t short_lived = usage_member(u, split, "ephemeral_5m_input_tokens");

	u->written_1h = usage_member(u, split, "ephemeral_1h_input_tokens");
	u->written_5m = short_lived;
	if (json_type(split) != JSON_OBJECT)
		u->written_5m = written;
	else if (usage_has(o, "cache_creation_input_tokens") &&
		 written != short_lived + u->written_1h)
		usage_flaw(u, "cache writes are not the sum of their parts");
}

/* A total tells whether a gateway has put the cache into the input after all. */
static void
check_total(struct value o, struct usage *u, uint64_t fresh)
{
	uint64_t total = usage_member(u, o, "total_tokens");

	if (!usage_has(o, "total_tokens") || total == u->input + u->output)
		return;
	if (total == fresh + u->output)
		u->input = fresh;
	else
		usage_flaw(u, "the total is not the sum of its parts");
}

/* "fast" is told apart from the tier, and priced apart. */
static void
tier_of(struct value o, struct usage *u)
{
	struct slice speed = json_string_raw(json_get(o, "speed"));
	struct slice tier = json_string_raw(json_get(o, "service_tier"));

	if (speed.ptr && !slice_eqz(speed, "standard"))
		u->service_tier = speed;
	else if (tier.ptr)
		u->service_tier = tier;
	u->region = json_string_raw(json_get(o, "inference_geo"));
}

void
usage_anthropic(struct value o, struct usage *u)
{
	uint64_t fresh = usage_member(u, o, "input_tokens");

	u->dialect = "anthropic";
	u->cached = usage_member(u, o, "cache_read_input_tokens");
	written_of(o, u);
	u->input = fresh + u->cached + u->written_5m + u->written_1h;
	u->output = usage_member(u, o, "output_tokens");
	u->reasoning = usage_member(u, json_get(o, "output_tokens_details"), "thinking_tokens");
	u->web_searches =
	    usage_member(u, json_get(o, "server_tool_use"), "web_search_requests");
	tier_of(o, u);
	check_total(o, u, fresh);
}
