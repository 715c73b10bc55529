/* SPDX-License-Identifier: MIT */
#include "cmd/llm-route/apply.h"

#include <inttypes.h>
#include <stdio.h>

#include "json/write.h"

/* What a kind of target refuses or ignores, by OpenAI's names. */
static const char *const reasoning_refuses[] = { "temperature", "top_p", "presence_penalty",
	"frequency_penalty", "logprobs", "top_logprobs", "logit_bias", "stop", NULL };
static const char *const anthropic_refuses[] = { "n", "seed", "logprobs", "top_logprobs",
	"logit_bias", "presence_penalty", "frequency_penalty", NULL };
static const char *const google_refuses[] = { "logit_bias", NULL };
static const char *const others_refuse[] = { "reasoning_effort", NULL };

static void
drop(struct decision *d, const char *name)
{
	for (size_t i = 0; i < d->dropped_count; i++)
		if (strcmp(d->dropped[i], name) == 0)
			return;
	if (d->dropped_count < sizeof(d->dropped) / sizeof(d->dropped[0]))
		d->dropped[d->dropped_count++] = name;
}

static void
drop_present(const struct request *q, struct decision *d, const char *const names[])
{
	for (size_t i = 0; names[i]; i++)
		if (json_type(request_parameter(q, names[i])) > JSON_NULL)
			drop(d, names[i]);
}

static void
list_dropped(const struct request *q, struct decision *d)
{
	const char *provider = d->model_facts.provider ? d->model_facts.provider : "";
	bool openai = strcmp(provider, "openai") == 0 || strcmp(provider, "azure") == 0;

	if (openai && d->model_facts.says_reasoning && d->model_facts.reasoning)
		drop_present(q, d, reasoning_refuses);
	if (strcmp(provider, "anthropic") == 0)
		drop_present(q, d, anthropic_refuses);
	if (strcmp(provider, "google") == 0)
		drop_present(q, d, google_refuses);
	if (d->model_facts.says_reasoning && !d->model_facts.reasoning)
		drop_present(q, d, others_refuse);
}

static struct slice
quoted(struct slice text, struct arena *a)
{
	struct buf b = { 0 };
	struct slice out;

	json_quote(&b, text);
	out = arena_copy(a, buf_slice(&b));
	buf_free(&b);
	return out;
}

/* Where the shape has no place for a model (Gemini's and Bedrock's lines) the job names it. */
static void
set_model(struct record *r, const struct request *q, const struct decision *d)
{
	struct slice raw;

	if (!d->model.ptr)
		return;
	raw = quoted(d->model, r->arena);
	if (json_type(q->model) == JSON_STRING) {
		if (!slice_eq(json_string(q->model, r->arena), d->model))
			edits_replace(r->edits, q->model, raw);
	} else if (q->shape != SHAPE_GEMINI && q->shape != SHAPE_BEDROCK) {
		edits_set(r->edits, q->body, "model", raw);
	}
}

static size_t
path_size(const char *const *path)
{
	size_t n = 0;

	while (path[n])
		n++;
	return n;
}

/* The cap of the rule where the user's is not lower; under the name that the new model takes.
 */
static void
set_cap(struct record *r, const struct request *q, struct decision *d)
{
	const char *const *now = NULL, *const *want = request_cap_path(q->api, d->known);
	struct value cap = request_cap(q, &now);
	uint64_t old = 0, limit = d->settings.max_tokens;
	bool has = json_type(cap) > JSON_NULL, renamed;
	struct slice raw;

	if (!want || (has && !json_whole(cap, &old)))
		return;
	/* within chat alone a model's cap has two names */
	renamed = has && !d->keep && q->api == API_CHAT && now &&
		  strcmp(now[0], want[0]) != 0 && strcmp(want[0], "max_completion_tokens") == 0;
	if (!renamed && (!limit || (has && old <= limit)))
		return;
	raw = has && (!limit || old <= limit) ? json_raw(cap)
					      : arena_printf(r->arena, "%" PRIu64, limit);
	if (renamed) {
		for (struct value m = json_first(q->body); json_type(m); m = json_next(m))
			if (json_is(m, now[0]))
				edits_remove(r->edits, m);
		edits_set(r->edits, q->body, want[0], raw);
	} else if (has) {
		edits_replace(r->edits, cap, raw);
	} else {
		edits_set_path(r->edits, q->body, want, path_size(want), raw);
	}
}

