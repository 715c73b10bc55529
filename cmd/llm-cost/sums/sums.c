/* SPDX-License-Identifier: MIT */
#include "sums.h"

#include <stddef.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"

#define SMALLEST_CACHEABLE 1024 /* tokens: no large provider caches a shorter prompt */

/* All members, counts and dollars, in the order of partial reports. */
#define SUMS(N, D)  \
	N(requests) \
	N(input)    \
	N(cached)   \
	N(written) N(output) N(reasoning) N(unpriced) N(errors) N(wasted) D(cost) D(wasted_cost)
#define DETAIL(N, D)        \
	N(cacheable)        \
	N(cache_hits)       \
	N(class_known)      \
	N(strong)           \
	N(calls)            \
	N(unrouted)         \
	N(unmarked)         \
	N(baseline_known)   \
	N(user_requests)    \
	N(session_requests) \
	D(class_cost)       \
	D(strong_cost)      \
	D(unrouted_cost)    \
	D(unmarked_cost) D(baseline) D(baseline_cost) D(user_cost) D(session_cost)
#define RARE(N, D)                                                                      \
	N(looked_up)                                                                    \
	N(replays)                                                                      \
	N(looked_up_tokens)                                                             \
	N(replayed_tokens)                                                              \
	N(cut)                                                                          \
	N(filtered)                                                                     \
	N(attempts_known)                                                               \
	N(retries)                                                                      \
	N(estimated)                                                                    \
	N(logged)                                                                       \
	N(logged_known)                                                                 \
	N(credits)                                                                      \
	N(judged)                                                                       \
	N(worse) D(estimated_cost) D(estimated_actual) D(logged_cost) D(logged_matched) \
	    D(logged_computed) D(credit_amount)

#define COUNT_SUM(name) { #name, offsetof(struct sums, name), false },
#define USD_SUM(name) { #name, offsetof(struct sums, name), true },
#define COUNT_DETAIL(name) { #name, offsetof(struct detail, name), false },
#define USD_DETAIL(name) { #name, offsetof(struct detail, name), true },
#define COUNT_RARE(name) { #name, offsetof(struct rare, name), false },
#define USD_RARE(name) { #name, offsetof(struct rare, name), true },
const struct sums_member sums_members[] = { SUMS(COUNT_SUM, USD_SUM){ NULL, 0, false } };
const struct sums_member rare_members[] = { RARE(COUNT_RARE, USD_RARE){ NULL, 0, false } };
const struct sums_member detail_members[] = { DETAIL(COUNT_DETAIL, USD_DETAIL){
    NULL, 0, false } };

#define ADD_COUNT(name) to->name += from->name;
#define TAKE_COUNT(name) to->name -= from->name;
#define ADD_USD(name)         \
	if (from->name.units) \
		to->name = usd_add(to->name, from->name);
#define TAKE_USD(name)        \
	if (from->name.units) \
		to->name = usd_sub(to->name, from->name);

/* What is billed beside the counts is part of the dollars, and so of the tokens. */
static void
add_beside(struct sums *s, const struct usage *u)
{
	struct value at = { 0 };
	struct usage part;

	while (usage_beside(u, &at, &part)) {
		if (part.flaw)
			continue;
		s->input += part.input;
		s->cached += part.cached;
		s->written += part.written_5m + part.written_1h;
		s->output += part.output;
		s->reasoning += part.reasoning;
	}
}

struct sums
sums_of(const struct row *row)
{
	const struct usage *u = &row->usage;
	struct sums s = {
		.requests = 1, .errors = row->failed, .unpriced = row->unpriced != NULL
	};

	if (row->kind == ROW_CALL && row->has_usage && !u->flaw) {
		s.input = u->input;
		s.cached = u->cached;
		s.written = u->written_5m + u->written_1h;
		s.output = u->output;
		s.reasoning = u->reasoning;
		if (u->beside.json)
			add_beside(&s, u);
	}
	if (!row->unpriced)
		s.cost = row->bill.usd;
	if (row->wasted) {
		s.wasted = 1;
		s.wasted_cost = s.cost;
	}
	return s;
}

