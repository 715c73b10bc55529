/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/when.h"
#include "show/figure.h"
#include "reconcile.h"
#include "show/table.h"

const char *const reconcile_formats[] = { "table", "json", "csv", "md", NULL };

static const struct match *sorting;

static int
by_day(const void *a, const void *b)
{
	const struct match *x = &sorting[*(const size_t *)a], *y = &sorting[*(const size_t *)b];

	if (x->day != y->day)
		return x->day < y->day ? -1 : 1;
	return slice_cmp(x->model, y->model);
}

static size_t *
order_of(const struct reconcile *r)
{
	size_t *order = mem_alloc((r->keys.count + 1) * sizeof(*order));

	for (size_t i = 0; i < r->keys.count; i++)
		order[i] = i;
	sorting = r->list;
	qsort(order, r->keys.count, sizeof(*order), by_day);
	return order;
}

static void
add_side(struct side *to, const struct side *s)
{
	to->requests += s->requests;
	to->input += s->input;
	to->cached += s->cached;
	to->written += s->written;
	to->output += s->output;
	to->cost = usd_add(to->cost, s->cost);
}

static struct match
total_of(const struct reconcile *r)
{
	struct match sum = { 0 };

	for (size_t i = 0; i < r->keys.count; i++) {
		add_side(&sum.export, &r->list[i].export);
		add_side(&sum.log, &r->list[i].log);
		sum.unpriced += r->list[i].unpriced;
	}
	return sum;
}

static uint64_t
share_of(unsigned __int128 gap, unsigned __int128 whole)
{
	while (gap >> 100 || whole >> 100)
		gap >>= 1, whole >>= 1;
	if (!gap)
		return 0;
	if (!whole || gap / whole > 1000000)
		return UINT64_MAX - 1;
	return (uint64_t)((gap * 1000000 + whole - 1) / whole);
}

static uint64_t
count_gap(uint64_t export, uint64_t log)
{
	return share_of(export > log ? export - log : log - export, export);
}

uint64_t
reconcile_gap(const struct reconcile *r)
{
	struct match sum = total_of(r);
	struct usd gap = usd_sub(sum.export.cost, sum.log.cost);
	uint64_t in, out;

	if (r->kind == EXPORT_COST)
		return share_of((unsigned __int128)(gap.units < 0 ? -gap.units : gap.units),
		    (unsigned __int128)(sum.export.cost.units > 0 ? sum.export.cost.units : 0));
	in = count_gap(sum.export.input, sum.log.input);
	out = count_gap(sum.export.output, sum.log.output);
	return in > out ? in : out;
}

/* Export less log. */
static void
gap_json(struct writer *w, const char *name, uint64_t export, uint64_t log)
{
	write_name(w, name);
	write_signed(w, (int64_t)(export - log));
}

static void
count_json(struct writer *w, const char *name, uint64_t n)
{
	write_name(w, name);
	write_number(w, n);
}

static void
usd_json(struct writer *w, const char *name, struct usd d)
{
	char text[64];

	write_name(w, name);
	write_z(w, usd_write(d, text));
}

static void
null_json(struct writer *w, const char *name)
{
	write_name(w, name);
	write_null(w);
}

/* What an export does not tell is null. */
static void
side_json(const struct reconcile *r, struct writer *w, const char *name, const struct side *s,
    bool all)
{
	write_name(w, name);
	write_object(w);
	if (all || r->has_requests)
		count_json(w, "requests", s->requests);
	else
		null_json(w, "requests");
	if (all || r->kind == EXPORT_USAGE) {
		count_json(w, "input_tokens", s->input);
		count_json(w, "cached_tokens", s->cached);
		count_json(w, "output_tokens", s->output);
	} else {
		null_json(w, "input_tokens");
		null_json(w, "cached_tokens");
		null_json(w, "output_tokens");
	}
	if (all || r->kind == EXPORT_COST)
		usd_json(w, "cost", s->cost);
	else
		null_json(w, "cost");
	write_object_end(w);
}

