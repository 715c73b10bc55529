/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "diff.h"
#include "show/members.h"
#include "stats/order.h"
#include "stats/paired.h"

#define SHARE_ONE 1000000
/* Fewer pairs are judged by their signs: a bootstrap of them is too sure of itself. */
#define BOOTSTRAP_LEAST 30
/* More are as good as normal, and resampling them would take long. */
#define BOOTSTRAP_MOST 20000

const char *const diff_verdict_name[] = { "ok", "unclear", "worse" };

/* One test that must be passed: of all or of a group. */
struct trial {
	struct diff_sums *sums;
	size_t begin, end; /* its pairs */
};

static bool
is_over(struct usd base, struct usd new, uint64_t limit)
{
	struct usd change = usd_sub(new, base);

	if (change.units <= 0)
		return false;
	return usd_cmp(usd_times(change, SHARE_ONE), usd_times(base, limit)) > 0;
}

static bool
limit_of_group(const struct diff *d, size_t group, uint64_t *limit)
{
	struct arena a = { 0 };
	struct slice key = diff_group_text(d, group, &a);
	bool found = false;

	for (size_t i = 0; i < d->limits.count; i++) {
		const char *item = d->limits.item[i], *equals = strrchr(item, '=');

		if (equals && slice_eq(slice_of(item, (size_t)(equals - item)), key))
			found = options_share(equals + 1, limit);
	}
	arena_close(&a);
	return found;
}

/* The last one without a key counts; without any the least change is one. */
static uint64_t
common_limit(const struct diff *d)
{
	uint64_t limit = 0;

	for (size_t i = 0; i < d->limits.count; i++)
		if (!strchr(d->limits.item[i], '='))
			options_share(d->limits.item[i], &limit);
	return limit;
}

static double
dollars(struct usd d)
{
	return (double)d.units / 1e20;
}

static void
put_change(struct diff_sums *s, const struct change *c)
{
	s->chance = c->chance;
	s->has_range = true;
	s->range = c->range;
}

/* What a usual row did: a few that did much else do not move it. */
static void
find_typical(const struct diff *d, const struct trial *t)
{
	double *change = mem_grow(NULL, t->end - t->begin + 1, sizeof(*change));
	size_t n = 0;

	for (size_t i = t->begin; i < t->end; i++) {
		double base = dollars(d->pair[i].base_usd);

		if (base > 0)
			change[n++] = dollars(d->pair[i].new_usd) / base - 1;
	}
	order_sort(change, n);
	t->sums->has_typical = n > 0;
	if (n) {
		t->sums->typical = order_median(change, n);
		t->sums->spread = order_mad(change, n);
	}
	free(change);
}

/* Where the sum of the base is 0 there is no relative change: signs alone. */
static void
test_pairs(const struct diff *d, const struct trial *t, double confidence)
{
	size_t n = t->end - t->begin;
	double *base, *new;
	struct change c;

	if (n < BOOTSTRAP_LEAST || t->sums->base.units == 0) {
		t->sums->test = "sign";
		t->sums->chance = sign_test(t->sums->up, t->sums->down);
		return;
	}
	base = mem_grow(NULL, n, sizeof(*base));
	new = mem_grow(NULL, n, sizeof(*new));
	for (size_t i = 0; i < n; i++) {
		base[i] = dollars(d->pair[t->begin + i].base_usd);
		new[i] = dollars(d->pair[t->begin + i].new_usd);
	}
	c = n > BOOTSTRAP_MOST ? paired_normal(base, new, n, confidence)
			       : paired_bootstrap(base, new, n, confidence, d->seed);
	t->sums->test = n > BOOTSTRAP_MOST ? "normal" : "bootstrap";
	put_change(t->sums, &c);
	free(base);
	free(new);
}

static void
reason(struct diff_sums *s, enum diff_verdict v, const char *text)
{
	s->verdict = v;
	snprintf(s->reason, sizeof(s->reason), "%s", text);
}

