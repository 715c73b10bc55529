/* SPDX-License-Identifier: MIT */
/* llm-cost whatif: a log, or calls that nobody has made yet, at other models, lanes and shares.
 */
#include "whatif.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/when.h"
#include "cmd/llm-cost/cost.h"
#include "cmd/llm-cost/rows/once.h"

#define SHARE_ONE 1000000
#define UNSET UINT64_MAX

static struct option_list models;
static const char *stack;
static uint64_t calls = UNSET, in = UNSET, out = UNSET, batch = UNSET, cached = UNSET;

const struct option whatif_options[] = {
	{ 0, "calls", OPTION_NUMBER, "N", &calls, "a scenario of N calls instead of a log",
	    NULL },
	{ 0, "in", OPTION_NUMBER, "N", &in, "input tokens of a call", NULL },
	{ 0, "out", OPTION_NUMBER, "N", &out, "output tokens of a call", NULL },
	{ 0, "model", OPTION_LIST, "M", &models,
	    "with a log: had M answered; twice: what the first answers, by the second", NULL },
	{ 0, "batch", OPTION_SHARE, "P", &batch, "this share of the calls in a batch", NULL },
	{ 0, "cached", OPTION_SHARE, "P", &cached,
	    "this share of the input read from the provider's cache", NULL },
	{ 0, "stack", OPTION_TEXT, "NAME=P,...", &stack,
	    "savings that are given, multiplied in this order", NULL },
	ROW_OPTIONS,
	{ 0 },
};

static struct whatif_stage *
add_stage(struct whatif *w, const char *name)
{
	if (w->stages == WHATIF_STAGES)
		tool_usage("more than %d stages", WHATIF_STAGES);
	w->stage[w->stages] = (struct whatif_stage){ .name = name };
	return &w->stage[w->stages++];
}

static void
check_share(const char *option, uint64_t share)
{
	if (share != UNSET && share > SHARE_ONE)
		tool_usage("'--%s' is over 100%%", option);
}

/* NAME=P,NAME=P */
static void
read_stack(struct whatif *w)
{
	struct slice rest = slice_z(stack);

	while (rest.len) {
		struct slice item = slice_take(rest, slice_find(rest, ','));
		size_t equals = slice_find(item, '=');
		char *name = mem_zero(equals + 1), *text = mem_zero(item.len + 1);
		struct whatif_stage *s;
		uint64_t share;

		rest = slice_drop(rest, item.len + 1);
		memcpy(name, item.ptr, equals);
		memcpy(
		    text, slice_drop(item, equals + 1).ptr, slice_drop(item, equals + 1).len);
		if (!equals || equals == item.len || !options_share(text, &share))
			tool_usage("'--stack' wants NAME=P,... such as cache=40%%, not '%s'",
			    diag_clean(item));
		if (share > SHARE_ONE)
			tool_usage("'--stack %s' is over 100%%", diag_clean(slice_z(name)));
		free(text);
		s = add_stage(w, name);
		s->stacked = true;
		s->share = share;
	}
}

static void
read_options(struct whatif *w, const struct option_list *operands)
{
	check_share("batch", batch);
	check_share("cached", cached);
	w->scenario = calls != UNSET || in != UNSET || out != UNSET;
	if (models.count > 2)
		tool_usage("'--model' stands more than twice");
	if (w->scenario && operands->count)
		tool_usage("'--calls', '--in', '--out' make a scenario: no log is read");
	if (w->scenario && (calls == UNSET || in == UNSET || out == UNSET || !models.count))
		tool_usage("a scenario needs '--calls', '--in', '--out' and '--model'");
	w->calls = calls;
	w->in = in;
	w->out = out;
	w->batch = batch;
	w->cached = cached;
	w->from = w->scenario || models.count == 2 ? models.item[0] : NULL;
	w->to = models.count == 2                   ? models.item[1]
		: models.count == 1 && !w->scenario ? models.item[0]
						    : NULL;
	if (w->to)
		add_stage(w, "model");
	if (cached != UNSET)
		add_stage(w, "cached");
	if (batch != UNSET)
		add_stage(w, "batch");
	w->priced = w->stages;
	read_stack(w);
}

static struct usd
part_of(struct usd d, uint64_t share)
{
	return usd_part(d, share, SHARE_ONE);
}

/* Each stage of a stack takes its share of what the one before has left. */
static void
run_stack(struct whatif *w)
{
	struct usd left = w->priced ? w->stage[w->priced - 1].cost : w->baseline;

	for (size_t i = w->priced; i < w->stages; i++) {
		left = part_of(left, SHARE_ONE - w->stage[i].share);
		w->stage[i].cost = left;
	}
}

