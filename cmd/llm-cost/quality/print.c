/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/mem.h"
#include "show/members.h"
#include "quality.h"

const char *const quality_formats[] = { "table", "json", "csv", "md", NULL };
static const char *const verdicts[] = { "ok", "unclear", "worse" };

static void
needed_json(struct writer *w, const char *name, uint64_t n)
{
	write_name(w, name);
	if (n == UINT64_MAX)
		write_null(w);
	else
		write_number(w, n);
}

static void
sums_json(const struct quality *q, const struct quality_sums *s, struct writer *w)
{
	member_count(w, "answers", s->answers);
	member_count(w, "judged", s->judged);
	member_count(w, "worse", s->worse);
	member_count(w, "unjudged", s->answers - s->judged - s->split);
	member_count(w, "split", s->split);
	if (s->judged) {
		member_real(w, "rate", s->rate);
	} else {
		write_name(w, "rate");
		write_null(w);
	}
	member_real(w, "low", s->range.low);
	member_real(w, "high", s->range.high);
	needed_json(w, "rows_needed", s->needed);
	needed_json(w, "rows_needed_each_arm", s->needed_each);
	member_text(w, "verdict", q->limited ? verdicts[s->verdict] : NULL);
}

static const struct quality *sorted;

/* Those that are worse for certain first, then by rate. */
static int
by_rate(const void *a, const void *b)
{
	size_t i = *(const size_t *)a, k = *(const size_t *)b;
	const struct quality_sums *x = &sorted->group[i], *y = &sorted->group[k];

	if (x->range.low != y->range.low)
		return x->range.low > y->range.low ? -1 : 1;
	if (x->rate != y->rate)
		return x->rate > y->rate ? -1 : 1;
	return slice_cmp(sorted->keys.keys[i], sorted->keys.keys[k]);
}

static size_t *
order_of(const struct quality *q, size_t *count)
{
	size_t *order = mem_alloc((q->keys.count + 1) * sizeof(*order));

	*count = 0;
	for (size_t i = 0; i < q->keys.count; i++)
		if (q->group[i].answers)
			order[(*count)++] = i;
	sorted = q;
	qsort(order, *count, sizeof(*order), by_rate);
	return order;
}

static void
judges_json(const struct quality *q, struct writer *w)
{
	write_name(w, "judges");
	write_array(w);
	for (size_t i = 0; i < q->judges.count; i++) {
		write_object(w);
		write_name(w, "model");
		write_string(w, q->judges.keys[i]);
		member_count(w, "verdicts", q->judge_count[i]);
		write_object_end(w);
	}
	write_array_end(w);
}

static void
print_json(const struct quality *q, struct buf *out)
{
	struct writer w = { .out = out };
	size_t count, *order = order_of(q, &count);

	write_object(&w);
	write_name(&w, "total");
	write_object(&w);
	sums_json(q, &q->total, &w);
	write_object_end(&w);
	write_name(&w, "groups");
	write_array(&w);
	for (size_t i = 0; i < count; i++) {
		write_object(&w);
		write_name(&w, "key");
		write_object(&w);
		for (size_t f = 0; f < q->by.count; f++) {
			write_name(&w, q->by.field[f].text);
			write_raw(&w, by_value(q->keys.keys[order[i]], f));
		}
		write_object_end(&w);
		sums_json(q, &q->group[order[i]], &w);
		write_object_end(&w);
	}
	write_array_end(&w);
	member_text(&w, "interval", q->exact ? "exact" : "wilson");
	member_real(&w, "confidence", q->confidence);
	member_real(&w, "detect", q->detect);
	if (q->limited) {
		member_real(&w, "max_regression", q->limit);
	} else {
		write_name(&w, "max_regression");
		write_null(&w);
	}
	judges_json(q, &w);
	member_count(&w, "orphans", q->orphans);
	member_count(&w, "unreadable", q->unreadable);
	member_count(&w, "skipped", q->skipped);
	write_object_end(&w);
	buf_add_byte(out, '\n');
	free(order);
}

#define FIGURES 7

