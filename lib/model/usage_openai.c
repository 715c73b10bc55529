/* SPDX-License-Identifier: MIT */
/* Chat completions and all that copy them: cached and written tokens lie inside the prompt,
 * reasoning inside the completion, except where the row's own total says otherwise. */
#include "model/usage_dialect.h"

/* The cached part of the prompt has a name of its own almost everywhere. */
static uint64_t
cached_of(const struct usage_object *o, const struct usage_details *in, struct usage *u)
{
	static const enum usage_name place[] = { U_CACHED_TOKENS, U_NUM_CACHED, U_CACHE_HIT,
		U_CACHE_READ };
	const uint64_t elsewhere = MEMBER(U_CACHED_TOKENS) | MEMBER(U_NUM_CACHED) |
				   MEMBER(U_CACHE_HIT) | MEMBER(U_CACHE_READ);
	uint64_t cached = usage_detail(u, in, D_CACHED);

	if (!(o->seen & elsewhere))
		return cached;
	for (size_t i = 0; i < sizeof(place) / sizeof(*place); i++) {
		uint64_t n = usage_number(u, o, place[i]);

		if (n && cached && n != cached)
			usage_flaw(u, "two cached counts that differ");
		cached = cached ? cached : n;
	}
	return cached;
}

static void
written_of(const struct usage_object *o, const struct usage_details *in, struct usage *u)
{
	uint64_t written = usage_detail(u, in, D_CACHE_WRITE);

	if (!written)
		written = usage_detail(u, in, D_CACHE_CREATION);
	if (!written)
		written = usage_number(u, o, U_CACHE_CREATION_TOKENS);
	if (in->seen & MEMBER(D_CACHE_CREATION_SPLIT))
		u->written_1h = usage_member(
		    u, in->at[D_CACHE_CREATION_SPLIT], "ephemeral_1h_input_tokens");
	if (u->written_1h > written)
		usage_flaw(u, "cache writes are not the sum of their parts");
	else
		u->written_5m = written - u->written_1h;
}

/* xAI: reasoning stands beside the completion. The total tells; without one the name does. */
static bool
reasoning_outside(const struct usage_object *o, const struct usage *u, uint64_t total)
{
	struct slice model = json_string_raw(u->model);

	if (!u->reasoning)
		return false;
	if (usage_said(o, U_TOTAL_TOKENS))
		return total == u->input + u->output + u->reasoning;
	return u->reasoning > u->output ||
	       (model.ptr &&
		   (slice_starts(model, SLICE("grok-")) || slice_starts(model, SLICE("xai/"))));
}

/* Gemini: thinking stands beside the completion, in the total alone. No other model's gap is
 * known to be output. */
static bool
thinking_outside(const struct usage *u, uint64_t total)
{
	struct slice model = json_string_raw(u->model);

	for (size_t i = slice_find(model, '/'); i < model.len; i = slice_find(model, '/'))
		model = slice_drop(model, i + 1);
	return total > u->input + u->output && !u->reasoning &&
	       slice_starts(model, SLICE("gemini-"));
}

/* Gateways that write Anthropic's counts under OpenAI's names: a prompt smaller than what
 * was read and written proves that it excludes both. */
static bool
prompt_excludes(const struct usage_object *o, const struct usage *u)
{
	bool anthropic = usage_said(o, U_CACHE_READ) || usage_said(o, U_CACHE_CREATION_TOKENS);

	return anthropic && u->input < u->cached + u->written_5m + u->written_1h;
}

void
usage_openai(const struct usage_object *o, struct usage *u)
{
	const struct usage_details *in = &o->in, *out = &o->out;
	uint64_t total = usage_number(u, o, U_TOTAL_TOKENS), sent;

	u->dialect = "openai";
	sent = u->input = usage_number(u, o, U_PROMPT_TOKENS);
	u->output = usage_number(u, o, U_COMPLETION_TOKENS);
	u->cached = cached_of(o, in, u);
	written_of(o, in, u);
	u->audio_in = usage_detail(u, in, D_AUDIO);
	u->image_in = usage_detail(u, in, D_IMAGE);
	if (out->seen) {
		u->reasoning = usage_detail(u, out, D_REASONING);
		u->audio_out = usage_detail(u, out, D_AUDIO);
		u->image_out = usage_detail(u, out, D_IMAGE);
	}
	if (o->seen & MEMBER(U_SERVER_TOOLS))
		u->web_searches = usage_member(u, o->at[U_SERVER_TOOLS], "web_search_requests");
	if (reasoning_outside(o, u, total))
		u->output += u->reasoning;
	if (prompt_excludes(o, u))
		u->input += u->cached + u->written_5m + u->written_1h;
	if (total != u->input + u->output && thinking_outside(u, total)) {
		u->reasoning = total - u->input - u->output;
		u->output += u->reasoning;
	}
	if (usage_said(o, U_TOTAL_TOKENS) && total != u->input + u->output &&
	    total != sent + u->output)
		usage_flaw(u, "the total is not the sum of its parts");
}
