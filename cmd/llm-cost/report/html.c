/* SPDX-License-Identifier: MIT */
/* One page that needs nothing else: no script, no font, no picture from outside. */
#include <inttypes.h>

#include "chart.h"
#include "show/svg.h"

#define WIDE 1080.0
#define NARROW 340.0
#define ROWS_SHOWN 1000

static const char page_style[] =
    "*{box-sizing:border-box}\n"
    "body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,"
    "-apple-system,\"Segoe UI\",Roboto,sans-serif}\n"
    "main{max-width:1160px;margin:0 auto;padding:24px 16px 48px}\n"
    "h1{font-size:24px;margin:0 0 4px;line-height:1.2}h2{font-size:16px;margin:0 0 12px}\n"
    "p{margin:0 0 20px;color:var(--soft)}\n"
    "section{background:var(--card);border:1px solid var(--grid);border-radius:10px;"
    "padding:18px;margin:0 0 18px}\n"
    "dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(240px,44%),1fr));gap:12px;"
    "margin:0 0 18px}\n"
    "dl div{background:var(--card);border:1px solid var(--grid);border-radius:10px;"
    "padding:12px 14px;min-width:0}\n"
    "dt{font-size:12px;color:var(--soft)}dd{margin:2px 0 0;font-size:20px;font-weight:600;"
    "overflow-wrap:anywhere;line-height:1.25}\n"
    "svg{display:block;width:100%;height:auto}.narrow{display:none}\n"
    ".key{display:flex;flex-wrap:wrap;gap:4px 16px;list-style:none;margin:0 0 10px;padding:0;"
    "font-size:13px;color:var(--soft)}\n"
    ".key li{display:flex;align-items:center;gap:6px;max-width:100%;min-width:0}\n"
    ".key span{overflow:hidden;text-overflow:ellipsis;white-space:nowrap;max-width:260px}\n"
    ".key svg{width:11px;height:11px;flex:none}\n"
    ".scroll{overflow-x:auto}\n"
    "table{border-collapse:collapse;width:100%;font-size:13px;"
    "font-variant-numeric:tabular-nums}\n"
    "th,td{padding:6px 7px;text-align:right;white-space:nowrap;"
    "border-bottom:1px solid var(--grid)}\n"
    "th{color:var(--soft);font-weight:600}th.t,td.t{text-align:left;max-width:210px;"
    "overflow:hidden;text-overflow:ellipsis}\n"
    "tfoot td{font-weight:600;border-bottom:0;border-top:2px solid var(--edge)}\n"
    "ul.notes{margin:0;padding-left:18px;color:var(--soft);font-size:14px;"
    "overflow-wrap:anywhere}\n"
    "@media(max-width:640px){.wide{display:none}.narrow{display:block}section{padding:14px}"
    "dd{font-size:18px}}\n";

typedef double (*chart_fn)(
    const struct print *, const struct chart_series *, double, struct buf *);

static double
pareto(const struct print *p, const struct chart_series *s, double width, struct buf *out)
{
	(void)s;
	return chart_pareto(p, width, out);
}

static double
hits(const struct print *p, const struct chart_series *s, double width, struct buf *out)
{
	(void)s;
	return chart_hits(p, width, out);
}

static double
latency(const struct print *p, const struct chart_series *s, double width, struct buf *out)
{
	(void)s;
	return chart_latency(p, width, out);
}

static void
one_size(const struct print *p, const struct chart_series *s, chart_fn draw, double width,
    const char *class, const char *title, struct buf *out)
{
	struct buf body = { 0 };
	double height = draw(p, s, width, &body);

	buf_printf(out,
	    "<svg class=\"%s\" viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-label=\"%s\">\n",
	    class, width, height, title);
	buf_add(out, buf_slice(&body));
	buf_add(out, SLICE("</svg>\n"));
	buf_free(&body);
}

