/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "cmd/llm-route/learned/curve.h"
#include "json/write.h"

const char *const curve_formats[] = { "table", "json", "csv", "svg", NULL };

static void
print_table(const struct curve *c, const struct curve_point *chosen, struct buf *out)
{
	buf_printf(out,
	    "%zu labelled prompts, %zu of them like none the model was trained on\n", c->rows,
	    c->fresh);
	buf_printf(out, "mean outcome: first model %.4f, last %.4f\n", c->first, c->last);
	buf_printf(out, "APGR %.3f (95 %%: %.3f to %.3f); by length alone %.3f; ", c->apgr,
	    c->apgr_range.low, c->apgr_range.high, c->apgr_length);
	buf_printf(out, "lead %+.3f (%+.3f to %+.3f)\n\n", c->apgr - c->apgr_length,
	    c->lead_range.low, c->lead_range.high);
	buf_add(out, SLICE("  last %   outcome   95 % from        to  by length  threshold\n"));
	for (size_t i = 0; i < CURVE_POINTS; i++) {
		const struct curve_point *p = &c->point[i];

		buf_printf(out, "%8.1f  %8.4f  %10.4f  %8.4f   %8.4f   %8.4f%s\n",
		    p->share * 100, p->quality, p->range.low, p->range.high, p->by_length,
		    p->threshold, p == chosen ? "  <-" : "");
	}
}

static void
real(struct writer *w, const char *name, double x)
{
	char text[32];

	snprintf(text, sizeof(text), "%.6g", x);
	write_name(w, name);
	write_raw(w, slice_z(text));
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
	real(w, "share", p->share);
	real(w, "quality", p->quality);
	range(w, "interval", p->range);
	real(w, "by_length", p->by_length);
	real(w, "threshold", p->threshold);
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
	write_name(&w, "rows");
	write_number(&w, c->rows);
	write_name(&w, "new");
	write_number(&w, c->fresh);
	real(&w, "first", c->first);
	real(&w, "last", c->last);
	real(&w, "apgr", c->apgr);
	range(&w, "apgr_interval", c->apgr_range);
	real(&w, "apgr_length", c->apgr_length);
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
		curve_svg(c, out);
	else
		print_table(c, chosen, out);
}
