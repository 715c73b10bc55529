/* SPDX-License-Identifier: MIT */
/* llm-route replay: a log under other rules: agreement, what it did cost and would have cost,
 * and which rows would have moved. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/count.h"
#include "base/mem.h"
#include "base/when.h"
#include "cmd/llm-route/decide.h"
#include "cmd/llm-route/replay/replay.h"
#include "cmd/llm-route/route.h"
#include "cmd/llm-route/setup.h"
#include "model/usage.h"

const struct option replay_options[] = { SETUP_OPTIONS, { 0 } };

#define DAY (INT64_C(24) * 3600 * 1000)

static struct move *
move_of(struct replay *p, struct slice from, struct slice to, struct arena *a)
{
	struct slice key = arena_printf(a, "%.*s\n%.*s", SLICE_ARG(from), SLICE_ARG(to));
	bool added;
	size_t at = hash_map_add(&p->pairs, key, &added);

	if (added) {
		if (!p->move || (at & (at + 1)) == 0)
			p->move = mem_grow(p->move, 2 * (at + 1), sizeof(*p->move));
		key = p->pairs.keys[at];
		p->move[at] = (struct move){ .from = slice_take(key, from.len),
			.to = slice_drop(key, from.len + 1) };
	}
	return &p->move[at];
}

/* What another model would have been paid: its own tokens of the same input, in the proportion
 * in which the provider counted ours, the same output, and a cache that it did not have. */
static bool
would_cost(struct facts *f, const struct model *m, const struct usage *u, enum lane lane,
    struct usd *cost)
{
	struct price_query q = { .model = m->known, .when = f->when, .lane = lane };
	uint64_t ours = facts_tokens(f, f->tokenizer).count;
	uint64_t theirs = facts_tokens(f, m->tokenizer).count;
	uint64_t input =
	    ours ? (uint64_t)((unsigned __int128)u->input * theirs / ours) : u->input;
	struct bill bill;

	if (m->declared && m->declared->has_input) {
		*cost = declared_cost(m->declared, lane, input, 0, u->output);
		return true;
	}
	bill_counts(&q, input, u->output, &bill);
	*cost = bill.usd;
	return bill.priced;
}

/* A model of one's own by its line; an alias says nothing of who answered then. */
static bool
did_cost(const struct request *q, const struct facts *f, struct slice model,
    const struct usage *u, struct usd *cost)
{
	const struct declared *own = routes_declared(f->routes, model);
	struct price_query query = { .model =
					 models_resolve(own && own->as.ptr ? own->as : model),
		.when = f->when,
		.lane = lane_billed(q, u, f->arena) };
	struct bill bill;

	if (own && own->has_input) {
		*cost = declared_cost(own, query.lane, u->input, u->cached, u->output);
		return true;
	}
	bill_usage(&query, u, &bill);
	*cost = bill.usd;
	return bill.priced;
}

static void
note_time(struct replay *p, const struct request *q, const struct facts *f)
{
	if (!json_type(request_attribute(q, "time")))
		return;
	p->timed++;
	p->first = p->timed == 1 || f->when < p->first ? f->when : p->first;
	p->last = p->timed == 1 || f->when > p->last ? f->when : p->last;
	if (p->timed > 1 && f->when - p->before > DAY)
		p->gaps++;
	p->before = f->when;
}

static void
add_thought(struct thought *t, uint64_t output, uint64_t reasoning)
{
	t->output += output;
	t->reasoning += reasoning;
}

/* The answer stays the same where model and effort do, and a model that does not reason leaves
 * the reasoning out; what another one would think is not in the log. */
static void
compare_thought(struct replay *p, const struct usage *u, const struct decision *d, bool same)
{
	const struct settings *s = &d->settings;
	bool less = s->effort.ptr || s->has_thinking;

	add_thought(&p->thought, u->output, u->reasoning);
	if (d->chosen && candidate_is_listed(&d->chosen->facts) && !d->chosen->facts.reasoning)
		add_thought(&p->would_think, u->output - u->reasoning, 0);
	else if (same && !less)
		add_thought(&p->would_think, u->output, u->reasoning);
	else
		p->unknown_thought++;
}

