/* SPDX-License-Identifier: MIT */
#include "weekly.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"
#include "show/table.h"
#include "show/terminal.h"

const char *const weekly_formats[] = { "table", "json", "csv", "md", NULL };

#define DAY INT64_C(86400000)

/* A week of a route: its group, or NULL where it has none. */
struct pair {
	struct slice key; /* without the week */
	const struct group *now, *before;
};
struct weeks {
	const struct report *report;
	char now[32], before[32];
	int64_t from, to, from_before; /* `to` is the end of this week */
	uint64_t day;                  /* of this week, 1 to 7 */
	bool partial, partial_before;
	struct pair *pairs;
	size_t count;
	struct pair total;
	struct group total_now, total_before;
};

static struct figure
tokens_per_request(uint64_t tokens, const struct group *g)
{
	uint64_t n = g->sums.requests - group_rare(g)->replays;

	return n ? (struct figure){ .kind = FIGURE_RATIO, .n = tokens, .d = n }
		 : (struct figure){ 0 };
}

static struct figure
of_input(const struct group *g)
{
	return tokens_per_request(g->sums.input, g);
}

static struct figure
of_output(const struct group *g)
{
	return tokens_per_request(g->sums.output, g);
}

static struct figure
of_named(const struct group *g, const char *name)
{
	return column_named(name)->of(g);
}

#define NAMED(function, name)                                \
	static struct figure function(const struct group *g) \
	{                                                    \
		return of_named(g, name);                    \
	}
NAMED(of_requests, "requests")
NAMED(of_cost, "cost")
NAMED(of_per_request, "cost_per_request")
NAMED(of_hit_rate, "cache_hit_rate")
NAMED(of_per_user, "cost_per_user")
NAMED(of_per_conversation, "cost_per_conversation")
NAMED(of_regressions, "regression_rate")

static const struct {
	const char *name, *heading;
	struct figure (*of)(const struct group *g);
} metrics[] = {
	{ "requests", "requests", of_requests },
	{ "cost", "cost $", of_cost },
	{ "cost_per_request", "$ per call", of_per_request },
	{ "input_tokens_per_request", "input/call", of_input },
	{ "output_tokens_per_request", "output/call", of_output },
	{ "cache_hit_rate", "hit rate", of_hit_rate },
	{ "cost_per_user", "$ per user", of_per_user },
	{ "cost_per_conversation", "$ per session", of_per_conversation },
	{ "regression_rate", "worse", of_regressions },
};
#define METRICS (sizeof(metrics) / sizeof(*metrics))

static struct figure
figure_of(const struct group *g, size_t metric)
{
	return g ? metrics[metric].of(g) : (struct figure){ 0 };
}

/* (now - before) / before; none where either is none or before is zero. */
static struct figure
change_of(struct figure now, struct figure before)
{
	struct figure f = { .kind = FIGURE_SHARE };

	if (now.kind != before.kind || now.kind == FIGURE_NONE)
		return (struct figure){ 0 };
	if (now.kind == FIGURE_USD) {
		f.usd = usd_sub(now.usd, before.usd);
		f.whole = before.usd;
	} else {
		__int128 x = now.n, y = before.n;

		if (now.kind == FIGURE_RATIO) {
			x *= before.d;
			y *= now.d;
		}
		f.usd.units = x - y;
		f.whole.units = y;
	}
	return f.whole.units > 0 ? f : (struct figure){ 0 };
}

static void
set_weeks(struct weeks *w, int64_t now)
{
	const struct group *all = &w->report->groups.total;
	int64_t to_before;

	period_name(PERIOD_WEEK, now, w->now, &w->from, &w->to);
	period_name(PERIOD_WEEK, w->from - 1, w->before, &w->from_before, &to_before);
	w->day = (uint64_t)((now - w->from) / DAY) + 1;
	w->day = w->day > 7 ? 7 : w->day;
	w->partial = now < w->to - 1000;
	/* a log that begins inside the week before does not have all of it */
	w->partial_before = all->timed && all->first >= w->from_before + DAY;
}

static struct slice
without_week(const struct report *p, struct slice key)
{
	struct slice week = by_value(key, p->by.over - 1);

	return slice_take(key, (size_t)(week.ptr - key.ptr));
}

