/* SPDX-License-Identifier: MIT */
#include "print.h"

#include <inttypes.h>

#include "column.h"
#include "table.h"

static void print_json(const struct print *p, struct buf *out);
static void print_csv(const struct print *p, struct buf *out);
static void print_people(const struct print *p, struct buf *out);
static void print_markdown(const struct print *p, struct buf *out);

const char *const print_formats[] = { "table", "json", "csv", "md", NULL };
static void (*const printers[])(const struct print *, struct buf *) = { print_people,
	print_json, print_csv, print_markdown };

void
print_as(const char *format, const struct print *p, struct buf *out)
{
	size_t i = 0;

	while (strcmp(print_formats[i], format) != 0)
		i++;
	printers[i](p, out);
}

static bool
is_rest(const struct print *p, size_t i)
{
	return slice_eq(p->groups->keys.keys[p->order[i]], GROUPS_REST);
}

static struct slice
value_of(const struct print *p, size_t i, size_t field)
{
	if (is_rest(p, i))
		return SLICE("null");
	return by_value(p->groups->keys.keys[p->order[i]], field);
}

static const struct group *
group_of(const struct print *p, size_t i)
{
	return &p->groups->list[p->order[i]];
}

static void
figures_json(const struct group *g, struct writer *w)
{
	struct buf text = { 0 };

	for (size_t c = 0; c < column_count; c++) {
		buf_clear(&text);
		figure_json(columns[c].of(g), &text);
		write_name(w, columns[c].name);
		write_raw(w, buf_slice(&text));
	}
	buf_free(&text);
}

static void
waste_json(const struct sums *s, struct writer *w)
{
	char text[64];

	write_object(w);
	write_name(w, "requests");
	write_number(w, s->wasted);
	write_name(w, "cost");
	write_z(w, usd_write(s->wasted_cost, text));
	write_object_end(w);
}

static void
group_json(const struct print *p, size_t i, struct writer *w)
{
	write_object(w);
	write_name(w, "key");
	write_object(w);
	for (size_t f = 0; f < p->by->count; f++) {
		write_name(w, p->by->field[f].text);
		write_raw(w, value_of(p, i, f));
	}
	write_object_end(w);
	if (is_rest(p, i)) {
		write_name(w, "merged");
		write_bool(w, true);
	}
	figures_json(group_of(p, i), w);
	write_object_end(w);
}

static void
print_json(const struct print *p, struct buf *out)
{
	struct writer w = { .out = out };

	write_object(&w);
	write_name(&w, "total");
	write_object(&w);
	figures_json(&p->groups->total, &w);
	write_object_end(&w);
	write_name(&w, "groups");
	write_array(&w);
	for (size_t i = 0; i < p->shown; i++)
		group_json(p, i, &w);
	write_array_end(&w);
	write_name(&w, "groups_not_shown");
	write_number(&w, p->count - p->shown);
	write_name(&w, "waste");
	waste_json(&p->groups->total.sums, &w);
	write_name(&w, "left_out");
	left_json(p->left, &w);
	write_object_end(&w);
	buf_add_byte(out, '\n');
}

/* A cell that figure or value makes, moved into the arena. */
static struct slice
cell(struct buf *text, struct arena *a)
{
	struct slice copy = arena_copy(a, buf_slice(text));

	buf_clear(text);
	return copy;
}

static void
csv_row(const struct print *p, struct slice *row, const struct group *g, struct arena *a)
{
	struct buf text = { 0 };

	for (size_t c = 0; c < column_count; c++) {
		figure_plain(columns[c].of(g), &text);
		row[p->by->count + c] = cell(&text, a);
	}
	buf_free(&text);
}

/* The groups; without --by the total, so that the column of a CSV always adds up. */
static void
print_csv(const struct print *p, struct buf *out)
{
	struct arena a = { 0 };
	struct table t;

	table_open(&t, p->by->count + column_count, &a);
	for (size_t f = 0; f < p->by->count; f++)
		t.heading[f] = slice_z(p->by->field[f].text);
	for (size_t c = 0; c < column_count; c++)
		t.heading[p->by->count + c] = slice_z(columns[c].name);
	for (size_t i = 0; i < p->shown; i++) {
		struct slice *row = table_row(&t);

		for (size_t f = 0; f < p->by->count; f++) {
			struct slice value = value_of(p, i, f);

			row[f] =
			    slice_eq(value, SLICE("null")) ? SLICE("") : by_text(value, &a);
		}
		csv_row(p, row, group_of(p, i), &a);
	}
	if (!p->by->count)
		csv_row(p, table_row(&t), &p->groups->total, &a);
	table_csv(&t, out);
	table_close(&t);
	arena_close(&a);
}

