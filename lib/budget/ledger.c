/* SPDX-License-Identifier: MIT */
#include "budget/ledger.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/mem.h"
#include "base/when.h"
#include "budget/ledger_engine.h"

#define PATIENCE 5000 /* milliseconds that others may be first */

struct ledger {
	struct ledger_store *store;
	struct buf lines; /* as they were last read */
	struct budget budget;
	struct arena arena; /* of one call */
	char why[320];
};

struct ledger *
ledger_open(const char *name, enum ledger_mode mode, const char **why)
{
	struct ledger_store *store = strstr(name, "://") ? ledger_redis_open(name, mode, why)
							 : ledger_lite_open(name, mode, why);
	struct ledger *l;

	if (!store)
		return NULL;
	l = mem_zero(sizeof *l);
	l->store = store;
	store->arena = &l->arena;
	return l;
}

void
ledger_close(struct ledger *l)
{
	if (!l)
		return;
	l->store->engine->close(l->store);
	budget_free(&l->budget);
	buf_free(&l->lines);
	arena_close(&l->arena);
	free(l);
}

/* Another process was first: after a short pause of uneven length it is this one's turn. */
static bool
may_try_again(int64_t began, const char **why)
{
	int64_t now = when_ticks();
	struct timespec pause = { 0, (1 + (now ^ getpid()) % 7) * 1000000L };

	if (now - began > PATIENCE) {
		*why = "is changed by others all the time";
		return false;
	}
	nanosleep(&pause, NULL);
	return true;
}

bool
ledger_set(struct ledger *l, struct slice lines, const char **why)
{
	const struct ledger_engine *e = l->store->engine;
	int64_t began = when_ticks();
	enum ledger_commit end;
	struct budget b;

	if (!budget_read(lines, &b, why))
		return false;
	budget_free(&b);
	do {
		if (!e->begin(l->store, true, why))
			return false;
		if (!e->set_lines(l->store, lines, why)) {
			e->rollback(l->store);
			return false;
		}
		end = e->commit(l->store, why);
	} while (end == COMMIT_AGAIN && may_try_again(began, why));
	return end == COMMIT_DONE;
}

/* The limits as the ledger has them now: another process may have set others. */
static bool
refresh(struct ledger *l, const char **why)
{
	struct slice lines;

	if (!l->store->engine->lines(l->store, &lines, why))
		return false;
	if (!lines.ptr) {
		*why = "has no limits yet: 'llm-cost limit F set BUDGET' gives it some";
		return false;
	}
	if (l->budget.line && slice_eq(lines, buf_slice(&l->lines)))
		return true;
	budget_free(&l->budget);
	buf_clear(&l->lines);
	buf_add(&l->lines, lines);
	return budget_read(buf_slice(&l->lines), &l->budget, why);
}

void
ledger_add(struct ledger_amount *sum, const struct ledger_amount *a)
{
	sum->usd = usd_add(sum->usd, a->usd);
	sum->calls += a->calls;
	sum->tokens += a->tokens;
}

static struct ledger_place
place_of(const struct ledger_sum *s)
{
	return (struct ledger_place){ s->name, s->key, s->start };
}

static bool
sums_read(struct ledger *l, struct ledger_sum *s, const char **why)
{
	struct ledger_place p = place_of(s);

	return l->store->engine->sums(l->store, &p, when_now(), &s->spent, &s->held, why);
}

/* A reservation on its way through the limits that hold for it. */
struct reserve {
	struct ledger *l;
	const struct ledger_amount *amount;
	const unsigned char *repeat;
	enum ledger_verdict verdict;
	const char *why;
	struct ledger_sum *parts;
	size_t count;
};

static bool
passes(const struct budget_line *line, const struct ledger_amount *sum)
{
	return (line->has_usd && usd_cmp(sum->usd, line->usd) > 0) ||
	       sum->calls > line->calls || sum->tokens > line->tokens;
}

static const char *
what_passes(const struct budget_line *line, const struct ledger_amount *sum)
{
	if (line->has_usd && usd_cmp(sum->usd, line->usd) > 0)
		return "dollars";
	return sum->calls > line->calls ? "calls" : "tokens";
}