static struct pair *
pair_of(struct weeks *w, struct hash_map *keys, struct slice key)
{
	bool added;
	size_t i = hash_map_add(keys, key, &added);

	if (added) {
		w->pairs = mem_grow(w->pairs, i + 1, sizeof(*w->pairs));
		w->pairs[i] = (struct pair){ .key = key };
		w->count++;
	}
	return &w->pairs[i];
}

static int
by_cost(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;
	struct figure of_x = figure_of(x->now, 1), of_y = figure_of(y->now, 1);
	int order = figure_cmp(of_y, of_x);

	return order ? order : slice_cmp(x->key, y->key);
}

static void
collect(struct weeks *w)
{
	const struct groups *g = &w->report->groups;
	struct hash_map keys = { 0 };

	for (size_t i = 0; i < g->keys.count; i++) {
		struct slice key = g->keys.keys[i], week;
		bool now, before;

		if (slice_eq(key, GROUPS_REST))
			continue;
		week = by_value(key, w->report->by.over - 1);
		if (week.len < 3 || week.ptr[0] != '"')
			continue;
		week = slice_of(week.ptr + 1, week.len - 2);
		now = slice_eqz(week, w->now);
		before = slice_eqz(week, w->before);
		if (now) {
			pair_of(w, &keys, without_week(w->report, key))->now = &g->list[i];
			group_merge(&w->total_now, &g->list[i]);
		} else if (before) {
			pair_of(w, &keys, without_week(w->report, key))->before = &g->list[i];
			group_merge(&w->total_before, &g->list[i]);
		}
	}
	hash_map_free(&keys);
	w->total = (struct pair){ .now = &w->total_now, .before = &w->total_before };
	if (w->count)
		qsort(w->pairs, w->count, sizeof(*w->pairs), by_cost);
}

static void
figures_json(const struct group *g, const char *name, struct writer *w)
{
	struct buf text = { 0 };

	write_name(w, name);
	if (!g) {
		write_null(w);
		return;
	}
	write_object(w);
	for (size_t m = 0; m < METRICS; m++) {
		buf_clear(&text);
		figure_json(metrics[m].of(g), &text);
		write_name(w, metrics[m].name);
		write_raw(w, buf_slice(&text));
	}
	write_object_end(w);
	buf_free(&text);
}

static void
pair_json(const struct weeks *k, const struct pair *pair, struct writer *w)
{
	struct buf text = { 0 };

	if (pair->key.ptr) {
		write_name(w, "key");
		write_object(w);
		for (size_t f = 0; f + 1 < k->report->by.over; f++) {
			write_name(w, k->report->by.field[f].text);
			write_raw(w, by_value(pair->key, f));
		}
		write_object_end(w);
	}
	figures_json(pair->now, "this", w);
	figures_json(pair->before, "last", w);
	write_name(w, "change");
	write_object(w);
	for (size_t m = 0; m < METRICS; m++) {
		buf_clear(&text);
		figure_json(
		    change_of(figure_of(pair->now, m), figure_of(pair->before, m)), &text);
		write_name(w, metrics[m].name);
		write_raw(w, buf_slice(&text));
	}
	write_object_end(w);
	buf_free(&text);
}

static void
week_json(const char *name, const char *week, bool partial, struct writer *w)
{
	write_name(w, name);
	write_object(w);
	write_name(w, "week");
	write_z(w, week);
	write_name(w, "partial");
	write_bool(w, partial);
	write_object_end(w);
}

static void
print_json(const struct weeks *k, struct buf *out)
{
	struct writer w = { .out = out };

	write_object(&w);
	week_json("this", k->now, k->partial, &w);
	week_json("last", k->before, k->partial_before, &w);
	write_name(&w, "total");
	write_object(&w);
	pair_json(k, &k->total, &w);
	write_object_end(&w);
	write_name(&w, "groups");
	write_array(&w);
	for (size_t i = 0; i < k->count; i++) {
		write_object(&w);
		pair_json(k, &k->pairs[i], &w);
		write_object_end(&w);
	}
	write_array_end(&w);
	write_name(&w, "left_out");
	left_json(&k->report->left, &w);
	write_object_end(&w);
	buf_add_byte(out, '\n');
}

static void
figure_cells(struct slice *row, const struct group *g, bool exact, const unsigned *decimals,
    struct arena *a)
{
	struct buf text = { 0 };

