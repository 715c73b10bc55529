/* SPDX-License-Identifier: MIT */
#include "chart.h"

#include <math.h>
#include <stdio.h>

#include "show/svg.h"

#define ROWS 20    /* of charts with a line a group */
#define ROW 22.0   /* pixels of such a line */
#define PLOT 220.0 /* height of charts over time */
#define TOP 10.0
#define FOOT 26.0

/* For lengths of bars alone. */
static double
approximate(struct usd d)
{
	return (double)d.units / 1e20;
}

void
chart_series(const struct print *p, struct chart_series *s, struct arena *a)
{
	size_t count = p->by->count ? p->shown : 0, own;

	*s = (struct chart_series){ 0 };
	own = count > CHART_SERIES ? CHART_SERIES - 1 : count;
	for (size_t i = 0; i < own; i++) {
		s->group[i] = (uint32_t)p->order[i];
		s->name[i] = print_label(p, i, a);
	}
	s->count = own;
	if (p->groups->keys.count > own) {
		s->group[own] = UINT32_MAX;
		s->name[own] = count ? SLICE("all others") : SLICE("all calls");
		s->count++;
	}
}

bool
chart_has_time(const struct print *p)
{
	return p->days->count > 0;
}

bool
chart_has_hits(const struct print *p)
{
	return p->days->count > 1 && p->groups->total.sums.cached > 0;
}

bool
chart_has_latency(const struct print *p)
{
	return p->groups->total.latency.count > 0;
}

/* A step that people count in: 1, 2 or 5 times a power of ten, so that there are about four. */
static double
nice_step(double most)
{
	double raw = most / 4, power = pow(10, floor(log10(raw)));
	double n = raw / power;

	return (n <= 1 ? 1 : n <= 2 ? 2 : n <= 5 ? 5 : 10) * power;
}

static void
dollar_tick(char out[32], double value, double step)
{
	int decimals = step >= 1 ? 0 : (int)ceil(-log10(step) - 1e-9);

	snprintf(out, 32, "$%.*f", decimals > 9 ? 9 : decimals, value);
}

/* Periods from the first to the last, the empty ones too. */
struct axis {
	const struct timeline *days;
	double left, right, y;
	size_t count;
};

static size_t
count_periods(const struct timeline *t)
{
	int64_t last = t->list[t->count - 1].start;
	size_t n = 1;

	for (int64_t s = t->list[0].start; s < last; s = period_next(t->period, s))
		n++;
	return n;
}

static double
place(const struct axis *x, size_t i)
{
	return x->left + (x->right - x->left) * (double)i / (double)x->count;
}

/* "11-21", "21 14:00", "W47", "2026-11". */
static void
short_name(enum period period, int64_t start, char out[32])
{
	char name[32];
	int64_t from, to;

	period_name(period, start, name, &from, &to);
	if (period == PERIOD_HOUR)
		snprintf(out, 32, "%.2s %.5s", name + 8, name + 11);
	else if (period == PERIOD_DAY || period == PERIOD_WEEK)
		snprintf(out, 32, "%s", name + 5);
	else
		snprintf(out, 32, "%s", name);
}

static void
time_axis(struct buf *out, const struct axis *x)
{
	double room =
	    x->days->period == PERIOD_HOUR || x->days->period == PERIOD_MONTH ? 70 : 52;
	double step = (x->right - x->left) / (double)x->count, middle;
	size_t each = (size_t)ceil(room / step), i = 0;
	int64_t start = x->days->list[0].start;
	char name[32];

	for (; i < x->count; i++, start = period_next(x->days->period, start)) {
		if (i % each)
			continue;
		short_name(x->days->period, start, name);
		middle = place(x, i) + step / 2;
		if (middle + svg_width(slice_z(name)) / 2 <= x->right + 4)
			svg_text(out, middle, x->y + 17, "middle", "tick", slice_z(name));
	}
	svg_line(out, x->left, x->y, x->right, x->y, "axis");
}

