/* SPDX-License-Identifier: MIT */
/* The audit of a log as a page of HTML. */
#include <inttypes.h>

#include "print.h"
#include "sheet.h"
#include "figure.h"
#include "base/count.h"
#include "show/svg.h"

static void
tile(struct buf *out, struct slice figure, const char *what)
{
	buf_add(out, SLICE("<div class=\"tile\"><b>"));
	svg_escape(out, figure);
	buf_printf(out, "</b><span>%s</span></div>\n", what);
}

static void
tiles(const struct verdict_list *v, unsigned decimals, struct arena *a, struct buf *out)
{
	unsigned monthly = usd_decimals(v->spent_month);

	buf_add(out, SLICE("<div class=\"tiles\">\n"));
	tile(out, audit_dollars(v->spent, decimals, a), "spent in this log");
	tile(out, audit_dollars(v->saved, decimals, a),
	    "would have been saved: measured or bounded");
	tile(out, audit_percent(v->saved, v->spent, a), "of what was spent");
	if (v->has_month)
		tile(out, audit_dollars(v->saved_month, monthly, a),
		    "saved in a month of 30 days");
	buf_add(out, SLICE("</div>\n"));
}

static unsigned
permille_of(struct usd part, struct usd whole)
{
	__int128 n = part.units, d = whole.units;

	while (d >> 100 || n >> 100) {
		d >>= 1;
		n >>= 1;
	}
	return d > 0 && n > 0 ? (unsigned)(n * 1000 / d) : 0;
}

static void
chart(const struct verdict_list *v, unsigned decimals, struct arena *a, struct buf *out)
{
	struct usd most = v->saved;

	for (size_t i = 0; i < v->findings; i++)
		if (usd_cmp(v->finding[i].saved, most) > 0)
			most = v->finding[i].saved;
	sheet_bars_open(out, v->findings + 1);
	sheet_bar(out, 0, "together", permille_of(v->saved, most),
	    audit_dollars(v->saved, decimals, a), "sum");
	for (size_t i = 0; i < v->findings; i++)
		sheet_bar(out, i + 1, technique_names[v->finding[i].technique],
		    permille_of(v->finding[i].saved, most),
		    audit_dollars(v->finding[i].saved, decimals, a), v->finding[i].confidence);
	sheet_bars_close(out);
}

static void
commands(const struct finding *f, struct buf *out)
{
	const struct slice list[] = { f->check, f->command, f->after };

	if (!f->command.ptr)
		return;
	buf_add(out, SLICE("<pre>"));
	for (size_t i = 0; i < 3; i++) {
		if (!list[i].ptr)
			continue;
		svg_escape(out, list[i]);
		buf_add_byte(out, '\n');
	}
	buf_add(out, SLICE("</pre>"));
}

static void
finding(const struct verdict_list *v, const struct finding *f, unsigned decimals,
    struct arena *a, struct buf *out)
{
	char n[32];

	buf_printf(out, "<div class=\"finding\"><h3>%s <span class=\"badge %s\">%s</span><b>",
	    technique_names[f->technique], f->confidence, f->confidence);
	svg_escape(out, audit_dollars(f->saved, decimals, a));
	buf_add(out, SLICE("</b></h3>\n<p>"));
	svg_escape(out, f->why);
	buf_printf(out, "</p>\n<p class=\"soft\">%s calls, ", count_write(f->requests, n));
	svg_escape(out, audit_percent(f->saved, v->spent, a));
	buf_add(out, SLICE(" of what was spent"));
	if (f->has_month) {
		buf_add(out, SLICE(", "));
		svg_escape(out, audit_dollars(f->month, usd_decimals(v->spent_month), a));
		buf_add(out, SLICE(" a month"));
	}
	buf_add(out, SLICE(". Risk: "));
	svg_escape(out, f->risk);
	buf_add(out, SLICE(".</p>\n"));
	commands(f, out);
	buf_add(out, SLICE("</div>\n"));
}

