/* SPDX-License-Identifier: MIT */
/* When a request goes out. */
#include "run.h"

#include "base/diag.h"
#include "base/mem.h"
#include "base/when.h"

#define IDLE 250 /* ms: how long a signal may stay unnoticed */

static void
on_begun(void *context)
{
	struct slot *slot = context;

	lead_begun(slot->run, slot, true);
}

static void
on_done(void *context, const struct http_answer *a)
{
	struct slot *slot = context;

	/* unless its answer had begun well */
	lead_begun(slot->run, slot, false);
	slot->run->flying--;
	slot->rate->flying--;
	run_conclude(slot->run, slot, a);
}

/* No call outlives the time at which its answer is of no use any more. */
int64_t
run_longest(const struct slot *slot)
{
	int64_t left;

	if (!slot->deadline)
		return 0;
	left = slot->deadline - when_now();
	return left < connect_max_time() ? (left > 1 ? left : 1) : 0;
}

static void
start(struct run *run, struct slot *slot)
{
	enum net_provider speaks = slot->wire == API_MESSAGES ? NET_ANTHROPIC
				   : slot->wire == API_GEMINI ? NET_GEMINI
							      : NET_OPENAI;
	struct http_call call = { .method = "POST",
		.url = slot->url,
		.headers = address_headers(slot->at, speaks),
		.body = buf_slice(&slot->body),
		.output = -1,
		.max_time = run_longest(slot),
		.begun = on_begun,
		.done = on_done,
		.context = slot };

	if (run->max_wait && !slot->attempts && when_ticks() - slot->taken > run->max_wait &&
	    !run->waited_long) {
		diag_warn("%s:%llu: waited longer than '--max-wait' before it was sent",
		    slot->file, (unsigned long long)slot->number);
		run->waited_long = true;
		status_raise(STATUS_NO);
	}
	if (group_fits(run, slot)) {
		group_start(run, slot);
		return;
	}
	slot->state = SLOT_FLYING;
	slot->attempts++;
	slot->here++;
	run->flying++;
	slot->rate->flying++;
	run->sent++;
	lead_sent(run, slot, when_ticks());
	run_state_mark(run->state, slot->key, true);
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
bucket_wait(const struct run *run, struct slot *slot, int64_t now)
{
	struct rate *rate = slot->rate;
	int64_t wait = rate->paused - now;

	if (wait > 0)
		return wait;
	if (rate->failures >= BREAKER && rate->flying)
		return IDLE;
	if ((wait = bucket_take(&rate->requests, 1, now)) != 0)
		return wait;
	wait = bucket_take(&rate->tokens, run_tokens(run, slot), now);
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
	bucket_return(&slot->rate->tokens, run_tokens(run, slot));
	if (*wait)
		return false;
	refused.attempts = slot->attempts;
	run_finish(run, slot, &refused);
	status_raise(STATUS_NO);
	return false;
}

/* Its time is over: nobody wants the answer any more. */
static bool
is_late(struct run *run, struct slot *slot)
{
	struct outcome o = { .code = "deadline",
		.class = "deadline",
		.attempts = slot->attempts,
		.why = "its deadline passed before it was sent" };

	if (!slot->deadline || when_now() < slot->deadline)
		return false;
	run_finish(run, slot, &o);
	return true;
}

/* Its model does not answer, and no other is left: true until the next call that tries it is
 * due, whose outcome is then waited for. */
static bool
is_down(struct run *run, struct slot *slot, int64_t now)
{
	struct outcome o = { .attempts = slot->attempts };

	do {
		const struct rate *rate = slot->rate;

		if (!rate->down[0] || (rate->paused <= now && !rate->flying))
			return false;
		o.code = o.class = rate->class;
		o.why = rate->down;
	} while (alternates_leave(run, slot, &o));
	if (slot->rate->paused <= now)
		return false;
	run_finish(run, slot, &o);
	return true;
}

/* True if the slot is dealt with; else *wait says when to look again. */
static bool
try_start(struct run *run, struct slot *slot, int64_t now, int64_t *wait)
{
	if (is_late(run, slot) || is_down(run, slot, now))
		return true;
	if (slot->not_before > now) {
		*wait = slot->not_before - now;
		return false;
	}
	alternates_skip(run, slot);
	/* first come, first served among the requests of one model */
	if (slot->rate->blocked == run->round)
		return false;
	if (group_fits(run, slot) && !group_ready(run, slot, now, wait))
		return false;
	*wait = lead_wait(run, slot, now);
	if (*wait)
		return false;
	*wait = bucket_wait(run, slot, now);
	if (*wait > 0) {
		slot->rate->blocked = run->round;
		run->blocked++;
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

static void
look_at(struct run *run, struct slot *slot, int64_t now, int64_t *least)
{
	int64_t wait = IDLE;

	if (slot->state == SLOT_WAITING && !try_start(run, slot, now, &wait) && wait < *least)
		*least = wait;
}

int64_t
run_start(struct run *run)
{
	int64_t now = when_ticks(), least = IDLE;

	if (!hours_now(run->hours))
		return IDLE;
	run->round++;
	run->blocked = 0;
	if (run->prioritised) {
		for (struct slot **s = order_window(run); *s && run->flying < run->parallel;
		     s++)
			look_at(run, *s, now, &least);
	} else {
		while (run->waiting && run->waiting->state != SLOT_WAITING)
			run->waiting = run->waiting->next;
		/* one that has a choice may go where nobody went yet */
		for (struct slot *slot = run->waiting, *next;
		     slot && run->flying < run->parallel &&
		     (run->choices || run->blocked < run->models.count);
		     slot = next) {
			next = slot->next;
			look_at(run, slot, now, &least);
		}
	}
	return least < 1 ? 1 : least;
}

struct rate *
run_rate(struct run *run, const struct address *at, struct slice model)
{
	struct buf key = { 0 };
	bool added;
	size_t i;

	if (at->named) {
		buf_add(&key, slice_z(at->name));
		buf_add_byte(&key, '\n');
	}
	buf_add(&key, model);
	i = hash_map_add(&run->models, buf_slice(&key), &added);
	buf_free(&key);
	if (added) {
		run->rates = mem_grow(run->rates, i + 1, sizeof(*run->rates));
		run->rates[i] = mem_zero(sizeof(**run->rates));
		bucket_open(&run->rates[i]->requests, run->rpm, when_ticks());
		bucket_open(&run->rates[i]->tokens, run->tpm, when_ticks());
	}
	return run->rates[i];
}
