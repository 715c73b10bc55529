/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "base/diag.h"
#include "base/mem.h"
#include "diff.h"
#include "money/price_load.h"
#include "cmd/llm-cost/plan/outlook.h"

#define NO_ROW UINT32_MAX

static void
add_usd(struct usd *sum, struct usd more)
{
	*sum = usd_add(*sum, more);
}

/* The row with so many output tokens. */
static struct usd
with_output(const struct diff *d, const struct diff_row *row, uint64_t output, int64_t when,
    bool pinned)
{
	struct diff_row asked = *row;
	struct usd usd;

	asked.output = output;
	diff_price(d, &asked, when, pinned, &usd);
	return usd;
}

/* What the pair costs at one set of prices: those of the new side's time, else the pinned. */
static bool
price_pair(const struct diff *d, struct diff_pair *p, bool pinned)
{
	const struct diff_row *b = &d->base.row[p->base], *n = &d->new.row[p->new];
	int64_t when = pinned ? b->when : n->when;

	if (pinned && !b->unpriced && !b->request)
		p->base_usd = b->usd;
	else if (!diff_price(d, b, when, pinned, &p->base_usd))
		return false;
	if (!diff_price(d, n, when, pinned, &p->new_usd))
		return false;
	if (d->worst && b->request) {
		p->base_usd = with_output(d, b, b->most, when, pinned);
		p->new_usd = with_output(d, n, n->most, when, pinned);
	}
	return true;
}

static bool
is_pinned_model(const struct diff *d, const struct diff_row *n)
{
	for (size_t i = 0; i < d->base.count; i++)
		if (d->base.row[i].name == n->name)
			return true;
	return false;
}

/* Requests: their longest answer, and one as long as usual, the same on both sides, so that a
 * cap that is no longer reached does not count. */
static void
add_outlook(const struct diff *d, struct diff_sums *s, const struct diff_pair *p, bool pinned)
{
	const struct diff_row *b = &d->base.row[p->base], *n = &d->new.row[p->new];
	int64_t when = pinned ? b->when : n->when;
	uint64_t usual = OUTLOOK_OUTPUT;

	if (b->bounded && b->most < usual)
		usual = b->most;
	if (n->bounded && n->most < usual)
		usual = n->most;
	s->unbounded += !b->bounded || !n->bounded;
	add_usd(&s->base_worst, with_output(d, b, b->most, when, pinned));
	add_usd(&s->new_worst, with_output(d, n, n->most, when, pinned));
	add_usd(&s->base_expected, with_output(d, b, usual, when, pinned));
	add_usd(&s->new_expected, with_output(d, n, usual, when, pinned));
}

static void
add_pair(const struct diff *d, struct diff_sums *s, const struct diff_pair *p, bool pinned)
{
	const struct diff_row *b = &d->base.row[p->base], *n = &d->new.row[p->new];
	int order = usd_cmp(p->new_usd, p->base_usd);

	s->pairs++;
	s->up += order > 0;
	s->down += order < 0;
	add_usd(&s->base, p->base_usd);
	add_usd(&s->new, p->new_usd);
	s->base_input += b->input;
	s->new_input += n->input;
	s->base_output += b->output;
	s->new_output += n->output;
	if (b->request)
		add_outlook(d, s, p, pinned);
	else
		s->answers++;
}

/* What prices alone did to a row of the base. */
static void
add_moved(struct diff *d, const struct diff_pair *p)
{
	const struct diff_row *b = &d->base.row[p->base], *n = &d->new.row[p->new];
	struct usd now, moved;

	if (b->unpriced || !diff_price(d, b, n->when, false, &now))
		return;
	moved = usd_sub(now, b->usd);
	add_usd(&d->total.price_moved, moved);
	add_usd(&d->group[n->group].price_moved, moved);
}

/* Can the two be compared at all? If not it is counted why. */
static bool
comparable(struct diff *d, const struct diff_pair *p)
{
	const struct diff_row *b = &d->base.row[p->base], *n = &d->new.row[p->new];

	if (b->request != n->request)
		d->mixed++;
	else if (b->failed || n->failed)
		d->failed++;
	else
		return true;
	return false;
}

