/* SPDX-License-Identifier: MIT */
#include "bulk.h"

#include <stdlib.h>

#include "base/mem.h"
#include "cmd/llm-cost/rows/walk.h"
#include "json/bytes.h"

#define BULKS 256
#define WAYS 4 /* places where a bulk may be */
#define MODEL 64
#define WORD 32 /* provider, tier, region */

struct word {
	char text[WORD];
	size_t len;
};
struct bulk {
	uint64_t calls; /* since it was added to the group */
	/* what its calls have in common */
	char model[MODEL];
	size_t model_len; /* 0: free */
	struct word provider, tier, region;
	enum lane lane;
	bool own_time, user, session;
	bool cached, written_5m, written_1h, reasoning; /* its plans bill such tokens */
	struct price_span span;
	uint32_t group;
	const struct price_plan *plan, *asked; /* asked: of the baseline */
	/* their sums */
	struct usage counts;
	/* the first, for all else */
	struct row row;
	struct traits traits;
};

/* The first of the places where the row's bulk may be. Those of other periods are elsewhere,
 * so that a log need not be in order. */
static struct bulk *
places_of(const struct bulks *t, const struct row *row)
{
	struct slice m = row->model;
	unsigned at = (unsigned)m.len + (unsigned)row->lane;

	at += (unsigned char)m.ptr[0] * 3u + (unsigned char)m.ptr[m.len / 2] * 7u +
	      (unsigned char)m.ptr[m.len - 1] * 13u;
	if (t->periods)
		at += (unsigned)(row->when / 86400000) * 31u;
	return &t->list[at % (BULKS / WAYS) * WAYS];
}

/* A call of which nothing is odd, as far as the line tells. */
static bool
is_plain(const struct row *row)
{
	return row->kind == ROW_CALL && row->has_usage && !row->failed && !row->wasted &&
	       row->request.shape == SHAPE_USAGE && !row->request.llm.json &&
	       !row->request.body.json && row->model.len && row->model.len <= MODEL &&
	       usage_is_plain(&row->usage);
}

static bool
is_word(const struct word *w, struct slice s)
{
	return w->len == s.len && bytes_same(w->text, s.ptr, s.len);
}

/* Does its plans' simple part cover what the usage has? */
static bool
covers(const struct bulk *b, const struct usage *u)
{
	return (!u->cached || b->cached) && (!u->written_5m || b->written_5m) &&
	       (!u->written_1h || b->written_1h) && (!u->reasoning || b->reasoning);
}

static bool
fits(const struct bulk *t, const struct row *row)
{
	return t->model_len == row->model.len &&
	       bytes_same(t->model, row->model.ptr, row->model.len) &&
	       price_span_has(&t->span, row->when, row->usage.input) && t->lane == row->lane &&
	       covers(t, &row->usage) && t->own_time == row->own_time &&
	       is_word(&t->provider, row->provider) &&
	       is_word(&t->tier, row->usage.service_tier) &&
	       is_word(&t->region, row->usage.region);
}

struct bulk *
bulk_find(const struct bulks *t, const struct row *row)
{
	struct bulk *at;

	if (!t->list || !is_plain(row))
		return NULL;
	at = places_of(t, row);
	for (size_t i = 0; i < WAYS; i++)
		if (fits(&at[i], row))
			return &at[i];
	return NULL;
}

uint32_t
bulk_group(const struct bulk *t)
{
	return t->group;
}

static bool
are_plain(const struct traits *t)
{
	return !(t->routed | t->marked | t->looked_up | t->cut | t->filtered | t->has_attempts |
		   t->has_estimate | t->has_logged | t->has_credits) &&
	       t->judged == JUDGED_NOT;
}

/* To the group; the bulk goes on with nothing. */
static void
hand_over(const struct bulks *t, struct bulk *from)
{
	struct usage *u = &from->row.usage, fresh;

	if (!from->calls)
		return;
	*u = fresh = from->counts;
	fresh.cached = fresh.written_5m = fresh.written_1h = 0;
	from->row.bill.usd = price_plan_cost(from->plan, u);
	if (from->traits.has_baseline)
		from->traits.baseline = price_plan_cost(from->asked, &fresh);
	groups_add_alike(
	    t->groups, from->group, &from->row, t->wanted ? &from->traits : NULL, from->calls);
	from->calls = 0;
	from->counts = (struct usage){ 0 };
}

