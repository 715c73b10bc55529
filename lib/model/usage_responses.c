/* SPDX-License-Identifier: MIT */
/* OpenAI's newer interfaces, responses and realtime, and the logs of Codex: cached and written
 * tokens lie inside the input. */
#include "model/usage_dialect.h"

static void
check_total(const struct usage_object *o, struct usage *u)
{
	if (usage_said(o, U_TOTAL_TOKENS) &&
	    usage_number(u, o, U_TOTAL_TOKENS) != u->input + u->output)
		usage_flaw(u, "the total is not the sum of its parts");
}

static void
plain_counts(const struct usage_object *o, struct usage *u)
{
	u->input = usage_number(u, o, U_INPUT_TOKENS);
	u->output = usage_number(u, o, U_OUTPUT_TOKENS);
}

void
usage_responses(const struct usage_object *o, struct usage *u)
{
	const struct usage_details *in = &o->in, *out = &o->out;

	u->dialect = "responses";
	plain_counts(o, u);
	u->cached = usage_detail(u, in, D_CACHED);
	u->written_5m = usage_detail(u, in, D_CACHE_WRITE);
	u->audio_in = usage_detail(u, in, D_AUDIO);
	u->image_in = usage_detail(u, in, D_IMAGE);
	u->reasoning = usage_detail(u, out, D_REASONING);
	u->audio_out = usage_detail(u, out, D_AUDIO);
	u->image_out = usage_detail(u, out, D_IMAGE);
	u->web_searches = usage_member(u, usage_at(o, U_SERVER_TOOLS), "web_search_requests");
	check_total(o, u);
}

/* The same container did no earlier call of this answer. */
static bool
new_container(struct value output, struct value call)
{
	struct slice id = json_raw(json_get(call, "container_id"));

	for (struct value item = json_first(output); item.entry != call.entry;
	     item = json_next(item))
		if (json_is(json_get(item, "type"), "code_interpreter_call") &&
		    slice_eq(json_raw(json_get(item, "container_id")), id))
			return false;
	return true;
}

void
usage_searches(struct value output, struct usage *u)
{
	if (json_type(output) != JSON_ARRAY)
		return;
	for (struct value item = json_first(output); json_type(item); item = json_next(item)) {
		struct value type = json_get(item, "type"), action;

		if (json_is(type, "file_search_call"))
			u->file_searches++;
		if (json_is(type, "code_interpreter_call"))
			u->containers += new_container(output, item);
		if (!json_is(type, "web_search_call"))
			continue;
		/* opening a page and looking in it are no search */
		action = json_get(json_get(item, "action"), "type");
		u->web_searches +=
		    json_type(action) != JSON_STRING || json_is(action, "search");
	}
}

void
usage_realtime(const struct usage_object *o, struct usage *u)
{
	const struct usage_details *in = &o->in, *out = &o->out;
	struct usage_details cached = { 0 };

	if (in->seen & MEMBER(D_CACHED_SPLIT))
		usage_details(in->at[D_CACHED_SPLIT], &cached);
	u->dialect = "realtime";
	plain_counts(o, u);
	u->cached = usage_detail(u, in, D_CACHED);
	u->audio_in = usage_detail(u, in, D_AUDIO);
	u->image_in = usage_detail(u, in, D_IMAGE);
	u->audio_cached = usage_detail(u, &cached, D_AUDIO);
	u->image_cached = usage_detail(u, &cached, D_IMAGE);
	u->audio_out = usage_detail(u, out, D_AUDIO);
	check_total(o, u);
}

/* Reasoning lies inside the output, or outside: the row's own total decides. */
void
usage_codex(const struct usage_object *o, struct usage *u)
{
	u->dialect = "codex";
	plain_counts(o, u);
	u->cached = usage_number(u, o, U_CODEX_CACHED);
	u->reasoning = usage_number(u, o, U_CODEX_REASONING);
	if (usage_said(o, U_TOTAL_TOKENS) &&
	    usage_number(u, o, U_TOTAL_TOKENS) == u->input + u->output + u->reasoning)
		u->output += u->reasoning;
	check_total(o, u);
}
