/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdlib.h>

#include "diff.h"
#include "show/members.h"
#include "cmd/llm-cost/plan/outlook.h"

const char *const diff_formats[] = { "table", "json", "csv", "md", "junit", "github", NULL };

#define FIGURES 8
struct layout {
	bool exact;
	unsigned decimals;
	struct arena arena;
};

static struct slice
money(struct layout *l, struct usd d)
{
	char text[64];

	if (l->exact)
		return arena_copy(&l->arena, slice_z(usd_write(d, text)));
	return cell_usd(d, l->decimals, &l->arena);
}

static struct slice
number(struct layout *l, uint64_t n)
{
	return l->exact ? arena_printf(&l->arena, "%" PRIu64, n) : cell_count(n, &l->arena);
}

static void
figures(struct layout *l, const struct diff_sums *s, struct slice *row)
{
	struct usd change = usd_sub(s->new, s->base);
	struct slice percent = percent_text(change, s->base, 6, false, &l->arena);

	row[0] = number(l, s->pairs);
	row[1] = number(l, s->base_input);
	row[2] = number(l, s->new_input);
	row[3] = money(l, s->base);
	row[4] = money(l, s->new);
	row[5] = money(l, change);
	if (!l->exact)
		row[6] = s->pairs ? diff_change_text(s->base, s->new, &l->arena) : SLICE("-");
	else if (s->base.units)
		row[6] = percent;
	row[7] = slice_z(diff_verdict_name[s->verdict]);
}

static void
table_of(
    const struct diff *d, struct layout *l, const size_t *order, size_t count, struct table *t)
{
	static const char *const people[FIGURES] = { "rows", "base in", "new in", "base $",
		"new $", "change $", "change", "verdict" };
	static const char *const exact[FIGURES] = { "rows", "base_input_tokens",
		"new_input_tokens", "base", "new", "change_usd", "change_percent", "verdict" };
	struct slice *row;

	table_open(t, FIGURES + 1, &l->arena);
	t->heading[0] = l->exact ? SLICE("key") : SLICE("");
	for (size_t i = 0; i < FIGURES; i++) {
		t->heading[i + 1] = slice_z(l->exact ? exact[i] : people[i]);
		t->right[i + 1] = i + 1 < FIGURES;
	}
	for (size_t i = 0; i < count; i++) {
		row = table_row(t);
		row[0] = diff_group_text(d, order[i], &l->arena);
		figures(l, &d->group[order[i]], row + 1);
	}
	t->rule = t->rows;
	row = table_row(t);
	row[0] = SLICE("total");
	figures(l, &d->total, row + 1);
}

static void
row_lines(const struct diff *d, struct layout *l, struct table *t)
{
	static const char *const heading[] = { "row", "base in", "new in", "base $", "new $",
		"change $", "change" };
	const struct diff_pair *worst[DIFF_WORST];
	size_t count = diff_worst(d, worst);

	table_open(t, 7, &l->arena);
	for (size_t i = 0; i < 7; i++) {
		t->heading[i] = slice_z(heading[i]);
		t->right[i] = i > 0;
	}
	for (size_t i = 0; i < count; i++) {
		struct usd change = usd_sub(worst[i]->new_usd, worst[i]->base_usd);
		struct slice *row = table_row(t);

		row[0] = slice_head(diff_id(d, d->new.row[worst[i]->new].id), 80);
		row[1] = number(l, d->base.row[worst[i]->base].input);
		row[2] = number(l, d->new.row[worst[i]->new].input);
		row[3] = money(l, worst[i]->base_usd);
		row[4] = money(l, worst[i]->new_usd);
		row[5] = money(l, change);
		row[6] = diff_change_text(worst[i]->base_usd, worst[i]->new_usd, &l->arena);
	}
}

static void
requests_remarks(const struct diff *d, const char *bullet, struct layout *l, struct buf *out)
{
	const struct diff_sums *s = &d->total;
	char one[64], two[64];

	if (!diff_is_requests(d))
		return;
	if (s->unbounded)
		buf_printf(out, "%sworst case: no bound is known for %" PRIu64 " rows\n",
		    bullet, s->unbounded);
	else
		buf_printf(out,
		    "%sworst case, each answer as long as it can get: $%s -> $%s (%s)\n",
		    bullet, usd_round(s->base_worst, usd_decimals(s->base_worst), one),
		    usd_round(s->new_worst, usd_decimals(s->new_worst), two),
		    diff_change_text(s->base_worst, s->new_worst, &l->arena).ptr);
	buf_printf(out, "%swith answers of at most %d tokens: $%s -> $%s (%s)\n", bullet,
	    OUTLOOK_OUTPUT, usd_round(s->base_expected, usd_decimals(s->base_expected), one),
	    usd_round(s->new_expected, usd_decimals(s->new_expected), two),
	    diff_change_text(s->base_expected, s->new_expected, &l->arena).ptr);
}

/* Of files of different length the sums say little. */
static void
per_1k_remark(const struct diff_sums *s, const char *bullet, struct layout *l, struct buf *out)
{
	struct usd base, new;
	char one[64], two[64];

	if ((!s->added && !s->removed) || !diff_per_1k(s, &base, &new))
		return;
	buf_printf(out, "%sall rows, for 1,000: $%s -> $%s (%s)\n", bullet,
	    usd_round(base, usd_decimals(base), one), usd_round(new, usd_decimals(new), two),
	    diff_change_text(base, new, &l->arena).ptr);
}