static void
set_effort(struct record *r, const struct request *q, struct decision *d)
{
	static const char *const responses[] = { "reasoning", "effort" };
	struct slice raw;

	if (!d->settings.effort.ptr)
		return;
	raw = quoted(d->settings.effort, r->arena);
	if (d->model_facts.says_reasoning && !d->model_facts.reasoning)
		drop(d, "effort");
	else if (q->api == API_CHAT)
		edits_set(r->edits, q->body, "reasoning_effort", raw);
	else if (q->api != API_RESPONSES ||
		 !edits_set_path(r->edits, q->body, responses, 2, raw))
		drop(d, "effort");
}

static void
set_service_tier(struct record *r, const struct request *q, struct decision *d)
{
	if (!d->settings.service_tier.ptr)
		return;
	if (q->api == API_CHAT || q->api == API_RESPONSES || q->api == API_MESSAGES)
		edits_set(r->edits, q->body, "service_tier",
		    quoted(d->settings.service_tier, r->arena));
	else
		drop(d, "service_tier");
}

void
apply_decision(struct record *r, const struct request *q, struct decision *d, bool observe)
{
	if (!d->keep)
		list_dropped(q, d);
	if (observe)
		return;
	set_model(r, q, d);
	set_cap(r, q, d);
	set_effort(r, q, d);
	set_service_tier(r, q, d);
}

static void
write_evidence(struct writer *w, const char *name, const struct found_words *e)
{
	write_name(w, name);
	write_array(w);
	for (size_t i = 0; i < e->count; i++)
		write_string(w, e->word[i]);
	write_array_end(w);
}

static void
write_slice(struct writer *w, const char *name, struct slice text)
{
	write_name(w, name);
	if (text.ptr)
		write_string(w, text);
	else
		write_null(w);
}

static void
write_money(struct writer *w, const struct decision *d)
{
	char text[64];

	write_name(w, "estimated_cost");
	write_z(w, d->priced ? usd_write(d->cost, text) : NULL);
	if (!d->priced) {
		write_name(w, "unpriced");
		write_z(w, d->unpriced);
	}
}

static void
write_decision(
    struct writer *w, const struct facts *f, const struct decision *d, struct slice asked)
{
	char share[8];

	write_object(w);
	write_slice(w, "task", f->task);
	write_name(w, "complexity");
	write_z(w, level_names[f->level]);
	write_slice(w, "model", d->model);
	write_slice(w, "asked", asked);
	write_name(w, "lane");
	write_z(w, lane_name(f->lane));
	write_money(w, d);
	snprintf(
	    share, sizeof(share), d->confidence >= 100 ? "1" : "0.%02u", d->confidence % 100);
	write_name(w, "confidence");
	write_raw(w, slice_z(share));
	write_slice(w, "reason", d->reason);
	write_slice(w, "rule", d->rule ? d->rule->name : (struct slice){ NULL, 0 });
	if (d->fallback) {
		write_name(w, "fallback");
		write_z(w, d->fallback);
	}
	write_name(w, "alternates");
	write_array(w);
	for (size_t i = 0; i < d->alternate_count; i++)
		write_string(w, d->alternates[i]);
	write_array_end(w);
	write_name(w, "dropped");
	write_array(w);
	for (size_t i = 0; i < d->dropped_count; i++)
		write_z(w, d->dropped[i]);
	write_array_end(w);
	write_name(w, "evidence");
	write_object(w);
	write_evidence(w, "task", &f->task_evidence);
	write_evidence(w, "complexity", &f->level_evidence);
	write_object_end(w);
	write_object_end(w);
}

void
apply_annotation(
    struct record *r, const struct facts *f, const struct decision *d, struct slice asked)
{
	static const char *const version[] = { "llm", "v" }, *const route[] = { "llm",
		"route" };
	struct buf b = { 0 };
	struct writer w = { &b, false };

	write_decision(&w, f, d, asked);
	edits_set_path(r->edits, r->root, version, 2, SLICE("1"));
	if (!edits_set_path(r->edits, r->root, route, 2, arena_copy(r->arena, buf_slice(&b))))
		record_reject(r, "the member llm is no object");
	buf_free(&b);
}