/* Settles what needs no test; true if one is needed. */
static bool
needs_test(struct diff_sums *s)
{
	bool over = is_over(s->base, s->new, s->limit);

	if (!s->pairs) {
		reason(s, s->added || s->removed ? DIFF_UNCLEAR : DIFF_OK,
		    s->added || s->removed ? "cannot be judged: no row stands on both sides"
					   : "no rows");
		return false;
	}
	if (!s->answers) {
		/* counted, not measured: there is no chance in it */
		s->test = "exact";
		if (!over && is_over(s->base_expected, s->new_expected, s->limit))
			reason(s, DIFF_WORSE, "a usual answer would cost more than the limit");
		else if (over)
			reason(s, DIFF_WORSE, "over the limit; counted, so no chance");
		else
			reason(s, DIFF_OK, "not over the limit; counted, so no chance");
		return false;
	}
	if (!over) {
		reason(s, DIFF_OK, "not over the limit");
		return false;
	}
	return true;
}

static int
by_chance(const void *a, const void *b)
{
	const struct trial *x = a, *y = b;

	if (x->sums->chance != y->sums->chance)
		return x->sums->chance < y->sums->chance ? -1 : 1;
	return (x->begin > y->begin) - (x->begin < y->begin);
}

static void
too_few(struct diff_sums *s)
{
	uint64_t changed = s->up + s->down, least = sign_test_least(s->level);

	s->verdict = DIFF_UNCLEAR;
	if (s->test && *s->test == 's' && changed < least)
		snprintf(s->reason, sizeof(s->reason),
		    "cannot be judged: %" PRIu64 " pairs changed, at least %" PRIu64 " must",
		    changed, least);
	else
		snprintf(s->reason, sizeof(s->reason),
		    "over the limit, but may be chance: p = %.3g, not below %.3g", s->chance,
		    s->level);
}

/* Holm 1979: the smallest chance must be below alpha / m, the next below alpha / (m - 1), and
 * so on; the first that is not ends it. So many groups do not make a false alarm. */
static void
step_down(struct trial *trial, size_t count, double alpha)
{
	bool going = true;

	qsort(trial, count, sizeof(*trial), by_chance);
	for (size_t i = 0; i < count; i++) {
		struct diff_sums *s = trial[i].sums;

		s->level = alpha / (double)(count - i);
		going = going && s->chance <= s->level;
		if (!going) {
			too_few(s);
			continue;
		}
		s->verdict = DIFF_WORSE;
		snprintf(s->reason, sizeof(s->reason),
		    "over the limit, and no chance: %s test, p = %.2g, below %.2g", s->test,
		    s->chance, s->level);
	}
}

static void
take_verdict(struct diff *d, const struct diff_sums *s)
{
	if (s->verdict > d->verdict)
		d->verdict = s->verdict;
}

void
diff_judge(struct diff *d)
{
	struct trial *trial = mem_zero((d->groups.count + 2) * sizeof(*trial));
	struct trial all = { &d->total, 0, d->pair_count };
	uint64_t limit = common_limit(d);
	size_t count = 0;

	d->total.limit = limit;
	if (needs_test(&d->total))
		trial[count++] = all;
	else if (d->total.answers >= BOOTSTRAP_LEAST)
		test_pairs(d, &all, d->confidence);
	for (size_t i = 0; d->by.count && i < d->groups.count; i++) {
		struct diff_sums *s = &d->group[i];

		s->limit = limit;
		limit_of_group(d, i, &s->limit);
		if (needs_test(s))
			trial[count++] =
			    (struct trial){ s, d->group_begins[i], d->group_begins[i + 1] };
	}
	for (size_t i = 0; i < count; i++)
		test_pairs(d, &trial[i], d->confidence);
	step_down(trial, count, 1.0 - d->confidence);
	take_verdict(d, &d->total);
	if (d->total.answers)
		find_typical(d, &all);
	for (size_t i = 0; d->by.count && i < d->groups.count; i++)
		/* a group that is only added or removed is no reason to doubt the rest */
		if (d->group[i].pairs)
			take_verdict(d, &d->group[i]);
	if (d->no_base)
		reason(&d->total, d->verdict = DIFF_UNCLEAR, "there is no baseline yet");
	free(trial);
}

