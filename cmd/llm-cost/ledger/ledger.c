/* SPDX-License-Identifier: MIT */
/* llm-cost ledger: what was spent, what it would have cost, and which stage saved the rest. */
#include "cmd/llm-cost/cost.h"

#include <stdlib.h>

#include "base/mem.h"
#include "ledger.h"

static int64_t project_option;
static const char *over_option;

const struct option ledger_options[] = {
	{ 0, "project", OPTION_DURATION, "T", &project_option,
	    "scale the measured time to T, such as 30d", NULL },
	{ 0, "over", OPTION_TEXT, "T", &over_option, "by hour, day, week or month too", NULL },
	ROW_OPTIONS,
	{ 0 },
};

struct book {
	struct ledger ledger;
	struct reader reader;
	struct once_book once;
	struct row row, old;
};

static void
count_tokens(struct ledger *l, const struct row *row, const struct row *old)
{
	struct sums s = sums_of(row);

	sums_add(&l->sums, &s);
	if (!old)
		return;
	s = sums_of(old);
	sums_take(&l->sums, &s);
}

static void
note_time(struct ledger *l, const struct row *row)
{
	if (!row->own_time)
		return;
	if (!l->timed || row->when < l->first)
		l->first = row->when;
	if (!l->timed || row->when > l->last)
		l->last = row->when;
	l->timed++;
}

static void
count(struct ledger *l, const struct row *row, const struct row *old, struct arena *a)
{
	struct ledger_sums s = { 0 };

	count_tokens(l, row, old);
	if (!row->unpriced) {
		walk_add(&l->walked, row, a);
		periods_add(&l->periods, row, a, 1);
	}
	if (old && !old->unpriced) {
		walk_add(&s, old, a);
		ledger_take(&l->walked, &s);
		periods_add(&l->periods, old, a, -1);
	}
	if (!old)
		note_time(l, row);
}

static void
judge(struct book *p, const struct record *r)
{
	struct row *row = &p->row;
	uint32_t *place;
	enum once once;

	if (row->kind == ROW_NOTHING || row->kind == ROW_UNANSWERED) {
		if (r->json->twice.ptr)
			return;
		left_count(&p->ledger.left, row);
		/* it may have caused a side call all the same */
		if (row->kind == ROW_UNANSWERED)
			sides_see(&p->ledger.sides, r, row, true);
		return;
	}
	row_price(row);
	row_asked(row, r->arena);
	if (r->json->twice.ptr)
		return;
	once = once_judge(&p->once, &p->reader, row, &place, &p->old);
	sides_see(&p->ledger.sides, r, row, once == ONCE_FIRST);
	if (once != ONCE_AGAIN)
		count(&p->ledger, row, once == ONCE_LARGER ? &p->old : NULL, r->arena);
	if (once == ONCE_FIRST)
		left_count(&p->ledger.left, row);
}

void
ledger_run(const struct option_list *operands)
{
	struct stream_options o = tool_stream(operands, NO_OBJECT_SKIP);
	const char *format = tool_format(ledger_formats);
	struct book *p = mem_zero(sizeof(*p));
	struct buf out = { 0 };
	struct stream *s;
	struct record *r;

	reader_open(&p->reader);
	if (project_option < 0 || project_option == INT64_MAX)
		tool_usage("'--project' needs a duration such as 30d");
	p->ledger.project = project_option;
	p->ledger.periods.period = over_option ? period_named(over_option) : PERIOD_NONE;
	if (over_option && !p->ledger.periods.period)
		tool_usage("'--over' wants hour, day, week or month, not '%s'",
		    diag_clean(slice_z(over_option)));
	s = stream_open(&o);
	while ((r = stream_next(s))) {
		row_read(&p->reader, r, &p->row);
		do
			judge(p, r);
		while (row_next(&p->reader, r, &p->row));
		stream_put(s, r, DROP);
	}
	left_close(&p->ledger.left, s, &p->once);
	ledger_print(format, &p->ledger, &out);
	stream_write(s, slice_take(buf_slice(&out), out.len - 1));
	stream_close(s);
	buf_free(&out);
	once_free(&p->once);
	left_free(&p->ledger.left);
	periods_free(&p->ledger.periods);
	sides_free(&p->ledger.sides);
	free(p);
}
