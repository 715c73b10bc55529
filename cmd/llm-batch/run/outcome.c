/* SPDX-License-Identifier: MIT */
/* What the answer of a call means: done, again later, or never; and what it says of the model.
 */
#include "run.h"

#include <ctype.h>
#include <stdio.h>

#include "base/diag.h"
#include "base/when.h"
#include "../result.h"

#define BREAKER_LEAST 500       /* ms */
#define BREAKER_CAP (60 * 1000) /* ms at most, and --max-time */

/* What was answered in part may be billed: it is named, not asked for again. */
static bool
broke_off(const struct http_answer *a)
{
	return a->outcome == HTTP_UNKNOWN && a->status >= 200 && a->status <= 299 &&
	       a->body.len > 0;
}

/* The status, and the word by which the provider names the error; its message may repeat the
 * prompt. */
static void
name_error(struct slot *slot, struct outcome *o)
{
	static const char *const names[] = { "code", "status", "type" };
	struct json *json = &slot->run->json;
	struct slice word = SLICE("");
	const char *why;
	size_t where;

	if (json_scan(json, o->body, &why, &where))
		for (size_t i = 0; i < 3 && !word.len; i++)
			word = json_string_raw(
			    json_get(json_get(json_root(json), "error"), names[i]));
	for (size_t i = 0; i < word.len; i++)
		if (word.len > 40 ||
		    !(isalnum((unsigned char)word.ptr[i]) || word.ptr[i] == '_'))
			word = SLICE("");
	snprintf(o->why_text, sizeof(o->why_text), "the provider answered with status %u%s%.*s",
	    o->status, word.len ? ", " : "", SLICE_ARG(word));
	o->why = o->why_text;
}

bool
outcome_says(const struct outcome *o, const char *const words[])
{
	for (size_t i = 0; o->body.ptr && words[i]; i++)
		if (memmem(o->body.ptr, o->body.len, words[i], strlen(words[i])))
			return true;
	return false;
}

/* As OpenAI, Anthropic, Gemini, Bedrock and servers of OpenAI's kind say it. */
static bool
is_too_long(const struct outcome *o)
{
	static const char *const words[] = { "context_length", "context length",
		"prompt is too long", "too many tokens", "maximum number of tokens",
		"nput is too long", NULL };

	return (o->status == 400 || o->status == 413) && outcome_says(o, words);
}

static void
take_answer(struct slot *slot, const struct http_answer *a, struct outcome *o)
{
	*o = (struct outcome){ .status = a->status,
		.attempts = slot->attempts,
		.latency_ms = a->total_ms,
		.first_byte_ms = a->first_byte_ms,
		.model = slot->models && !slot->models[slot->model_at].asked
			     ? alternates_name(slot)
			     : NULL,
		.request_id = a->request_id };
	if (a->outcome != HTTP_ANSWERED) {
		o->status = 0;
		o->code = a->timed_out                  ? "timeout"
			  : a->outcome == HTTP_NOT_SENT ? "not_sent"
							: "connection";
		o->class = a->timed_out ? "timeout" : "connection";
		if (broke_off(a))
			o->code = o->class = "cut";
		o->why = a->error ? a->error : "no answer came";
		return;
	}
	o->body = a->body;
	if (a->status < 200 || a->status > 299) {
		o->class = is_too_long(o) ? "context" : result_class(a->status);
		name_error(slot, o);
		return;
	}
	o->why = "the provider answered with an error";
	o->good = run_read(slot->run, slot, o);
	if (o->good)
		o->class = result_ending(slot->api, json_root(&slot->run->json));
}

/* An answer came, wholly or in part, whatever it is worth. */
static bool
was_answered(const struct outcome *o)
{
	static const char *const codes[] = { "cut", "invalid_answer", "error", "untranslatable",
		NULL };

	for (size_t i = 0; o->code && codes[i]; i++)
		if (strcmp(o->code, codes[i]) == 0)
			return true;
	return o->good;
}

static bool
worth_repeating(const struct outcome *o)
{
	return !was_answered(o) && result_again(slice_z(o->class));
}

/* A provider that says when: nothing of that model goes before. A tenth on top keeps many
 * waiting calls from arriving in the same instant. */
static bool
wait_as_told(struct slot *slot, int64_t told)
{
	int64_t now = when_ticks(), until;

	if (told > connect_max_time())
		return false;
	until = now + told;
	if (until > slot->rate->paused)
		slot->rate->paused = until;
	slot->not_before = until + backoff_ms(1) * told / 5000;
	return true;
}

static int64_t
longest_pause(void)
{
	return connect_max_time() < BREAKER_CAP ? connect_max_time() : BREAKER_CAP;
}

/* "provider: model: what happened, at last so: the last failure: what follows" */
static struct slice
tell_failures(struct slot *slot, const struct outcome *o, const char *what, const char *then)
{
	struct arena *a = &slot->run->arena;

	return arena_printf(a, "%s%s%s: %s, at last so: %s: %s", slot->at->name,
	    slot->models ? ": " : "",
	    slot->models ? diag_clean(slice_z(alternates_name(slot))) : "", what,
	    net_mask(slice_z(o->why), a).ptr, then);
}

/* It has failed for --outage: what wants this model is not kept waiting. */
static void
give_up(struct slot *slot, const struct outcome *o, int64_t elapsed)
{
	struct rate *rate = slot->rate;
	char since[25];

	when_write(when_now() - elapsed, since);
	snprintf(
	    rate->down, sizeof(rate->down), "the provider has only failed since %s", since);
	diag_warn("%s", tell_failures(slot, o, rate->down,
			    "what waits for it fails; one call at a time still tries it")
			    .ptr);
}

