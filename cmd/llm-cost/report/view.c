/* SPDX-License-Identifier: MIT */
/* From sums to what is shown: which groups, in which order. */
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/when.h"
#include "cmd/llm-cost/sums/blocks.h"
#include "print.h"
#include "show/terminal.h"
#include "tool/tool.h"
#include "weekly.h"

struct view view = { .top = UINT64_MAX };

static uint64_t pareto_share;
static struct units units;
static const struct column *chosen[64];
static size_t chosen_count;

/* "80", "80%" and "0.8" are the same; "1" is all. */
static uint64_t
read_pareto(const char *text)
{
	char percent[32];
	uint64_t share;

	if (strchr(text, '%') || strncmp(text, "0.", 2) == 0 || strcmp(text, "1") == 0) {
		if (options_share(text, &share) && share <= 1000000)
			return share;
	} else if (strlen(text) < sizeof(percent) - 1) {
		snprintf(percent, sizeof(percent), "%s%%", text);
		if (options_share(percent, &share) && share <= 1000000)
			return share;
	}
	tool_usage("'--pareto' wants percent such as 80, not '%s'", diag_clean(slice_z(text)));
}

static void
check_when(const char *option, const char *word)
{
	if (word && strcmp(word, "auto") != 0 && strcmp(word, "always") != 0 &&
	    strcmp(word, "never") != 0)
		tool_usage("--%s wants auto, always or never, not '%s'", option,
		    diag_clean(slice_z(word)));
}

const char *
view_check(void)
{
	const char *format = tool_format(view.weekly ? weekly_formats : print_formats);
	const struct column *c;

	check_when("color", view.color);
	check_when("bars", view.bars);
	columns_parse("--sort", view.sort ? view.sort : "cost", &c);
	if (view.columns)
		chosen_count = columns_parse("--columns", view.columns, chosen);
	if (view.pareto)
		pareto_share = read_pareto(view.pareto);
	return format;
}

bool
view_days(const char *format)
{
	if (view.partial || view.forecast || strcmp(format, "html") == 0 ||
	    strcmp(format, "svg") == 0)
		return true;
	return strcmp(format, "table") == 0 && !view.weekly && terminal_bars(view.bars);
}

unsigned
view_wanted(const char *format)
{
	bool csv = strcmp(format, "csv") == 0;
	bool people = strcmp(format, "table") == 0 || strcmp(format, "md") == 0;
	/* people are told how the calls went, whatever the columns */
	unsigned wanted = people || view.forecast ? WANT_PATH | WANT_DETAIL : 0;
	const struct column *sort;

	if (view.weekly)
		return WANT_PEOPLE | WANT_QUALITY | WANT_PATH;
	if (!people && !(csv && view.columns))
		wanted |= WANT_ALL & ~(unsigned)WANT_LOGGED;
	columns_parse("--sort", view.sort ? view.sort : "cost", &sort);
	wanted |= sort->wanted;
	for (size_t i = 0; i < chosen_count; i++)
		wanted |= chosen[i]->wanted;
	for (size_t i = 0; i < column_count && !chosen_count; i++)
		if (columns[i].people)
			wanted |= columns[i].wanted;
	return wanted;
}

/* What the comparisons of qsort look at. */
static struct {
	const struct groups *groups;
	const struct column *column;
	const struct by *by;
	const size_t *rank; /* of each group's key without its period */
} sorting;

static int
by_column(const void *a, const void *b)
{
	size_t i = *(const size_t *)a, k = *(const size_t *)b;
	struct slice x = sorting.groups->keys.keys[i], y = sorting.groups->keys.keys[k];
	bool rest_x = slice_eq(x, GROUPS_REST), rest_y = slice_eq(y, GROUPS_REST);
	int order;

	if (rest_x != rest_y)
		return rest_x ? 1 : -1;
	order = figure_cmp(sorting.column->of(&sorting.groups->list[k]),
	    sorting.column->of(&sorting.groups->list[i]));
	return order ? order : slice_cmp(x, y);
}

