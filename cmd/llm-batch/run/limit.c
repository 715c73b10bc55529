/* SPDX-License-Identifier: MIT */
/* The ledger of --limit: an attempt is reserved at its worst before it goes out, and settled at
 * what it was when it is back. */
#include <stdlib.h>

#include "base/diag.h"
#include "base/mem.h"
#include "base/when.h"
#include "budget/call.h"
#include "budget/ledger.h"
#include "run.h"
#include "store/store.h"

/* What a lease is longer than the longest call: the clock of a crash starts behind it. */
#define SPARE ((int64_t)60000)

struct run_limit {
	const char *name;
	struct ledger *ledger;
	struct json json;
	struct arena arena;
};

struct run_limit *
run_limit_open(const char *name)
{
	struct run_limit *l = mem_zero(sizeof *l);
	const char *why;

	l->name = store_shown(name);
	l->ledger = ledger_open(name, LEDGER_WRITE, &why);
	if (!l->ledger)
		diag_die(STATUS_FAILED, "%s %s", l->name, why);
	return l;
}

void
run_limit_close(struct run_limit *l)
{
	if (!l)
		return;
	ledger_close(l->ledger);
	json_free(&l->json);
	arena_close(&l->arena);
	free(l);
}

/* The slot's line as a call. */
static void
call_read(struct run_limit *l, const struct slot *slot, struct request *request,
    struct budget_call *call)
{
	const char *why;
	size_t where;

	arena_reset(&l->arena);
	if (!json_scan(&l->json, buf_slice(&slot->line), &why, &where))
		diag_die(STATUS_FAILED, "a line changed in memory: %s", why);
	request_read(&l->json, request);
	*call = (struct budget_call){ .request = request,
		.model = models_resolve(request_model(request, &l->arena)),
		.provider = address_priced(slot->at),
		.arena = &l->arena };
	if (slot->models)
		call->model = models_resolve(slice_z(slot->models[slot->model_at].sent));
}

bool
run_limit_reserve(struct run_limit *l, struct slot *slot, int64_t longest, int64_t *wait,
    struct outcome *refused)
{
	unsigned char digest[DIGEST_SIZE];
	struct ledger_amount worst = { .calls = 1 };
	struct budget_call call;
	struct request request;
	const char *why = NULL;

	*wait = 0;
	*refused = (struct outcome){ .code = "limit", .class = "limit" };
	if (!l)
		return true;
	call_read(l, slot, &request, &call);
	if (!budget_worst(&call, &worst.usd, &worst.tokens, &why)) {
		refused->why = why;
		return false;
	}
	digest_of(buf_slice(&slot->body), digest);
	switch (ledger_reserve(l->ledger, budget_call_value, &call, &worst,
	    slot->attempts ? NULL : digest,
	    longest > INT64_MAX - SPARE ? INT64_MAX : longest + SPARE, &slot->hold, &why)) {
	case LEDGER_GRANTED: return true;
	case LEDGER_HELD: *wait = 50; return false;
	case LEDGER_REFUSED: refused->why = why; return false;
	case LEDGER_FAILED: break;
	}
	diag_die(STATUS_FAILED, "%s %s", l->name, why);
}

static void
settle(struct run_limit *l, struct slot *slot, const struct ledger_amount *actual)
{
	const char *why = NULL;
	bool known;

	if (!ledger_settle(l->ledger, slot->hold, actual, &known, &why) && known)
		diag_die(STATUS_FAILED, "%s %s", l->name, why);
	slot->hold = 0;
}

/* What the answer on the line was billed; false where that is not known. */
static bool
billed(struct run_limit *l, const struct slot *slot, struct ledger_amount *amount)
{
	struct price_query q = { .when = when_now() };
	struct budget_call call;
	struct request request;
	struct usage usage;
	struct bill bill;

	call_read(l, slot, &request, &call);
	if (!usage_read(&request, &usage))
		return false;
	q.model = call.model;
	q.provider = call.provider;
	bill_usage(&q, &usage, &bill);
	amount->usd = bill.usd;
	amount->tokens = usage.input + usage.output;
	return bill.priced;
}

void
run_limit_settle(struct run_limit *l, struct slot *slot, const struct outcome *o)
{
	struct ledger_amount amount = { .calls = 1 };

	if (!l || !slot->hold)
		return;
	if (o->code && strcmp(o->code, "not_sent") == 0)
		amount.calls = 0;
	else if (o->code && strcmp(o->code, "error") != 0)
		goto unknown; /* no answer, or none that tells: the provider may have billed it
			       */
	else if (o->good && !billed(l, slot, &amount))
		goto unknown;
	settle(l, slot, &amount);
	return;
unknown:
	settle(l, slot, NULL);
}

void
run_limit_release(struct run_limit *l, struct slot *slot)
{
	struct ledger_amount amount = { .calls = 1 };

	if (l && slot->hold)
		settle(l, slot, &amount);
}
