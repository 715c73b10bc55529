/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/mem.h"
#include "estimate.h"
#include "show/members.h"

const char *const estimate_formats[] = { "table", "json", "jsonl", "csv", "md", NULL };

static void
member_or_null(struct writer *w, const char *name, bool known, struct usd d)
{
	if (known) {
		member_usd(w, name, d);
	} else {
		write_name(w, name);
		write_null(w);
	}
}

static void
lanes_json(const struct estimate *e, struct writer *w)
{
	write_name(w, "lanes");
	write_object(w);
	for (unsigned i = 0; i < LANES; i++)
		member_or_null(w, lane_name((enum lane)i),
		    !e->no_lane[i] && e->requests > e->unpriced, e->lane[i]);
	write_object_end(w);
}

static void
actual_json(const struct estimate *e, struct writer *w)
{
	struct usd error = usd_sub(e->actual, e->foreseen);

	write_name(w, "actual");
	if (!e->answered) {
		write_null(w);
		return;
	}
	write_object(w);
	member_count(w, "requests", e->answered);
	member_usd(w, "cost", e->actual);
	member_usd(w, "expected", e->foreseen);
	member_usd(w, "error_usd", error);
	member_percent(w, "error_percent", error, e->foreseen);
	member_usd(w, "absolute_error_usd", e->absolute);
	member_count(w, "retries", e->retries);
	member_count(w, "failed_billed", e->failed_billed);
	write_object_end(w);
}

static void
sums_json(const struct estimate *e, struct writer *w)
{
	member_count(w, "requests", e->requests);
	member_count(w, "input_tokens", e->input);
	member_count(w, "input_low", e->input_low);
	member_count(w, "input_high", e->input_high);
	member_count(w, "output_expected", e->output);
	write_name(w, "output_worst");
	if (e->unbounded)
		write_null(w);
	else
		write_number(w, e->most);
	member_usd(w, "low", e->low);
	member_usd(w, "expected", e->expected);
	member_or_null(w, "worst", !e->unbounded, e->worst);
	member_count(w, "unpriced", e->unpriced);
	member_count(w, "no_cap", e->uncapped);
	member_count(w, "estimated_counts", e->estimated);
	member_count(w, "not_countable", e->missing);
	lanes_json(e, w);
	actual_json(e, w);
}

static void
cliffs_json(const struct estimates *e, struct writer *w)
{
	write_name(w, "cliffs");
	write_array(w);
	for (size_t i = 0; i < e->cliffs && i < CLIFFS_SHOWN; i++) {
		const struct estimate_cliff *c = &e->cliff[i];

		write_object(w);
		member_text(w, "file", c->file);
		member_count(w, "line", c->number);
		member_text(w, "model", c->model);
		member_count(w, "tokens", c->tokens);
		member_count(w, "bound", c->cliff.bound);
		write_name(w, "sure");
		write_bool(w, c->sure);
		member_usd(w, "usd", c->usd);
		member_usd(w, "usd_at_bound", c->cliff.at);
		member_usd(w, "jump", usd_sub(c->cliff.past, c->cliff.at));
		write_object_end(w);
	}
	write_array_end(w);
	member_count(w, "cliff_count", e->cliffs);
}

static void
assumed_json(const struct estimates *e, struct writer *w)
{
	write_name(w, "assumed");
	write_object(w);
	member_count(w, "output_tokens", e->output);
	member_text(w, "from", e->output_given ? "--output" : "default");
	member_text(w, "past", e->past);
	member_count(w, "requests_from_past", e->from_past);
	write_object_end(w);
}

static const struct estimates *sorted;

static int
by_expected(const void *a, const void *b)
{
	size_t i = *(const size_t *)a, k = *(const size_t *)b;
	int order = usd_cmp(sorted->list[k].expected, sorted->list[i].expected);

	return order ? order : slice_cmp(sorted->keys.keys[i], sorted->keys.keys[k]);
}

/* Dearest first; the caller frees. */
static size_t *
order_of(const struct estimates *e)
{
	size_t *order = mem_alloc((e->keys.count + 1) * sizeof(*order));

	for (size_t i = 0; i < e->keys.count; i++)
		order[i] = i;
	sorted = e;
	qsort(order, e->keys.count, sizeof(*order), by_expected);
	return order;
}