/* Columns in which the total has nothing say nothing to people. The first and the cost stay. */
static size_t
columns_shown(const struct print *p, const struct column **shown)
{
	const struct group *total = &p->groups->total;
	size_t n = 0;

	for (size_t c = 0; c < column_count; c++)
		if (c == 0 || strcmp(columns[c].name, "cost") == 0 ||
		    !figure_empty(columns[c].of(total)))
			shown[n++] = &columns[c];
	return n;
}

static void
people_row(struct slice *row, const struct column *const *shown, size_t count,
    const struct group *g, const unsigned *decimals, struct arena *a)
{
	struct buf text = { 0 };

	for (size_t c = 0; c < count; c++) {
		figure_people(shown[c]->of(g), decimals[c], &text);
		row[c] = cell(&text, a);
	}
	buf_free(&text);
}

/* Groups, then the total; the caller closes the table. */
static void
people_table(const struct print *p, struct table *t, struct arena *a)
{
	const struct column **shown = arena_alloc(a, column_count * sizeof(*shown));
	unsigned *decimals = arena_zero(a, column_count, sizeof(*decimals));
	const struct group *total = &p->groups->total;
	size_t fields = p->by->count ? p->by->count : 1, count = columns_shown(p, shown);
	struct slice *row;

	table_open(t, fields + count, a);
	for (size_t f = 0; f < p->by->count; f++)
		t->heading[f] = slice_z(p->by->field[f].text);
	for (size_t c = 0; c < count; c++) {
		struct figure f = shown[c]->of(total);

		t->heading[fields + c] = slice_z(shown[c]->heading);
		t->right[fields + c] = true;
		decimals[c] = f.kind == FIGURE_USD ? decimals_for(f.usd) : 0;
	}
	for (size_t i = 0; i < p->shown; i++) {
		row = table_row(t);
		for (size_t f = 0; f < p->by->count; f++)
			row[f] =
			    is_rest(p, i) ? SLICE("(other)") : by_text(value_of(p, i, f), a);
		people_row(row + fields, shown, count, group_of(p, i), decimals, a);
	}
	t->rule = t->rows;
	row = table_row(t);
	row[0] = SLICE("total");
	people_row(row + fields, shown, count, total, decimals, a);
}

static void
remarks(const struct print *p, const char *bullet, struct buf *out)
{
	const struct sums *s = &p->groups->total.sums;
	char text[64];

	if (p->shown < p->count)
		buf_printf(
		    out, "%sfurther groups, in the total: %zu\n", bullet, p->count - p->shown);
	if (p->groups->merged)
		buf_printf(out,
		    "%s(other), requests of groups over the limit of %d: %" PRIu64 "\n", bullet,
		    GROUPS_LIMIT, p->groups->merged);
	if (s->wasted)
		buf_printf(out,
		    "%scut, filtered or ended without a reason: %" PRIu64 ", $%s of the cost\n",
		    bullet, s->wasted, usd_round(s->wasted_cost, decimals_for(s->cost), text));
	left_people(p->left, bullet, out);
}

static void
print_people(const struct print *p, struct buf *out)
{
	struct arena a = { 0 };
	struct table t;

	people_table(p, &t, &a);
	table_people(&t, out);
	remarks(p, "", out);
	table_close(&t);
	arena_close(&a);
}

static void
print_markdown(const struct print *p, struct buf *out)
{
	struct buf more = { 0 };
	struct arena a = { 0 };
	struct table t;

	people_table(p, &t, &a);
	table_markdown(&t, out);
	remarks(p, "- ", &more);
	if (more.len)
		buf_add_byte(out, '\n');
	buf_add(out, buf_slice(&more));
	buf_free(&more);
	table_close(&t);
	arena_close(&a);
}
