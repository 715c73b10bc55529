/* SPDX-License-Identifier: MIT */
#include "print.h"

#include <inttypes.h>

#include "show/table.h"

#define FLUSH 65536

static void print_json(const struct print *p, struct buf *out);
static void print_jsonl(const struct print *p, struct buf *out);
static void print_csv(const struct print *p, struct buf *out);
static void print_focus(const struct print *p, struct buf *out);

const char *const print_formats[] = { "table", "json", "jsonl", "csv", "md", "prom", "html",
	"svg", "focus", NULL };
static void (*const printers[])(const struct print *, struct buf *) = { print_people,
	print_json, print_jsonl, print_csv, print_markdown, print_prom, print_html, print_svg,
	print_focus };

void
print_as(const char *format, const struct print *p, struct buf *out)
{
	size_t i = 0;

	while (strcmp(print_formats[i], format) != 0)
		i++;
	printers[i](p, out);
}

static void
flush(const struct print *p, struct buf *out)
{
	if (out->len < FLUSH)
		return;
	stream_write_text(p->stream, buf_slice(out));
	buf_clear(out);
}

bool
print_is_rest(const struct print *p, size_t i)
{
	return slice_eq(p->groups->keys.keys[p->order[i]], GROUPS_REST);
}

struct slice
print_value(const struct print *p, size_t i, size_t field)
{
	if (print_is_rest(p, i))
		return SLICE("null");
	return by_value(p->groups->keys.keys[p->order[i]], field);
}

const struct group *
print_group(const struct print *p, size_t i)
{
	return &p->groups->list[p->order[i]];
}

struct slice
print_text(const struct print *p, size_t i, size_t field, struct arena *a)
{
	struct slice value = print_value(p, i, field);

	return slice_eq(value, SLICE("null")) ? SLICE("(none)") : by_text(value, a);
}

struct slice
print_label(const struct print *p, size_t i, struct arena *a)
{
	struct buf text = { 0 };
	struct slice label;

	if (print_is_rest(p, i))
		return SLICE("(other)");
	for (size_t f = 0; f < p->by->count; f++) {
		if (f)
			buf_add(&text, SLICE(" / "));
		buf_add(&text, print_text(p, i, f, a));
	}
	label = arena_copy(a, buf_slice(&text));
	buf_free(&text);
	return label;
}

