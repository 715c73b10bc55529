/* SPDX-License-Identifier: MIT */
/* Chat completions and all that copy them: cached and written tokens lie inside the prompt,
 * reasoning inside the completion, except where the row's own total says otherwise. */
#include "model/usage_dialect.h"

/* The cached part of the prompt has a name of its own almost everywhere. */
static uint64_t
cached_of(struct value o, struct value details, struct usage *u)
{
	const struct value place[] = { json_get(details, "cached_tokens"),
		json_get(o, "cached_tokens"), json_get(o, "num_cached_tokens"),
		json_get(o, "prompt_cache_hit_tokens"),
		json_get(o, "cache_read_input_tokens") };
	uint64_t cached = 0;

	for (size_t i = 0; i < sizeof(place) / sizeof(*place); i++) {
		uint64_t n = usage_count(u, place[i]);

		if (n && cached && n != cached)
			usage_flaw(u, "two cached counts that differ");
		cached = cached ? cached : n;
	}
	return cached;
}

static void
written_of(struct value o, struct value details, struct usage *u)
{
	struct value split = json_get(details, "cache_creation_token_details");
	uint64_t written = usage_member(u, details, "cache_write_tokens");

	if (!written)
		written = usage_member(u, details, "cache_creation_tokens");
	if (!written)
		written = usage_member(u, o, "cache_creation_input_tokens");
	u->written_1h = usage_member(u, split, "ephemeral_1h_input_tokens");
	if (u->written_1h > written)
		usage_flaw(u, "cache writes are not the sum of their parts");
	else
		u->written_5m = written - u->written_1h;
}

/* xAI: reasoning stands beside the completion. The total tells; without one the name does. */
static bool
reasoning_outside(struct value o, const struct usage *u, uint64_t total)
{
	struct slice model = json_string_raw(u->model);

	if (!u->reasoning)
		return false;
	if (usage_has(o, "total_tokens"))
		return total == u->input + u->output + u->reasoning;
	return u->reasoning > u->output ||
	       (model.ptr &&
		   (slice_starts(model, SLICE("grok-")) || slice_starts(model, SLICE("xai/"))));
}

/* Gateways that write Anthropic's counts under OpenAI's names: a prompt smaller than what
 * was read and written proves that it excludes both. */
static bool
prompt_excludes(struct value o, const struct usage *u)
{
	bool anthropic = usage_has(o, "cache_read_input_tokens") ||
			 usage_has(o, "cache_creation_input_tokens");

	return anthropic && u->input < u->cached + u->written_5m + u->written_1h;
}

void
usage_openai(struct value o, struct usage *u)
{
	struct value in = json_get(o, "prompt_tokens_details");
	struct value out = json_get(o, "completion_tokens_details");
	uint64_t total = usage_member(u, o, "total_tokens"), sent;

	u->dialect = "openai";
	sent = u->input = usage_member(u, o, "prompt_tokens");
	u->output = usage_member(u, o, "completion_tokens");
	u->cached = cached_of(o, in, u);
	written_of(o, in, u);
	u->audio_in = usage_member(u, in, "audio_tokens");
	u->image_in = usage_member(u, in, "image_tokens");
	u->reasoning = usage_member(u, out, "reasoning_tokens");
	u->audio_out = usage_member(u, out, "audio_tokens");
	u->image_out = usage_member(u, out, "image_tokens");
	u->web_searches =
	    usage_member(u, json_get(o, "server_tool_use"), "web_search_requests");
	if (reasoning_outside(o, u, total))
		u->output += u->reasoning;
	if (prompt_excludes(o, u))
		u->input += u->cached + u->written_5m + u->written_1h;
	if (usage_has(o, "total_tokens") && total != u->input + u->output &&
	    total != sent + u->output)
		usage_flaw(u, "the total is not the sum of its parts");
}