void
sums_add(struct sums *to, const struct sums *from)
{
	SUMS(ADD_COUNT, ADD_USD)
}

void
sums_take(struct sums *to, const struct sums *from)
{
	SUMS(TAKE_COUNT, TAKE_USD)
}

static void
detail_add(struct detail *to, const struct detail *from)
{
	DETAIL(ADD_COUNT, ADD_USD)
}

static void
detail_take(struct detail *to, const struct detail *from)
{
	DETAIL(TAKE_COUNT, TAKE_USD)
}

static void
rare_add(struct rare *to, const struct rare *from)
{
	RARE(ADD_COUNT, ADD_USD)
}

static void
rare_take(struct rare *to, const struct rare *from)
{
	RARE(TAKE_COUNT, TAKE_USD)
}

const struct rare *
group_rare(const struct group *g)
{
	static const struct rare nothing;

	return g->rare ? g->rare : &nothing;
}

struct rare *
group_rare_make(struct group *g)
{
	if (!g->rare)
		g->rare = mem_zero(sizeof(*g->rare));
	return g->rare;
}

static bool
could_be_cached(const struct row *row)
{
	const struct usage *u = &row->usage;

	return row->kind == ROW_CALL && row->has_usage && !u->flaw &&
	       (u->input >= SMALLEST_CACHEABLE || u->cached || u->written_5m || u->written_1h);
}

static uint64_t
tokens_of(const struct row *row)
{
	return row->has_usage && !row->usage.flaw ? row->usage.input + row->usage.output : 0;
}

/* What a call of our own makes; a replay makes none of it. */
static void
detail_of_call(struct detail *d, const struct traits *t, struct usd cost)
{
	d->calls = 1;
	if (t->class != CLASS_UNKNOWN) {
		d->class_known = 1;
		d->class_cost = cost;
		if (t->class == CLASS_STRONG) {
			d->strong = 1;
			d->strong_cost = cost;
		}
	}
	if (!t->routed) {
		d->unrouted = 1;
		d->unrouted_cost = cost;
	}
	if (!t->marked) {
		d->unmarked = 1;
		d->unmarked_cost = cost;
	}
}

static struct detail
detail_of(const struct row *row, const struct traits *t)
{
	struct usd cost = row->unpriced ? (struct usd){ 0 } : row->bill.usd;
	struct detail d = { 0 };

	if (row->kind == ROW_CALL)
		detail_of_call(&d, t, cost);
	if (t->has_baseline) {
		d.baseline_known = 1;
		d.baseline = t->baseline;
		d.baseline_cost = cost;
	}
	if (t->user) {
		d.user_requests = 1;
		d.user_cost = cost;
	}
	if (t->session) {
		d.session_requests = 1;
		d.session_cost = cost;
	}
	return d;
}

static void
rare_of_call(struct rare *d, const struct row *row, const struct traits *t, struct usd cost)
{
	d->cut = t->cut;
	d->filtered = t->filtered;
	d->attempts_known = t->has_attempts;
	d->retries = t->has_attempts && t->attempts ? t->attempts - 1 : 0;
	if (t->has_estimate && !row->unpriced) {
		d->estimated = 1;
		d->estimated_cost = t->estimate;
		d->estimated_actual = cost;
	}
}

static void
rare_of_log(struct rare *d, const struct row *row, const struct traits *t, struct usd cost)
{
	if (t->has_credits) {
		d->credits = 1;
		d->credit_amount = t->credits;
	}
	if (!t->has_logged)
		return;
	d->logged = 1;
	d->logged_cost = t->logged;
	if (!row->unpriced) {
		d->logged_known = 1;
		d->logged_matched = t->logged;
		d->logged_computed = cost;
	}
}

static bool
has_rare(const struct row *row, const struct traits *t)
{
	return row->kind == ROW_REPLAY || t->looked_up || t->cut || t->filtered ||
	       t->has_attempts || t->has_estimate || t->has_credits || t->has_logged ||
	       t->judged != JUDGED_NOT;
}

