/* SPDX-License-Identifier: MIT */
#include "decide.h"

#include <inttypes.h>

#include "base/count.h"
#include "prompt_cache/rates.h"

#define NOWHERE SIZE_MAX

struct judge {
	const struct waiting *waiting;
	const struct places *places;
	const struct window *window;
	bool alone; /* nothing is known of what follows */
	struct prompt_rates rates;
	struct usd write;
};

/* How many requests have the prefix; alone, the fewest that can pay. */
static uint64_t
seen_at(const struct judge *j, size_t i)
{
	struct window_seen s = window_seen(j->window, j->places->list[i].print);

	return j->alone ? (j->waiting->hour ? 3 : 2) : s.before + 1 + s.after;
}

/* Dollars that are saved over `seen` requests: all fresh, less one write and the reads. */
static struct usd
saving(const struct judge *j, uint64_t tokens, uint64_t seen)
{
	struct usd without = usd_times(usd_times(j->rates.fresh, tokens), seen);
	struct usd reads = usd_times(usd_times(j->rates.read, tokens), seen - 1);

	return usd_sub(without, usd_add(usd_times(j->write, tokens), reads));
}

/* In hundredths of the price of a token for models without a price. A key alone costs nothing.
 */
static bool
pays(const struct judge *j, uint64_t seen)
{
	static const struct usd zero;
	const struct cache_rule *r = j->waiting->rule;

	if (!r->marks)
		return seen > 1;
	if (j->rates.priced)
		return usd_cmp(saving(j, 1, seen), zero) > 0;
	return seen * 100 >
	       (j->waiting->hour ? r->write_1h : r->write_5m) + (seen - 1) * r->read;
}

static bool
is_long_enough(const struct judge *j, size_t i)
{
	return j->places->list[i].tokens >= j->waiting->rule->minimum;
}

static bool
may_stand(const struct judge *j, size_t i)
{
	return j->places->list[i].form != PLACE_NONE;
}

/* The last place of a kind that pays; marks: only where one can stand. */
static size_t
last_paying(const struct judge *j, enum place_kind kind, bool marks)
{
	for (size_t i = j->places->count; i-- > 0;)
		if (j->places->list[i].kind == kind && (!marks || may_stand(j, i)) &&
		    pays(j, seen_at(j, i)))
			return i;
	return NOWHERE;
}

/* The last place where an earlier record has its mark: what this one can read. */
static size_t
last_marked(const struct judge *j)
{
	for (size_t i = j->places->count; i-- > 0;)
		if (j->places->list[i].kind == PLACE_MESSAGE && may_stand(j, i) &&
		    window_seen(j->window, j->places->list[i].print).marked)
			return i;
	return NOWHERE;
}

/* The last place that a later record has too, and that pays. */
static size_t
last_awaited(const struct judge *j)
{
	for (size_t i = j->places->count; i-- > 0;)
		if (j->places->list[i].kind == PLACE_MESSAGE && may_stand(j, i) &&
		    window_seen(j->window, j->places->list[i].print).after &&
		    pays(j, seen_at(j, i)))
			return i;
	return NOWHERE;
}

/* Judged alone, a chat that has gone on is taken to go on: its last message, and the one before
 * the last answer, which the request before this one ended with. */
static void
chat_alone(const struct judge *j, size_t *before, size_t *last)
{
	const struct places *p = j->places;
	size_t i = p->count;

	*before = *last = NOWHERE;
	while (i > 0 && !p->list[i - 1].answer)
		i--;
	if (i == 0 || !may_stand(j, p->count - 1))
		return;
	*last = p->count - 1;
	while (i > 0 && p->list[i - 1].answer)
		i--;
	if (i > 0 && p->list[i - 1].kind == PLACE_MESSAGE && may_stand(j, i - 1))
		*before = i - 1;
}

/* Adds a place behind those that are there, if the tokens since the last of them pay. */
static void
add(struct decision *d, const struct judge *j, size_t i)
{
	uint64_t before =
	    d->count ? j->places->list[d->place[d->count - 1]].tokens : UINT64_C(0);

	if (i == NOWHERE || d->count == MARKS_MOST || !is_long_enough(j, i) ||
	    (d->count && i <= d->place[d->count - 1]) || !pays(j, seen_at(j, i)))
		return;
	d->place[d->count++] = i;
	if (d->priced)
		d->usd = usd_add(
		    d->usd, saving(j, j->places->list[i].tokens - before, seen_at(j, i)));
}