static void
unsent(const struct verdict_list *v, struct arena *a, struct buf *out)
{
	unsigned decimals = usd_decimals(v->spent);
	char n[32];

	sheet_heading(out, "Not sent yet");
	buf_printf(out, "<p class=\"soft\">%s requests, ", count_write(v->audit->calls, n));
	svg_escape(out, audit_dollars(v->spent, decimals, a));
	buf_add(out, SLICE(" of input; their answers come on top.</p>\n"));
	for (size_t i = 0; i < v->findings; i++) {
		const struct finding *f = &v->finding[i];

		buf_printf(out,
		    "<div class=\"finding\"><h3>%s <span class=\"badge %s\">%s</span><b>",
		    technique_names[f->technique], f->confidence, f->confidence);
		svg_escape(out, audit_dollars(f->saved, decimals, a));
		buf_add(out, SLICE("</b></h3>\n"));
		commands(f, out);
		buf_add(out, SLICE("</div>\n"));
	}
}

static void
findings(const struct verdict_list *v, bool in_total, const char *heading, unsigned decimals,
    struct arena *a, struct buf *out)
{
	bool any = false;

	for (size_t i = 0; i < v->findings; i++) {
		if (v->finding[i].in_total != in_total)
			continue;
		if (!any)
			sheet_heading(out, heading);
		any = true;
		finding(v, &v->finding[i], decimals, a, out);
	}
}

static void
remarks(const struct remark *list, size_t n, const char *heading, struct buf *out)
{
	if (!n)
		return;
	sheet_heading(out, heading);
	buf_add(out, SLICE("<ul>\n"));
	for (size_t i = 0; i < n; i++) {
		buf_printf(out, "<li><b>%s</b>: ", technique_names[list[i].technique]);
		svg_escape(out, list[i].text);
		buf_add(out, SLICE("</li>\n"));
	}
	buf_add(out, SLICE("</ul>\n"));
}

static void
explain(const struct verdict_list *v, unsigned decimals, struct arena *a, struct buf *out)
{
	buf_add(out, SLICE("<p class=\"soft\">The coloured bars are of each technique alone"));
	if (usd_cmp(v->saved, v->parts) < 0) {
		buf_add(out, SLICE("; the measured and bounded ones add up to "));
		svg_escape(out, audit_dollars(v->parts, decimals, a));
		buf_add(out, SLICE(", and together they save "));
		svg_escape(out, audit_dollars(v->saved, decimals, a));
		buf_add(
		    out, SLICE(" only: each call was walked through them in the order of the "
			       "pipe, and what one saved the next cannot save again"));
	} else {
		buf_add(out, SLICE(". No call is touched by two of those that are measured or "
				   "bounded, so they add up"));
	}
	if (usd_cmp(v->with_guesses, v->saved) > 0) {
		buf_add(
		    out, SLICE(". Guesses (grey) are not in it; if all of them hold it is "));
		svg_escape(out, audit_dollars(v->with_guesses, decimals, a));
	}
	buf_add(out, SLICE(".</p>\n"));
}

static void
left_out(const struct verdict_list *v, struct buf *out)
{
	struct buf lines = { 0 };

	left_people(&v->audit->left, "", &lines);
	if (lines.len) {
		sheet_heading(out, "Left out");
		sheet_list(out, buf_slice(&lines));
	}
	buf_free(&lines);
}

void
audit_html(const struct verdict_list *v, struct buf *out)
{
	unsigned decimals = usd_decimals(v->spent);
	struct arena a = { 0 };
	char n[32];

	sheet_open(out, "What could be saved");
	buf_printf(out, "<p class=\"soft\">%s calls; ", count_write(v->audit->calls, n));
	svg_escape(out, v->period);
	buf_printf(out, "; %s with the request itself</p>\n", count_write(v->audit->bodies, n));
	tiles(v, decimals, &a, out);
	if (v->findings) {
		chart(v, decimals, &a, out);
		explain(v, decimals, &a, out);
	}
	findings(v, true, "Measured or bounded", decimals, &a, out);
	findings(v, false, "Guesses, not in the total", decimals, &a, out);
	if (v->unsent)
		unsent(v->unsent, &a, out);
	remarks(v->unknown, v->unknowns, "Cannot be told from this log", out);
	remarks(v->nothing, v->nothings, "Nothing to save", out);
	left_out(v, out);
	buf_add(out, SLICE("<p class=\"soft\">"));
	svg_escape(out, v->how);
	buf_add(out, SLICE(". requests.jsonl are the requests that are about to be sent, one a "
			   "line; answered.jsonl are they and their answers, log.jsonl is "
			   "this log.</p>\n"));
	sheet_close(out);
	arena_close(&a);
}
