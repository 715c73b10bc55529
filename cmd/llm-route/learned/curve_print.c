/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "cmd/llm-route/learned/curve.h"
#include "show/members.h"

const char *const curve_formats[] = { "table", "json", "csv", "svg", NULL };

static struct slice
number(struct arena *a, unsigned decimals, double x)
{
	return arena_printf(a, "%.*f", (int)decimals, x);
}

static void
print_table(const struct curve *c, const struct curve_point *chosen, struct buf *out)
{
	static const char *const headings[] = { "last %", "outcome", "95 % from", "to",
		"by length", "threshold", "" };
	struct arena a = { 0 };
	struct table t;

	buf_printf(out,
	    "%zu labelled prompts, %zu of them like none the model was trained on\n", c->rows,
	    c->fresh);
	buf_printf(out, "mean outcome: first model %.4f, last %.4f\n", c->first, c->last);
	buf_printf(out, "APGR %.3f (95 %%: %.3f to %.3f); by length alone %.3f; ", c->apgr,
	    c->apgr_range.low, c->apgr_range.high, c->apgr_length);
	buf_printf(out, "lead %+.3f (%+.3f to %+.3f)\n\n", c->apgr - c->apgr_length,
	    c->lead_range.low, c->lead_range.high);
	table_open(&t, 7, &a);
	for (size_t i = 0; i < t.columns; i++) {
		t.heading[i] = slice_z(headings[i]);
		t.right[i] = i < 6;
	}
	for (size_t i = 0; i < CURVE_POINTS; i++) {
		const struct curve_point *p = &c->point[i];
		struct slice *cell = table_row(&t);

		cell[0] = number(&a, 1, p->share * 100);
		cell[1] = number(&a, 4, p->quality);
		cell[2] = number(&a, 4, p->range.low);
		cell[3] = number(&a, 4, p->range.high);
		cell[4] = number(&a, 4, p->by_length);
		cell[5] = number(&a, 6, p->threshold);
		cell[6] = p == chosen ? SLICE("<-") : SLICE("");
	}
	table_people(&t, out);
	table_close(&t);
	arena_close(&a);
}

static void
range(struct writer *w, const char *name, struct interval r)
{
	char text[64];

	snprintf(text, sizeof(text), "[%.6g,%.6g]", r.low, r.high);
	write_name(w, name);
	write_raw(w, slice_z(text));
}

static void
point_json(struct writer *w, const struct curve_point *p)
{
	write_object(w);
	member_real(w, "share", p->share);
	member_real(w, "quality", p->quality);
	range(w, "interval", p->range);
	member_real(w, "by_length", p->by_length);
	member_real(w, "threshold", p->threshold);
	write_object_end(w);
}

static void
print_json(const struct curve *c, const struct trained *t, const struct curve_point *chosen,
    struct buf *out)
{
	struct writer w = { .out = out };

	write_object(&w);
	write_name(&w, "arms");
	write_array(&w);
	for (size_t i = 0; i < t->lesson.arms; i++)
		write_string(&w, t->arm[i]);
	write_array_end(&w);
	member_count(&w, "rows", c->rows);
	member_count(&w, "new", c->fresh);
	member_real(&w, "first", c->first);
	member_real(&w, "last", c->last);
	member_real(&w, "apgr", c->apgr);
	range(&w, "apgr_interval", c->apgr_range);
	member_real(&w, "apgr_length", c->apgr_length);
	range(&w, "lead_interval", c->lead_range);
	write_name(&w, "points");
	write_array(&w);
	for (size_t i = 0; i < CURVE_POINTS; i++)
		point_json(&w, &c->point[i]);
	write_array_end(&w);
	write_name(&w, "chosen");
	if (chosen)
		point_json(&w, chosen);
	else
		write_null(&w);
	write_object_end(&w);
	buf_add_byte(out, '\n');
}

static void
print_csv(const struct curve *c, struct buf *out)
{
	buf_add(out, SLICE("share,quality,low,high,by_length,threshold\n"));
	for (size_t i = 0; i < CURVE_POINTS; i++) {
		const struct curve_point *p = &c->point[i];

		buf_printf(out, "%.6g,%.6g,%.6g,%.6g,%.6g,%.6g\n", p->share, p->quality,
		    p->range.low, p->range.high, p->by_length, p->threshold);
	}
}

void
curve_print(const char *format, const struct curve *c, const struct trained *t,
    const struct curve_point *chosen, struct buf *out)
{
	if (strcmp(format, "json") == 0)
		print_json(c, t, chosen, out);
	else if (strcmp(format, "csv") == 0)
		print_csv(c, out);
	else if (strcmp(format, "svg") == 0)
		curve_svg(c, chosen, out);
	else
		print_table(c, chosen, out);
}