static void
match_json(const struct reconcile *r, const struct match *m, struct writer *w)
{
	side_json(r, w, "export", &m->export, false);
	side_json(r, w, "log", &m->log, true);
	write_name(w, "gap");
	write_object(w);
	if (r->has_requests)
		gap_json(w, "requests", m->export.requests, m->log.requests);
	if (r->kind == EXPORT_USAGE) {
		gap_json(w, "input_tokens", m->export.input, m->log.input);
		gap_json(w, "cached_tokens", m->export.cached, m->log.cached);
		gap_json(w, "output_tokens", m->export.output, m->log.output);
	} else {
		usd_json(w, "cost", usd_sub(m->export.cost, m->log.cost));
	}
	write_object_end(w);
	count_json(w, "unpriced", m->unpriced);
}

static const char *
day_text(int64_t day, char out[25])
{
	when_write(day * 86400000, out);
	out[10] = '\0';
	return out;
}

static void
head_json(const struct reconcile *r, struct writer *w)
{
	char day[25];

	write_name(w, "export");
	write_object(w);
	write_name(w, "kind");
	write_z(w, r->kind == EXPORT_COST ? "cost" : "usage");
	write_name(w, "provider");
	write_z(w, r->provider);
	write_name(w, "from");
	write_z(w, day_text(r->from, day));
	write_name(w, "to");
	write_z(w, day_text(r->to, day));
	count_json(w, "other_currency", r->other_currency);
	write_object_end(w);
}

static void
print_json(const struct reconcile *r, struct buf *out)
{
	struct writer w = { .out = out };
	struct match sum = total_of(r);
	size_t *order = order_of(r);
	char day[25];

	write_object(&w);
	head_json(r, &w);
	write_name(&w, "total");
	write_object(&w);
	match_json(r, &sum, &w);
	write_object_end(&w);
	write_name(&w, "days");
	write_array(&w);
	for (size_t i = 0; i < r->keys.count; i++) {
		const struct match *m = &r->list[order[i]];

		write_object(&w);
		write_name(&w, "day");
		write_z(&w, day_text(m->day, day));
		write_name(&w, "model");
		if (m->model.len)
			write_string(&w, m->model);
		else
			write_null(&w);
		match_json(r, m, &w);
		write_object_end(&w);
	}
	write_array_end(&w);
	write_name(&w, "not_compared");
	write_object(&w);
	count_json(&w, "outside", r->outside);
	count_json(&w, "without_time", r->no_time);
	count_json(&w, "other_provider", r->other_provider);
	count_json(&w, "priority", r->priority);
	usd_json(&w, "priority_cost", r->priority_cost);
	write_object_end(&w);
	write_name(&w, "left_out");
	left_json(&r->left, &w);
	write_object_end(&w);
	buf_add_byte(out, '\n');
	free(order);
}

/* Columns: what the export tells, each as export, log and gap. */
enum what { WHAT_REQUESTS, WHAT_INPUT, WHAT_CACHED, WHAT_OUTPUT, WHAT_COST };
static const char *const what_names[] = { "requests", "input_tokens", "cached_tokens",
	"output_tokens", "cost" };
static const char *const what_headings[] = { "requests", "input", "cached", "output", "$" };

static size_t
whats(const struct reconcile *r, enum what list[5])
{
	size_t n = 0;

	if (r->has_requests)
		list[n++] = WHAT_REQUESTS;
	if (r->kind == EXPORT_USAGE) {
		list[n++] = WHAT_INPUT;
		list[n++] = WHAT_CACHED;
		list[n++] = WHAT_OUTPUT;
	} else {
		list[n++] = WHAT_COST;
	}
	return n;
}

static uint64_t
count_at(const struct side *s, enum what what)
{
	switch (what) {
	case WHAT_REQUESTS: return s->requests;
	case WHAT_INPUT: return s->input;
	case WHAT_CACHED: return s->cached;
	case WHAT_OUTPUT: return s->output;
	case WHAT_COST: break;
	}
	return 0;
}

static struct slice
cell(struct figure f, bool exact, unsigned decimals, struct arena *a)
{
	struct buf text = { 0 };
	struct slice out;

	if (exact)
		figure_plain(f, &text);
	else
		figure_people(f, decimals, &text);
	out = arena_copy(a, buf_slice(&text));
	buf_free(&text);
	return out;
}

static void
what_cells(const struct match *m, enum what what, bool exact, unsigned decimals,
    struct slice *row, struct arena *a)
{
	uint64_t export = count_at(&m->export, what), log = count_at(&m->log, what);
	struct figure f = { .kind = FIGURE_USD };

