/* SPDX-License-Identifier: MIT */
#include "walk.h"

const char *const technique_names[TECHNIQUES] = { "exact-cache", "semantic-cache", "route",
	"provider", "output", "compress", "instructions", "history", "tools", "prompt-cache",
	"batch", "distill" };

/* One call on its way through the techniques. */
struct walk {
	const struct row *row;
	const struct plan *plan;
	struct usage usage;
	struct slice model, provider;
	enum lane lane;
	struct usd cost;
};

/* What it costs now; what has no price costs what it did before. */
static struct usd
price(const struct walk *w)
{
	struct price_query q = { w->model, w->provider, w->row->when, w->lane };
	struct bill b; /* large: not cleared for each of millions of calls */

	b.priced = false;
	b.note = NULL;
	bill_usage(&q, &w->usage, &b);
	return b.priced ? b.usd : w->cost;
}

static void
shorten(struct usage *u, uint64_t tokens)
{
	uint64_t fresh = u->input - u->cached - u->written_5m - u->written_1h;

	u->input -= tokens < fresh ? tokens : fresh;
}

/* What was read or written in truth stays so; where something was, no mark is added. */
static void
use_prefix(struct usage *u, const struct plan *p)
{
	uint64_t read = p->read < u->input ? p->read : u->input;
	uint64_t fresh = u->input - u->cached - u->written_5m - u->written_1h;
	bool marked = u->cached || u->written_5m || u->written_1h;

	if (read > u->cached && read - u->cached <= fresh) {
		fresh -= read - u->cached;
		u->cached = read;
	}
	if (p->written && !marked)
		*(p->hour ? &u->written_1h : &u->written_5m) =
		    p->written < fresh ? p->written : fresh;
}

static void
change(struct walk *w, enum technique t)
{
	switch (t) {
	case AUDIT_ROUTE: w->model = w->plan->cheaper; return;
	case AUDIT_PROVIDER: w->provider = w->plan->provider; return;
	case AUDIT_COMPRESS: shorten(&w->usage, w->plan->compress); return;
	case AUDIT_INSTRUCTIONS: shorten(&w->usage, w->plan->instructions); return;
	case AUDIT_HISTORY: shorten(&w->usage, w->plan->history); return;
	case AUDIT_PROMPT: use_prefix(&w->usage, w->plan); return;
	case AUDIT_BATCH: w->lane = LANE_BATCH; return;
	default: return;
	}
}

/* The techniques of the set in turn; what each one saves goes to saved. */
static void
walk_set(const struct row *row, const struct plan *p, unsigned set, int sign,
    struct usd saved[TECHNIQUES])
{
	struct walk w = { row, p, row->usage, row->model, row->provider, row->lane,
		row->bill.usd };

	for (enum technique t = 0; t < TECHNIQUES && set >> t; t++) {
		struct walk before;
		struct usd less;

		if (!(set & 1u << t))
			continue;
		before = w;
		change(&w, t);
		if (t > AUDIT_SEMANTIC)
			w.cost = price(&w);
		else
			w.cost = (struct usd){ 0 };
		less = usd_sub(before.cost, w.cost);
		/* only the write of a prefix is an outlay that comes back later */
		if (less.units < 0 && t != AUDIT_PROMPT) {
			w = before;
			continue;
		}
		saved[t] = sign > 0 ? usd_add(saved[t], less) : usd_sub(saved[t], less);
		if (t <= AUDIT_SEMANTIC)
			return;
	}
}

static void
add_alone(struct audit_sums *s, enum evidence e, enum technique t, int sign, struct usd saved)
{
	s->alone[e][t] = usd_add(s->alone[e][t], saved);
	if (saved.units)
		s->requests[e][t] += (uint64_t)(int64_t)sign;
}

/* The usual case: what one technique saves alone is all that is saved. */
static void
walk_one(struct audit_sums *s, const struct row *row, const struct plan *p, int sign)
{
	enum evidence e = p->fits[PROVEN] ? PROVEN : GUESSED;
	struct usd saved[TECHNIQUES] = { { 0 } };
	enum technique t = 0;

	while (!(p->fits[e] & 1u << t))
		t++;
	walk_set(row, p, p->fits[e], sign, saved);
	add_alone(s, e, t, sign, saved[t]);
	for (; e < EVIDENCES; e++)
		s->stack[e][t] = usd_add(s->stack[e][t], saved[t]);
}

void
walk_plan(struct audit_sums *s, const struct row *row, const struct plan *p, int sign)
{
	unsigned all = p->fits[PROVEN] | p->fits[GUESSED];

	if (!(all & (all - 1))) {
		if (all)
			walk_one(s, row, p, sign);
		return;
	}
	for (enum evidence e = PROVEN; e < EVIDENCES; e++)
		for (enum technique t = 0; t < TECHNIQUES && p->fits[e] >> t; t++) {
			struct usd saved[TECHNIQUES] = { { 0 } };

			if (!(p->fits[e] & 1u << t))
				continue;
			walk_set(row, p, 1u << t, sign, saved);
			add_alone(s, e, t, sign, saved[t]);
		}
	if (p->fits[PROVEN])
		walk_set(row, p, p->fits[PROVEN], sign, s->stack[PROVEN]);
	walk_set(row, p, all, sign, s->stack[GUESSED]);
}

/* d * n / m of amounts, rounded to units of 10^-20 dollars. */
static struct usd
share_of(struct usd d, struct usd n, struct usd m)
{
	__int128 x = n.units, y = m.units;

	if (y <= 0 || x <= 0)
		return (struct usd){ 0 };
	/* 62 bits of the ratio are more than any reader wants */
	while (x >> 62 || y >> 62) {
		x >>= 1;
		y >>= 1;
	}
	return y ? usd_part(d, (uint64_t)x, (uint64_t)y) : (struct usd){ 0 };
}

void
remainder_add(struct remainder *m, const struct row *row, const struct audit_sums *without)
{
	m->cost = usd_add(m->cost, row->bill.usd);
	for (enum evidence e = PROVEN; e < EVIDENCES; e++) {
		struct usd left = row->bill.usd;

		for (enum technique t = 0; t < TECHNIQUES; t++)
			left = usd_sub(left, without->stack[e][t]);
		m->left[e] = usd_add(m->left[e], left);
	}
}

void
walk_late(struct audit_sums *s, enum technique t, uint64_t n, struct usd saved,
    const struct remainder *m)
{
	s->requests[PROVEN][t] += n;
	s->alone[PROVEN][t] = usd_add(s->alone[PROVEN][t], saved);
	for (enum evidence e = PROVEN; e < EVIDENCES; e++)
		s->stack[e][t] = usd_add(s->stack[e][t], share_of(saved, m->left[e], m->cost));
}

void
audit_sums_add(struct audit_sums *s, const struct audit_sums *more)
{
	for (enum evidence e = PROVEN; e < EVIDENCES; e++)
		for (enum technique t = 0; t < TECHNIQUES; t++) {
			s->requests[e][t] += more->requests[e][t];
			if (more->alone[e][t].units)
				s->alone[e][t] = usd_add(s->alone[e][t], more->alone[e][t]);
			if (more->stack[e][t].units)
				s->stack[e][t] = usd_add(s->stack[e][t], more->stack[e][t]);
		}
}
