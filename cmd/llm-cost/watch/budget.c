/* SPDX-License-Identifier: MIT */
/* llm-cost budget: what a log spent, against the lines of a budget file. */
#include "cmd/llm-cost/cost.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "budget/call.h"
#include "cmd/llm-cost/rows/left.h"
#include "cmd/llm-cost/rows/once.h"
#include "cmd/llm-cost/rows/row.h"
#include "spend.h"
#include "stream/file.h"

static bool all;

const struct option budget_options[] = {
	{ 0, "all", OPTION_FLAG, NULL, &all,
	    "every period of the log, not only the last one and those that are over", NULL },
	ROW_OPTIONS,
	{ 0 },
};

/* Sums by "line, key and start". */
struct spending {
	struct budget budget;
	struct reader reader;
	struct once_book once;
	struct left left;
	struct row row, old;
	struct hash_map keys;
	struct ledger_sum *sums;
	int64_t *last;      /* of each line, the newest period that the log reaches */
	struct arena arena; /* of names and keys */
	struct ledger_amount amount;
	int64_t when;
	struct buf key;
};

static void
add_to_sum(void *context, size_t line, struct slice key)
{
	struct spending *p = context;
	const struct budget_line *l = &p->budget.line[line];
	int64_t start = budget_period_start(l->period, p->when);
	struct ledger_sum *s;
	bool added;
	size_t i;

	buf_clear(&p->key);
	buf_printf(&p->key, "%zu %lld ", line, (long long)start);
	buf_add(&p->key, key);
	i = hash_map_add(&p->keys, buf_slice(&p->key), &added);
	if (added) {
		p->sums = mem_grow(p->sums, i + 1, sizeof *p->sums);
		p->sums[i] = (struct ledger_sum){ .line = l,
			.name = l->name,
			.key = arena_copy(&p->arena, key),
			.start = start };
	}
	if (start > p->last[line])
		p->last[line] = start;
	s = &p->sums[i];
	s->spent.usd = usd_add(s->spent.usd, p->amount.usd);
	s->spent.calls += p->amount.calls;
	s->spent.tokens += p->amount.tokens;
}

static struct ledger_amount
amount_of(const struct row *row)
{
	struct ledger_amount a = { .calls = row->kind == ROW_CALL };

	if (!row->unpriced)
		a.usd = row->bill.usd;
	if (row->has_usage)
		a.tokens = row->usage.input + row->usage.output;
	return a;
}

/* A later, larger snapshot of a call counts for what it has more. */
static struct ledger_amount
more_than(const struct ledger_amount *now, const struct ledger_amount *before)
{
	return (struct ledger_amount){ usd_sub(now->usd, before->usd), 0,
		now->tokens - before->tokens };
}

static void
judge(struct spending *p, struct record *r)
{
	struct row *row = &p->row;
	struct budget_call call;
	enum once once;
	uint32_t *unused;

	if (row->kind == ROW_NOTHING || row->kind == ROW_UNANSWERED) {
		if (!r->json->twice.ptr)
			left_count(&p->left, row);
		return;
	}
	row_price(row);
	if (r->json->twice.ptr)
		return;
	once = once_judge(&p->once, &p->reader, row, &unused, &p->old);
	if (once == ONCE_AGAIN)
		return;
	if (once == ONCE_FIRST) {
		*unused = 0;
		left_count(&p->left, row);
	}
	p->amount = amount_of(row);
	if (once == ONCE_LARGER) {
		struct ledger_amount before = amount_of(&p->old);

		p->amount = more_than(&p->amount, &before);
	}
	p->when = row->when;
	call = (struct budget_call){ &row->request, row->model, row->provider, row->lane,
		r->arena };
	budget_apply(&p->budget, budget_call_value, &call, r->arena, add_to_sum, p);
}

/* By line, the worst state first, then by time and key. */
static int
by_state(const void *a, const void *b)
{
	const struct ledger_sum *x = a, *y = b;
	enum spend_state u = spend_state(x), v = spend_state(y);

	if (u != v)
		return u > v ? -1 : 1;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	if (x->start != y->start)
		return x->start > y->start ? -1 : 1;
	return slice_cmp(x->key, y->key);
}

static size_t
choose(struct spending *p)
{
	size_t kept = 0;

	for (size_t i = 0; i < p->keys.count; i++) {
		enum spend_state state = spend_state(&p->sums[i]);

		if (state == SPEND_OVER)
			status_raise(STATUS_NO);
		if (all || state == SPEND_OVER ||
		    p->sums[i].start == p->last[p->sums[i].line - p->budget.line]) {
			struct ledger_sum s = p->sums[i];

			p->sums[i] = p->sums[kept];
			p->sums[kept++] = s;
		}
	}
	if (kept)
		qsort(p->sums, kept, sizeof *p->sums, by_state);
	return kept;
}

static void
read_budget(struct budget *b, const char *file, struct buf *text)
{
	const char *why;

	if (!file_read(file, text))
		diag_die_errno(STATUS_USAGE, "%s", file);
	if (!budget_read(buf_slice(text), b, &why))
		diag_die(STATUS_USAGE, "%s: %s", file, why);
}

void
budget_run(const struct option_list *operands)
{
	struct option_list logs = { operands->item + 1, operands->count - 1 };
	const char *format = tool_format(spend_formats);
	struct spending *p = mem_zero(sizeof *p);
	struct stream_options o = tool_stream(&logs, NO_OBJECT_SKIP);
	struct buf text = { 0 }, out = { 0 };
	struct stream *s;
	struct record *r;
	size_t count;

	read_budget(&p->budget, operands->item[0], &text);
	p->last = mem_alloc((p->budget.count + 1) * sizeof *p->last);
	for (size_t i = 0; i < p->budget.count; i++)
		p->last[i] = INT64_MIN;
	reader_open(&p->reader);
	s = stream_open(&o);
	while ((r = stream_next(s))) {
		row_read(&p->reader, r, &p->row);
		do
			judge(p, r);
		while (row_next(&p->reader, r, &p->row));
		stream_put(s, r, DROP);
	}
	left_close(&p->left, s, &p->once);
	count = choose(p);
	spend_print(p->sums, count, format, &p->arena, &out);
	if (strcmp(format, "table") == 0)
		left_people(&p->left, "", &out);
	stream_write(s, slice_take(buf_slice(&out), out.len ? out.len - 1 : 0));
	stream_close(s);
	budget_free(&p->budget);
	buf_free(&text);
	buf_free(&out);
	buf_free(&p->key);
	hash_map_free(&p->keys);
	free(p->sums);
	free(p->last);
	arena_close(&p->arena);
	once_free(&p->once);
	left_free(&p->left);
	free(p);
}
