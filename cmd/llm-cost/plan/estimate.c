/* SPDX-License-Identifier: MIT */
/* llm-cost estimate: what requests will cost, before they are sent: at least, likely, at most.
 */
#include "estimate.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/llm-cost/cost.h"

static const char *by_option, *model_option;
static struct option_list past_option;
static uint64_t output_option = UINT64_MAX;

const struct option estimate_options[] = {
	{ 0, "by", OPTION_TEXT, "PATH,...", &by_option,
	    "group by these: jq paths, model, provider, lane, task, session or an attribute",
	    NULL },
	{ 0, "past", OPTION_LIST, "LOG", &past_option,
	    "expect answers as long as those of this log (repeatable)", NULL },
	{ 0, "output", OPTION_NUMBER, "N", &output_option,
	    "output tokens to expect where the past tells none (500)", NULL },
	{ 0, "model", OPTION_TEXT, "M", &model_option,
	    "take requests that name no model as M's", NULL },
	ROW_OPTIONS,
	{ 0 },
};

/* Fewer answers than this say nothing about a group: that of all are taken. */
#define PAST_LEAST 10

struct estimator {
	struct estimates e;
	struct past past;
	struct reader reader;
	struct stream *stream;
	struct row row;
	struct outlook outlook;
	struct buf key, line;
	size_t room;
	bool each; /* a line a request instead of sums */
};

static struct estimate *
group_of(struct estimator *p)
{
	size_t i = hash_map_add(&p->e.keys, buf_slice(&p->key), NULL);

	if (i >= p->room) {
		size_t room = p->room ? p->room * 2 : 64;

		p->e.list = mem_grow(p->e.list, room, sizeof(*p->e.list));
		memset(p->e.list + p->room, 0, (room - p->room) * sizeof(*p->e.list));
		p->room = room;
	}
	return &p->e.list[i];
}

/* The mean is what sums need; the least of a tenth of the answers is the low end. */
static void
expect_output(struct estimator *p, const struct record *r, uint64_t *low, uint64_t *expected)
{
	const struct past_group *g = NULL;
	struct buf key = { 0 };

	if (p->past.all.count) {
		by_key(&p->past.by, r, &p->row, &key);
		g = past_find(&p->past, buf_slice(&key));
		buf_free(&key);
		if (!g || g->count < PAST_LEAST)
			g = &p->past.all;
	}
	*low = g ? past_quantile(g, 100000) : 0;
	*expected = g ? past_mean(g) : p->e.output;
	p->e.from_past += g != NULL;
	*low = outlook_output(&p->outlook, *low);
	*expected = outlook_output(&p->outlook, *expected);
}

static bool
cost_of(const struct price_query *q, uint64_t input, uint64_t output, struct usd *usd,
    const char **why)
{
	struct bill b;

	bill_counts(q, input, output, &b);
	*usd = b.usd;
	if (!b.priced && why)
		*why = b.unpriced;
	return b.priced;
}

static void
see_cliff(struct estimator *p, const struct record *r, const struct price_query *q)
{
	const struct tokens *n = &p->outlook.input;
	struct estimate_cliff c = {
		.file = r->file, .number = r->number, .tokens = n->count, .sure = true
	};
	struct cliff may;

	if (!cliff_find(q, n->high, &may))
		return;
	if (!cliff_find(q, n->count, &c.cliff) || c.cliff.bound != may.bound) {
		c.sure = false;
		c.cliff = may;
	}
	cost_of(q, n->count, 0, &c.usd, NULL);
	snprintf(c.model, sizeof(c.model), "%s", diag_clean(slice_take(p->row.model, 60)));
	if (p->e.cliffs++ < CLIFFS_SHOWN)
		p->e.cliff[p->e.cliffs - 1] = c;
}

static struct usd
distance(struct usd a, struct usd b)
{
	return usd_cmp(a, b) < 0 ? usd_sub(b, a) : usd_sub(a, b);
}

/* What was billed, beside what would have been expected. */
static void
add_actual(struct estimate *e, const struct row *row, const struct estimate_row *r)
{
	uint64_t attempts;

	if (!r->answered)
		return;
	e->answered++;
	e->actual = usd_add(e->actual, r->actual);
	e->foreseen = usd_add(e->foreseen, r->expected);
	e->absolute = usd_add(e->absolute, distance(r->actual, r->expected));
	e->failed_billed += row->failed && row->has_usage;
	if (json_whole(json_get(json_get(row->request.llm, "batch"), "attempts"), &attempts) &&
	    attempts > 1)
		e->retries += attempts - 1;
}

static void
add_lanes(struct estimate *e, const struct row *row, uint64_t input, uint64_t output)
{
	for (unsigned i = 0; i < LANES; i++) {
		struct price_query q = row_query(row, row->model, (enum lane)i);
		struct usd usd;

		if (cost_of(&q, input, output, &usd, NULL))
			e->lane[i] = usd_add(e->lane[i], usd);
		else
			e->no_lane[i]++;
	}
}

