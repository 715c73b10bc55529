/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <string.h>

#include "base/diag.h"
#include "show/members.h"
#include "whatif.h"

#define DAYS_OF_YEAR 365

const char *const whatif_formats[] = { "table", "json", "csv", "md", NULL };

static struct usd
last_cost(const struct whatif *w)
{
	return w->stages ? w->stage[w->stages - 1].cost : w->baseline;
}

static void
per_1k_json(const struct whatif *w, struct usd d, struct writer *out)
{
	write_name(out, "cost_per_1k");
	if (w->requests) {
		char text[64];

		write_z(out, usd_write(usd_part(d, 1000, w->requests), text));
	} else {
		write_null(out);
	}
}

static void
stages_json(const struct whatif *w, struct writer *out)
{
	struct usd before = w->baseline;

	write_name(out, "stages");
	write_array(out);
	for (size_t i = 0; i < w->stages; i++) {
		write_object(out);
		member_text(out, "name", w->stage[i].name);
		member_usd(out, "cost", w->stage[i].cost);
		member_usd(out, "saved", usd_sub(before, w->stage[i].cost));
		write_object_end(out);
		before = w->stage[i].cost;
	}
	write_array_end(out);
}

static void
year_json(const struct whatif *w, struct writer *out)
{
	struct usd cost = last_cost(w);

	if (!w->scenario)
		return;
	write_name(out, "year_of_such_days");
	write_object(out);
	member_usd(out, "baseline", usd_times(w->baseline, DAYS_OF_YEAR));
	member_usd(out, "cost", usd_times(cost, DAYS_OF_YEAR));
	member_usd(out, "saved", usd_times(usd_sub(w->baseline, cost), DAYS_OF_YEAR));
	write_object_end(out);
}

static void
print_json(const struct whatif *w, struct buf *text)
{
	struct writer out = { .out = text };
	struct usd cost = last_cost(w), saved = usd_sub(w->baseline, cost);

	write_object(&out);
	write_name(&out, "baseline");
	write_object(&out);
	member_usd(&out, "cost", w->baseline);
	member_count(&out, "requests", w->requests);
	member_count(&out, "input_tokens", w->input);
	member_count(&out, "output_tokens", w->output);
	per_1k_json(w, w->baseline, &out);
	write_object_end(&out);
	write_name(&out, "total");
	write_object(&out);
	member_usd(&out, "cost", cost);
	member_count(&out, "requests", w->requests);
	member_count(&out, "input_tokens", w->new_input);
	member_count(&out, "output_tokens", w->new_output);
	per_1k_json(w, cost, &out);
	write_object_end(&out);
	stages_json(w, &out);
	member_usd(&out, "saved", saved);
	member_share(&out, "savings_vs_baseline", saved, w->baseline);
	member_percent(&out, "savings_percent", saved, w->baseline);
	year_json(w, &out);
	write_name(&out, "tokens");
	write_object(&out);
	member_count(&out, "moved", w->moved);
	member_count(&out, "recounted", w->recounted);
	member_count(&out, "by_factor", w->by_factor);
	write_object_end(&out);
	write_name(&out, "left_out");
	write_object(&out);
	member_count(&out, "no_batch_price", w->no_batch);
	member_count(&out, "unpriced", w->unpriced);
	member_count(&out, "unanswered", w->unanswered);
	member_count(&out, "repeats", w->repeats);
	member_count(&out, "skipped", w->skipped);
	write_object_end(&out);
	write_object_end(&out);
	buf_add_byte(text, '\n');
}

static void
stage_row(struct table *t, const char *name, struct usd cost, const struct usd *before,
    const struct whatif *w, int decimals, struct arena *a)
{
	struct slice *row = table_row(t);
	char text[64];

	row[0] = slice_z(name);
	if (decimals < 0) {
		row[1] = arena_copy(a, slice_z(usd_write(cost, text)));
		if (before)
			row[2] =
			    arena_copy(a, slice_z(usd_write(usd_sub(*before, cost), text)));
		return;
	}
	row[1] = cell_usd(cost, (unsigned)decimals, a);
	if (!before)
		return;
	row[2] = cell_usd(usd_sub(*before, cost), (unsigned)decimals, a);
	if (w->baseline.units)
		row[3] = arena_printf(a, "%s %%",
		    percent_text(usd_sub(*before, cost), w->baseline, 2, false, a).ptr);
}