/* Marks from the first place to the last, so that the order of lifetimes cannot be wrong. */
static void
place_marks(struct decision *d, const struct judge *j)
{
	size_t tools = last_paying(j, PLACE_TOOLS, true),
	       system = last_paying(j, PLACE_SYSTEM, true), before, last;

	if (j->alone) {
		chat_alone(j, &before, &last);
	} else {
		before = last_marked(j);
		last = last_awaited(j);
	}
	if (tools != NOWHERE && system != NOWHERE && is_long_enough(j, system) &&
	    seen_at(j, tools) <= seen_at(j, system))
		tools = NOWHERE;
	if (last != NOWHERE && before != NOWHERE && last < before)
		last = NOWHERE;
	/* where the provider sets one mark itself, tools have no place of their own */
	if (j->waiting->rule->marks == MARKS_MOST)
		add(d, j, tools);
	add(d, j, system);
	add(d, j, before);
	add(d, j, last);
}

/* The place that names the group of a prompt_cache_key: its static head, or the first message
 * of a conversation whose head is too short. */
static void
choose_key(struct decision *d, const struct judge *j, enum api api)
{
	const struct places *p = j->places;
	size_t shared = last_paying(j, PLACE_MESSAGE, false),
	       head = last_paying(j, PLACE_SYSTEM, false);

	if (api != API_CHAT && api != API_RESPONSES)
		return;
	if (head == NOWHERE)
		head = last_paying(j, PLACE_TOOLS, false);
	if (head != NOWHERE && is_long_enough(j, head)) {
		d->group = head;
	} else if (!j->alone && shared != NOWHERE && is_long_enough(j, shared)) {
		for (d->group = 0; p->list[d->group].kind != PLACE_MESSAGE;)
			d->group++;
		head = shared;
	} else {
		return;
	}
	d->key = true;
	if (d->count == 0 && d->priced)
		d->usd = saving(j, p->list[head].tokens, seen_at(j, head));
}

/* The place that the reason is about: what was chosen, else the longest head that others have,
 * else the head. */
static size_t
subject(const struct decision *d, const struct judge *j)
{
	const struct places *p = j->places;
	size_t i = p->count - 1, head;

	if (d->count)
		return d->place[0];
	if (d->key)
		return d->group;
	for (size_t k = p->count; k-- > 0;)
		if (!j->alone && seen_at(j, k) > 1)
			return k;
	for (head = p->count; head-- > 0;)
		if (p->list[head].kind != PLACE_MESSAGE)
			return head;
	return i;
}

/* What it is that pays, or does not. */
static const char *
means(const struct decision *d, const struct judge *j)
{
	if (d->key)
		return d->count ? "a breakpoint and a key" : "a key";
	if (j->waiting->rule->marks == MARKS_MOST)
		return j->waiting->hour ? "a 1h mark" : "a 5m mark";
	return j->waiting->rule->marks ? "a breakpoint" : "a key";
}

static struct slice
reason_of(
    const struct decision *d, const struct judge *j, size_t i, uint64_t ahead, struct arena *a)
{
	bool good = d->count || d->key;
	uint64_t seen = seen_at(j, i);
	char tokens[32], other[32];

	count_write(j->places->list[i].tokens, tokens);
	if (!is_long_enough(j, i))
		return arena_printf(a, "about %s tokens, under this model's minimum of %s",
		    tokens, count_write(j->waiting->rule->minimum, other));
	if (j->alone)
		return arena_printf(a,
		    "about %s tokens, judged alone: over %" PRIu64 " requests %s %s", tokens,
		    seen, means(d, j), good ? "pays" : "would lose money");
	if (seen < 2)
		return arena_printf(a, "about %s tokens, not seen again within %s records",
		    tokens, count_write(ahead, other));
	return arena_printf(a, "about %s tokens, seen %s times: %s %s", tokens,
	    count_write(seen, other), means(d, j), good ? "pays" : "loses money");
}

void
decide(struct decision *d, const struct request *q, const struct waiting *w,
    const struct places *places, const struct window *window, uint64_t ahead, struct arena *a)
{
	struct judge j = {
		.waiting = w, .places = places, .window = window, .alone = ahead == 0
	};
	size_t about;

	*d = (struct decision){ .count = 0 };
	prompt_rates_read(&j.rates, q, models_resolve(request_model(q, a)));
	j.write = w->hour ? j.rates.write_1h : j.rates.write_5m;
	d->priced = j.rates.priced;
	if (w->rule->marks)
		place_marks(d, &j);
	choose_key(d, &j, q->api);
	about = subject(d, &j);
	/* what a mark would lose is told too */
	if (d->count == 0 && !d->key && d->priced && is_long_enough(&j, about))
		d->usd = saving(&j, places->list[about].tokens, seen_at(&j, about));
	d->reason = reason_of(d, &j, about, ahead, a);
	if (!is_long_enough(&j, about))
		d->priced = false;
}