	if (what == WHAT_COST) {
		f.usd = m->export.cost;
		row[0] = cell(f, exact, decimals, a);
		f.usd = m->log.cost;
		row[1] = cell(f, exact, decimals, a);
		f.usd = usd_sub(m->export.cost, m->log.cost);
		row[2] = cell(f, exact, decimals, a);
		return;
	}
	f = (struct figure){ .kind = FIGURE_COUNT, .n = export };
	row[0] = cell(f, exact, 0, a);
	f.n = log;
	row[1] = cell(f, exact, 0, a);
	f.n = export > log ? export - log : log - export;
	row[2] = cell(f, exact, 0, a);
	if (export < log)
		row[2] = arena_printf(a, "-%.*s", SLICE_ARG(row[2]));
}

static void
remarks(const struct reconcile *r, const char *bullet, struct buf *out)
{
	char text[64], from[25], to[25];

	buf_printf(out, "%sexport of %s, %s, UTC days from %s to before %s\n", bullet,
	    r->provider ? r->provider : "a bill", r->kind == EXPORT_COST ? "costs" : "usage",
	    day_text(r->from, from), day_text(r->to, to));
	if (r->no_models)
		buf_printf(out, "%sthe export does not tell models\n", bullet);
	if (r->other_currency)
		buf_printf(out, "%samounts that are not in dollars, left out: %" PRIu64 "\n",
		    bullet, r->other_currency);
	if (r->outside)
		buf_printf(out, "%scalls on other days: %" PRIu64 "\n", bullet, r->outside);
	if (r->no_time)
		buf_printf(out, "%scalls without a time: %" PRIu64 "\n", bullet, r->no_time);
	if (r->other_provider)
		buf_printf(out, "%scalls of other providers: %" PRIu64 "\n", bullet,
		    r->other_provider);
	if (r->priority)
		buf_printf(out,
		    "%scalls of the priority tier, which the export leaves out: %" PRIu64
		    ", $%s\n",
		    bullet, r->priority, usd_write(r->priority_cost, text));
	left_people(&r->left, bullet, out);
}

static void
print_table(const struct reconcile *r, char layout, struct buf *out)
{
	static const char *const sides[] = { "export", "log", "gap" };
	bool exact = layout == 'c';
	struct match sum = total_of(r);
	unsigned decimals = usd_decimals(sum.export.cost);
	size_t *order = order_of(r), n;
	enum what list[5];
	struct arena a = { 0 };
	char day[25];
	struct table t;

	n = whats(r, list);
	table_open(&t, 2 + 3 * n, &a);
	t.heading[0] = SLICE("day");
	t.heading[1] = SLICE("model");
	for (size_t i = 0; i < 3 * n; i++) {
		t.heading[2 + i] =
		    exact ? arena_printf(&a, "%s_%s", sides[i % 3], what_names[list[i / 3]])
			  : arena_printf(&a, "%s%s%s", i % 3 ? "" : what_headings[list[i / 3]],
				i % 3 ? "" : " ", sides[i % 3]);
		t.right[2 + i] = true;
	}
	for (size_t i = 0; i <= r->keys.count; i++) {
		const struct match *m = i < r->keys.count ? &r->list[order[i]] : &sum;
		struct slice *row;

		if (m == &sum && exact)
			break;
		row = table_row(&t);
		row[0] =
		    m == &sum ? SLICE("total") : arena_copy(&a, slice_z(day_text(m->day, day)));
		row[1] = m->model.len || exact || m == &sum ? m->model : SLICE("(all)");
		for (size_t k = 0; k < n; k++)
			what_cells(m, list[k], exact, decimals, row + 2 + 3 * k, &a);
	}
	t.rule = t.rows - 1;
	if (layout == 'c')
		table_csv(&t, out);
	else if (layout == 'm')
		table_markdown(&t, out);
	else
		table_people(&t, out);
	if (!exact)
		buf_add_byte(out, '\n');
	if (!exact)
		remarks(r, layout == 'm' ? "- " : "", out);
	table_close(&t);
	arena_close(&a);
	free(order);
}

void
reconcile_print(const char *format, const struct reconcile *r, struct buf *out)
{
	if (strcmp(format, "json") == 0)
		print_json(r, out);
	else
		print_table(r, *format, out);
}
