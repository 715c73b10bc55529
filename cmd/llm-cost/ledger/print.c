/* SPDX-License-Identifier: MIT */
#include "ledger.h"

#include <inttypes.h>
#include <string.h>

#include "base/when.h"
#include "show/figure.h"
#include "show/table.h"

const char *const ledger_formats[] = { "table", "json", "csv", "md", NULL };

#define DAY INT64_C(86400000)

static bool
is_shown(const struct ledger *l, size_t stage)
{
	return stage != STAGE_OTHER || l->walked.side_cost[stage].units != 0;
}

static void
member_usd(struct writer *w, const char *name, struct usd d)
{
	char text[64];

	write_name(w, name);
	write_z(w, usd_write(d, text));
}

static void
member_count(struct writer *w, const char *name, uint64_t n)
{
	write_name(w, name);
	write_number(w, n);
}

/* Scaled by the time that the records span; false if they span none. */
static bool
projected(const struct ledger *l, struct usd d, struct usd *out)
{
	int64_t span = l->last - l->first;

	if (!l->project || !l->timed || span <= 0)
		return false;
	*out = usd_part(d, (uint64_t)l->project, (uint64_t)span);
	return true;
}

static void
projection_json(const struct ledger *l, struct writer *w)
{
	struct usd baseline, spent;
	char when[25];

	write_name(w, "projection");
	if (!projected(l, l->walked.baseline, &baseline) ||
	    !projected(l, l->walked.spent, &spent)) {
		write_null(w);
		return;
	}
	write_object(w);
	member_count(w, "period_ms", (uint64_t)l->project);
	member_count(w, "measured_ms", (uint64_t)(l->last - l->first));
	when_write(l->first, when);
	write_name(w, "from");
	write_z(w, when);
	when_write(l->last, when);
	write_name(w, "to");
	write_z(w, when);
	member_usd(w, "baseline", baseline);
	member_usd(w, "spent", spent);
	member_usd(w, "saved", usd_sub(baseline, spent));
	write_object_end(w);
}

static void
stages_json(const struct ledger *l, struct writer *w)
{
	write_name(w, "stages");
	write_array(w);
	for (size_t i = 0; i < STAGES; i++) {
		if (!is_shown(l, i))
			continue;
		write_object(w);
		write_name(w, "name");
		write_z(w, stage_names[i]);
		member_usd(w, "saved", l->walked.saved[i]);
		member_usd(w, "side_cost", l->walked.side_cost[i]);
		write_object_end(w);
	}
	write_array_end(w);
}

static void
sides_json(const struct ledger *l, struct writer *w)
{
	struct usd cost;
	uint64_t missing = sides_missing(&l->sides, &cost);

	write_name(w, "side_calls");
	write_object(w);
	member_count(w, "requests", l->sides.count);
	member_count(w, "without_parent", missing);
	member_usd(w, "without_parent_cost", cost);
	write_object_end(w);
}

static void
periods_json(const struct ledger *l, struct writer *w)
{
	write_name(w, "periods");
	write_array(w);
	for (size_t i = 0; i < l->periods.count; i++) {
		const struct ledger_period *p = &l->periods.list[i];

		write_object(w);
		write_name(w, "period");
		write_z(w, *p->name ? p->name : NULL);
		member_usd(w, "baseline", p->sums.baseline);
		member_usd(w, "spent", p->sums.spent);
		member_usd(w, "saved", ledger_saved(&p->sums));
		write_name(w, "stages");
		write_object(w);
		for (size_t k = 0; k < STAGES; k++)
			if (is_shown(l, k))
				member_usd(w, stage_names[k], p->sums.saved[k]);
		write_object_end(w);
		write_object_end(w);
	}
	write_array_end(w);
}

static void
print_json(const struct ledger *l, struct buf *out)
{
	struct writer w = { .out = out };

	write_object(&w);
	member_usd(&w, "baseline", l->walked.baseline);
	member_usd(&w, "spent", l->walked.spent);
	member_usd(&w, "saved", ledger_saved(&l->walked));
	stages_json(l, &w);
	member_count(&w, "requests", l->sums.requests);
	member_count(&w, "input_tokens", l->sums.input);
	member_count(&w, "output_tokens", l->sums.output);
	member_count(&w, "errors", l->sums.errors);
	member_count(&w, "unpriced", l->sums.unpriced);
	member_count(&w, "no_baseline", l->walked.no_baseline);
	if (l->sides.count)
		sides_json(l, &w);
	if (l->project)
		projection_json(l, &w);
	if (l->periods.period)
		periods_json(l, &w);
	write_name(&w, "left_out");
	left_json(&l->left, &w);
	write_object_end(&w);
	buf_add_byte(out, '\n');
}