bool
diff_per_1k(const struct diff_sums *s, struct usd *base, struct usd *new)
{
	uint64_t before = s->pairs + s->removed, after = s->pairs + s->added;

	if (!before || !after)
		return false;
	*base = usd_part(usd_add(s->base, s->removed_usd), 1000, before);
	*new = usd_part(usd_add(s->new, s->added_usd), 1000, after);
	return true;
}

static struct usd
change_of(const struct diff_pair *p)
{
	return usd_sub(p->new_usd, p->base_usd);
}

/* Keeps the best `DIFF_WORST` of a run of indices: insertion into a short sorted list. */
static size_t
insert(size_t *best, size_t count, size_t i,
    bool (*before)(const struct diff *, size_t, size_t), const struct diff *d)
{
	size_t at = count < DIFF_WORST ? count : DIFF_WORST;

	if (at == DIFF_WORST && !before(d, i, best[at - 1]))
		return count;
	if (at == DIFF_WORST)
		at--;
	else
		count++;
	for (; at > 0 && before(d, i, best[at - 1]); at--)
		best[at] = best[at - 1];
	best[at] = i;
	return count;
}

static bool
pair_rose_more(const struct diff *d, size_t i, size_t k)
{
	int order = usd_cmp(change_of(&d->pair[i]), change_of(&d->pair[k]));

	return order ? order > 0 : d->pair[i].new < d->pair[k].new;
}

static bool
pair_fell_more(const struct diff *d, size_t i, size_t k)
{
	int order = usd_cmp(change_of(&d->pair[i]), change_of(&d->pair[k]));

	return order ? order < 0 : d->pair[i].new < d->pair[k].new;
}

size_t
diff_worst(const struct diff *d, const struct diff_pair *out[DIFF_WORST])
{
	size_t best[DIFF_WORST], count = 0;

	for (size_t i = 0; i < d->pair_count; i++) {
		int way = usd_cmp(d->pair[i].new_usd, d->pair[i].base_usd);

		if (way > 0 || (way < 0 && !d->total.up))
			count = insert(
			    best, count, i, d->total.up ? pair_rose_more : pair_fell_more, d);
	}
	for (size_t i = 0; i < count; i++)
		out[i] = &d->pair[best[i]];
	return count;
}

/* Worse ones first, then by what they rose. */
static bool
group_worse(const struct diff *d, size_t i, size_t k)
{
	const struct diff_sums *x = &d->group[i], *y = &d->group[k];
	int order;

	if (x->verdict != y->verdict)
		return x->verdict > y->verdict;
	order = usd_cmp(usd_sub(x->new, x->base), usd_sub(y->new, y->base));
	return order ? order > 0 : slice_cmp(d->groups.keys[i], d->groups.keys[k]) < 0;
}

size_t
diff_worst_groups(const struct diff *d, size_t out[DIFF_WORST])
{
	size_t count = 0;

	for (size_t i = 0; d->by.count && i < d->groups.count; i++)
		count = insert(out, count, i, group_worse, d);
	return count;
}

struct slice
diff_group_text(const struct diff *d, size_t group, struct arena *a)
{
	struct buf text = { 0 };
	struct slice out;

	for (size_t i = 0; i < d->by.count; i++) {
		if (i)
			buf_add_byte(&text, ',');
		buf_add(&text, by_text(by_value(d->groups.keys[group], i), a));
	}
	out = arena_copy(a, buf_slice(&text));
	buf_free(&text);
	return out;
}