static void
value_grid(struct buf *out, double left, double right, double most, double step)
{
	char text[32];

	for (double v = 0; v <= most * 1.0001; v += step) {
		double y = TOP + PLOT * (1 - v / most);

		if (v > 0)
			svg_line(out, left, y, right, y, "grid");
		dollar_tick(text, v, step);
		svg_text(out, left - 8, y + 4, "end", "tick", slice_z(text));
	}
}

static double
highest(const struct timeline *t)
{
	double most = 0;

	for (size_t i = 0; i < t->count; i++)
		if (approximate(t->list[i].cost) > most)
			most = approximate(t->list[i].cost);
	return most > 0 ? most : 1;
}

static void
column_title(
    struct buf *title, const struct print *p, int64_t start, struct slice name, struct usd cost)
{
	char period[32], text[64];
	int64_t from, to;

	buf_clear(title);
	period_name(p->days->period, start, period, &from, &to);
	buf_printf(title, "%s, ", period);
	buf_add(title, name);
	buf_printf(title, ": $%s", usd_round(cost, usd_decimals(cost), text));
}

/* What no series of its own has is the rest of the point. */
static void
draw_column(struct buf *out, const struct print *p, const struct chart_series *s,
    const struct point *d, double x, double w, double scale)
{
	struct usd rest = d->cost;
	struct buf title = { 0 };
	double y = TOP + PLOT;

	for (size_t i = 0; i < s->count; i++) {
		struct usd cost = rest;
		char class[4];
		double h;

		if (s->group[i] != UINT32_MAX)
			cost = timeline_cell(p->days, s->group[i], d->start);
		rest = usd_sub(rest, cost);
		h = approximate(cost) * scale;
		if (h <= 0)
			continue;
		y -= h;
		snprintf(class, sizeof(class), "c%u",
		    s->group[i] == UINT32_MAX && s->count > 1 ? CHART_SERIES
							      : (unsigned)(i + 1) % 10u);
		column_title(&title, p, d->start, s->name[i], cost);
		svg_rect(out, x, y, w, h > 1.6 ? h - 0.8 : h, class, buf_slice(&title));
	}
	buf_free(&title);
}

double
chart_spend(const struct print *p, const struct chart_series *s, double width, struct buf *out)
{
	double most = highest(p->days), step = nice_step(most), w;
	struct axis x = { .days = p->days, .right = width - 6, .y = TOP + PLOT };
	int64_t start = p->days->list[0].start;
	char text[32];

	most = ceil(most / step - 1e-9) * step;
	dollar_tick(text, most, step);
	x.left = svg_width(slice_z(text)) + 14;
	x.count = count_periods(p->days);
	value_grid(out, x.left, x.right, most, step);
	w = (x.right - x.left) / (double)x.count;
	for (size_t i = 0, k = 0; k < p->days->count; i++) {
		double gap = w > 6 ? 2 : w > 2 ? 0.6 : 0, bar = w - gap > 48 ? 48 : w - gap;

		if (p->days->list[k].start <= start)
			draw_column(out, p, s, &p->days->list[k++],
			    place(&x, i) + (w - bar) / 2, bar, PLOT / most);
		start = period_next(p->days->period, start);
	}
	time_axis(out, &x);
	return TOP + PLOT + FOOT;
}