static void
compare(struct replay *p, struct record *r, const struct request *q, struct facts *f,
    const struct decision *d)
{
	struct slice used = json_string(json_get(json_get(q->llm, "batch"), "model"), r->arena);
	struct slice now = d->model.ptr ? d->model : SLICE("(none)");
	struct usage u = { 0 };
	struct usd did, would;
	struct move *m;
	bool priced;

	/* an alternate that answered, else the name that was asked for: rules have no dates */
	if (!used.ptr)
		used = json_string(q->model, r->arena);
	if (!used.ptr)
		used = request_answer_model(q, r->arena);
	if (!used.ptr)
		used = SLICE("(none)");
	p->rows++;
	p->same += slice_eq(used, now);
	m = move_of(p, used, now, r->arena);
	m->rows++;
	usage_read(q, &u);
	if (u.present && !u.flaw)
		compare_thought(p, &u, d, slice_eq(used, now));
	priced = u.present && !u.flaw && d->chosen && did_cost(q, f, used, &u, &did);
	if (priced && slice_eq(used, now) && d->lane == LANE_REALTIME)
		would = did; /* nothing changes: its cache was its own */
	else if (priced)
		priced = would_cost(f, d->chosen, &u, d->lane, &would);
	if (!priced) {
		m->unpriced++;
		p->unpriced++;
		return;
	}
	m->did = usd_add(m->did, did);
	m->would = usd_add(m->would, would);
	p->did = usd_add(p->did, did);
	p->would = usd_add(p->would, would);
	if (!slice_eq(used, now))
		diag_detail("%s:%" PRIu64 ": %s -> %s (%s)", r->file, r->number,
		    diag_clean(used), diag_clean(now),
		    d->rule ? diag_clean(d->rule->name) : "no rule");
}

/* A log tells how the request was answered; the rules are asked as if it were not yet. */
static enum verdict
replay_record(void *context, struct record *r)
{
	struct replay *p = context;
	struct request q;
	struct facts f;
	struct decision d;
	struct slice asked;

	if (!request_read(r->json, &q) || q.shape == SHAPE_USAGE || q.api == API_NONE) {
		p->skipped++;
		return DROP;
	}
	if (answer_ending(&q) == ENDING_FAILED) {
		p->failed++;
		return DROP;
	}
	if (request_replayed(&q) || request_drafted(&q)) {
		p->replayed++;
		return DROP;
	}
	facts_read(&f, p->policy, &q, r->arena);
	asked = json_string(json_get(json_get(q.llm, "route"), "asked"), r->arena);
	if (asked.ptr)
		f.asked = asked; /* not what an earlier policy made of it */
	decide(&f, &d);
	note_time(p, &q, &f);
	compare(p, r, &q, &f, &d);
	return DROP;
}

static int
by_rows(const void *a, const void *b)
{
	const struct move *x = a, *y = b;

	if (x->rows != y->rows)
		return x->rows > y->rows ? -1 : 1;
	return slice_cmp(x->from, y->from) ? slice_cmp(x->from, y->from)
					   : slice_cmp(x->to, y->to);
}

void
replay_run(const struct option_list *operands)
{
	struct option_list files = { operands->item + 1, operands->count - 1 };
	struct stream_options o = tool_stream(&files, NO_OBJECT_SKIP);
	struct replay p = { .rules = operands->item[0] };
	const char *output = o.output;

	replay_format(); /* a wrong one is told before anything is read */
	p.policy = setup_open(operands->item[0]);
	o.no_output = true;
	o.output = NULL;
	stream_each(&o, replay_record, &p);
	if (p.pairs.count)
		qsort(p.move, p.pairs.count, sizeof(*p.move), by_rows);
	p.count = p.pairs.count;
	replay_print(&p, output);
	if (p.unpriced)
		status_raise(STATUS_REJECTED);
	free(p.move);
	hash_map_free(&p.pairs);
	setup_close(p.policy);
}
