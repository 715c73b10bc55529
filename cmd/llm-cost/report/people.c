/* SPDX-License-Identifier: MIT */
/* The report for people: a table that fits, and what it cannot say below it. */
#include <inttypes.h>

#include "print.h"
#include "spark.h"
#include "show/table.h"
#include "show/terminal.h"

size_t
print_columns(const struct print *p, const struct column **list)
{
	const struct group *total = &p->groups->total;
	size_t n = 0;

	for (size_t c = 0; c < p->column_count; c++)
		list[n++] = p->columns[c];
	if (n)
		return n;
	for (size_t c = 0; c < column_count; c++) {
		const struct column *column = &columns[c];
		bool keep = c == 0 || strcmp(column->name, "cost") == 0 || column == p->sort;

		if (p->pareto && strcmp(column->name, "cumulative_share") == 0)
			keep = true;
		if (p->report->mode != COST_COMPUTE &&
		    (strcmp(column->name, "logged_cost") == 0 ||
			strcmp(column->name, "gap") == 0))
			keep = true;
		if (p->units->given && strstr(column->name, "unit") &&
		    !strstr(column->name, "unpriced"))
			keep = true;
		if (keep || (column->people && !figure_empty(column->of(total))))
			list[n++] = column;
	}
	return n;
}

#define NAMES_FIRST                                                              \
	32 /* characters of a name that are kept while there are columns to drop \
	    */

/* The columns as they are laid out. */
struct layout {
	const struct column *list[64];
	unsigned decimals[64];
	size_t count, fields;
	size_t dropped; /* columns that the width has no room for */
	bool bars;
	size_t width; /* 0: as wide as it comes */
};

/* For people a value is no null: it is said what is missing. */
static struct slice
cell_of_field(const struct print *p, size_t i, size_t f, struct arena *a)
{
	if (print_is_rest(p, i))
		return SLICE("(other)");
	return by_text(print_value(p, i, f), a);
}

/* The texts of a row stand one after the other, so that many rows take little memory. */
static void
figures_row(struct slice *row, const struct layout *l, const struct group *g, struct arena *a)
{
	size_t end[64];
	struct buf text = { 0 };
	struct slice all;

	for (size_t c = 0; c < l->count; c++) {
		figure_people(l->list[c]->of(g), l->decimals[c], &text);
		end[c] = text.len;
	}
	all = arena_copy(a, buf_slice(&text));
	for (size_t c = 0; c < l->count; c++)
		row[c] =
		    slice_of(all.ptr + (c ? end[c - 1] : 0), end[c] - (c ? end[c - 1] : 0));
	buf_free(&text);
}

static void
bar_cell(struct slice *cell, const struct group *g, struct arena *a)
{
	struct buf text = { 0 };

	spark_bar(&text, g->sums.cost, g->total_cost, SPARK_BAR);
	*cell = arena_copy(a, buf_slice(&text));
	buf_free(&text);
}

static void
fill_table(const struct print *p, const struct layout *l, struct table *t, struct arena *a)
{
	const struct group *total = &p->groups->total;
	struct slice *row;

	table_open(t, l->fields + l->count + l->bars, a);
	for (size_t f = 0; f < p->by->count; f++)
		t->heading[f] = slice_z(p->by->field[f].text);
	for (size_t c = 0; c < l->count; c++) {
		t->heading[l->fields + c] = slice_z(l->list[c]->heading);
		t->right[l->fields + c] = true;
	}
	if (l->bars)
		t->heading[l->fields + l->count] = SLICE("share of cost");
	for (size_t i = 0; i < p->shown; i++) {
		row = table_row(t);
		for (size_t f = 0; f < p->by->count; f++)
			row[f] = cell_of_field(p, i, f, a);
		figures_row(row + l->fields, l, print_group(p, i), a);
		if (l->bars)
			bar_cell(&row[l->fields + l->count], print_group(p, i), a);
	}
	t->rule = t->rows;
	row = table_row(t);
	row[0] = SLICE("total");
	figures_row(row + l->fields, l, total, a);
}

static void
set_decimals(const struct print *p, struct layout *l)
{
	for (size_t c = 0; c < l->count; c++) {
		struct figure f = l->list[c]->of(&p->groups->total);

		l->decimals[c] = f.kind == FIGURE_USD ? usd_decimals(f.usd) : 0;
	}
}

/* The column that people miss least; SIZE_MAX if none may go. */
static size_t
least(const struct layout *l)
{
	size_t found = SIZE_MAX;

	for (size_t c = 0; c < l->count; c++)
		if (l->list[c]->people > 1 &&
		    (found == SIZE_MAX || l->list[c]->people >= l->list[found]->people))
			found = c;
	return found;
}

static void
lay_out(const struct print *p, struct layout *l, struct table *t, struct arena *a)
{
	size_t drop;

	for (;;) {
		set_decimals(p, l);
		fill_table(p, l, t, a);
		if (!l->width || table_width(t) <= l->width)
			return;
		/* first very long names, then the bars, then columns, then names again */
		table_cap(t, l->fields, NAMES_FIRST);
		if (table_width(t) <= l->width)
			return;
		if (l->bars) {
			l->bars = false;
		} else if ((drop = p->columns ? SIZE_MAX : least(l)) != SIZE_MAX) {
			memmove(&l->list[drop], &l->list[drop + 1],
			    (l->count - drop - 1) * sizeof(*l->list));
			l->count--;
			l->dropped++;
		} else {
			table_narrow(t, l->fields, l->width);
			return;
		}
		table_close(t);
		arena_reset(a);
	}
}

static void
open_layout(const struct print *p, struct layout *l, bool people)
{
	*l = (struct layout){ .fields = p->by->count ? p->by->count : 1 };
	l->count = print_columns(p, l->list);
	l->width = people ? terminal_width() : 0;
	l->bars = people && p->by->count && p->shown > 1 && terminal_bars(view.bars);
}

static void
days_line(const struct print *p, struct buf *out)
{
	char from[32], to[32];
	int64_t a, b;

	timeline_coarsen(p->days, 60);
	if (p->days->count < 2 || !terminal_bars(view.bars))
		return;
	period_name(p->days->period, p->days->list[0].start, from, &a, &b);
	period_name(p->days->period, p->days->list[p->days->count - 1].start, to, &a, &b);
	buf_printf(out, "cost from %s to %s: ", from, to);
	spark_line(out, p->days);
	buf_add_byte(out, '\n');
}

void
print_people(const struct print *p, struct buf *out)
{
	struct arena a = { 0 };
	struct layout l;
	struct table t;

	open_layout(p, &l, true);
	lay_out(p, &l, &t, &a);
	t.color = terminal_color(view.color);
	table_people(&t, out);
	days_line(p, out);
	if (l.dropped)
		buf_printf(out,
		    "%zu columns have no room in this width; --columns names those to print\n",
		    l.dropped);
	print_remarks(p, "", out);
	table_close(&t);
	arena_close(&a);
}

void
print_markdown(const struct print *p, struct buf *out)
{
	struct buf more = { 0 };
	struct arena a = { 0 };
	struct layout l;
	struct table t;

	open_layout(p, &l, false);
	lay_out(p, &l, &t, &a);
	table_markdown(&t, out);
	print_remarks(p, "- ", &more);
	if (more.len)
		buf_add_byte(out, '\n');
	buf_add(out, buf_slice(&more));
	buf_free(&more);
	table_close(&t);
	arena_close(&a);
}
