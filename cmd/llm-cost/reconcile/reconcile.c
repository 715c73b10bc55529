/* SPDX-License-Identifier: MIT */
/* llm-cost reconcile: a provider's export against our own log. */
#include "reconcile.h"

#include <errno.h>
#include <stdlib.h>

#include "base/when.h"
#include "cmd/llm-cost/cost.h"
#include "cmd/llm-cost/rows/once.h"
#include "stream/file.h"
#include "cmd/llm-cost/sums/sums.h"

#define DAY INT64_C(86400000)

static uint64_t max_gap = UINT64_MAX;

const struct option reconcile_options[] = {
	{ 0, "max-gap", OPTION_SHARE, "P", &max_gap,
	    "status 1 if the total differs by more than P of what the export says", NULL },
	ROW_OPTIONS,
	{ 0 },
};

struct comparison {
	struct reconcile r;
	struct reader reader;
	struct once_book once;
	struct row row, old;
};

static int64_t
day_of(int64_t when)
{
	return when / DAY - (when % DAY < 0);
}

/* Whose price it was, else whom the line names. */
static struct slice
provider_of(const struct row *row)
{
	const char *slash = row->bill.row ? strchr(row->bill.row, '/') : NULL;

	if (!row->unpriced && slash)
		return slice_of(row->bill.row, (size_t)(slash - row->bill.row));
	return row->provider;
}

static bool
is_compared(struct reconcile *r, const struct row *row)
{
	struct slice provider = provider_of(row);

	if (!row->own_time) {
		r->no_time++;
		return false;
	}
	if (day_of(row->when) < r->from || day_of(row->when) >= r->to) {
		r->outside++;
		return false;
	}
	if (r->provider && provider.ptr && !slice_eqz(provider, r->provider)) {
		r->other_provider++;
		return false;
	}
	/* Anthropic's cost report leaves its priority tier out */
	if (r->kind == EXPORT_COST && r->provider && strcmp(r->provider, "anthropic") == 0 &&
	    row->lane == LANE_PRIORITY) {
		r->priority++;
		if (!row->unpriced)
			r->priority_cost = usd_add(r->priority_cost, row->bill.usd);
		return false;
	}
	return true;
}

static void
add_row(struct reconcile *r, const struct row *row, uint64_t sign, struct arena *a)
{
	static const struct usd zero;
	struct sums s = sums_of(row);
	struct match *m;

	m = reconcile_match(r, day_of(row->when),
	    r->no_models ? SLICE("") : reconcile_model(r, row->model, row->when, a));
	m->log.requests += sign;
	m->log.input += sign * s.input;
	m->log.cached += sign * s.cached;
	m->log.written += sign * s.written;
	m->log.output += sign * s.output;
	m->log.cost = usd_add(m->log.cost, sign == 1 ? s.cost : usd_sub(zero, s.cost));
	m->unpriced += sign * s.unpriced;
}

static void
judge(struct comparison *c, const struct record *r)
{
	uint32_t *place;
	enum once once;

	if (c->row.kind == ROW_NOTHING || c->row.kind == ROW_UNANSWERED) {
		if (!r->json->twice.ptr)
			left_count(&c->r.left, &c->row);
		return;
	}
	row_price(&c->row);
	if (r->json->twice.ptr)
		return;
	once = once_judge(&c->once, &c->reader, &c->row, &place, &c->old);
	/* the provider never saw what our own cache answered */
	if (once == ONCE_AGAIN || c->row.kind == ROW_REPLAY ||
	    (c->row.failed && !c->row.has_usage))
		return;
	if (!is_compared(&c->r, &c->row))
		return;
	if (once == ONCE_FIRST)
		left_count(&c->r.left, &c->row);
	add_row(&c->r, &c->row, 1, r->arena);
	if (once == ONCE_LARGER)
		add_row(&c->r, &c->old, UINT64_MAX, r->arena);
}

static void
read_export(struct reconcile *r, const char *file)
{
	struct buf text = { 0 };
	const char *why;
	bool fine;

	if (!file_read(file, &text))
		diag_die(STATUS_USAGE, "%s: %s", diag_clean(slice_z(file)), strerror(errno));
	fine = reconcile_export(r, buf_slice(&text), &why);
	buf_free(&text);
	if (!fine)
		diag_die(STATUS_USAGE, "%s: %s", diag_clean(slice_z(file)), why);
}

void
reconcile_run(const struct option_list *operands)
{
	const char *format = tool_format(reconcile_formats);
	static struct comparison comparison;
	struct comparison *c = &comparison;
	struct option_list logs = { 0 };
	struct stream_options o;
	struct buf out = { 0 };
	struct stream *s;
	struct record *r;

	read_export(&c->r, operands->item[0]);
	logs.item = operands->item + 1;
	logs.count = operands->count - 1;
	o = tool_stream(&logs, NO_OBJECT_SKIP);
	reader_open(&c->reader);
	s = stream_open(&o);
	while ((r = stream_next(s))) {
		row_read(&c->reader, r, &c->row);
		do
			judge(c, r);
		while (row_next(&c->reader, r, &c->row));
		stream_put(s, r, DROP);
	}
	left_close(&c->r.left, s, &c->once);
	reconcile_print(format, &c->r, &out);
	stream_write(s, slice_take(buf_slice(&out), out.len - 1));
	stream_close(s);
	if (max_gap != UINT64_MAX && reconcile_gap(&c->r) > max_gap)
		status_raise(STATUS_NO);
	buf_free(&out);
	once_free(&c->once);
	left_free(&c->r.left);
	hash_map_free(&c->r.keys);
	free(c->r.list);
}