static void
notes(const struct whatif *w, const char *bullet, unsigned decimals, struct buf *out)
{
	struct usd cost = last_cost(w), saved = usd_sub(w->baseline, cost);
	struct arena a = { 0 };
	char one[64];

	buf_printf(out, "%s%s calls, %s tokens in, %s out", bullet,
	    cell_count(w->requests, &a).ptr, cell_count(w->input, &a).ptr,
	    cell_count(w->output, &a).ptr);
	if (w->requests)
		buf_printf(out, "; $%s for 1,000",
		    usd_round(usd_part(cost, 1000, w->requests), decimals, one));
	buf_printf(out, "\n");
	if (w->stages && w->baseline.units)
		buf_printf(out, "%ssaved %s, %s %% of the baseline\n", bullet,
		    usd_dollars(saved, decimals, one),
		    percent_text(saved, w->baseline, 4, false, &a).ptr);
	if (w->scenario && w->stages)
		buf_printf(out, "%sif that is a day: %s saved in a year of 365\n", bullet,
		    usd_dollars(usd_times(saved, DAYS_OF_YEAR), 2, one));
	else if (w->scenario)
		buf_printf(out, "%sif that is a day: $%s in a year of 365\n", bullet,
		    usd_round(usd_times(cost, DAYS_OF_YEAR), 2, one));
	if (w->recounted)
		buf_printf(out,
		    "%scalls whose tokens were counted again from their text: %" PRIu64 "\n",
		    bullet, w->recounted);
	if (w->by_factor)
		buf_printf(out,
		    "%scalls without text, by how both models count a sample (the last: x "
		    "%.3f): "
		    "%" PRIu64 "\n",
		    bullet, w->factor, w->by_factor);
	if (w->to && !w->scenario)
		buf_printf(out,
		    "%scalls moved to %s, output as it was but for the tokenizer: %" PRIu64
		    "\n",
		    bullet, diag_clean(slice_z(w->to)), w->moved);
	if (w->no_batch)
		buf_printf(out, "%sno batch price, left as they are: %" PRIu64 " calls\n",
		    bullet, w->no_batch);
	if (w->unpriced)
		buf_printf(out, "%sno price, left out of all amounts: %" PRIu64 " calls\n",
		    bullet, w->unpriced);
	if (w->skipped)
		buf_printf(out, "%sno call, skipped: %" PRIu64 " lines\n", bullet, w->skipped);
	if (w->repeats)
		buf_printf(out, "%srepeats: %" PRIu64 " lines\n", bullet, w->repeats);
	if (w->unanswered)
		buf_printf(out, "%srequests without an answer, not counted: %" PRIu64 "\n",
		    bullet, w->unanswered);
	arena_close(&a);
}

static void
print_table(const char *format, const struct whatif *w, struct buf *out)
{
	static const char *const people[] = { "stage", "cost $", "saved $", "of all" };
	static const char *const exact[] = { "name", "cost", "saved" };
	bool csv = *format == 'c';
	unsigned decimals = usd_decimals(w->baseline);
	struct usd before = w->baseline;
	struct arena a = { 0 };
	struct table t;

	table_open(&t, csv ? 3 : 4, &a);
	for (size_t i = 0; i < t.columns; i++) {
		t.heading[i] = slice_z(csv ? exact[i] : people[i]);
		t.right[i] = i > 0;
	}
	stage_row(&t, "baseline", before, NULL, w, csv ? -1 : (int)decimals, &a);
	for (size_t i = 0; i < w->stages; i++) {
		stage_row(&t, w->stage[i].name, w->stage[i].cost, &before, w,
		    csv ? -1 : (int)decimals, &a);
		before = w->stage[i].cost;
	}
	if (!csv) {
		t.rule = t.rows;
		stage_row(&t, "total", last_cost(w), &w->baseline, w, (int)decimals, &a);
	}
	table_as(format, &t, out);
	if (!csv) {
		buf_add_byte(out, '\n');
		notes(w, *format == 'm' ? "- " : "", decimals, out);
	}
	table_close(&t);
	arena_close(&a);
}

void
whatif_print(const char *format, const struct whatif *w, struct buf *out)
{
	if (*format == 'j')
		print_json(w, out);
	else
		print_table(format, w, out);
}