/* Of a limit that the call passes: whether a smaller one would not. */
static bool
has_room(const struct budget_line *line, const struct ledger_amount *spent)
{
	return !(line->has_usd && usd_cmp(spent->usd, line->usd) >= 0) &&
	       spent->calls < line->calls && spent->tokens < line->tokens;
}

static void
refuse(struct reserve *r, enum ledger_verdict verdict, const struct ledger_sum *s,
    const char *left, const char *what)
{
	if (r->verdict == LEDGER_REFUSED || r->verdict == LEDGER_FAILED)
		return;
	r->verdict = verdict;
	snprintf(r->l->why, sizeof r->l->why, "limit '%s'%s%s: %s %s left for this %s",
	    diag_clean(s->name), s->key.len ? " of " : "", s->key.len ? diag_clean(s->key) : "",
	    left, what,
	    s->line->period == BUDGET_TOTAL ? "ledger" : budget_period_name(s->line->period));
	r->why = r->l->why;
}

/* True where the request was granted as often as it may be. */
static bool
repeated(struct reserve *r, const struct ledger_sum *s)
{
	struct ledger_place p = place_of(s);
	uint64_t times = 0;

	if (!r->repeat || s->line->repeats == BUDGET_NONE)
		return false;
	if (!r->l->store->engine->repeats(r->l->store, &p, r->repeat, &times, &r->why))
		r->verdict = LEDGER_FAILED;
	return times >= s->line->repeats;
}

static void
judge_part(void *context, size_t line, struct slice key)
{
	struct reserve *r = context;
	struct ledger_sum *s = &r->parts[r->count++];
	struct ledger_amount sum;

	s->line = &r->l->budget.line[line];
	s->name = s->line->name;
	s->key = key;
	s->start = budget_period_start(s->line->period, when_now());
	if (!sums_read(r->l, s, &r->why)) {
		r->verdict = LEDGER_FAILED;
		return;
	}
	if (repeated(r, s)) {
		refuse(r, LEDGER_REFUSED, s, "no", "repeats of this request");
		return;
	}
	sum = s->spent;
	ledger_add(&sum, r->amount);
	if (passes(s->line, &sum)) {
		refuse(r, LEDGER_REFUSED, s, has_room(s->line, &s->spent) ? "too few" : "no",
		    what_passes(s->line, &sum));
		return;
	}
	ledger_add(&sum, &s->held);
	if (passes(s->line, &sum))
		refuse(r, LEDGER_HELD, s, "no", what_passes(s->line, &sum));
}

static bool
write_hold(struct reserve *r, int64_t lease, int64_t *id)
{
	struct ledger_store *s = r->l->store;
	struct ledger_place *places =
	    arena_alloc(&r->l->arena, (r->count + 1) * sizeof *places);
	int64_t now = when_now();

	for (size_t i = 0; i < r->count; i++)
		places[i] = place_of(&r->parts[i]);
	if (!s->engine->add_hold(s, now, lease > INT64_MAX - now ? INT64_MAX : now + lease,
		r->amount, places, r->count, id, &r->why))
		return false;
	for (size_t i = 0; i < r->count; i++)
		if (r->repeat && r->parts[i].line->repeats != BUDGET_NONE &&
		    !s->engine->add_repeat(s, &places[i], r->repeat, &r->why))
			return false;
	return true;
}