/* Largest first, the rest of too many groups last; the caller frees. */
static size_t *
sort_groups(const struct groups *g, const struct column *column)
{
	size_t *index = mem_alloc((g->keys.count + 1) * sizeof(*index));

	for (size_t i = 0; i < g->keys.count; i++)
		index[i] = i;
	sorting.groups = g;
	sorting.column = column;
	qsort(index, g->keys.count, sizeof(*index), by_column);
	return index;
}

/* When the period of this group begins; what has none comes last. */
static int64_t
group_start(size_t i)
{
	const struct by_field *f = &sorting.by->field[sorting.by->over - 1];
	const struct group *g = &sorting.groups->list[i];
	struct slice key = sorting.groups->keys.keys[i], value;
	int64_t start = INT64_MAX;

	if (slice_eq(key, GROUPS_REST))
		return INT64_MAX;
	value = by_value(key, sorting.by->over - 1);
	if (f->kind == BY_SESSION)
		return g->timed ? g->first : INT64_MAX;
	if (value.len > 2 && value.ptr[0] == '"')
		start = period_start(f->kind == BY_HOURS ? PERIOD_HOUR : f->period,
		    slice_of(value.ptr + 1, value.len - 2));
	return start == WHEN_NONE ? INT64_MAX : start;
}

static int
by_time(const void *a, const void *b)
{
	size_t i = *(const size_t *)a, k = *(const size_t *)b;
	int64_t x = group_start(i), y = group_start(k);

	if (x != y)
		return x < y ? -1 : 1;
	if (sorting.rank[i] != sorting.rank[k])
		return sorting.rank[i] < sorting.rank[k] ? -1 : 1;
	return slice_cmp(sorting.groups->keys.keys[i], sorting.groups->keys.keys[k]);
}

static void
without_period(const struct by *by, struct slice old, struct buf *key)
{
	for (size_t f = 0; f + 1 < by->over; f++) {
		buf_add(key, by_value(old, f));
		buf_add_byte(key, '\n');
	}
}

static void
drop_period(void *context, struct slice old, struct buf *key)
{
	without_period(context, old, key);
}

static void
set_shares(struct groups *g)
{
	const struct column *cost = column_named("cost");
	size_t *order = sort_groups(g, cost);
	struct usd sum = { 0 };

	for (size_t i = 0; i < g->keys.count; i++) {
		struct group *group = &g->list[order[i]];

		sum = usd_add(sum, group->sums.cost);
		group->cumulative = sum;
		group->ranked = true;
		group->total_cost = g->total.sums.cost;
	}
	free(order);
}

/* The least number of groups that make the share; groups that cost as much as the last of them
 * are in it too. order is by cost. */
static size_t
pareto_set(const struct groups *g, const size_t *order, struct print *out)
{
	struct usd sum = { 0 }, total = g->total.sums.cost, want = { 0 };
	size_t n = 0, count = g->keys.count;

	if (total.units > 0)
		want = usd_part(total, pareto_share, 1000000);
	while (n < count && usd_cmp(sum, want) < 0)
		sum = usd_add(sum, g->list[order[n++]].sums.cost);
	while (n && n < count && g->list[order[n]].sums.cost.units > 0 &&
	       usd_cmp(g->list[order[n]].sums.cost, g->list[order[n - 1]].sums.cost) == 0)
		sum = usd_add(sum, g->list[order[n++]].sums.cost);
	out->pareto = true;
	out->pareto_share = pareto_share;
	out->pareto_groups = n;
	out->pareto_of = count;
	out->pareto_cost = sum;
	return n;
}

/* The groups that are shown, in order; how many. */
static size_t
choose(const struct groups *g, struct print *out, size_t **order)
{
	size_t n = g->keys.count;

	*order = sort_groups(g, view.pareto ? column_named("cost") : out->sort);
	if (view.pareto)
		n = pareto_set(g, *order, out);
	return view.top < n ? (size_t)view.top : n;
}

