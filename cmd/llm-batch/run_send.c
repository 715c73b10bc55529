/* SPDX-License-Identifier: MIT */
/* When a request goes out, and what its answer means: done, again later, or never. */
#include "run.h"

#include "base/diag.h"
#include "base/when.h"
#include "result.h"

#define IDLE 250 /* ms: how long a signal may stay unnoticed */

static bool
is_answer(struct run *run, struct slice body, const char **fault)
{
	const char *why;
	size_t where;

	*fault = NULL;
	if (!json_scan(&run->json, body, &why, &where) ||
	    json_type(json_root(&run->json)) != JSON_OBJECT)
		*fault = "invalid_answer";
	else if (json_type(json_get(json_root(&run->json), "error")) > JSON_NULL)
		*fault = "error";
	return !*fault;
}

static void
take_answer(struct slot *slot, const struct http_answer *a, struct outcome *o)
{
	*o = (struct outcome){ .status = a->status,
		.attempts = slot->attempts,
		.latency_ms = a->total_ms,
		.first_byte_ms = a->first_byte_ms,
		.request_id = a->request_id };
	if (a->outcome != HTTP_ANSWERED) {
		o->status = 0;
		o->code = a->timed_out                  ? "timeout"
			  : a->outcome == HTTP_NOT_SENT ? "not_sent"
							: "connection";
		o->class = a->timed_out ? "timeout" : "connection";
		o->why = a->error ? a->error : "no answer came";
		return;
	}
	o->body = a->body;
	o->why = "the provider answered with an error";
	if (a->status < 200 || a->status > 299) {
		o->class = result_class(a->status);
		return;
	}
	o->good = is_answer(slot->run, a->body, &o->code);
	if (o->good)
		o->class = result_ending(slot->api, json_root(&slot->run->json));
	else
		o->class = "error";
	if (o->code && strcmp(o->code, "invalid_answer") == 0) {
		o->class = "invalid_answer";
		o->why = "the answer is no JSON object";
		o->body = slice_of(NULL, 0);
	}
}

static bool
worth_repeating(const struct outcome *o)
{
	if (o->good)
		return false;
	if (o->code)
		return strcmp(o->code, "error") != 0;
	return retry_status(o->status);
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

static void
on_done(void *context, const struct http_answer *a)
{
	struct slot *slot = context;
	struct run *run = slot->run;
	struct outcome o;
	bool told;

	run->flying--;
	take_answer(slot, a, &o);
	told = a->outcome == HTTP_ANSWERED && a->retry_after >= 0;
	if (worth_repeating(&o) && slot->attempts <= run->retries) {
		slot->state = SLOT_WAITING;
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
	run_finish(run, slot, &o);
	run_limit_settle(run->limit, slot, &o);
}

static void
start(struct run *run, struct slot *slot)
{
	enum net_provider speaks = slot->api == API_MESSAGES ? NET_ANTHROPIC
				   : slot->api == API_GEMINI ? NET_GEMINI
							     : NET_OPENAI;
	struct http_call call = { .method = "POST",
		.url = slot->url,
		.headers = connect_headers(speaks),
		.body = buf_slice(&slot->body),
		.output = -1,
		.done = on_done,
		.context = slot };

	slot->state = SLOT_FLYING;
	slot->attempts++;
	run->flying++;
	run->sent++;
	http_start(run->http, &call);
}

static void
refuse_for_good(struct run *run, struct slot *slot)
{
	struct outcome o = { .code = "rate_limit",
		.class = "rate_limit",
		.attempts = slot->attempts,
		.why = "the request is larger than --tpm allows in a minute" };

	run_finish(run, slot, &o);
}

/* 0: it may go now. Else milliseconds to wait. */
static int64_t
bucket_wait(struct slot *slot, int64_t now)
{
	struct rate *rate = slot->rate;
	int64_t wait = rate->paused - now;

	if (wait > 0)
		return wait;
	if ((wait = bucket_take(&rate->requests, 1, now)) != 0)
		return wait;
	wait = bucket_take(&rate->tokens, slot->tokens, now);
	if (wait != 0)
		bucket_return(&rate->requests, 1);
	return wait;
}

/* False where the ledger has no room: for now (*wait), or for good, and then it is finished. */
static bool
within_limit(struct run *run, struct slot *slot, int64_t *wait)
{
	struct outcome refused;

	if (run_limit_reserve(run->limit, slot, connect_max_time(), wait, &refused))
		return true;
	bucket_return(&slot->rate->requests, 1);
	bucket_return(&slot->rate->tokens, slot->tokens);
	if (*wait)
		return false;
	refused.attempts = slot->attempts;
	run_finish(run, slot, &refused);
	status_raise(STATUS_NO);
	return false;
}

/* True if the slot is dealt with; else *wait says when to look again. */
static bool
try_start(struct run *run, struct slot *slot, int64_t now, int64_t *wait)
{
	if (slot->not_before > now) {
		*wait = slot->not_before - now;
		return false;
	}
	/* first come, first served among the requests of one model */
	if (slot->rate->blocked == run->round)
		return false;
	*wait = bucket_wait(slot, now);
	if (*wait > 0) {
		slot->rate->blocked = run->round;
		return false;
	}
	if (*wait < 0)
		refuse_for_good(run, slot);
	else if (within_limit(run, slot, wait))
		start(run, slot);
	else if (*wait)
		return false;
	return true;
}

int64_t
run_start(struct run *run)
{
	int64_t now = when_ticks(), least = IDLE, wait;

	run->round++;
	for (struct slot *slot = run->head; slot && run->flying < run->parallel;
	     slot = slot->next) {
		wait = IDLE;
		if (slot->state == SLOT_WAITING && !try_start(run, slot, now, &wait) &&
		    wait < least)
			least = wait;
	}
	return least < 1 ? 1 : least;
}
