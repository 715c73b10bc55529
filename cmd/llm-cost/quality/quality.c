/* SPDX-License-Identifier: MIT */
/* llm-cost quality: how often answers were judged worse, by route or arm, with an interval.
 *
 * A verdict stands on the answer's own record, or on a line of its own that names the answer
 * by llm.for or by id: a judge's line, a user's flag. An answer without a verdict is not good,
 * it is unjudged. */
#include "quality.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/llm-cost/cost.h"
#include "cmd/llm-cost/rows/verdict.h"

#define POWER 0.8

static const char *by_option = "route", *verdict_option, *interval_option;
static uint64_t limit = UINT64_MAX, confidence = 950000, detect = 20000, least = UINT64_MAX;

const struct option quality_options[] = {
	{ 0, "by", OPTION_TEXT, "PATH,...", &by_option,
	    "group by these (route): jq paths, model, task or an attribute", NULL },
	{ 0, "max-regression", OPTION_SHARE, "P", &limit,
	    "status 1 if the rate is above P for certain", NULL },
	{ 0, "interval", OPTION_TEXT, "KIND", &interval_option,
	    "exact (Clopper-Pearson, the default) or wilson", NULL },
	{ 0, "confidence", OPTION_SHARE, "P", &confidence, "of the interval (95%)", NULL },
	{ 0, "detect", OPTION_SHARE, "P", &detect, "the loss that must be seen (2%)", NULL },
	{ 0, "verdict", OPTION_TEXT, "PATH", &verdict_option, "where the verdict stands",
	    NULL },
	{ 0, "min-score", OPTION_SHARE, "S", &least, "scores from S on are fine", NULL },
	{ 0 },
};

#define NO_GROUP UINT32_MAX

/* One answer. */
struct item {
	uint32_t group; /* NO_GROUP: only verdicts on it were seen */
	uint32_t spare; /* group of a verdict's own line, for answers that are not there */
	uint32_t fine, worse;
};

struct reader_of_verdicts {
	struct quality *q;
	struct reader reader;
	struct path *verdict;
	struct hash_map ids;
	struct item *item;
	size_t room, count; /* items: those with ids first come as they come */
	bool answers;       /* there are records of answers, not verdicts alone */
	struct buf key;
	struct row row;
};

static struct item *
item_at(struct reader_of_verdicts *p, size_t i)
{
	if (i >= p->room) {
		p->room = p->room ? p->room * 2 : 1024;
		p->item = mem_grow(p->item, p->room, sizeof(*p->item));
	}
	while (p->count <= i)
		p->item[p->count++] = (struct item){ .group = NO_GROUP, .spare = NO_GROUP };
	return &p->item[i];
}

/* Items are known by id; one without an id is known by its line. */
static struct item *
item_of(struct reader_of_verdicts *p, struct slice id, const struct record *r)
{
	if (!id.ptr)
		id = arena_printf(
		    r->arena, "\n%s:%" PRIu64 ":%zu", r->file, r->number, p->reader.span);
	return item_at(p, hash_map_add(&p->ids, id, NULL));
}

static void
note_judge(struct reader_of_verdicts *p, const struct record *r, bool is_side)
{
	struct quality *q = p->q;
	struct slice name = json_string(
	    json_get(json_get(json_get(r->root, "llm"), "judge"), "model"), r->arena);
	size_t i;
	bool added;

	if (!name.ptr && is_side)
		name = p->row.model;
	if (!name.ptr)
		return;
	i = hash_map_add(&q->judges, name, &added);
	if (added) {
		q->judge_count = mem_grow(q->judge_count, i + 1, sizeof(*q->judge_count));
		q->judge_count[i] = 0;
	}
	q->judge_count[i]++;
}

static bool
has_key(const struct by *by, struct slice key)
{
	for (size_t i = 0; i < by->count; i++)
		if (!slice_eq(by_value(key, i), SLICE("null")))
			return true;
	return false;
}

static void
see(struct reader_of_verdicts *p, const struct record *r)
{
	struct row *row = &p->row;
	struct verdict_line v;
	struct item *item;
	uint32_t group;

	verdict_read(r, row, p->verdict, least, &v);
	if (r->json->twice.ptr)
		return;
	if (row->request.shape == SHAPE_NONE) {
		row->request.root = r->root;
		row->request.llm = json_get(r->root, "llm");
	}
	by_key(&p->q->by, r, row, &p->key);
	if (row->request.shape == SHAPE_NONE && v.word == JUDGEMENT_NONE &&
	    !has_key(&p->q->by, buf_slice(&p->key))) {
		p->q->skipped++;
		return;
	}
	group = (uint32_t)hash_map_add(&p->q->keys, buf_slice(&p->key), NULL);
	item = item_of(p, v.of, r);
	/* a flag names its answer by id; its own fields count where that is missing */
	if (v.side || row->request.shape == SHAPE_NONE)
		item->spare = group;
	else
		item->group = group;
	p->answers |= !v.side && row->request.shape != SHAPE_NONE;
	if (v.word == JUDGEMENT_UNKNOWN)
		p->q->unreadable++;
	if (v.word == JUDGEMENT_FINE || v.word == JUDGEMENT_WORSE)
		note_judge(p, r, v.side);
	item->fine += v.word == JUDGEMENT_FINE;
	item->worse += v.word == JUDGEMENT_WORSE;
}