/* x of whole in percent with one decimal; both are brought under 2^100 first. */
static struct slice
percent(struct usd x, struct usd whole, struct arena *a)
{
	__int128 n = x.units, d = whole.units;
	bool negative = n < 0;
	unsigned long tenths;

	if (d <= 0)
		return SLICE("-");
	n = negative ? -n : n;
	while (d >> 100 || n >> 100)
		d >>= 1, n >>= 1;
	if (n / d > 1000000)
		return SLICE("-");
	tenths = (unsigned long)((n * 2000 + d) / (d * 2));
	return arena_printf(
	    a, "%s%lu.%lu %%", negative && tenths ? "-" : "", tenths / 10, tenths % 10);
}

/* How an amount is written in a cell: exactly, or rounded for people. */
struct style {
	bool exact;
	unsigned decimals;
};

static struct slice
dollars(struct style style, struct usd d, struct arena *a)
{
	char text[64];

	if (style.exact)
		return arena_copy(a, slice_z(usd_write(d, text)));
	return arena_copy(a, slice_z(usd_round(d, style.decimals, text)));
}

static bool
any_side_cost(const struct ledger *l)
{
	for (size_t i = 0; i < STAGES; i++)
		if (l->walked.side_cost[i].units)
			return true;
	return false;
}

static void
waterfall_row(const struct ledger *l, struct style style, struct table *t, const char *name,
    const struct usd *saved, struct usd left, struct arena *a)
{
	struct slice *row = table_row(t);

	row[0] = slice_z(name);
	row[style.exact ? 2 : 3] = dollars(style, left, a);
	if (!saved)
		return;
	row[1] = dollars(style, *saved, a);
	if (!style.exact)
		row[2] = percent(*saved, l->walked.baseline, a);
}

/* As asked, then each stage with what it saved and what was left to pay, then what was spent.
 * Shares are for people: they are rounded. */
static void
waterfall(const struct ledger *l, struct style style, struct table *t, struct arena *a)
{
	static const char *const people[] = { "stage", "saved $", "of all", "left $",
		"side calls $" };
	static const char *const exact[] = { "name", "saved", "usd", "side_cost" };
	struct usd left = l->walked.baseline;
	size_t width = style.exact ? 4 : any_side_cost(l) ? 5 : 4, side = style.exact ? 3 : 4;

	table_open(t, width, a);
	for (size_t c = 0; c < width; c++) {
		t->heading[c] = slice_z(style.exact ? exact[c] : people[c]);
		t->right[c] = c > 0;
	}
	waterfall_row(l, style, t, style.exact ? "baseline" : "as asked", NULL, left, a);
	for (size_t i = 0; i < STAGES; i++) {
		if (!is_shown(l, i))
			continue;
		left = usd_sub(left, l->walked.saved[i]);
		waterfall_row(l, style, t, stage_names[i], &l->walked.saved[i], left, a);
		if (side < width)
			t->cell[(t->rows - 1) * width + side] =
			    dollars(style, l->walked.side_cost[i], a);
	}
	t->rule = t->rows;
	waterfall_row(l, style, t, "spent", NULL, l->walked.spent, a);
}

/* A line a period: as asked, what each stage saved, what was spent. */
static void
periods_table(const struct ledger *l, struct style style, struct table *t, struct arena *a)
{
	size_t c = 0;

	table_open(t, 3 + STAGES, a);
	t->heading[c++] = SLICE("period");
	t->heading[c++] = style.exact ? SLICE("baseline") : SLICE("as asked $");
	for (size_t k = 0; k < STAGES; k++)
		if (is_shown(l, k))
			t->heading[c++] = slice_z(stage_names[k]);
	t->heading[c++] = style.exact ? SLICE("spent") : SLICE("spent $");
	t->columns = c;
	for (size_t i = 1; i < c; i++)
		t->right[i] = true;
	for (size_t i = 0; i < l->periods.count; i++) {
		const struct ledger_period *p = &l->periods.list[i];
		struct slice *row = table_row(t);

		c = 0;
		row[c++] = *p->name ? slice_z(p->name) : style.exact ? SLICE("") : SLICE("-");
		row[c++] = dollars(style, p->sums.baseline, a);
		for (size_t k = 0; k < STAGES; k++)
			if (is_shown(l, k))
				row[c++] = dollars(style, p->sums.saved[k], a);
		row[c++] = dollars(style, p->sums.spent, a);
	}
}