static void
remarks(const struct diff *d, const char *bullet, struct layout *l, struct buf *out)
{
	const struct diff_sums *s = &d->total;
	char one[64];

	requests_remarks(d, bullet, l, out);
	if (s->has_range)
		buf_printf(out, "%schange between %.2f %% and %.2f %% (%g %% sure)\n", bullet,
		    s->range.low * 100, s->range.high * 100, d->confidence * 100);
	if (s->has_typical)
		buf_printf(out, "%sthe median row: %+.2f %% (deviation %.2f)\n", bullet,
		    s->typical * 100, s->spread * 100);
	if (s->added)
		buf_printf(out, "%sadded: %" PRIu64 " rows, $%s\n", bullet, s->added,
		    usd_round(s->added_usd, l->decimals, one));
	if (s->removed)
		buf_printf(out, "%sremoved: %" PRIu64 " rows, $%s\n", bullet, s->removed,
		    usd_round(s->removed_usd, l->decimals, one));
	per_1k_remark(s, bullet, l, out);
	if (s->price_moved.units)
		buf_printf(out,
		    "%sprices moved: the base costs $%s %s than it did; not counted "
		    "as a change\n",
		    bullet,
		    usd_round(s->price_moved.units < 0
				  ? usd_sub((struct usd){ 0 }, s->price_moved)
				  : s->price_moved,
			usd_decimals(s->price_moved), one),
		    s->price_moved.units < 0 ? "less" : "more");
	if (d->pin)
		buf_printf(out, "%sat the prices of the baseline\n", bullet);
	if (d->unpinned)
		buf_printf(out, "%s%" PRIu64 " rows are of models that the baseline has not\n",
		    bullet, d->unpinned);
	if (d->failed)
		buf_printf(
		    out, "%snot compared: %" PRIu64 " rows that failed\n", bullet, d->failed);
	if (d->unpriced)
		buf_printf(out, "%snot compared: %" PRIu64 " rows without a price\n", bullet,
		    d->unpriced);
	if (d->base.estimated + d->new.estimated)
		buf_printf(out, "%sestimated token counts: %" PRIu64 " rows\n", bullet,
		    d->base.estimated + d->new.estimated);
}

static struct layout
layout_of(const struct diff *d, bool exact)
{
	struct usd most = d->total.new;

	if (usd_cmp(most, d->total.base) < 0)
		most = d->total.base;
	if (!most.units)
		most = d->total.added_usd;
	return (struct layout){ .exact = exact, .decimals = usd_decimals(most) };
}

static void
print_table(const char *format, const struct diff *d, struct buf *out)
{
	struct layout l = layout_of(d, *format == 'c');
	size_t shown[DIFF_WORST], count, *order = NULL;
	struct table t;

	if (l.exact) {
		order = diff_order(d, &count);
		table_of(d, &l, order, count, &t);
		table_csv(&t, out);
	} else {
		buf_printf(out, "%s: %s\n\n", diff_verdict_name[d->verdict],
		    diff_sentence(d, &l.arena).ptr);
		count = diff_worst_groups(d, shown);
		table_of(d, &l, shown, count, &t);
		table_people(&t, out);
		if (d->by.count && count < d->groups.count)
			buf_printf(out, "%zu more groups\n", d->groups.count - count);
		buf_add_byte(out, '\n');
		remarks(d, "", &l, out);
	}
	free(order);
	table_close(&t);
	arena_close(&l.arena);
}

/* The first line is what a bot finds its own comment by. All parts are bounded: 41 rows of at
 * most nine cells of under 200 characters. */
static void
print_markdown(const struct diff *d, struct buf *out)
{
	struct layout l = layout_of(d, false);
	size_t shown[DIFF_WORST], count = diff_worst_groups(d, shown);
	struct table t;

	buf_printf(out, "<!-- llm-cost diff -->\n### LLM cost: %s\n\n%s\n\n",
	    diff_verdict_name[d->verdict], diff_sentence(d, &l.arena).ptr);
	table_of(d, &l, shown, count, &t);
	table_markdown(&t, out);
	table_close(&t);
	if (d->by.count && count < d->groups.count)
		buf_printf(out, "\n%zu more groups\n", d->groups.count - count);
	row_lines(d, &l, &t);
	if (t.rows) {
		buf_printf(out, "\n%s %zu rows\n\n",
		    d->total.up ? "What rose most:" : "What fell most:", t.rows);
		table_markdown(&t, out);
	}
	table_close(&t);
	buf_add_byte(out, '\n');
	remarks(d, "- ", &l, out);
	arena_close(&l.arena);
}

void
diff_print(const char *format, const struct diff *d, struct buf *out)
{
	if (strcmp(format, "json") == 0)
		diff_print_json(d, out);
	else if (strcmp(format, "md") == 0)
		print_markdown(d, out);
	else if (strcmp(format, "junit") == 0)
		diff_print_junit(d, out);
	else if (strcmp(format, "github") == 0)
		diff_print_github(d, out);
	else
		print_table(format, d, out);
}