double
chart_hits(const struct print *p, double width, struct buf *out)
{
	struct axis x = { .days = p->days, .left = 46, .right = width - 6, .y = TOP + PLOT };
	int64_t start = p->days->list[0].start;
	struct buf line = { 0 };
	bool pen = false;

	x.count = count_periods(p->days);
	for (int v = 0; v <= 100; v += 25) {
		double y = TOP + PLOT * (1 - v / 100.0);
		char text[16];

		if (v)
			svg_line(out, x.left, y, x.right, y, "grid");
		snprintf(text, sizeof(text), "%d %%", v);
		svg_text(out, x.left - 8, y + 4, "end", "tick", slice_z(text));
	}
	for (size_t i = 0, k = 0; k < p->days->count; i++) {
		const struct point *d = &p->days->list[k];

		if (d->start <= start) {
			k++;
			if (d->input) {
				double share = (double)d->cached / (double)d->input;

				buf_printf(&line, "%s%.1f %.1f ", pen ? "L" : "M",
				    place(&x, i) + (x.right - x.left) / (double)x.count / 2,
				    TOP + PLOT * (1 - share));
				pen = true;
			}
		}
		start = period_next(p->days->period, start);
	}
	buf_printf(out, "<path class=\"curve\" stroke-linejoin=\"round\" d=\"%.*s\"/>\n",
	    SLICE_ARG(buf_slice(&line)));
	time_axis(out, &x);
	buf_free(&line);
	return TOP + PLOT + FOOT;
}

/* Names stand left of the bars, or, where it is narrow, above them. */
struct rows {
	bool narrow;
	double left, right, height;
	size_t count;
};

static struct rows
lay_rows(const struct print *p, double width, double tail, struct arena *a)
{
	struct rows r = { .narrow = width < 520, .right = width - tail };
	double longest = 60;

	r.count = p->shown < ROWS ? p->shown : ROWS;
	for (size_t i = 0; i < r.count; i++) {
		double w = svg_width(print_label(p, i, a)) + 12;

		longest = w > longest ? w : longest;
	}
	r.left = r.narrow ? 2 : longest < width * 0.36 ? longest : width * 0.36;
	r.height = r.narrow ? ROW * 1.75 : ROW;
	return r;
}

static void
row_name(struct buf *out, const struct rows *r, size_t i, struct slice name)
{
	double y = TOP + r->height * (double)i;

	if (r->narrow)
		buf_printf(out, "<text x=\"2\" y=\"%.1f\" class=\"name\"><title>", y + 12);
	else
		buf_printf(out,
		    "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\" class=\"name\"><title>",
		    r->left - 10, y + 15);
	svg_escape(out, name);
	buf_add(out, SLICE("</title>"));
	svg_fit(out, name, r->narrow ? r->right - 2 : r->left - 12);
	buf_add(out, SLICE("</text>\n"));
}

static double
bar_top(const struct rows *r, size_t i)
{
	return TOP + r->height * (double)i + (r->narrow ? 18 : 4);
}

static void
percent_axis(struct buf *out, const struct rows *r)
{
	double foot = TOP + r->height * (double)r->count + 4;

	for (int v = 0; v <= 100; v += 25) {
		double x = r->left + (r->right - r->left) * v / 100.0;
		char text[16];

		svg_line(out, x, TOP, x, foot, v ? "grid" : "axis");
		snprintf(text, sizeof(text), "%d %%", v);
		svg_text(out, x, foot + 16, v ? "middle" : "start", "tick", slice_z(text));
	}
}

double
chart_pareto(const struct print *p, double width, struct buf *out)
{
	double whole = approximate(p->groups->total.sums.cost), sum = 0;
	struct arena a = { 0 };
	struct rows r = lay_rows(p, width, 96, &a);
	struct buf line = { 0 }, title = { 0 };
	char text[64];

	percent_axis(out, &r);
	for (size_t i = 0; i < r.count; i++) {
		struct usd cost = print_group(p, i)->sums.cost;
		double share = whole > 0 ? approximate(cost) / whole : 0, y = bar_top(&r, i);
		struct slice name = print_label(p, i, &a);

		sum += share;
		row_name(out, &r, i, name);
		buf_clear(&title);
		buf_add(&title, name);
		buf_printf(
		    &title, ": %.1f %%, with the ones above %.1f %%", share * 100, sum * 100);
		svg_rect(out, r.left, y, (r.right - r.left) * (share > 0 ? share : 0), 14, "c1",
		    buf_slice(&title));
		svg_text(out, width - 4, y + 12, "end", "",
		    arena_printf(&a, "$%s",
			usd_round(cost, usd_decimals(p->groups->total.sums.cost), text)));
		buf_printf(&line, "%s%.1f %.1f ", i ? "L" : "M",
		    r.left + (r.right - r.left) * (sum > 1 ? 1 : sum), y + 7);
	}
	/* names above the bars would be struck through */
	if (r.count > 1 && !r.narrow)
		buf_printf(
		    out, "<path class=\"sum\" d=\"%.*s\"/>\n", SLICE_ARG(buf_slice(&line)));
	buf_free(&line);
	buf_free(&title);
	arena_close(&a);
	return TOP + r.height * (double)r.count + 28;
}