static void
print_json(const struct estimates *e, struct buf *out)
{
	struct writer w = { .out = out };
	size_t *order = order_of(e);

	write_object(&w);
	write_name(&w, "total");
	write_object(&w);
	sums_json(&e->total, &w);
	write_object_end(&w);
	write_name(&w, "groups");
	write_array(&w);
	for (size_t i = 0; i < e->keys.count; i++) {
		write_object(&w);
		write_name(&w, "key");
		write_object(&w);
		for (size_t f = 0; f < e->by.count; f++) {
			write_name(&w, e->by.field[f].text);
			write_raw(&w, by_value(e->keys.keys[order[i]], f));
		}
		write_object_end(&w);
		sums_json(&e->list[order[i]], &w);
		write_object_end(&w);
	}
	write_array_end(&w);
	assumed_json(e, &w);
	cliffs_json(e, &w);
	member_count(&w, "skipped", e->skipped);
	write_object_end(&w);
	buf_add_byte(out, '\n');
	free(order);
}

struct layout {
	bool exact;
	unsigned decimals;
	size_t fields; /* columns of the key */
	struct arena arena;
};

#define FIGURES 6

static struct slice
dollars(struct layout *l, struct usd d)
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
figures(struct layout *l, const struct estimate *e, struct slice *row)
{
	row[0] = number(l, e->requests);
	row[1] = number(l, e->input);
	row[2] = number(l, e->output);
	row[3] = dollars(l, e->low);
	row[4] = dollars(l, e->expected);
	row[5] =
	    e->unbounded ? (l->exact ? SLICE("") : SLICE("no bound")) : dollars(l, e->worst);
}

static void
headings(const struct estimates *e, struct layout *l, struct table *t)
{
	static const char *const people[FIGURES] = { "requests", "input", "output", "low $",
		"expected $", "worst $" };
	static const char *const exact[FIGURES] = { "requests", "input_tokens",
		"output_expected", "low", "expected", "worst" };

	for (size_t i = 0; i < l->fields; i++)
		t->heading[i] = e->by.count ? slice_z(e->by.field[i].text) : SLICE("");
	for (size_t i = 0; i < FIGURES; i++) {
		t->heading[l->fields + i] = slice_z(l->exact ? exact[i] : people[i]);
		t->right[l->fields + i] = true;
	}
}

static void
remarks(const struct estimates *e, const char *bullet, struct layout *l, struct buf *out)
{
	const struct estimate *t = &e->total;
	char one[64], two[64];

	if (e->from_past < t->requests)
		buf_printf(out,
		    "%sexpected: %" PRIu64 " output tokens an answer (%s), cut at the cap\n",
		    bullet, e->output, e->output_given ? "--output" : "assumed, see --output");
	if (e->from_past)
		buf_printf(out,
		    "%sexpected: output of %" PRIu64 " requests is the mean of %s\n", bullet,
		    e->from_past, diag_clean(slice_z(e->past)));
	if (t->uncapped)
		buf_printf(out,
		    "%sno cap: %" PRIu64 " requests, worst is the model's maximum\n", bullet,
		    t->uncapped);
	if (t->unbounded)
		buf_printf(out,
		    "%sno bound is known for %" PRIu64 " requests: there is no worst case\n",
		    bullet, t->unbounded);
	if (t->estimated)
		buf_printf(out,
		    "%sthe input of %" PRIu64 " requests is an estimate: %" PRIu64
		    " to %" PRIu64 " tokens in all\n",
		    bullet, t->estimated, t->input_low, t->input_high);
	if (t->missing)
		buf_printf(
		    out, "%snot countable in part: %" PRIu64 " requests\n", bullet, t->missing);
	if (t->unpriced)
		buf_printf(out, "%sno price: %" PRIu64 " requests, not in the amounts\n",
		    bullet, t->unpriced);
	for (unsigned i = 0; i < LANES; i++)
		if (t->requests > t->unpriced && !t->no_lane[i])
			buf_printf(out, "%sexpected in lane %s: $%s\n", bullet,
			    lane_name((enum lane)i), usd_round(t->lane[i], l->decimals, one));
	if (t->answered)
		buf_printf(out,
		    "%s%" PRIu64 " are answered: $%s billed, $%s expected (%s %%); "
		    "%" PRIu64 " retries, %" PRIu64 " failed but billed\n",
		    bullet, t->answered, usd_round(t->actual, l->decimals, one),
		    usd_round(t->foreseen, l->decimals, two),
		    percent_text(
			usd_sub(t->actual, t->foreseen), t->foreseen, 1, true, &l->arena)
			.ptr,
		    t->retries, t->failed_billed);
	if (e->skipped)
		buf_printf(
		    out, "%sskipped: %" PRIu64 " lines are no request\n", bullet, e->skipped);
}