void
print_unallocated(const struct print *p, uint64_t *requests, struct usd *cost)
{
	*requests = 0;
	*cost = (struct usd){ 0 };
	for (size_t i = 0; i < p->groups->keys.count; i++) {
		struct slice key = p->groups->keys.keys[i];
		bool missing = false;

		if (slice_eq(key, GROUPS_REST))
			continue;
		for (size_t f = 0; f < p->by->count && !missing; f++)
			missing = slice_eq(by_value(key, f), SLICE("null"));
		if (!missing)
			continue;
		*requests += p->groups->list[i].sums.requests;
		*cost = usd_add(*cost, p->groups->list[i].sums.cost);
	}
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

static void
member_time(struct writer *w, const char *name, const struct group *g, int64_t when)
{
	char text[25];

	write_name(w, name);
	if (!g->timed) {
		write_null(w);
		return;
	}
	when_write(when, text);
	write_z(w, text);
}

/* Said only where a count is an estimate: its standard error. */
static void
member_error(
    struct writer *w, const char *name, const struct group *g, const struct distinct *d)
{
	bool exact;

	distinct_count(d, group_k(g), &exact);
	if (exact)
		return;
	write_name(w, name);
	write_raw(w, g->whole ? SLICE("0.008") : SLICE("0.031"));
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
	member_error(w, "users_error", g, &g->users);
	member_error(w, "conversations_error", g, &g->sessions);
	member_time(w, "from", g, g->first);
	member_time(w, "to", g, g->last);
	buf_free(&text);
}

static void
group_json(const struct print *p, size_t i, struct writer *w)
{
	write_object(w);
	write_name(w, "key");
	write_object(w);
	for (size_t f = 0; f < p->by->count; f++) {
		write_name(w, p->by->field[f].text);
		write_raw(w, print_value(p, i, f));
	}
	write_object_end(w);
	if (print_is_rest(p, i)) {
		write_name(w, "merged");
		write_bool(w, true);
	}
	figures_json(print_group(p, i), w);
	write_object_end(w);
}

static void
amount_json(struct writer *w, const char *name, uint64_t requests, struct usd cost)
{
	write_name(w, name);
	write_object(w);
	member_count(w, "requests", requests);
	member_usd(w, "cost", cost);
	write_object_end(w);
}

static void
pareto_json(const struct print *p, struct writer *w)
{
	struct buf text = { 0 };

	write_name(w, "pareto");
	write_object(w);
	write_name(w, "percent");
	buf_printf(&text, "%" PRIu64, p->pareto_share / 10000);
	if (p->pareto_share % 10000)
		buf_printf(&text, ".%04" PRIu64, p->pareto_share % 10000);
	write_raw(w, buf_slice(&text));
	member_count(w, "groups", p->pareto_groups);
	member_count(w, "of", p->pareto_of);
	member_usd(w, "cost", p->pareto_cost);
	write_object_end(w);
	buf_free(&text);
}

static void
forecast_json(const struct forecast *f, struct writer *w)
{
	write_name(w, "forecast");
	write_object(w);
	write_name(w, "month");
	write_z(w, f->month);
	member_count(w, "days", f->days);
	member_count(w, "days_over", f->days_over);
	member_usd(w, "month_to_date", f->to_date);
	if (f->known) {
		member_usd(w, "run_rate_day", f->run_rate);
		member_usd(w, "expected", f->expected);
		member_usd(w, "low", f->low);
		member_usd(w, "high", f->high);
	}
	member_count(w, "sample_days", f->sample);
	write_name(w, "by_weekday");
	write_bool(w, f->weekdays);
	write_object_end(w);
}

static void
units_json(const struct print *p, struct writer *w)
{
	struct slice key;

	write_name(w, "units");
	write_object(w);
	member_count(w, "units", p->units->sum);
	member_count(w, "groups_without_units", p->units->without_units);
	write_name(w, "without_cost");
	write_array(w);
	for (size_t i = 0; i < p->units->keys.count; i++) {
		if (!units_unmet(p->units, i, &key))
			continue;
		write_array(w);
		for (; key.len; key = slice_drop(key, slice_find(key, '\n') + 1))
			write_string(w, slice_take(key, slice_find(key, '\n')));
		write_array_end(w);
	}
	write_array_end(w);
	write_object_end(w);
}

static void
extras_json(const struct print *p, struct writer *w)
{
	const struct rare *d = group_rare(&p->groups->total);
	uint64_t requests;
	struct usd cost;

	if (p->by->count) {
		print_unallocated(p, &requests, &cost);
		amount_json(w, "unallocated", requests, cost);
	}
	if (p->pareto)
		pareto_json(p, w);
	if (p->forecast)
		forecast_json(p->forecast, w);
	if (p->units->given)
		units_json(p, w);
	if (d->credits)
		amount_json(w, "logged_credits", d->credits, d->credit_amount);
	committed_json(&p->report->committed, w);
	if (p->blocks) {
		write_name(w, "blocks");
		write_object(w);
		write_name(w, "estimate");
		write_bool(w, true);
		write_name(w, "ongoing");
		write_z(w, *p->ongoing ? p->ongoing : NULL);
		write_object_end(w);
	}
	if (p->report->since != WHEN_NONE || p->report->until != WHEN_NONE) {
		write_name(w, "outside");
		write_object(w);
		member_count(w, "requests", p->report->outside);
		member_count(w, "without_time", p->report->no_time);
		write_object_end(w);
	}
}

static void
print_json(const struct print *p, struct buf *out)
{
	const struct sums *s = &p->groups->total.sums;
	struct writer w = { .out = out };

	write_object(&w);
	write_name(&w, "total");
	write_object(&w);
	figures_json(&p->groups->total, &w);
	write_object_end(&w);
	write_name(&w, "groups");
	write_array(&w);
	for (size_t i = 0; i < p->shown; i++) {
		group_json(p, i, &w);
		flush(p, out);
	}
	write_array_end(&w);
	member_count(&w, "groups_not_shown", p->count - p->shown);
	amount_json(&w, "waste", s->wasted, s->wasted_cost);
	extras_json(p, &w);
	write_name(&w, "timezone");
	write_z(&w, when_zone_name());
	write_name(&w, "left_out");
	left_json(p->left, &w);
	write_object_end(&w);
	buf_add_byte(out, '\n');
}

/* A line for each group; without --by the total, so that the lines always add up. */
static void
print_jsonl(const struct print *p, struct buf *out)
{
	for (size_t i = 0; i < p->shown; i++) {
		struct writer w = { .out = out };

		group_json(p, i, &w);
		buf_add_byte(out, '\n');
		flush(p, out);
	}
	if (!p->by->count) {
		struct writer w = { .out = out };

		write_object(&w);
		figures_json(&p->groups->total, &w);
		write_object_end(&w);
		buf_add_byte(out, '\n');
	}
}

static void
csv_row(const struct column *const *list, size_t count, struct slice *row,
    const struct group *g, struct arena *a)
{
	struct buf text = { 0 };

	for (size_t c = 0; c < count; c++) {
		buf_clear(&text);
		figure_plain(list[c]->of(g), &text);
		row[c] = arena_copy(a, buf_slice(&text));
	}
	buf_free(&text);
}

/* The groups; without --by the total, so that the column of a CSV always adds up. */
static void
print_csv(const struct print *p, struct buf *out)
{
	const struct column *list[64];
	size_t count = p->columns ? p->column_count : column_count, fields = p->by->count;
	struct arena a = { 0 };
	struct slice row[BY_FIELDS + 64];

	for (size_t c = 0; c < count; c++) {
		list[c] = p->columns ? p->columns[c] : &columns[c];
		row[fields + c] = slice_z(list[c]->name);
	}
	for (size_t f = 0; f < fields; f++)
		row[f] = slice_z(p->by->field[f].text);
	table_csv_line(row, fields + count, out);
	for (size_t i = 0; i < p->shown; i++) {
		for (size_t f = 0; f < fields; f++) {
			struct slice value = print_value(p, i, f);

			row[f] =
			    slice_eq(value, SLICE("null")) ? SLICE("") : by_text(value, &a);
		}
		csv_row(list, count, row + fields, print_group(p, i), &a);
		table_csv_line(row, fields + count, out);
		flush(p, out);
		arena_reset(&a);
	}
	if (!fields) {
		csv_row(list, count, row, &p->groups->total, &a);
		table_csv_line(row, count, out);
	}
	arena_close(&a);
}

static void
print_focus(const struct print *p, struct buf *out)
{
	focus_print(&p->report->focus, p->by, out);
}