static struct rare
rare_of(const struct row *row, const struct traits *t)
{
	struct usd cost = row->unpriced ? (struct usd){ 0 } : row->bill.usd;
	struct rare d = { 0 };

	if (row->kind == ROW_CALL)
		rare_of_call(&d, row, t, cost);
	rare_of_log(&d, row, t, cost);
	if (t->looked_up) {
		d.looked_up = 1;
		d.looked_up_tokens = tokens_of(row);
	}
	if (row->kind == ROW_REPLAY && !request_drafted(&row->request)) {
		d.replays = 1;
		d.replayed_tokens = tokens_of(row);
	}
	d.judged = t->judged != JUDGED_NOT;
	d.worse = t->judged == JUDGED_WORSE;
	return d;
}

uint32_t
groups_find(struct groups *g, struct slice key)
{
	bool added;
	size_t i = g->recent;

	if (i < g->keys.count && slice_eq(g->keys.keys[i], key))
		return (uint32_t)i;
	if (g->keys.count >= GROUPS_LIMIT) {
		i = hash_map_find(&g->keys, key);
		if (i != SIZE_MAX)
			return (uint32_t)(g->recent = i);
		key = GROUPS_REST;
	}
	g->recent = i = hash_map_add(&g->keys, key, &added);
	if (i >= g->room) {
		g->room = g->room ? g->room * 2 : 64;
		g->list = mem_grow(g->list, g->room, sizeof(*g->list));
	}
	/* one at a time: memory that no group needs is never touched */
	if (added)
		memset(&g->list[i], 0, sizeof(*g->list));
	return (uint32_t)i;
}

static void
note_latency(struct group *g, const struct row *row)
{
	if (row->has_latency && row->kind == ROW_CALL)
		latency_add(&g->latency, row->latency, 1);
}

void
groups_add(struct groups *g, uint32_t index, const struct row *row, const struct row *old)
{
	struct group *group = &g->list[index];
	struct sums s = sums_of(row);

	sums_add(&group->sums, &s);
	if (old) {
		s = sums_of(old);
		sums_take(&group->sums, &s);
	} else {
		note_latency(group, row);
	}
}

static unsigned
bits_of(uint64_t n)
{
	unsigned bits = n ? 64u - (unsigned)__builtin_clzll(n) : 0;

	return bits < LENGTHS ? bits : LENGTHS - 1;
}

static bool
has_length(const struct row *row)
{
	return row->kind == ROW_CALL && row->has_usage && !row->usage.flaw && !row->failed;
}

static void
note_time(struct group *g, const struct row *row, bool first_sight)
{
	if (!row->own_time)
		return;
	if (!g->timed || row->when < g->first)
		g->first = row->when;
	if (!g->timed || row->when > g->last)
		g->last = row->when;
	g->timed += first_sight;
}

/* A sketch of the total keeps more than one of a group, so it must see all names itself; but
 * one that the group has seen it has seen too. */
static void
note_names(struct groups *g, struct group *group, const struct traits *t)
{
	if (distinct_add(&group->users, group_k(group), t->user))
		distinct_add(&g->total.users, group_k(&g->total), t->user);
	if (distinct_add(&group->sessions, group_k(group), t->session))
		distinct_add(&g->total.sessions, group_k(&g->total), t->session);
}

static void
note_rare(struct group *g, const struct row *row, const struct traits *t,
    void (*change)(struct rare *to, const struct rare *from))
{
	struct rare r;

	if (!has_rare(row, t))
		return;
	r = rare_of(row, t);
	change(group_rare_make(g), &r);
}

/* What each call tells on its own, or told and is taken back. */
static void
note_counts(struct group *g, const struct row *row, unsigned change)
{
	bool cacheable = could_be_cached(row);

	g->detail.cacheable += (uint64_t)(int)change * cacheable;
	g->detail.cache_hits += (uint64_t)(int)change * (cacheable && row->usage.cached);
	if (has_length(row))
		g->lengths[bits_of(row->usage.output)] += change;
}