/* Milliseconds as people say them. */
static struct slice
milliseconds(uint64_t ms, struct arena *a)
{
	if (ms < 1000)
		return arena_printf(a, "%u ms", (unsigned)ms);
	return arena_printf(a, ms < 100000 ? "%.1f s" : "%.0f s", (double)ms / 1000);
}

static uint64_t
quantile(const struct group *g, unsigned permille)
{
	uint64_t ms = 0;

	latency_quantile(&g->latency, permille, &ms);
	return ms;
}

static void
latency_row(struct buf *out, const struct rows *r, size_t i, const struct group *g, double most,
    double width, struct arena *a)
{
	static const unsigned at[] = { 500, 950, 990 };
	double scale = (r->right - r->left) / most, y = bar_top(r, i) + 7;

	if (!g->latency.count) {
		svg_text(out, width - 4, y + 5, "end", "tick", SLICE("not logged"));
		return;
	}
	svg_line(out, r->left + (double)quantile(g, 500) * scale, y,
	    r->left + (double)quantile(g, 990) * scale, y, "span");
	for (size_t q = 3; q-- > 0;) {
		uint64_t ms = quantile(g, at[q]);

		buf_printf(out,
		    "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" class=\"mark\"><title>",
		    r->left + (double)ms * scale, y,
		    q == 0   ? 5.0
		    : q == 1 ? 4.0
			     : 3.0);
		buf_printf(out, "p%u: ", at[q] / 10);
		buf_add(out, milliseconds(ms, a));
		buf_add(out, SLICE("</title></circle>\n"));
	}
	svg_text(out, width - 4, y + 5, "end", "", milliseconds(quantile(g, 950), a));
}

double
chart_latency(const struct print *p, double width, struct buf *out)
{
	struct arena a = { 0 };
	struct rows r = lay_rows(p, width, 72, &a);
	double most = 1, step, foot;
	bool whole = !p->by->count;

	if (whole)
		r.count = 1;
	foot = TOP + r.height * (double)r.count + 4;
	for (size_t i = 0; i < r.count; i++) {
		const struct group *g = whole ? &p->groups->total : print_group(p, i);
		double ms = (double)quantile(g, 990);

		most = ms > most ? ms : most;
	}
	step = nice_step(most) * (r.narrow ? 2 : 1);
	most = ceil(most / step - 1e-9) * step;
	for (double v = 0; v <= most * 1.0001; v += step) {
		double x = r.left + (r.right - r.left) * v / most;

		svg_line(out, x, TOP, x, foot, v > 0 ? "grid" : "axis");
		svg_text(out, x, foot + 16, v > 0 ? "middle" : "start", "tick",
		    milliseconds((uint64_t)(v + 0.5), &a));
	}
	for (size_t i = 0; i < r.count; i++) {
		row_name(out, &r, i, whole ? SLICE("all calls") : print_label(p, i, &a));
		latency_row(
		    out, &r, i, whole ? &p->groups->total : print_group(p, i), most, width, &a);
	}
	arena_close(&a);
	return foot + 24;
}
