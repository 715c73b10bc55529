/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/when.h"
#include "diff.h"
#include "cmd/llm-cost/plan/outlook.h"
#include "stream/file.h"
#include "tool/tool.h"

static struct slice
id_of(struct diff_side *side, const struct row *row, const struct record *r,
    const struct path *path)
{
	struct value v = path ? path_get(path, r->root) : row->request.id;
	struct slice id = json_string(v, r->arena);

	if (!id.ptr)
		id = json_raw(v);
	if (id.ptr)
		return id;
	side->nameless++;
	return arena_printf(r->arena, "r-%" PRIu64, r->number);
}

static uint32_t
name_index(struct diff *d, struct slice model, struct slice provider)
{
	struct buf key = { 0 };
	size_t i;

	buf_add(&key, model);
	buf_add_byte(&key, '\n');
	buf_add(&key, provider);
	i = hash_map_add(&d->names, buf_slice(&key), NULL);
	buf_free(&key);
	return (uint32_t)i;
}

static void
take_counts(struct diff_row *out, const struct usage *u)
{
	out->input = u->input;
	out->cached = u->cached;
	out->written_5m = u->written_5m;
	out->written_1h = u->written_1h;
	out->output = u->output;
	out->reasoning = u->reasoning;
	out->audio_in = u->audio_in;
	out->audio_out = u->audio_out;
	out->audio_cached = u->audio_cached;
	out->image_in = u->image_in;
	out->image_out = u->image_out;
	out->image_cached = u->image_cached;
	out->web_searches = u->web_searches;
	out->us = slice_eq(u->region, SLICE("us"));
}

/* A request costs what its input costs, until there is an answer. */
static void
take_request(struct diff_side *side, struct diff_row *out, struct row *row, struct arena *a)
{
	struct price_query q;
	struct outlook o;

	outlook_read(row, a, &o);
	out->request = out->has_usage = true;
	out->input = o.input.count;
	out->most = o.most;
	out->bounded = o.bound != NULL;
	side->estimated += o.input.class == TOKENS_ESTIMATE;
	if (o.input.missing)
		diag_repeated("not countable", "%s:%" PRIu64 ": not countable: %s", out->file,
		    out->line, o.input.missing);
	q = row_query(row, row->model, row->lane);
	bill_counts(&q, out->input, 0, &row->bill);
	row->unpriced = row->bill.priced ? NULL : row->bill.unpriced;
}

struct side_reader {
	struct diff *d;
	struct diff_side *side;
	struct reader reader;
	struct path *id_path;
	const char *model;
	struct buf key;
	struct row row;
};

static void
see_call(struct side_reader *p, const struct record *r)
{
	struct row *row = &p->row;
	struct diff_row *out;

	outlook_model(row, p->model);
	if (row->kind == ROW_NOTHING) {
		p->side->skipped++;
		return;
	}
	if (r->json->twice.ptr)
		return;
	out = diff_add(p->d, p->side, id_of(p->side, row, r, p->id_path));
	out->file = r->file;
	out->line = r->number;
	out->lane = row->lane;
	out->when = row->when;
	out->own_time = row->own_time;
	out->failed = row->failed;
	out->replay = row->kind == ROW_REPLAY;
	out->has_usage = row->has_usage;
	if (row->kind == ROW_UNANSWERED) {
		take_request(p->side, out, row, r->arena);
	} else {
		row_price(row);
		if (row->kind == ROW_CALL && row->has_usage && !row->usage.flaw)
			take_counts(out, &row->usage);
	}
	by_key(&p->d->by, r, row, &p->key);
	out->group = (uint32_t)hash_map_add(&p->d->groups, buf_slice(&p->key), NULL);
	out->name = name_index(p->d, row->model, row->provider);
	out->unpriced = row->unpriced;
	out->usd = row->bill.usd;
	if (out->unpriced)
		diag_repeated("unpriced", "%s:%" PRIu64 ": unpriced: %s", r->file, r->number,
		    out->unpriced);
}

static void
see(struct side_reader *p, const struct record *r)
{
	row_read(&p->reader, r, &p->row);
	do
		see_call(p, r);
	while (row_next(&p->reader, r, &p->row));
}

static void
read_records(struct diff *d, struct diff_side *side, const char *file, const char *model,
    const char *id_path)
{
	struct option_list one = { .item = &file, .count = 1 };
	struct stream_options o = tool_stream(&one, NO_OBJECT_SKIP);
	struct side_reader *p = mem_zero(sizeof(*p));
	const char *why = NULL;
	struct stream *s;
	struct record *r;

	p->d = d;
	p->side = side;
	p->model = model;
	if (id_path && !(p->id_path = path_compile(id_path, &why)))
		diag_die(STATUS_USAGE, "'--id' %s: %s", id_path, why);
	reader_open(&p->reader);
	o.output = NULL;
	o.no_output = true;
	s = stream_open(&o);
	while ((r = stream_next(s))) {
		side->summary |= !side->count && diff_is_summary(r->root);
		if (side->summary)
			diff_summary_line(d, side, r);
		else
			see(p, r);
		stream_put(s, r, DROP);
	}
	side->skipped += stream_skipped(s);
	stream_close(s);
	path_free(p->id_path);
	buf_free(&p->key);
	free(p);
}

static void
read_text(struct diff *d, struct diff_side *side, const char *file, const char *model)
{
	struct row row = { .model = models_resolve(slice_z(model)), .when = when_now() };
	struct slice no_key = SLICE("");
	struct buf text = { 0 };
	struct price_query q;
	struct diff_row *out;
	struct tokens n;
	struct model_facts facts = model_facts(row.model, row.provider);

	if (!file_read(file, &text)) {
		diag_warn_errno("%s", file);
		status_raise(STATUS_FAILED);
		return;
	}
	n = tokens_text(tokenizer_for(row.model), buf_slice(&text));
	out = diff_add(d, side, SLICE("text"));
	out->line = 1;
	out->request = out->has_usage = true;
	out->when = row.when;
	out->input = n.count;
	out->most = facts.max_output;
	out->bounded = facts.max_output > 0;
	out->group = (uint32_t)hash_map_add(&d->groups, no_key, NULL);
	out->name = name_index(d, row.model, row.provider);
	q = row_query(&row, row.model, LANE_REALTIME);
	bill_counts(&q, n.count, 0, &row.bill);
	out->unpriced = row.bill.priced ? NULL : row.bill.unpriced;
	out->usd = row.bill.usd;
	side->estimated += n.class == TOKENS_ESTIMATE;
	buf_free(&text);
}

void
diff_read(struct diff *d, struct diff_side *side, const char *file, bool text,
    const char *model, const char *id_path)
{
	if (text)
		read_text(d, side, file, model);
	else
		read_records(d, side, file, model, id_path);
}