static void
add_item(struct quality_sums *s, const struct item *i)
{
	s->answers++;
	s->split += i->fine && i->worse;
	s->judged += !i->fine != !i->worse;
	s->worse += i->worse && !i->fine;
}

static void
collect(struct reader_of_verdicts *p)
{
	struct quality *q = p->q;

	q->group = mem_zero((q->keys.count + 1) * sizeof(*q->group));
	for (size_t i = 0; i < p->count; i++) {
		const struct item *item = &p->item[i];
		uint32_t group = item->group == NO_GROUP ? item->spare : item->group;

		if (item->group == NO_GROUP && p->answers &&
		    !has_key(&q->by, q->keys.keys[group])) {
			q->orphans++;
			continue;
		}
		add_item(&q->group[group], item);
		add_item(&q->total, item);
	}
}

static void
judge(const struct quality *q, struct quality_sums *s)
{
	double base = q->limited ? q->limit : 0;

	s->rate = s->judged ? (double)s->worse / (double)s->judged : 0;
	s->range = q->exact ? interval_exact(s->worse, s->judged, q->confidence)
			    : interval_wilson(s->worse, s->judged, q->confidence);
	if (!q->limited)
		base = s->rate;
	s->needed = interval_rows(base, base + q->detect, q->confidence, POWER);
	s->needed_each = interval_rows_of_arms(base, base + q->detect, q->confidence, POWER);
	s->verdict = REGRESSION_UNCLEAR;
	if (q->limited && s->judged)
		s->verdict = s->range.low > q->limit     ? REGRESSION_WORSE
			     : s->range.high <= q->limit ? REGRESSION_OK
							 : REGRESSION_UNCLEAR;
	if (q->limited && s->verdict == REGRESSION_WORSE)
		status_raise(STATUS_NO);
}

static void
read_options(struct quality *q)
{
	static const char *const kinds[] = { "exact", "wilson", NULL };

	if (confidence < 500000 || confidence > 999999)
		tool_usage("'--confidence' wants a share from 50%% to below 100%%");
	if (limit != UINT64_MAX && limit > 1000000)
		tool_usage("'--max-regression' is over 100%%");
	if (!detect || detect > 1000000)
		tool_usage("'--detect' wants a share above 0");
	if (interval_option && strcmp(interval_option, kinds[0]) != 0 &&
	    strcmp(interval_option, kinds[1]) != 0)
		tool_usage("'--interval' wants exact or wilson");
	q->exact = !interval_option || strcmp(interval_option, kinds[0]) == 0;
	q->limited = limit != UINT64_MAX;
	q->limit = q->limited ? (double)limit / 1e6 : 0;
	q->confidence = (double)confidence / 1e6;
	q->detect = (double)detect / 1e6;
}

void
quality_run(const struct option_list *operands)
{
	const char *format = tool_format(quality_formats), *why = NULL;
	struct stream_options o = tool_stream(operands, NO_OBJECT_SKIP);
	static struct quality quality; /* the paths of --by live as long as the run */
	struct quality *q = &quality;
	struct reader_of_verdicts *p = mem_zero(sizeof(*p));
	struct buf out = { 0 };
	struct stream *s;
	struct record *r;

	read_options(q);
	by_parse(&q->by, by_option);
	if (verdict_option && !(p->verdict = path_compile(verdict_option, &why)))
		diag_die(STATUS_USAGE, "'--verdict' %s: %s", verdict_option, why);
	p->q = q;
	reader_open(&p->reader);
	s = stream_open(&o);
	while ((r = stream_next(s))) {
		row_read(&p->reader, r, &p->row);
		do
			see(p, r);
		while (row_next(&p->reader, r, &p->row));
		stream_put(s, r, DROP);
	}
	q->skipped += stream_skipped(s);
	collect(p);
	judge(q, &q->total);
	for (size_t i = 0; i < q->keys.count; i++)
		judge(q, &q->group[i]);
	quality_print(format, q, &out);
	stream_write(s, slice_take(buf_slice(&out), out.len - 1));
	stream_close(s);
	buf_free(&out);
	buf_free(&p->key);
	path_free(p->verdict);
	hash_map_free(&p->ids);
	free(p->item);
	free(p);
	free(q->group);
	free(q->judge_count);
	hash_map_free(&q->keys);
	hash_map_free(&q->judges);
}