/* The call was ended because its record's time was over: that says nothing of the provider. */
static bool
ran_late(const struct slot *slot, const struct outcome *o)
{
	return !o->status && slot->deadline && when_now() >= slot->deadline;
}

/* A provider that fails again and again is left alone for as long as it has failed; then one
 * call at a time tries whether it is back. One that tells when (told, ms; else negative) is
 * taken at its word. */
static void
judge_model(struct slot *slot, const struct outcome *o, int64_t told)
{
	struct rate *rate = slot->rate;
	int64_t now = when_ticks(), cap = longest_pause(), pause;
	int64_t outage = slot->run->outage ? slot->run->outage : cap;

	if ((o->status && o->status < 500) || was_answered(o)) {
		rate->failures = 0;
		rate->down[0] = '\0';
		return;
	}
	if (ran_late(slot, o))
		return;
	if (!rate->failures || told >= 0)
		rate->failing = now + (told > 0 ? told : 0);
	rate->class = o->class;
	if (++rate->failures < BREAKER)
		return;
	pause = now - rate->failing;
	if (rate->failures == BREAKER)
		diag_note("%s", tell_failures(slot, o, "8 calls in a row failed",
				    "one at a time from here on")
				    .ptr);
	if (pause >= outage && !rate->down[0])
		give_up(slot, o, pause);
	pause = pause < BREAKER_LEAST ? BREAKER_LEAST : pause;
	pause = pause < cap ? pause : cap;
	if (now + pause > rate->paused)
		rate->paused = now + pause;
}

/* ms until what was used up is back for one more call; the provider tells when all of it is. */
static int64_t
refill(const struct http_rates *told, size_t i, uint64_t need)
{
	uint64_t limit = told->limit[i] > 0 ? (uint64_t)told->limit[i] : 0;
	int64_t one = need < limit ? (int64_t)(60000 * need / limit) + 1 : 60000;

	return one < told->reset[i] ? one : told->reset[i];
}

/* What is left when the calls that are on their way have been counted too. */
static uint64_t
unspoken(struct slot *slot, int64_t left, size_t i)
{
	uint64_t each = i == 0 ? 1 : run_tokens(slot->run, slot);
	uint64_t taken = each * slot->rate->flying;

	return (uint64_t)left > taken ? (uint64_t)left - taken : 0;
}

/* Limits that the provider tells, where the user told none. dated: it also says when to come.
 */
static void
learn(struct run *run, struct slot *slot, const struct http_rates *told, bool dated)
{
	struct rate *rate = slot->rate;
	struct bucket *buckets[] = { &rate->requests, &rate->tokens };
	uint64_t given[] = { run->rpm, run->tpm };
	int64_t now = when_ticks();

	for (size_t i = 0; i < 2; i++) {
		if (told->limit[i] > 0 && !given[i] &&
		    buckets[i]->per_minute != (uint64_t)told->limit[i]) {
			bucket_open(buckets[i], (uint64_t)told->limit[i], now);
			if (told->left[i] >= 0)
				bucket_lower(buckets[i], unspoken(slot, told->left[i], i));
			rate->learned[i] = true;
		}
		if (told->left[i] == 0 && told->reset[i] > 0 && !dated) {
			int64_t until =
			    now + refill(told, i, i == 0 ? 1 : run_tokens(run, slot));

			if (until > rate->paused)
				rate->paused = until;
		}
	}
}

void
run_again(struct run *run, struct slot *slot)
{
	slot->state = SLOT_WAITING;
	run_state_mark(run->state, slot->key, false);
	if (!run->waiting || slot->order < run->waiting->order)
		run->waiting = slot;
}

/* Its call only tried whether the model is back, in an outage that is waited for. */
static bool
sits_out(const struct slot *slot)
{
	return slot->run->outage && slot->run->retries && slot->rate->failures >= BREAKER &&
	       !slot->rate->down[0];
}

static void
conclude(struct run *run, struct slot *slot, const struct outcome *o)
{
	run_finish(run, slot, o);
	run_limit_settle(run->limit, slot, o);
	progress_bill(run->progress, slot);
}

void
run_conclude(struct run *run, struct slot *slot, const struct http_answer *a)
{
	struct outcome o;
	bool told = a->outcome == HTTP_ANSWERED && a->retry_after >= 0;

	take_answer(slot, a, &o);
	judge_model(slot, &o, told ? a->retry_after : -1);
	alternates_judge(run, slot, &o);
	if (a->outcome == HTTP_ANSWERED)
		learn(run, slot, &a->rates, told);
	if (!was_answered(&o) && slot->attempts <= run->retries && slot->model_count) {
		struct rate *was = slot->rate;

		if (told && o.status == 429 && a->retry_after <= connect_max_time() &&
		    when_ticks() + a->retry_after > was->paused)
			was->paused = when_ticks() + a->retry_after;
		run_limit_settle(run->limit, slot, &o);
		if (alternates_next(run, slot, &o)) {
			run_again(run, slot);
			diag_detail("%s:%llu: attempt %u: %s: on to '%s'", slot->file,
			    (unsigned long long)slot->number, slot->attempts, o.class,
			    diag_clean(slice_z(alternates_name(slot))));
			return;
		}
	}
	if (worth_repeating(&o) && (slot->attempts <= run->retries || sits_out(slot))) {
		run_again(run, slot);
		slot->not_before = when_ticks() + backoff_ms(slot->attempts);
		if (!told || wait_as_told(slot, a->retry_after)) {
			run_limit_settle(run->limit, slot, &o);
			diag_detail("%s:%llu: attempt %u: %s", slot->file,
			    (unsigned long long)slot->number, slot->attempts,
			    o.code ? o.code : o.class);
			return;
		}
		o.why = "the provider asks for a longer wait than --max-time";
	}
	conclude(run, slot, &o);
}