/* True where it is decided; false: others were first. */
static bool
reserve_once(struct reserve *r, budget_value_fn *value, void *call, int64_t lease, int64_t *id)
{
	struct ledger *l = r->l;
	const struct ledger_engine *e = l->store->engine;

	r->verdict = LEDGER_GRANTED;
	r->count = 0;
	arena_reset(&l->arena);
	if (!e->begin(l->store, true, &r->why)) {
		r->verdict = LEDGER_FAILED;
		return true;
	}
	if (!refresh(l, &r->why)) {
		r->verdict = LEDGER_FAILED;
	} else {
		r->parts = arena_alloc(&l->arena, (l->budget.count + 1) * sizeof *r->parts);
		budget_apply(&l->budget, value, call, &l->arena, judge_part, r);
		if (r->verdict == LEDGER_GRANTED && !write_hold(r, lease, id))
			r->verdict = LEDGER_FAILED;
	}
	if (r->verdict != LEDGER_GRANTED) {
		e->rollback(l->store);
		return true;
	}
	switch (e->commit(l->store, &r->why)) {
	case COMMIT_AGAIN: return false;
	case COMMIT_FAILED: r->verdict = LEDGER_FAILED; break;
	case COMMIT_DONE: break;
	}
	return true;
}

enum ledger_verdict
ledger_reserve(struct ledger *l, budget_value_fn *value, void *call,
    const struct ledger_amount *amount, const unsigned char *repeat, int64_t lease, int64_t *id,
    const char **why)
{
	struct reserve r = { .l = l, .amount = amount, .repeat = repeat };
	int64_t began = when_ticks();

	while (!reserve_once(&r, value, call, lease, id))
		if (!may_try_again(began, why))
			return LEDGER_FAILED;
	*why = r.why;
	return r.verdict;
}

static enum ledger_commit
settle_once(struct ledger *l, int64_t id, const struct ledger_amount *actual, bool *known,
    const char **why)
{
	const struct ledger_engine *e = l->store->engine;
	struct ledger_amount reserved;

	*known = true;
	arena_reset(&l->arena);
	if (!e->begin(l->store, true, why))
		return COMMIT_FAILED;
	if (e->find_hold(l->store, id, &reserved, known, why) && *known &&
	    e->end_hold(l->store, id, actual ? actual : &reserved, why))
		return e->commit(l->store, why);
	e->rollback(l->store);
	return COMMIT_FAILED;
}

bool
ledger_settle(struct ledger *l, int64_t id, const struct ledger_amount *actual, bool *known,
    const char **why)
{
	int64_t began = when_ticks();
	enum ledger_commit end;

	do
		end = settle_once(l, id, actual, known, why);
	while (end == COMMIT_AGAIN && may_try_again(began, why));
	return end == COMMIT_DONE;
}

/* What ledger_show is asked for. */
struct show {
	struct ledger *l;
	void (*each)(void *context, const struct ledger_sum *sum);
	void *context;
	const char **why;
};

static bool
show_key(struct show *w, const struct budget_line *line, struct slice key)
{
	struct ledger_sum s = { .line = line,
		.name = line->name,
		.key = key,
		.start = budget_period_start(line->period, when_now()) };

	if (!sums_read(w->l, &s, w->why))
		return false;
	w->each(w->context, &s);
	return true;
}

/* All keys of a line that has `by`. */
static bool
show_keys(struct show *w, const struct budget_line *line)
{
	struct ledger *l = w->l;
	struct slice *keys;
	bool good;
	size_t count;

	good = l->store->engine->keys(l->store, line->name,
	    budget_period_start(line->period, when_now()), &keys, &count, w->why);
	for (size_t i = 0; good && i < count; i++)
		if (budget_line_of(&l->budget, line->name, keys[i]) == line)
			good = show_key(w, line, keys[i]);
	free(keys);
	return good;
}

static bool
show_all(struct show *w)
{
	struct ledger *l = w->l;

	if (!refresh(l, w->why))
		return false;
	for (size_t i = 0; i < l->budget.count; i++) {
		const struct budget_line *line = &l->budget.line[i];
		struct slice own = budget_own_key(line, &l->arena);

		if (own.ptr ? !show_key(w, line, own) : !show_keys(w, line))
			return false;
	}
	return true;
}

bool
ledger_show(struct ledger *l, void (*each)(void *context, const struct ledger_sum *sum),
    void *context, const char **why)
{
	struct show w = { l, each, context, why };
	bool good;

	arena_reset(&l->arena);
	if (!l->store->engine->begin(l->store, false, why))
		return false;
	good = show_all(&w);
	l->store->engine->rollback(l->store);
	return good;
}