static void
put_costs(struct whatif *w, const struct usd *cost, bool add)
{
	for (size_t i = 0; i <= w->priced; i++) {
		struct usd *sum = i ? &w->stage[i - 1].cost : &w->baseline;

		*sum = add ? usd_add(*sum, cost[i]) : usd_sub(*sum, cost[i]);
	}
}

static void
scenario(struct whatif *w)
{
	struct usd cost[WHATIF_STAGES + 1];
	struct arena a = { 0 };
	struct row row = { .kind = ROW_CALL, .has_usage = true, .when = when_now() };
	const char *why = NULL;

	row.usage = (struct usage){ .present = true, .input = w->in, .output = w->out };
	row.model = models_resolve(slice_z(w->from));
	row.provider = slice_z(row_settings.provider);
	if (row_settings.lane && !lane_named(slice_z(row_settings.lane), &row.lane))
		tool_usage("'--lane' wants realtime, batch, flex or priority, not '%s'",
		    diag_clean(slice_z(row_settings.lane)));
	if (!whatif_row(w, &row, &a, cost, &why))
		diag_die(STATUS_REJECTED, "%s: unpriced: %s", w->from, why);
	for (size_t i = 0; i <= w->priced; i++)
		cost[i] = usd_times(cost[i], w->calls);
	put_costs(w, cost, true);
	w->requests = w->calls;
	w->input *= w->calls;
	w->output *= w->calls;
	w->new_input *= w->calls;
	w->new_output *= w->calls;
	arena_close(&a);
}

struct log_reader {
	struct whatif *w;
	struct reader reader;
	struct once_book once;
	struct row row, old;
};

static void
say_unpriced(const struct record *r, const char *why)
{
	status_raise(STATUS_REJECTED);
	diag_repeated("unpriced", "%s:%" PRIu64 ": unpriced: %s", r->file, r->number, why);
}

/* The counts of a row go in or, where a larger snapshot takes its place, out again. */
static void
put_row(struct whatif *w, const struct row *row, const struct record *r, bool add)
{
	struct usd cost[WHATIF_STAGES + 1];
	struct whatif before = *w;
	const char *why = NULL;

	if (!whatif_row(w, row, r->arena, cost, &why)) {
		*w = before;
		w->unpriced += add;
		if (add)
			say_unpriced(r, why);
		return;
	}
	put_costs(w, cost, add);
	if (!add) {
		w->input = 2 * before.input - w->input;
		w->output = 2 * before.output - w->output;
		w->new_input = 2 * before.new_input - w->new_input;
		w->new_output = 2 * before.new_output - w->new_output;
		w->moved = before.moved;
		w->recounted = before.recounted;
		w->by_factor = before.by_factor;
		w->no_batch = before.no_batch;
	}
	w->requests += add ? 1 : UINT64_MAX;
}

static void
see(struct log_reader *p, const struct record *r)
{
	struct row *row = &p->row;
	struct whatif *w = p->w;
	uint32_t *place;

	if (row->kind == ROW_NOTHING)
		w->skipped++;
	else if (row->kind == ROW_UNANSWERED)
		w->unanswered++;
	if (row->kind == ROW_NOTHING || row->kind == ROW_UNANSWERED || r->json->twice.ptr)
		return;
	row_price(row);
	switch (once_judge(&p->once, &p->reader, row, &place, &p->old)) {
	case ONCE_AGAIN: w->repeats++; return;
	case ONCE_LARGER:
		w->repeats++;
		put_row(w, &p->old, r, false);
		break;
	case ONCE_FIRST: break;
	}
	put_row(w, row, r, true);
}

static void
read_log(struct whatif *w, struct stream *s)
{
	struct log_reader *p = mem_zero(sizeof(*p));
	struct record *r;

	p->w = w;
	reader_open(&p->reader);
	while ((r = stream_next(s))) {
		row_read(&p->reader, r, &p->row);
		do
			see(p, r);
		while (row_next(&p->reader, r, &p->row));
		stream_put(s, r, DROP);
	}
	w->skipped += stream_skipped(s);
	once_free(&p->once);
	free(p);
}

void
whatif_run(const struct option_list *operands)
{
	const char *format = tool_format(whatif_formats);
	struct stream_options o = tool_stream(operands, NO_OBJECT_SKIP);
	static struct whatif whatif = { .factor = 1 }; /* its names live as long as the run */
	struct whatif *w = &whatif;
	struct buf text = { 0 };
	struct stream *s;

	read_options(w, operands);
	s = stream_open(&o);
	if (w->scenario)
		scenario(w);
	else
		read_log(w, s);
	run_stack(w);
	whatif_print(format, w, &text);
	stream_write(s, slice_take(buf_slice(&text), text.len - 1));
	stream_close(s);
	buf_free(&text);
}