static void
figures(const struct quality *q, const struct quality_sums *s, bool exact, struct slice *row,
    struct arena *a)
{
	row[0] = exact ? arena_printf(a, "%" PRIu64, s->answers) : cell_count(s->answers, a);
	row[1] = exact ? arena_printf(a, "%" PRIu64, s->judged) : cell_count(s->judged, a);
	row[2] = exact ? arena_printf(a, "%" PRIu64, s->worse) : cell_count(s->worse, a);
	if (s->judged)
		row[3] = exact ? arena_printf(a, "%.6g", s->rate) : cell_share(s->rate, a);
	else
		row[3] = exact ? SLICE("") : SLICE("-");
	row[4] = exact ? arena_printf(a, "%.6g", s->range.low) : cell_share(s->range.low, a);
	row[5] = exact ? arena_printf(a, "%.6g", s->range.high) : cell_share(s->range.high, a);
	row[6] = s->needed == UINT64_MAX ? exact ? SLICE("") : SLICE("-")
		 : exact ? arena_printf(a, "%" PRIu64, s->needed)
					 : cell_count(s->needed, a);
	if (q->limited)
		row[7] = slice_z(verdicts[s->verdict]);
}

static void
notes(const struct quality *q, const char *bullet, struct buf *out)
{
	struct arena a = { 0 };

	buf_printf(out, "%s%s intervals, %g %% sure", bullet,
	    q->exact ? "exact (Clopper-Pearson)" : "Wilson", q->confidence * 100);
	if (q->limited)
		buf_printf(out, "; worse where the lower end is above %g %%", q->limit * 100);
	buf_printf(out,
	    "\n%sneeded: judged rows that show a loss of %g points %s, 4 times of 5\n", bullet,
	    q->detect * 100, q->limited ? "over the limit" : "over the rate");
	if (q->keys.count > 1 && q->total.needed_each != UINT64_MAX)
		buf_printf(out, "%sneeded in each of two arms that are compared: %s\n", bullet,
		    cell_count(q->total.needed_each, &a).ptr);
	if (q->total.answers > q->total.judged + q->total.split)
		buf_printf(out, "%sunjudged, and not taken for good: %s answers\n", bullet,
		    cell_count(q->total.answers - q->total.judged - q->total.split, &a).ptr);
	if (q->total.split)
		buf_printf(out, "%sjudged twice and not alike, left out: %s answers\n", bullet,
		    cell_count(q->total.split, &a).ptr);
	for (size_t i = 0; i < q->judges.count && i < 5; i++)
		buf_printf(out, "%sjudge: %s, %s verdicts\n", bullet,
		    diag_clean(q->judges.keys[i]), cell_count(q->judge_count[i], &a).ptr);
	if (q->orphans)
		buf_printf(out, "%sverdicts on answers that are not here: %" PRIu64 "\n",
		    bullet, q->orphans);
	if (q->unreadable)
		buf_printf(out, "%sverdicts that are no word or score we know: %" PRIu64 "\n",
		    bullet, q->unreadable);
	if (q->skipped)
		buf_printf(out, "%sskipped: %" PRIu64 " lines\n", bullet, q->skipped);
	arena_close(&a);
}

static void
print_table(const char *format, const struct quality *q, struct buf *out)
{
	static const char *const people[] = { "answers", "judged", "worse", "rate", "low",
		"high", "needed", "verdict" };
	static const char *const names[] = { "answers", "judged", "worse", "rate", "low",
		"high", "rows_needed", "verdict" };
	size_t count, *order = order_of(q, &count), fields = q->by.count;
	bool exact = *format == 'c';
	struct arena a = { 0 };
	struct slice *row;
	struct table t;

	table_open(&t, fields + FIGURES + q->limited, &a);
	for (size_t i = 0; i < fields; i++)
		t.heading[i] = slice_z(q->by.field[i].text);
	for (size_t i = 0; fields + i < t.columns; i++) {
		t.heading[fields + i] = slice_z(exact ? names[i] : people[i]);
		t.right[fields + i] = i < FIGURES;
	}
	for (size_t i = 0; i < count; i++) {
		row = table_row(&t);
		for (size_t f = 0; f < fields; f++)
			row[f] = by_text(by_value(q->keys.keys[order[i]], f), &a);
		figures(q, &q->group[order[i]], exact, row + fields, &a);
	}
	if (!exact) {
		t.rule = t.rows;
		row = table_row(&t);
		row[0] = SLICE("total");
		figures(q, &q->total, exact, row + fields, &a);
	}
	table_as(format, &t, out);
	if (!exact) {
		buf_add_byte(out, '\n');
		notes(q, *format == 'm' ? "- " : "", out);
	}
	table_close(&t);
	arena_close(&a);
	free(order);
}

void
quality_print(const char *format, const struct quality *q, struct buf *out)
{
	if (*format == 'j')
		print_json(q, out);
	else
		print_table(format, q, out);
}