static void
add_single(struct diff *d, const struct diff_row *row, bool added)
{
	struct diff_sums *of[] = { &d->total, &d->group[row->group] };

	for (size_t i = 0; i < 2; i++) {
		*(added ? &of[i]->added : &of[i]->removed) += 1;
		if (!row->unpriced)
			add_usd(added ? &of[i]->added_usd : &of[i]->removed_usd, row->usd);
	}
}

/* Pairs of rows with one id, in the order of the new side. */
static struct diff_pair *
find_pairs(struct diff *d, size_t *count)
{
	struct diff_pair *pair = mem_alloc((d->new.count + 1) * sizeof(*pair));
	uint32_t *at = mem_alloc((d->ids.count + 1) * sizeof(*at));

	*count = 0;
	for (size_t i = 0; i < d->ids.count; i++)
		at[i] = NO_ROW;
	for (size_t i = 0; i < d->base.count; i++)
		at[d->base.row[i].id] = (uint32_t)i;
	for (size_t i = 0; i < d->new.count; i++) {
		uint32_t *base = &at[d->new.row[i].id];

		if (*base == NO_ROW) {
			add_single(d, &d->new.row[i], true);
			continue;
		}
		pair[(*count)++] = (struct diff_pair){ .base = *base, .new = (uint32_t)i };
		*base = NO_ROW;
	}
	for (size_t i = 0; i < d->base.count; i++)
		if (at[d->base.row[i].id] == i)
			add_single(d, &d->base.row[i], false);
	free(at);
	return pair;
}

/* From here on the prices of the summary go before all others. */
static void
load_pins(const struct diff *d)
{
	const char *why;

	if (!d->base.pins.len)
		return;
	why = prices_read("baseline", buf_slice(&d->base.pins));
	if (why)
		diag_die(STATUS_USAGE, "%s: prices of the summary: %s", d->base.name, why);
}

/* Keeps the pairs that can be priced, by rising group. */
static void
keep_pairs(struct diff *d, struct diff_pair *pair, size_t count)
{
	size_t *next;

	d->group_begins = mem_zero((d->groups.count + 2) * sizeof(*d->group_begins));
	for (size_t i = 0; i < count; i++)
		d->group_begins[d->new.row[pair[i].new].group + 1]++;
	for (size_t i = 0; i < d->groups.count; i++)
		d->group_begins[i + 1] += d->group_begins[i];
	next = mem_alloc((d->groups.count + 1) * sizeof(*next));
	memcpy(next, d->group_begins, (d->groups.count + 1) * sizeof(*next));
	d->pair = mem_alloc((count + 1) * sizeof(*d->pair));
	d->pair_count = count;
	for (size_t i = 0; i < count; i++)
		d->pair[next[d->new.row[pair[i].new].group]++] = pair[i];
	free(next);
}

void
diff_match(struct diff *d)
{
	struct diff_pair *pair;
	size_t count, kept = 0;

	d->group = mem_zero((d->groups.count + 1) * sizeof(*d->group));
	pair = find_pairs(d, &count);
	for (size_t i = 0; i < count; i++)
		if (comparable(d, &pair[i])) {
			add_moved(d, &pair[i]);
			pair[kept++] = pair[i];
		}
	count = kept;
	kept = 0;
	if (d->pin)
		load_pins(d);
	for (size_t i = 0; i < count; i++) {
		const struct diff_row *n = &d->new.row[pair[i].new];

		if (!price_pair(d, &pair[i], d->pin)) {
			d->unpriced++;
			continue;
		}
		d->unpinned += d->pin && d->base.summary && !is_pinned_model(d, n);
		add_pair(d, &d->total, &pair[i], d->pin);
		add_pair(d, &d->group[n->group], &pair[i], d->pin);
		pair[kept++] = pair[i];
	}
	keep_pairs(d, pair, kept);
	free(pair);
}

static void
close_side(struct diff_side *s)
{
	free(s->row);
	free(s->times);
	buf_free(&s->pins);
	hash_map_free(&s->seen);
}

void
diff_close(struct diff *d)
{
	close_side(&d->base);
	close_side(&d->new);
	hash_map_free(&d->ids);
	hash_map_free(&d->groups);
	hash_map_free(&d->names);
	free(d->group);
	free(d->pair);
	free(d->group_begins);
}
