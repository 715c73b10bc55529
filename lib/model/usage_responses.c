/* SPDX-License-Identifier: MIT */
/* OpenAI's newer interfaces, responses and realtime, and the logs of Codex: cached and written
 * tokens lie inside the input. */
#include "model/usage_dialect.h"

static void
check_total(struct value o, struct usage *u)
{
	if (usage_has(o, "total_tokens") &&
	    usage_member(u, o, "total_tokens") != u->input + u->output)
		usage_flaw(u, "the total is not the sum of its parts");
}

static void
plain_counts(struct value o, struct usage *u)
{
	u->input = usage_member(u, o, "input_tokens");
	u->output = usage_member(u, o, "output_tokens");
}

void
usage_responses(struct value o, struct usage *u)
{
	struct value in = json_get(o, "input_tokens_details");
	struct value out = json_get(o, "output_tokens_details");

	u->dialect = "responses";
	plain_counts(o, u);
	u->cached = usage_member(u, in, "cached_tokens");
	u->written_5m = usage_member(u, in, "cache_write_tokens");
	u->audio_in = usage_member(u, in, "audio_tokens");
	u->image_in = usage_member(u, in, "image_tokens");
	u->reasoning = usage_member(u, out, "reasoning_tokens");
	u->audio_out = usage_member(u, out, "audio_tokens");
	u->image_out = usage_member(u, out, "image_tokens");
	u->web_searches =
	    usage_member(u, json_get(o, "server_tool_use"), "web_search_requests");
	check_total(o, u);
}

void
usage_realtime(struct value o, struct usage *u)
{
	struct value in = json_get(o, "input_token_details");
	struct value out = json_get(o, "output_token_details");
	struct value cached = json_get(in, "cached_tokens_details");

	u->dialect = "realtime";
	plain_counts(o, u);
	u->cached = usage_member(u, in, "cached_tokens");
	u->audio_in = usage_member(u, in, "audio_tokens");
	u->image_in = usage_member(u, in, "image_tokens");
	u->audio_cached = usage_member(u, cached, "audio_tokens");
	u->image_cached = usage_member(u, cached, "image_tokens");
	u->audio_out = usage_member(u, out, "audio_tokens");
	check_total(o, u);
}

/* Reasoning lies inside the output, or outside: the row's own total decides. */
void
usage_codex(struct value o, struct usage *u)
{
	u->dialect = "codex";
	plain_counts(o, u);
	u->cached = usage_member(u, o, "cached_input_tokens");
	u->reasoning = usage_member(u, o, "reasoning_output_tokens");
	if (usage_has(o, "total_tokens") &&
	    usage_member(u, o, "total_tokens") == u->input + u->output + u->reasoning)
		u->output += u->reasoning;
	check_total(o, u);
}