static void
add_row(struct estimate *e, const struct estimate_row *r)
{
	const struct outlook *o = r->outlook;

	e->requests++;
	e->input += o->input.count;
	e->input_low += o->input.low;
	e->input_high += o->input.high;
	e->estimated += o->input.class == TOKENS_ESTIMATE;
	e->missing += o->input.missing != NULL;
	e->uncapped += !o->capped;
	e->unbounded += !o->bound && !r->unpriced;
	e->output += r->output;
	e->most += o->most;
	if (r->unpriced) {
		e->unpriced++;
		return;
	}
	e->low = usd_add(e->low, r->low);
	e->expected = usd_add(e->expected, r->expected);
	e->worst = usd_add(e->worst, r->worst);
	add_lanes(e, r->row, o->input.count, r->output);
	add_actual(e, r->row, r);
}

/* The answer's own bill; an answer without a price is not compared. */
static void
read_actual(struct estimator *p, struct estimate_row *out)
{
	if (p->row.kind != ROW_CALL)
		return;
	row_price(&p->row);
	out->answered = !p->row.unpriced;
	out->actual = p->row.bill.usd;
}

static void
note_missing(const struct record *r, const struct outlook *o)
{
	if (o->input.missing)
		diag_repeated("not countable", "%s:%" PRIu64 ": not countable: %s", r->file,
		    r->number, o->input.missing);
}

static void
unpriced(const struct record *r, const char *why)
{
	status_raise(STATUS_REJECTED);
	diag_repeated("unpriced", "%s:%" PRIu64 ": unpriced: %s", r->file, r->number, why);
}

static struct slice
id_of(const struct row *row, const struct record *r)
{
	struct slice id = json_string(row->request.id, r->arena);

	if (!id.ptr)
		id = json_raw(row->request.id);
	return id.ptr ? id : arena_printf(r->arena, "r-%" PRIu64, r->number);
}

/* A request that nobody answered yet goes in the tier that it asks for. */
static void
take_tier(struct row *row)
{
	if (!row->has_usage && row->lane != LANE_BATCH)
		lane_named(
		    json_string_raw(json_get(row->request.body, "service_tier")), &row->lane);
}

static void
judge(struct estimator *p, struct record *r)
{
	struct estimate_row out = {
		.file = r->file, .number = r->number, .row = &p->row, .outlook = &p->outlook
	};
	struct price_query q;
	uint64_t low;

	row_read(&p->reader, r, &p->row);
	outlook_model(&p->row, model_option);
	take_tier(&p->row);
	if (p->row.kind == ROW_NOTHING || p->row.kind == ROW_REPLAY ||
	    p->row.request.shape == SHAPE_USAGE) {
		p->e.skipped++;
		return;
	}
	outlook_read(&p->row, r->arena, &p->outlook);
	expect_output(p, r, &low, &out.output);
	q = row_query(&p->row, p->row.model, p->row.lane);
	if (!cost_of(&q, p->outlook.input.low, low, &out.low, &out.unpriced) ||
	    !cost_of(&q, p->outlook.input.count, out.output, &out.expected, &out.unpriced) ||
	    !cost_of(&q, p->outlook.input.high, p->outlook.most, &out.worst, &out.unpriced))
		out.low = out.expected = out.worst = (struct usd){ 0 };
	if (r->json->twice.ptr)
		return;
	read_actual(p, &out);
	note_missing(r, &p->outlook);
	if (out.unpriced)
		unpriced(r, out.unpriced);
	else
		see_cliff(p, r, &q);
	if (p->e.by.count) {
		by_key(&p->e.by, r, &p->row, &p->key);
		add_row(group_of(p), &out);
	}
	add_row(&p->e.total, &out);
	if (!p->each)
		return;
	out.id = id_of(&p->row, r);
	buf_clear(&p->line);
	estimate_print_row(&out, &p->line);
	stream_write(p->stream, buf_slice(&p->line));
}

static void
read_past(struct estimator *p)
{
	if (!past_option.count)
		return;
	past_read(&p->past, &past_option, by_option ? by_option : "model", true);
	p->e.past = past_option.item[0];
	if (!p->past.all.count)
		diag_warn("%s: no answered call, so no past", p->e.past);
}

void
estimate_run(const struct option_list *operands)
{
	struct stream_options o = tool_stream(operands, NO_OBJECT_SKIP);
	const char *format = tool_format(estimate_formats);
	static struct estimator estimator; /* the paths of --by live as long as the run */
	struct estimator *p = &estimator;
	struct buf out = { 0 };
	struct record *r;

	p->e.output_given = output_option != UINT64_MAX;
	p->e.output = p->e.output_given ? output_option : OUTLOOK_OUTPUT;
	p->each = strcmp(format, "jsonl") == 0;
	by_parse(&p->e.by, by_option);
	reader_open(&p->reader);
	read_past(p);
	p->stream = stream_open(&o);
	while ((r = stream_next(p->stream))) {
		judge(p, r);
		stream_put(p->stream, r, DROP);
	}
	p->e.skipped += stream_skipped(p->stream);
	if (!p->each) {
		estimate_print(format, &p->e, &out);
		stream_write(p->stream, slice_take(buf_slice(&out), out.len - 1));
	}
	stream_close(p->stream);
	buf_free(&out);
	buf_free(&p->key);
	buf_free(&p->line);
	hash_map_free(&p->e.keys);
	free(p->e.list);
	past_free(&p->past);
}
