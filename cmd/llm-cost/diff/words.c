/* SPDX-License-Identifier: MIT */
/* What all formats of llm-cost diff say alike: a limit, the sentence on the whole, the order of
 * groups. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"
#include "diff.h"
#include "show/members.h"

bool
diff_is_requests(const struct diff *d)
{
	return d->total.pairs && !d->total.answers;
}

struct slice
diff_limit_text(uint64_t limit, struct arena *a)
{
	struct usd part = { (__int128)limit }, whole = { 1000000 };

	return percent_text(part, whole, 6, false, a);
}

struct slice
diff_change_text(struct usd base, struct usd new, struct arena *a)
{
	if (base.units == 0)
		return new.units ? SLICE("from nothing") : SLICE("no change");
	return arena_printf(a, "%s %%", percent_text(usd_sub(new, base), base, 2, true, a).ptr);
}

struct slice
diff_sentence(const struct diff *d, struct arena *a)
{
	const struct diff_sums *s = &d->total;
	unsigned decimals = usd_decimals(s->new.units > s->base.units ? s->new : s->base);
	struct buf text = { 0 };
	char one[64], two[64];
	struct slice out;

	if (s->pairs) {
		buf_printf(&text, "%s of %" PRIu64 " %s: $%s -> $%s",
		    diff_is_requests(d) ? d->worst ? "worst case" : "input" : "cost", s->pairs,
		    s->pairs == 1 ? "row" : "rows", usd_round(s->base, decimals, one),
		    usd_round(s->new, decimals, two));
		buf_printf(&text, " (%s)", diff_change_text(s->base, s->new, a).ptr);
		if (d->limited)
			buf_printf(&text, ", limit +%s %%", diff_limit_text(s->limit, a).ptr);
		buf_add(&text, SLICE("; "));
	}
	buf_add(&text, slice_z(s->reason));
	out = arena_copy(a, buf_slice(&text));
	buf_free(&text);
	return out;
}

static const struct diff *sorted_diff;

static int
by_change(const void *a, const void *b)
{
	size_t i = *(const size_t *)a, k = *(const size_t *)b;
	const struct diff_sums *x = &sorted_diff->group[i], *y = &sorted_diff->group[k];
	int order = usd_cmp(usd_sub(y->new, y->base), usd_sub(x->new, x->base));

	return order ? order
		     : slice_cmp(sorted_diff->groups.keys[i], sorted_diff->groups.keys[k]);
}

size_t *
diff_order(const struct diff *d, size_t *count)
{
	size_t *order = mem_alloc((d->groups.count + 1) * sizeof(*order));

	*count = d->by.count ? d->groups.count : 0;
	for (size_t i = 0; i < *count; i++)
		order[i] = i;
	sorted_diff = d;
	if (*count)
		qsort(order, *count, sizeof(*order), by_change);
	return order;
}