static void
cliff_lines(const struct estimates *e, const char *bullet, struct layout *l, struct buf *out)
{
	char one[64], two[64], jump[64];

	for (size_t i = 0; i < e->cliffs && i < CLIFFS_SHOWN; i++) {
		const struct estimate_cliff *c = &e->cliff[i];
		unsigned d = usd_decimals(c->usd);

		buf_printf(out, "%sprice tier: %s:%" PRIu64 ": %s tokens %s %s of %s", bullet,
		    diag_clean(slice_z(c->file)), c->number,
		    cell_count(c->tokens, &l->arena).ptr, c->sure ? "cross" : "may cross",
		    cell_count(c->cliff.bound, &l->arena).ptr, c->model);
		buf_printf(out, ": input $%s, $%s at the bound, one token more jumps by $%s\n",
		    usd_round(c->usd, d, one), usd_round(c->cliff.at, d, two),
		    usd_round(usd_sub(c->cliff.past, c->cliff.at), d, jump));
	}
	if (e->cliffs > CLIFFS_SHOWN)
		buf_printf(
		    out, "%sprice tier: %" PRIu64 " more\n", bullet, e->cliffs - CLIFFS_SHOWN);
}

static void
print_table(const char *format, const struct estimates *e, struct buf *out)
{
	struct layout l = { .exact = *format == 'c',
		.decimals = usd_decimals(e->total.expected),
		.fields = e->by.count      ? e->by.count
			  : *format == 'c' ? 0
					   : 1 };
	const char *bullet = *format == 'm' ? "- " : "";
	size_t *order = order_of(e);
	struct slice *row;
	struct table t;

	table_open(&t, l.fields + FIGURES, &l.arena);
	headings(e, &l, &t);
	for (size_t i = 0; i < e->keys.count; i++) {
		row = table_row(&t);
		for (size_t f = 0; f < l.fields; f++)
			row[f] = by_text(by_value(e->keys.keys[order[i]], f), &l.arena);
		figures(&l, &e->list[order[i]], row + l.fields);
	}
	if (!l.exact || !e->by.count) {
		t.rule = t.rows;
		row = table_row(&t);
		if (!l.exact)
			row[0] = SLICE("total");
		figures(&l, &e->total, row + l.fields);
	}
	table_as(format, &t, out);
	if (!l.exact) {
		buf_add_byte(out, '\n');
		remarks(e, bullet, &l, out);
		cliff_lines(e, bullet, &l, out);
	}
	table_close(&t);
	arena_close(&l.arena);
	free(order);
}

void
estimate_print(const char *format, const struct estimates *e, struct buf *out)
{
	if (*format == 'j')
		print_json(e, out);
	else
		print_table(format, e, out);
}

void
estimate_print_row(const struct estimate_row *r, struct buf *out)
{
	const struct outlook *o = r->outlook;
	struct writer w = { .out = out };

	write_object(&w);
	member_text(&w, "file", r->file);
	member_count(&w, "line", r->number);
	write_name(&w, "id");
	write_string(&w, r->id);
	write_name(&w, "model");
	if (r->row->model.ptr)
		write_string(&w, r->row->model);
	else
		write_null(&w);
	member_text(&w, "lane", lane_name(r->row->lane));
	member_count(&w, "input_tokens", o->input.count);
	member_text(&w, "class", token_class_name(o->input.class));
	member_count(&w, "input_low", o->input.low);
	member_count(&w, "input_high", o->input.high);
	member_text(&w, "not_countable", o->input.missing);
	member_count(&w, "output_expected", r->output);
	write_name(&w, "output_worst");
	if (o->bound)
		write_number(&w, o->most);
	else
		write_null(&w);
	member_text(&w, "bound", o->bound);
	member_or_null(&w, "low", !r->unpriced, r->low);
	member_or_null(&w, "expected", !r->unpriced, r->expected);
	member_or_null(&w, "worst", !r->unpriced && o->bound, r->worst);
	member_or_null(&w, "actual", r->answered, r->actual);
	if (r->unpriced)
		member_text(&w, "unpriced", r->unpriced);
	write_object_end(&w);
}
