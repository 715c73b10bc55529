/* SPDX-License-Identifier: MIT */
/* llm-cost breakeven: when a fine-tuned or distilled model has paid for itself, if ever. */
#include "breakeven.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/when.h"
#include "cmd/llm-cost/cost.h"
#include "cmd/llm-cost/rows/once.h"
#include "whatif.h"

#define UNSET UINT64_MAX
#define MONTH_MS (INT64_C(30) * 86400000)
#define SHARE_ONE 1000000

static const char *model, *to, *setup, *labour, *retrain, *hosting;
static uint64_t calls = UNSET, in = UNSET, out = UNSET, share = UNSET;
static uint64_t every = 3, price_fall = 0, horizon = 12;

const struct option breakeven_options[] = {
	{ 0, "calls", OPTION_NUMBER, "N", &calls, "calls a month, instead of a log", NULL },
	{ 0, "in", OPTION_NUMBER, "N", &in, "input tokens of a call", NULL },
	{ 0, "out", OPTION_NUMBER, "N", &out, "output tokens of a call", NULL },
	{ 0, "model", OPTION_TEXT, "M", &model, "the model now; of a log only its calls",
	    NULL },
	{ 0, "to", OPTION_TEXT, "M2", &to, "the model whose price the new one has", NULL },
	{ 0, "saving", OPTION_SHARE, "P", &share, "or: what a call saves (90%)", NULL },
	{ 0, "setup", OPTION_TEXT, "USD", &setup, "data and training, once", NULL },
	{ 0, "labour", OPTION_TEXT, "USD", &labour, "work, once", NULL },
	{ 0, "retrain", OPTION_TEXT, "USD", &retrain, "each later training, work included",
	    NULL },
	{ 0, "every", OPTION_NUMBER, "MONTHS", &every, "between trainings (3)", NULL },
	{ 0, "hosting", OPTION_TEXT, "USD", &hosting, "a month, used or not", NULL },
	{ 0, "price-fall", OPTION_SHARE, "P", &price_fall,
	    "how much the prices of models fall in a year (0%)", NULL },
	{ 0, "horizon", OPTION_NUMBER, "MONTHS", &horizon, "it must have paid by then (12)",
	    NULL },
	ROW_OPTIONS,
	{ 0 },
};

static struct usd
amount(const char *option, const char *text)
{
	struct usd d = { 0 };

	if (text && (!usd_read(slice_z(text), &d) || d.units < 0))
		tool_usage("'--%s' wants dollars, not '%s'", option, diag_clean(slice_z(text)));
	return d;
}

static void
read_options(struct breakeven *b, const struct option_list *operands)
{
	bool scenario = calls != UNSET || in != UNSET || out != UNSET;

	if (scenario && operands->count)
		tool_usage("'--calls', '--in', '--out' make a scenario: no log is read");
	if (scenario && (calls == UNSET || in == UNSET || out == UNSET || !model))
		tool_usage("a scenario needs '--calls', '--in', '--out' and '--model'");
	if (share != UNSET && to)
		tool_usage("'--to' and '--saving' say the same thing twice");
	if (share != UNSET && share > SHARE_ONE)
		tool_usage("'--saving' is over 100%%");
	if (price_fall >= SHARE_ONE)
		tool_usage("'--price-fall' wants a share below 100%%");
	if (!every || !horizon)
		tool_usage("'--every' and '--horizon' want a number of months");
	*b = (struct breakeven){ .model = model,
		.to = to,
		.log = !scenario,
		.share = share == UNSET ? 900000 : share,
		.calls = calls,
		.in = in,
		.out = out,
		.setup = amount("setup", setup),
		.labour = amount("labour", labour),
		.retrain = amount("retrain", retrain),
		.hosting = amount("hosting", hosting),
		.every = every,
		.price_fall = price_fall,
		.horizon = horizon };
}

static struct usd
after_share(const struct breakeven *b, struct usd d)
{
	return usd_part(d, SHARE_ONE - b->share, SHARE_ONE);
}

static void
scenario(struct breakeven *b)
{
	struct price_query q = { models_resolve(slice_z(model)), slice_z(row_settings.provider),
		when_now(), LANE_REALTIME };
	struct price_query other = { slice_z(to), { NULL, 0 }, q.when, LANE_REALTIME };
	struct bill bill;
	double factor;

	bill_counts(&q, in, out, &bill);
	if (!bill.priced)
		diag_die(STATUS_REJECTED, "%s: unpriced: %s", model, bill.unpriced);
	b->requests = calls;
	b->spent = usd_times(bill.usd, calls);
	b->after = after_share(b, b->spent);
	if (!to)
		return;
	other.model = models_resolve(other.model);
	factor = whatif_factor(q.model, other.model);
	bill_counts(&other, (uint64_t)((double)in * factor + 0.5),
	    (uint64_t)((double)out * factor + 0.5), &bill);
	if (!bill.priced)
		diag_die(STATUS_REJECTED, "%s: unpriced: %s", to, bill.unpriced);
	b->after = usd_times(bill.usd, calls);
}

/* A prompt by its system text and tools: in which halves of the log it was seen. */
struct seen {
	uint64_t calls;
	int64_t first, last;
};

struct log_reader {
	struct breakeven *b;
	struct whatif whatif; /* prices a call by the other model */
	struct reader reader;
	struct once_book once;
	struct hash_map prompts;
	struct seen *seen;
	struct buf text;
	struct row row, old;
};

static void
add_system(void *context, const struct part *part)
{
	if (part->kind == PART_SYSTEM)
		buf_add(context, json_raw(part->text));
}

