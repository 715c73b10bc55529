/* SPDX-License-Identifier: MIT */
/* llm-cost report: one pass over the rows, sums by group, then the columns. */
#include "cost.h"

#include <stdlib.h>

#include "base/mem.h"
#include "by.h"
#include "column.h"
#include "left.h"
#include "once.h"
#include "print.h"
#include "row.h"

static const char *by_option, *sort_option;
static uint64_t top = UINT64_MAX;

const struct option report_options[] = {
	{ 0, "by", OPTION_TEXT, "PATH,...", &by_option,
	    "group by these: jq paths, model, provider, lane, task, session or an attribute",
	    NULL },
	{ 0, "sort", OPTION_TEXT, "C", &sort_option, "by column C, the largest first (cost)",
	    NULL },
	{ 0, "top", OPTION_NUMBER, "N", &top, "only the first N groups; the total stays whole",
	    NULL },
	ROW_OPTIONS,
	{ 0 },
};

struct report {
	struct by by;
	struct reader reader;
	struct groups groups;
	struct once_book once;
	struct left left;
	struct buf key;
	struct row row, old;
};

static enum verdict
judge(struct report *p, struct record *r)
{
	struct row *row = &p->row;
	enum once once;
	uint32_t *group;

	row_read(&p->reader, r, row);
	if (row->kind == ROW_NOTHING || row->kind == ROW_UNANSWERED) {
		if (!r->json->twice.ptr)
			left_count(&p->left, row);
		return DROP;
	}
	row_price(row);
	by_key(&p->by, r, row, &p->key);
	if (r->json->twice.ptr)
		return DROP;
	once = once_judge(&p->once, &p->reader, row, &group, &p->old);
	if (once == ONCE_AGAIN)
		return DROP;
	if (once == ONCE_FIRST) {
		*group = groups_find(&p->groups, buf_slice(&p->key));
		left_count(&p->left, row);
	}
	groups_add(&p->groups, *group, row, once == ONCE_LARGER ? &p->old : NULL);
	return DROP;
}

static const struct groups *sorted_groups;
static const struct column *sort_column;

static int
by_column(const void *a, const void *b)
{
	size_t i = *(const size_t *)a, k = *(const size_t *)b;
	struct slice x = sorted_groups->keys.keys[i], y = sorted_groups->keys.keys[k];
	bool rest_x = slice_eq(x, GROUPS_REST), rest_y = slice_eq(y, GROUPS_REST);
	int order;

	if (rest_x != rest_y)
		return rest_x ? 1 : -1;
	order = figure_cmp(
	    sort_column->of(&sorted_groups->list[k]), sort_column->of(&sorted_groups->list[i]));
	return order ? order : slice_cmp(x, y);
}

/* Largest first, the rest of too many groups last; the caller frees. */
static size_t *
sort_groups(const struct groups *g, const struct column *column)
{
	size_t *index = mem_alloc((g->keys.count + 1) * sizeof(*index));

	for (size_t i = 0; i < g->keys.count; i++)
		index[i] = i;
	sorted_groups = g;
	sort_column = column;
	qsort(index, g->keys.count, sizeof(*index), by_column);
	return index;
}

static const struct column *
sort_by(void)
{
	const struct column *c = column_named(sort_option ? sort_option : "cost");
	const char *names[32], *near;

	if (c)
		return c;
	for (size_t i = 0; i < column_count; i++)
		names[i] = columns[i].name;
	near = options_nearest(sort_option, names, column_count);
	if (near)
		tool_usage("--sort '%s' is no column; did you mean '%s'?",
		    diag_clean(slice_z(sort_option)), near);
	tool_usage("--sort '%s' is no column", diag_clean(slice_z(sort_option)));
}

static void
print_report(struct report *p, const char *format, const struct column *column, struct buf *out)
{
	size_t *order = sort_groups(&p->groups, column);
	size_t count = p->by.count ? p->groups.keys.count : 0;
	struct print what = { &p->by, &p->groups, &p->left, order, count, count };

	if (top < what.shown)
		what.shown = top;
	print_as(format, &what, out);
	free(order);
}

void
report_run(const struct option_list *operands)
{
	struct stream_options o = tool_stream(operands, NO_OBJECT_SKIP);
	const char *format = tool_format(print_formats);
	const struct column *column = sort_by();
	static struct report report; /* the paths of --by live as long as the run */
	struct report *p = &report;
	struct buf out = { 0 };
	struct stream *s;
	struct record *r;

	by_parse(&p->by, by_option);
	p->groups.total.whole = true;
	reader_open(&p->reader);
	s = stream_open(&o);
	while ((r = stream_next(s)))
		stream_put(s, r, judge(p, r));
	left_close(&p->left, s, &p->once);
	print_report(p, format, column, &out);
	stream_write(s, slice_take(buf_slice(&out), out.len - 1));
	stream_close(s);
	buf_free(&out);
	buf_free(&p->key);
	groups_free(&p->groups);
	once_free(&p->once);
	left_free(&p->left);
}