static void
add_count(struct buf *out, const char *before, uint64_t n, const char *after)
{
	buf_add(out, slice_z(before));
	figure_people((struct figure){ .kind = FIGURE_COUNT, .n = n }, 0, out);
	buf_add(out, slice_z(after));
}

static void
projection_people(
    const struct ledger *l, const char *bullet, unsigned decimals, struct buf *out)
{
	struct usd spent, baseline;
	char text[64], other[64];

	if (!l->project)
		return;
	if (!projected(l, l->walked.spent, &spent) ||
	    !projected(l, l->walked.baseline, &baseline)) {
		buf_printf(out, "%sno projection: the records span no time\n", bullet);
		return;
	}
	buf_printf(out,
	    "%sin %" PRId64 ".%" PRId64 " days: $%s spent instead of $%s, "
	    "scaled from %" PRId64 " s that were measured, output taken as equal\n",
	    bullet, l->project / DAY, l->project % DAY * 10 / DAY,
	    usd_round(spent, decimals, text), usd_round(baseline, decimals, other),
	    (l->last - l->first + 500) / 1000);
}

static void
remarks(const struct ledger *l, const char *bullet, unsigned decimals, struct buf *out)
{
	struct usd cost;
	uint64_t missing = sides_missing(&l->sides, &cost);
	char text[64];

	buf_printf(out, "%s", bullet);
	add_count(
	    out, "", l->sums.requests, l->sums.requests == 1 ? " request, " : " requests, ");
	add_count(out, "", l->sums.input, " tokens in, ");
	add_count(out, "", l->sums.output, " out\n");
	buf_printf(out, "%sspent $%s", bullet, usd_round(l->walked.spent, decimals, text));
	buf_printf(out, " instead of $%s: ", usd_round(l->walked.baseline, decimals, text));
	buf_printf(out, "saved %s\n", usd_dollars(ledger_saved(&l->walked), decimals, text));
	projection_people(l, bullet, decimals, out);
	if (l->sums.errors)
		buf_printf(out, "%sfailed: %" PRIu64 "\n", bullet, l->sums.errors);
	if (l->walked.no_baseline)
		buf_printf(out,
		    "%s%" PRIu64 " without a price as asked: taken as what they cost\n", bullet,
		    l->walked.no_baseline);
	if (missing)
		buf_printf(out,
		    "%sside calls of requests that are not in the log: %" PRIu64 ", $%s\n",
		    bullet, missing, usd_round(cost, decimals, text));
	left_people(&l->left, bullet, out);
}

static void
print_periods(const struct ledger *l, struct style style, char layout, struct buf *out)
{
	struct arena a = { 0 };
	struct table t;

	periods_table(l, style, &t, &a);
	if (layout == 'c')
		table_csv(&t, out);
	else if (layout == 'm')
		table_markdown(&t, out);
	else
		table_people(&t, out);
	if (layout != 'c')
		buf_add_byte(out, '\n');
	table_close(&t);
	arena_close(&a);
}

static void
print_table(const struct ledger *l, char layout, struct buf *out)
{
	struct style style = { layout == 'c', usd_decimals(l->walked.baseline) };
	struct arena a = { 0 };
	struct table t;

	waterfall(l, style, &t, &a);
	if (layout == 'c' && l->periods.period) {
		print_periods(l, style, layout, out);
	} else if (layout == 'c') {
		table_csv(&t, out);
	} else if (layout == 'm') {
		table_markdown(&t, out);
		buf_add_byte(out, '\n');
		if (l->periods.period)
			print_periods(l, style, layout, out);
		remarks(l, "- ", style.decimals, out);
	} else {
		table_people(&t, out);
		buf_add_byte(out, '\n');
		if (l->periods.period)
			print_periods(l, style, layout, out);
		remarks(l, "", style.decimals, out);
	}
	table_close(&t);
	arena_close(&a);
}

void
ledger_print(const char *format, const struct ledger *l, struct buf *out)
{
	if (strcmp(format, "json") == 0)
		print_json(l, out);
	else
		print_table(l, *format, out);
}