static void
see_prompt(struct log_reader *p)
{
	const struct row *row = &p->row;
	unsigned char digest[DIGEST_SIZE];
	struct seen *s;
	bool added;
	size_t i;

	if (row->request.shape == SHAPE_USAGE || !json_type(row->request.body) ||
	    !row->own_time)
		return;
	buf_clear(&p->text);
	request_parts(&row->request, add_system, &p->text);
	buf_add(&p->text, json_raw(request_tools(&row->request)));
	digest_of(buf_slice(&p->text), digest);
	i = hash_map_add(&p->prompts, slice_of((const char *)digest, sizeof(digest)), &added);
	if (added) {
		p->seen = mem_grow(p->seen, i + 1, sizeof(*p->seen));
		p->seen[i] = (struct seen){ 0, row->when, row->when };
	}
	s = &p->seen[i];
	s->calls++;
	s->first = row->when < s->first ? row->when : s->first;
	s->last = row->when > s->last ? row->when : s->last;
}

static void
see_time(struct breakeven *b, const struct row *row)
{
	if (!row->own_time)
		return;
	if (!b->timed || row->when < b->first)
		b->first = row->when;
	if (!b->timed || row->when > b->last)
		b->last = row->when;
	b->timed = true;
}

/* Its cost now and after; false: no price. */
static bool
costs(struct log_reader *p, const struct row *row, struct arena *a, struct usd cost[2],
    const char **why)
{
	struct usd all[WHATIF_STAGES + 1];

	if (!whatif_row(&p->whatif, row, a, all, why))
		return false;
	cost[0] = all[0];
	cost[1] = p->b->to ? all[1] : after_share(p->b, all[0]);
	return true;
}

static void
put(struct log_reader *p, const struct row *row, const struct record *r, bool add)
{
	struct breakeven *b = p->b;
	const char *why = NULL;
	struct usd cost[2];

	if (!costs(p, row, r->arena, cost, &why)) {
		if (!add)
			return;
		b->unpriced++;
		status_raise(STATUS_REJECTED);
		diag_repeated(
		    "unpriced", "%s:%" PRIu64 ": unpriced: %s", r->file, r->number, why);
		return;
	}
	b->requests += add ? 1 : UINT64_MAX;
	b->spent = add ? usd_add(b->spent, cost[0]) : usd_sub(b->spent, cost[0]);
	b->after = add ? usd_add(b->after, cost[1]) : usd_sub(b->after, cost[1]);
}

static void
see(struct log_reader *p, const struct record *r)
{
	struct row *row = &p->row;
	uint32_t *place;
	enum once once;

	if (row->kind != ROW_CALL) {
		p->b->skipped += row->kind == ROW_NOTHING;
		return;
	}
	if (r->json->twice.ptr ||
	    (model && !slice_eq(row->model, models_resolve(slice_z(model)))))
		return;
	row_price(row);
	once = once_judge(&p->once, &p->reader, row, &place, &p->old);
	if (once == ONCE_AGAIN)
		return;
	if (once == ONCE_LARGER)
		put(p, &p->old, r, false);
	put(p, row, r, true);
	see_time(p->b, row);
	if (once == ONCE_FIRST)
		see_prompt(p);
	p->b->whole += !row->failed && !row->wasted && row->request.shape != SHAPE_USAGE &&
		       json_type(row->request.body);
}

/* A prompt is stable if it was there before and after the middle of the log. */
static void
count_stable(struct log_reader *p)
{
	struct breakeven *b = p->b;
	int64_t middle = b->first + (b->last - b->first) / 2;

	for (size_t i = 0; i < p->prompts.count; i++) {
		b->judged_stable += p->seen[i].calls;
		if (p->seen[i].first <= middle && p->seen[i].last > middle)
			b->stable += p->seen[i].calls;
	}
}

/* To a month of thirty days, by the time that the log spans. */
static void
to_month(struct breakeven *b)
{
	int64_t span = b->last - b->first;

	b->calls = b->requests;
	if (!b->timed || span <= 0)
		return;
	b->spent = usd_part(b->spent, (uint64_t)MONTH_MS, (uint64_t)span);
	b->after = usd_part(b->after, (uint64_t)MONTH_MS, (uint64_t)span);
	b->calls =
	    (uint64_t)((unsigned __int128)b->requests * (uint64_t)MONTH_MS / (uint64_t)span);
}

static void
read_log(struct breakeven *b, struct stream *s)
{
	struct log_reader *p = mem_zero(sizeof(*p));
	struct record *r;

	p->b = b;
	p->whatif = (struct whatif){ .to = to,
		.batch = UNSET,
		.cached = UNSET,
		.stages = to != NULL,
		.priced = to != NULL };
	reader_open(&p->reader);
	while ((r = stream_next(s))) {
		row_read(&p->reader, r, &p->row);
		do
			see(p, r);
		while (row_next(&p->reader, r, &p->row));
		stream_put(s, r, DROP);
	}
	b->skipped += stream_skipped(s);
	count_stable(p);
	to_month(b);
	once_free(&p->once);
	hash_map_free(&p->prompts);
	free(p->seen);
	buf_free(&p->text);
	free(p);
}

void
breakeven_run(const struct option_list *operands)
{
	const char *format = tool_format(breakeven_formats);
	struct stream_options o = tool_stream(operands, NO_OBJECT_SKIP);
	struct buf text = { 0 };
	struct breakeven b;
	struct stream *s;

	read_options(&b, operands);
	s = stream_open(&o);
	if (b.log)
		read_log(&b, s);
	else
		scenario(&b);
	breakeven_reckon(&b);
	breakeven_print(format, &b, &text);
	stream_write(s, slice_take(buf_slice(&text), text.len - 1));
	stream_close(s);
	buf_free(&text);
}
