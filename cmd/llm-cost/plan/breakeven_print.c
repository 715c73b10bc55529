/* SPDX-License-Identifier: MIT */
#include <inttypes.h>

#include "breakeven.h"
#include "show/members.h"

const char *const breakeven_formats[] = { "table", "json", "csv", "md", NULL };
static const char *const answers[] = { "yes", "unclear", "no" };

static void
count_or_null(struct writer *w, const char *name, uint64_t n)
{
	write_name(w, name);
	if (n)
		write_number(w, n);
	else
		write_null(w);
}

static void
log_json(const struct breakeven *b, struct writer *w)
{
	write_name(w, "log");
	if (!b->log) {
		write_null(w);
		return;
	}
	write_object(w);
	member_count(w, "requests", b->requests);
	member_real(w, "days", b->timed ? (double)(b->last - b->first) / 86400000.0 : 0);
	member_count(w, "examples", b->whole);
	member_count(w, "unpriced", b->unpriced);
	member_count(w, "skipped", b->skipped);
	write_object_end(w);
}

static void
print_json(const struct breakeven *b, struct buf *out)
{
	struct writer w = { .out = out };

	write_object(&w);
	member_text(&w, "verdict", answers[b->answer]);
	count_or_null(&w, "months", b->months);
	if (b->months) {
		member_real(&w, "months_exact", b->months_exact);
	} else {
		write_name(&w, "months_exact");
		write_null(&w);
	}
	count_or_null(&w, "months_flat", b->months_flat);
	member_count(&w, "calls_month", b->calls);
	member_usd(&w, "spent_month", b->spent);
	member_usd(&w, "after_month", b->after);
	member_usd(&w, "saved_month", b->saved);
	member_usd(&w, "setup", b->setup);
	member_usd(&w, "labour", b->labour);
	member_usd(&w, "retrain", b->retrain);
	member_usd(&w, "hosting", b->hosting);
	member_count(&w, "every", b->every);
	member_real(&w, "price_fall", (double)b->price_fall / 1e6);
	member_count(&w, "horizon", b->horizon);
	member_usd(&w, "left_at_horizon", b->end);
	write_name(&w, "conditions");
	write_array(&w);
	for (size_t i = 0; i < b->conditions; i++) {
		write_object(&w);
		member_text(&w, "name", b->condition[i].name);
		member_text(&w, "verdict", answers[b->condition[i].answer]);
		member_text(&w, "why", b->condition[i].text);
		write_object_end(&w);
	}
	write_array_end(&w);
	log_json(b, &w);
	write_object_end(&w);
	buf_add_byte(out, '\n');
}

static void
print_table(const char *format, const struct breakeven *b, struct buf *out)
{
	static const char *const heading[] = { "condition", "holds", "why" };
	struct arena a = { 0 };
	struct table t;

	table_open(&t, 3, &a);
	for (size_t i = 0; i < 3; i++)
		t.heading[i] = slice_z(heading[i]);
	for (size_t i = 0; i < b->conditions; i++) {
		struct slice *row = table_row(&t);

		row[0] = slice_z(b->condition[i].name);
		row[1] = slice_z(answers[b->condition[i].answer]);
		row[2] = slice_z(b->condition[i].text);
	}
	table_as(format, &t, out);
	if (*format != 'c') {
		const char *bullet = *format == 'm' ? "- " : "";
		char one[64];

		buf_printf(out, "\n%sdoes it pay within %" PRIu64 " months: %s\n", bullet,
		    b->horizon, answers[b->answer]);
		if (b->months)
			buf_printf(out, "%spaid back after %.1f months; %s left at the end\n",
			    bullet, b->months_exact, usd_dollars(b->end, 2, one));
		buf_printf(out,
		    "%stry caching, batches and a smaller model first: they cost no "
		    "training\n",
		    bullet);
	}
	table_close(&t);
	arena_close(&a);
}

void
breakeven_print(const char *format, const struct breakeven *b, struct buf *out)
{
	if (*format == 'j')
		print_json(b, out);
	else
		print_table(format, b, out);
}