bool
bulk_add(
    const struct bulks *t, struct bulk *to, const struct row *row, const struct traits *traits)
{
	const struct usage *u = &row->usage;
	struct usage *sum = &to->counts;

	if (traits && (!are_plain(traits) || to->user != (traits->user != 0) ||
			  to->session != (traits->session != 0)))
		return false;
	to->calls++;
	sum->input += u->input;
	sum->cached += u->cached;
	sum->written_5m += u->written_5m;
	sum->written_1h += u->written_1h;
	sum->output += u->output;
	sum->reasoning += u->reasoning;
	groups_see(t->groups, to->group, row, traits);
	/* a count of one call is at most 2^53, and all others are parts of these two */
	if ((sum->input | sum->output) >> 62)
		hand_over(t, to);
	return true;
}

static bool
keep(struct word *w, struct slice s)
{
	if (s.len > WORD)
		return false;
	w->len = s.len;
	if (s.len)
		memcpy(w->text, s.ptr, s.len);
	return true;
}

/* What the row has in common with those that may be added; false if a name is too long. */
static bool
keep_words(struct bulk *to, const struct row *row)
{
	to->model_len = row->model.len;
	memcpy(to->model, row->model.ptr, row->model.len);
	to->lane = row->lane;
	to->own_time = row->own_time;
	return keep(&to->provider, row->provider) && keep(&to->tier, row->usage.service_tier) &&
	       keep(&to->region, row->usage.region);
}

static bool
bills(const struct bulk *b, struct usage u)
{
	return price_plan_bills(b->plan, &u) && price_plan_bills(b->asked, &u);
}

static void
narrow(struct price_span *s, const struct price_span *to)
{
	s->from = to->from > s->from ? to->from : s->from;
	s->until = to->until < s->until ? to->until : s->until;
	s->low = to->low > s->low ? to->low : s->low;
	s->high = to->high < s->high ? to->high : s->high;
}

void
bulk_learn(struct bulks *t, const struct record *r, const struct row *row,
    const struct traits *traits, uint32_t group)
{
	struct bulk *to;
	struct price_span span = row->bill.span;
	struct usage u;
	struct bill asked;

	if (!is_plain(row) || row->unpriced || !row->bill.plan || row->bill.note ||
	    (traits && !are_plain(traits)) || !by_told(t->by, row, &span.from, &span.until) ||
	    !walk_as_asked(row, r->arena, &u, &asked) || !asked.plan)
		return;
	narrow(&span, &asked.span);
	if (!t->list) {
		t->list = mem_zero(BULKS * sizeof(*t->list));
		t->periods = by_periods(t->by);
	}
	to = places_of(t, row) + t->next++ % WAYS;
	hand_over(t, to);
	if (!keep_words(to, row)) {
		to->model_len = 0;
		return;
	}
	to->span = span;
	to->group = group;
	to->plan = row->bill.plan;
	to->asked = asked.plan;
	to->cached = bills(to, (struct usage){ .input = 1, .cached = 1 });
	to->written_5m = bills(to, (struct usage){ .input = 1, .written_5m = 1 });
	to->written_1h = bills(to, (struct usage){ .input = 1, .written_1h = 1 });
	to->reasoning = bills(to, (struct usage){ .output = 1, .reasoning = 1 });
	if (!bills(to, (struct usage){ .input = 1, .output = 1 }))
		to->model_len = 0;
	to->row = *row;
	to->traits = traits ? *traits : (struct traits){ 0 };
	to->user = to->traits.user != 0;
	to->session = to->traits.session != 0;
}

void
bulks_close(struct bulks *t)
{
	for (size_t i = 0; t->list && i < BULKS; i++)
		hand_over(t, &t->list[i]);
	free(t->list);
	t->list = NULL;
}