static void
legend(const struct chart_series *s, struct buf *out)
{
	buf_add(out, SLICE("<ul class=\"key\">\n"));
	for (size_t i = 0; i < s->count; i++) {
		size_t color = s->group[i] == UINT32_MAX && s->count > 1 ? CHART_SERIES : i + 1;

		buf_printf(out,
		    "<li><svg viewBox=\"0 0 10 10\" aria-hidden=\"true\"><rect width=\"10\" "
		    "height=\"10\" rx=\"2\" class=\"c%zu\"/></svg><span title=\"",
		    color);
		svg_escape(out, s->name[i]);
		buf_add(out, SLICE("\">"));
		svg_escape(out, s->name[i]);
		buf_add(out, SLICE("</span></li>\n"));
	}
	buf_add(out, SLICE("</ul>\n"));
}

static void
section(const struct print *p, const struct chart_series *s, chart_fn draw, const char *title,
    const char *note, bool with_legend, struct buf *out)
{
	buf_printf(out, "<section><h2>%s</h2>\n", title);
	if (note)
		buf_printf(out, "<p>%s</p>\n", note);
	if (with_legend)
		legend(s, out);
	one_size(p, s, draw, WIDE, "wide", title, out);
	one_size(p, s, draw, NARROW, "narrow", title, out);
	buf_add(out, SLICE("</section>\n"));
}

static void
tile(struct buf *out, const char *name, const char *column, const struct group *g,
    const char *before)
{
	struct figure f = column_named(column)->of(g);
	struct buf text = { 0 };

	if (f.kind == FIGURE_NONE)
		return;
	if (f.kind == FIGURE_RATIO)
		buf_printf(&text, "%.1f %%", (double)f.n * 100 / (double)f.d);
	else
		figure_people(f, f.kind == FIGURE_USD ? usd_decimals(f.usd) : 0, &text);
	buf_printf(out, "<div><dt>%s</dt><dd>%s", name, before);
	svg_escape(out, buf_slice(&text));
	buf_add(out, SLICE("</dd></div>\n"));
	buf_free(&text);
}

static void
tiles(const struct print *p, struct buf *out)
{
	const struct group *g = &p->groups->total;

	buf_add(out, SLICE("<dl>\n"));
	tile(out, "Spend", "cost", g, "$");
	tile(out, "Calls", "requests", g, "");
	tile(out, "A thousand calls", "cost_per_1k", g, "$");
	tile(out, "Input tokens", "input_tokens", g, "");
	tile(out, "Output tokens", "output_tokens", g, "");
	tile(out, "Cache hit rate", "cache_hit_rate", g, "");
	tile(out, "Errors", "errors", g, "");
	tile(out, "Strong models", "strong_share", g, "");
	tile(out, "p95 latency, ms", "p95_ms", g, "");
	if (g->sums.unpriced)
		tile(out, "Calls without a price", "unpriced", g, "");
	buf_add(out, SLICE("</dl>\n"));
}

static void
cells(const struct column *const *list, const unsigned *decimals, size_t count,
    const struct group *g, struct buf *out)
{
	struct buf text = { 0 };

	for (size_t c = 0; c < count; c++) {
		buf_clear(&text);
		figure_people(list[c]->of(g), decimals[c], &text);
		buf_printf(out, "<td>%.*s</td>", SLICE_ARG(buf_slice(&text)));
	}
	buf_add(out, SLICE("</tr>\n"));
	buf_free(&text);
}

static void
head_row(const struct print *p, const struct column *const *list, size_t count, struct buf *out)
{
	buf_add(out, SLICE("<thead><tr>"));
	for (size_t f = 0; f < p->by->count; f++) {
		buf_add(out, SLICE("<th class=\"t\" scope=\"col\">"));
		svg_escape(out, slice_z(p->by->field[f].text));
		buf_add(out, SLICE("</th>"));
	}
	if (!p->by->count)
		buf_add(out, SLICE("<th class=\"t\"></th>"));
	for (size_t c = 0; c < count; c++)
		buf_printf(out, "<th scope=\"col\" title=\"%s\">%s</th>", list[c]->help,
		    list[c]->heading);
	buf_add(out, SLICE("</tr></thead>\n<tbody>\n"));
}