	for (size_t m = 0; m < METRICS; m++) {
		buf_clear(&text);
		if (exact)
			figure_plain(figure_of(g, m), &text);
		else
			figure_people(figure_of(g, m), decimals[m], &text);
		row[m] = arena_copy(a, buf_slice(&text));
	}
	buf_free(&text);
}

/* "+12 %" */
static void
change_cells(struct slice *row, const struct pair *pair, struct arena *a)
{
	struct buf text = { 0 };

	for (size_t m = 0; m < METRICS; m++) {
		struct figure f =
		    change_of(figure_of(pair->now, m), figure_of(pair->before, m));

		buf_clear(&text);
		if (f.kind == FIGURE_NONE) {
			buf_add_byte(&text, '-');
		} else {
			if (f.usd.units > 0)
				buf_add_byte(&text, '+');
			/* people read it in percent */
			f.usd.units *= 100;
			figure_people(f, 0, &text);
			text.len -= 3;
			buf_add(&text, SLICE(" %"));
		}
		row[m] = arena_copy(a, buf_slice(&text));
	}
	buf_free(&text);
}

static void
pair_rows(const struct weeks *k, const struct pair *pair, bool exact, const unsigned *decimals,
    struct table *t, struct arena *a)
{
	size_t fields = k->report->by.over - 1;
	const char *const names[] = { k->now, k->before, "change" };

	for (size_t line = 0; line < (exact ? 2u : 3u); line++) {
		struct slice *row = table_row(t);

		for (size_t f = 0; f < fields && (exact || line == 0); f++)
			row[f] = pair->key.ptr ? by_text(by_value(pair->key, f), a)
				 : f == 0      ? SLICE("total")
					       : SLICE("");
		row[fields] = slice_z(names[line]);
		if (!exact && line == 0 && k->partial)
			row[fields] =
			    arena_printf(a, "%s, day %" PRIu64 " of 7", k->now, k->day);
		if (!exact && line == 1 && k->partial_before)
			row[fields] = arena_printf(a, "%s, partial", k->before);
		if (line == 2)
			change_cells(row + fields + 1, pair, a);
		else
			figure_cells(row + fields + 1, line ? pair->before : pair->now, exact,
			    decimals, a);
	}
}

static void
print_table(const struct weeks *k, char layout, struct buf *out)
{
	size_t fields = k->report->by.over - 1;
	unsigned decimals[METRICS];
	bool exact = layout == 'c';
	struct arena a = { 0 };
	struct table t;

	table_open(&t, fields + 1 + METRICS, &a);
	for (size_t f = 0; f < fields; f++)
		t.heading[f] = slice_z(k->report->by.field[f].text);
	t.heading[fields] = SLICE("week");
	for (size_t m = 0; m < METRICS; m++) {
		struct figure f = figure_of(&k->total_now, m);

		t.heading[fields + 1 + m] =
		    slice_z(exact ? metrics[m].name : metrics[m].heading);
		t.right[fields + 1 + m] = true;
		decimals[m] = f.kind == FIGURE_USD ? usd_decimals(f.usd) : 0;
	}
	for (size_t i = 0; i < k->count; i++)
		pair_rows(k, &k->pairs[i], exact, decimals, &t, &a);
	if (!exact) {
		t.rule = t.rows;
		pair_rows(k, &k->total, exact, decimals, &t, &a);
	}
	t.color = terminal_color(view.color);
	if (layout == 'c')
		table_csv(&t, out);
	else if (layout == 'm')
		table_markdown(&t, out);
	else
		table_people(&t, out);
	if (layout == 'm')
		buf_add_byte(out, '\n');
	if (!exact)
		left_people(&k->report->left, layout == 'm' ? "- " : "", out);
	table_close(&t);
	arena_close(&a);
}

void
weekly_print(const char *format, const struct report *p, int64_t now, struct buf *out)
{
	struct weeks *k = mem_zero(sizeof(*k));

	k->report = p;
	k->total_now.whole = k->total_before.whole = true;
	set_weeks(k, now);
	collect(k);
	if (strcmp(format, "json") == 0)
		print_json(k, out);
	else
		print_table(k, *format, out);
	group_free(&k->total_now);
	group_free(&k->total_before);
	free(k->pairs);
	free(k);
}