/* The groups by period whose group without it is shown. */
static size_t *
spread(const struct by *by, const struct groups *g, const struct groups *rolled,
    const size_t *order, size_t shown, size_t *count)
{
	size_t *rank = mem_alloc((rolled->keys.count + 1) * sizeof(*rank));
	size_t *of = mem_alloc((g->keys.count + 1) * sizeof(*of));
	size_t *list = mem_alloc((g->keys.count + 1) * sizeof(*list)), n = 0;
	struct buf key = { 0 };

	for (size_t i = 0; i < rolled->keys.count; i++)
		rank[order[i]] = i;
	for (size_t i = 0; i < g->keys.count; i++) {
		struct slice old = g->keys.keys[i];

		buf_clear(&key);
		if (slice_eq(old, GROUPS_REST))
			buf_add(&key, old);
		else
			without_period(by, old, &key);
		of[i] = rank[hash_map_find(&rolled->keys, buf_slice(&key))];
		if (of[i] < shown)
			list[n++] = i;
	}
	sorting.groups = g;
	sorting.by = by;
	sorting.rank = of;
	qsort(list, n, sizeof(*list), by_time);
	buf_free(&key);
	free(rank);
	free(of);
	*count = n;
	return list;
}

void
view_open(const struct by *by)
{
	if (view.units)
		units_read(&units, view.units, by);
}

static void
apply_units(struct units *u, struct report *p, struct groups *rolled)
{
	if (!u->given)
		return;
	if (p->by.over && !u->with_over) {
		units_apply(u, rolled, p->by.over - 1);
		p->groups.total.has_units = true;
		p->groups.total.units = u->sum;
	} else {
		units_apply(u, &p->groups, p->by.count);
	}
}

static void
print_over(const char *format, struct report *p, struct print *what, struct buf *out)
{
	struct groups rolled = { 0 };
	size_t *order, *list, shown;

	rolled.total.whole = true;
	groups_roll(&rolled, &p->groups, drop_period, &p->by);
	apply_units(&units, p, &rolled);
	for (size_t i = 0; i < p->groups.keys.count; i++)
		p->groups.list[i].total_cost = p->groups.total.sums.cost;
	shown = choose(&rolled, what, &order);
	list = spread(&p->by, &p->groups, &rolled, order, shown, &what->shown);
	what->order = list;
	print_as(format, what, out);
	free(list);
	free(order);
	groups_free(&rolled);
}

static void
print_plain(const char *format, struct report *p, struct print *what, struct buf *out)
{
	size_t *order;

	apply_units(&units, p, NULL);
	set_shares(&p->groups);
	what->shown = choose(&p->groups, what, &order);
	if (!p->by.count)
		what->shown = 0;
	what->order = order;
	print_as(format, what, out);
	free(order);
}

static int64_t
last_time(const struct report *p)
{
	if (tool_common()->now_given)
		return tool_common()->now;
	return p->groups.total.timed ? p->groups.total.last : when_now();
}

void
view_print(const char *format, struct report *p, struct stream *stream, struct buf *out)
{
	struct forecast forecast;
	struct print what = { .report = p,
		.by = &p->by,
		.groups = &p->groups,
		.left = &p->left,
		.days = &p->days,
		.stream = stream,
		.units = &units };

	columns_parse("--sort", view.sort ? view.sort : "cost", &what.sort);
	if (view.columns)
		what.columns = chosen, what.column_count = chosen_count;
	if (p->by.over && p->by.field[p->by.over - 1].kind == BY_HOURS) {
		blocks_make(&p->groups, p->by.over - 1);
		what.blocks = true;
		if (tool_common()->now_given)
			blocks_ongoing(
			    &p->groups, p->by.over - 1, tool_common()->now, what.ongoing);
	}
	if (view.forecast && forecast_make(&p->days, last_time(p), &forecast))
		what.forecast = &forecast;
	what.count = p->by.count ? p->groups.keys.count : 0;
	if (view.weekly)
		weekly_print(format, p, last_time(p), out);
	else if (p->by.over)
		print_over(format, p, &what, out);
	else
		print_plain(format, p, &what, out);
	units_free(&units);
}