static void
body_row(const struct print *p, size_t i, struct arena *a, struct buf *out)
{
	buf_add(out, SLICE("<tr>"));
	for (size_t f = 0; f < p->by->count; f++) {
		struct slice text =
		    print_is_rest(p, i) ? SLICE("(other)") : print_text(p, i, f, a);

		buf_add(out, SLICE("<td class=\"t\" title=\""));
		svg_escape(out, text);
		buf_add(out, SLICE("\">"));
		svg_escape(out, text);
		buf_add(out, SLICE("</td>"));
	}
}

static void
group_table(const struct print *p, struct buf *out)
{
	const struct group *total = &p->groups->total;
	const struct column *list[64];
	unsigned decimals[64];
	size_t count = print_columns(p, list),
	       shown = p->shown < ROWS_SHOWN ? p->shown : ROWS_SHOWN;
	struct arena a = { 0 };

	for (size_t c = 0; c < count; c++) {
		struct figure f = list[c]->of(total);

		decimals[c] = f.kind == FIGURE_USD ? usd_decimals(f.usd) : 0;
	}
	buf_add(out, SLICE("<section><h2>Groups</h2>\n<div class=\"scroll\"><table>\n"));
	head_row(p, list, count, out);
	for (size_t i = 0; i < shown; i++) {
		body_row(p, i, &a, out);
		cells(list, decimals, count, print_group(p, i), out);
		arena_reset(&a);
	}
	buf_printf(out, "</tbody>\n<tfoot><tr><td class=\"t\"%s", "");
	if (p->by->count > 1)
		buf_printf(out, " colspan=\"%zu\"", p->by->count);
	buf_add(out, SLICE(">total</td>"));
	cells(list, decimals, count, total, out);
	buf_add(out, SLICE("</tfoot></table></div>\n"));
	if (shown < p->shown)
		buf_printf(
		    out, "<p>%zu further groups are in the total.</p>\n", p->shown - shown);
	buf_add(out, SLICE("</section>\n"));
	arena_close(&a);
}

static void
notes(const struct print *p, struct buf *out)
{
	struct buf lines = { 0 };
	struct slice rest;

	print_remarks(p, "", &lines);
	rest = buf_slice(&lines);
	if (rest.len)
		buf_add(out, SLICE("<section><h2>To be known</h2>\n<ul class=\"notes\">\n"));
	for (bool any = rest.len > 0; any; any = rest.len > 0) {
		size_t end = slice_find(rest, '\n');

		buf_add(out, SLICE("<li>"));
		svg_escape(out, slice_take(rest, end));
		buf_add(out, SLICE("</li>\n"));
		rest = slice_drop(rest, end + 1);
	}
	if (lines.len)
		buf_add(out, SLICE("</ul></section>\n"));
	buf_free(&lines);
}

static void
subtitle(const struct print *p, struct buf *out)
{
	const struct group *g = &p->groups->total;
	char from[32], to[32];
	int64_t a, b;

	buf_add(out, SLICE("<p>"));
	if (g->timed) {
		period_name(PERIOD_DAY, g->first, from, &a, &b);
		period_name(PERIOD_DAY, g->last, to, &a, &b);
		buf_printf(out, "%s to %s, ", from, to);
	}
	svg_escape(out, slice_z(when_zone_name()));
	if (p->by->count)
		buf_add(out, SLICE("; by "));
	for (size_t f = 0; f < p->by->count; f++) {
		if (f)
			buf_add(out, SLICE(", "));
		svg_escape(out, slice_z(p->by->field[f].text));
	}
	buf_add(out, SLICE("</p>\n"));
}