void
groups_note(struct groups *g, uint32_t index, const struct row *row, const struct traits *t,
    const struct row *old, const struct traits *old_traits)
{
	struct group *group = &g->list[index];
	struct detail d = detail_of(row, t);

	detail_add(&group->detail, &d);
	note_rare(group, row, t, rare_add);
	note_names(g, group, t);
	note_time(group, row, !old);
	note_counts(group, row, 1);
	if (!old)
		return;
	d = detail_of(old, old_traits);
	detail_take(&group->detail, &d);
	note_rare(group, old, old_traits, rare_take);
	note_counts(group, old, -1u);
}

void
groups_see(struct groups *g, uint32_t index, const struct row *row, const struct traits *t)
{
	struct group *group = &g->list[index];

	note_latency(group, row);
	if (!t)
		return;
	note_names(g, group, t);
	note_time(group, row, true);
	note_counts(group, row, 1);
}

void
groups_add_alike(struct groups *g, uint32_t index, const struct row *row,
    const struct traits *t, uint64_t calls)
{
	struct group *group = &g->list[index];
	struct sums s = sums_of(row);
	struct detail d;

	s.requests *= calls;
	sums_add(&group->sums, &s);
	if (!t)
		return;
	d = detail_of(row, t);
	for (const struct sums_member *m = detail_members; m->name; m++)
		if (!m->usd)
			*(uint64_t *)(void *)((char *)&d + m->offset) *= calls;
	detail_add(&group->detail, &d);
}

/* All but the names. */
static void
merge_sums(struct group *to, const struct group *more)
{
	sums_add(&to->sums, &more->sums);
	detail_add(&to->detail, &more->detail);
	if (more->rare)
		rare_add(group_rare_make(to), more->rare);
	latency_merge(&to->latency, &more->latency);
	for (size_t i = 0; i < LENGTHS; i++)
		to->lengths[i] += more->lengths[i];
	if (more->timed && (!to->timed || more->first < to->first))
		to->first = more->first;
	if (more->timed && (!to->timed || more->last > to->last))
		to->last = more->last;
	to->timed += more->timed;
}

void
group_merge(struct group *to, const struct group *more)
{
	merge_sums(to, more);
	distinct_merge(&to->users, group_k(to), &more->users);
	distinct_merge(&to->sessions, group_k(to), &more->sessions);
}

void
groups_total(struct groups *g)
{
	for (size_t i = 0; i < g->keys.count; i++)
		merge_sums(&g->total, &g->list[i]);
}

void
groups_roll(struct groups *to, const struct groups *from, rekey_fn rekey, void *context)
{
	struct buf key = { 0 };
	uint32_t index;

	for (size_t i = 0; i < from->keys.count; i++) {
		struct slice old = from->keys.keys[i];

		buf_clear(&key);
		if (slice_eq(old, GROUPS_REST))
			buf_add(&key, old);
		else
			rekey(context, old, &key);
		/* on its own: it may move the list */
		index = groups_find(to, buf_slice(&key));
		group_merge(&to->list[index], &from->list[i]);
	}
	group_merge(&to->total, &from->total);
	buf_free(&key);
}

uint64_t
group_long_answers(const struct group *g)
{
	uint64_t count = 0, seen = 0;
	size_t i = 0;

	for (size_t k = 0; k < LENGTHS; k++)
		count += g->lengths[k];
	if (!count)
		return 0;
	while ((seen += g->lengths[i]) * 2 < count)
		i++;
	/* median below 2^i, so that from 2^(i + 2) on an answer is over four times as long */
	for (seen = 0, i += 3; i < LENGTHS; i++)
		seen += g->lengths[i];
	return seen;
}

void
group_free(struct group *g)
{
	free(g->rare);
	latency_free(&g->latency);
	distinct_free(&g->users);
	distinct_free(&g->sessions);
}

void
groups_free(struct groups *g)
{
	for (size_t i = 0; i < g->keys.count; i++)
		group_free(&g->list[i]);
	group_free(&g->total);
	free(g->list);
	hash_map_free(&g->keys);
	*g = (struct groups){ 0 };
}