static void
charts(const struct print *p, struct buf *out)
{
	static const char *const per[] = { "", "hour", "day", "week", "month" };
	struct chart_series series;
	struct arena a = { 0 };
	struct buf title = { 0 };

	chart_series(p, &series, &a);
	if (chart_has_time(p)) {
		buf_printf(&title, "Spend by %s%c", per[p->days->period], '\0');
		section(p, &series, chart_spend, title.data, NULL, p->by->count > 0, out);
	}
	if (p->by->count && p->shown)
		section(p, &series, pareto, "Where the money goes",
		    "Bars: share of all spend.<span class=\"wide\"> Line: the groups so far, "
		    "together.</span>",
		    false, out);
	if (chart_has_hits(p))
		section(
		    p, &series, hits, "Provider cache: hit rate by tokens", NULL, false, out);
	if (chart_has_latency(p))
		section(p, &series, latency, "Latency",
		    "Dots: p50, p95 and p99 of the calls whose latency is logged. Number: p95.",
		    false, out);
	buf_free(&title);
	arena_close(&a);
}

void
print_html(const struct print *p, struct buf *out)
{
	timeline_coarsen(p->days, 92);
	buf_add(out,
	    SLICE("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
		  "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
		  "<meta http-equiv=\"Content-Security-Policy\" "
		  "content=\"default-src 'none';style-src 'unsafe-inline'\">\n"
		  "<meta name=\"color-scheme\" content=\"light dark\">\n"
		  "<title>LLM cost report</title>\n<style>\n"));
	svg_style(out);
	buf_add(out, slice_z(page_style));
	buf_add(out, SLICE("</style></head>\n<body><main>\n<h1>LLM cost report</h1>\n"));
	subtitle(p, out);
	tiles(p, out);
	charts(p, out);
	group_table(p, out);
	notes(p, out);
	buf_add(out, SLICE("</main></body></html>\n"));
}

/* A picture has its legend inside, a line a series. */
static double
legend_inside(const struct chart_series *s, double y, double width, struct buf *out)
{
	for (size_t i = 0; i < s->count; i++, y += 18) {
		size_t color = s->group[i] == UINT32_MAX && s->count > 1 ? CHART_SERIES : i + 1;

		buf_printf(out,
		    "<rect x=\"14\" y=\"%.1f\" width=\"10\" height=\"10\" rx=\"2\" "
		    "class=\"c%zu\"/>"
		    "<text x=\"30\" y=\"%.1f\" class=\"name\">",
		    y, color, y + 9.5);
		svg_fit(out, s->name[i], width - 50);
		buf_add(out, SLICE("</text>\n"));
	}
	return y;
}

void
print_svg(const struct print *p, struct buf *out)
{
	struct chart_series s;
	struct arena a = { 0 };
	struct buf body = { 0 };
	bool time;
	double height;

	timeline_coarsen(p->days, 92);
	time = p->days->count > 1;
	chart_series(p, &s, &a);
	height =
	    time ? chart_spend(p, &s, WIDE - 24, &body) : chart_pareto(p, WIDE - 24, &body);
	height += 44;
	if (time && p->by->count)
		height += 10 + 18 * (double)s.count;
	buf_printf(out,
	    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" "
	    "width=\"%.0f\" "
	    "height=\"%.0f\" role=\"img\" aria-label=\"LLM spend\">\n<style>",
	    WIDE, height, WIDE, height);
	svg_style(out);
	buf_printf(out,
	    "</style>\n<rect width=\"%.0f\" height=\"%.0f\" fill=\"var(--card)\"/>\n", WIDE,
	    height);
	svg_text(out, 14, 24, "start", "head",
	    time ? SLICE("LLM spend over time") : SLICE("LLM spend by group"));
	buf_add(out, SLICE("<g transform=\"translate(12,36)\">\n"));
	buf_add(out, buf_slice(&body));
	buf_add(out, SLICE("</g>\n"));
	if (time && p->by->count)
		legend_inside(&s, height - 8 - 18 * (double)s.count, WIDE, out);
	buf_add(out, SLICE("</svg>\n"));
	buf_free(&body);
	arena_close(&a);
}
