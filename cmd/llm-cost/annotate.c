/* SPDX-License-Identifier: MIT */
/* llm-cost annotate: the bill of each record, written on it or explained as a table. */
#include "cost.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"
#include "json/write.h"
#include "row.h"
#include "table.h"

static bool explain;

const struct option annotate_options[] = {
	{ 0, "explain", OPTION_FLAG, NULL, &explain,
	    "print the factors of each record as a table, not the record", NULL },
	ROW_OPTIONS,
	{ 0 },
};

struct annotator {
	struct reader reader;
	struct stream *stream;
	struct row row;
	struct buf text;
	uint64_t skipped;
};

static void
price_json(const struct bill *b, struct writer *w)
{
	write_object(w);
	write_name(w, "row");
	write_z(w, b->row);
	write_name(w, "date");
	write_z(w, b->date);
	write_name(w, "table");
	write_z(w, b->table);
	if (b->note) {
		write_name(w, "note");
		write_z(w, b->note);
	}
	write_object_end(w);
}

static void
part_json(const struct bill_part *part, struct writer *w)
{
	char text[64];

	write_object(w);
	write_name(w, "name");
	write_z(w, part->name);
	write_name(w, "count");
	write_number(w, part->count);
	write_name(w, "price");
	write_z(w, usd_write(part->price, text));
	write_name(w, "usd");
	write_z(w, usd_write(part->usd, text));
	write_name(w, "source");
	write_z(w, part->source);
	write_object_end(w);
}

static void
cost_json(const struct row *row, struct buf *out)
{
	struct writer w = { .out = out };
	char text[64];

	write_object(&w);
	write_name(&w, "usd");
	if (row->unpriced) {
		write_null(&w);
		write_name(&w, "unpriced");
		write_z(&w, row->unpriced);
		write_object_end(&w);
		return;
	}
	write_z(&w, usd_write(row->bill.usd, text));
	write_name(&w, "price");
	if (row->bill.row)
		price_json(&row->bill, &w);
	else
		write_null(&w);
	write_name(&w, "parts");
	write_array(&w);
	for (size_t i = 0; i < row->bill.part_count; i++)
		part_json(&row->bill.parts[i], &w);
	write_array_end(&w);
	write_object_end(&w);
}

static enum verdict
write_cost(struct annotator *a, struct record *r)
{
	static const char *const version[] = { "llm", "v" }, *const cost[] = { "llm", "cost" };

	buf_clear(&a->text);
	cost_json(&a->row, &a->text);
	if (!edits_set_path(r->edits, r->root, version, 2, SLICE("1")) ||
	    !edits_set_path(
		r->edits, r->root, cost, 2, arena_copy(r->arena, buf_slice(&a->text))))
		return record_reject(r, "'llm' is no object");
	return EDIT;
}

static void
explain_row(struct table *t, const struct bill_part *part, struct arena *a)
{
	struct slice *row = table_row(t);
	char text[64];

	row[0] = slice_z(part->name);
	row[1] = arena_printf(a, "%" PRIu64, part->count);
	row[2] = arena_copy(a, slice_z(usd_write(part->price, text)));
	row[3] = arena_copy(a, slice_z(usd_write(part->usd, text)));
	row[4] = slice_z(part->source);
}

static void
explain_table(struct annotator *p, struct arena *a)
{
	static const char *const headings[] = { "part", "count", "x $", "= $", "from" };
	const struct bill *b = &p->row.bill;
	struct slice *row;
	struct table t;
	char text[64];

	table_open(&t, 5, a);
	for (size_t i = 0; i < 5; i++) {
		t.heading[i] = slice_z(headings[i]);
		t.right[i] = i > 0 && i < 4;
	}
	for (size_t i = 0; i < b->part_count; i++)
		explain_row(&t, &b->parts[i], a);
	t.rule = t.rows;
	row = table_row(&t);
	row[0] = SLICE("total");
	row[3] = arena_copy(a, slice_z(usd_write(b->usd, text)));
	table_people(&t, &p->text);
	table_close(&t);
}

static enum verdict
explain_record(struct annotator *p, struct record *r)
{
	const struct row *row = &p->row;

	buf_clear(&p->text);
	buf_printf(&p->text, "%s:%" PRIu64 ": ", r->file, r->number);
	buf_printf(&p->text, "%s", row->model.ptr ? diag_clean(row->model) : "no model");
	if (row->unpriced) {
		buf_printf(&p->text, ", unpriced: %s\n", row->unpriced);
	} else if (!row->bill.row) {
		buf_printf(&p->text, ", $0: %s\n",
		    row->kind == ROW_REPLAY ? "replayed from the cache, or a collapsed copy"
					    : "failed, nothing was billed");
	} else {
		buf_printf(&p->text, ", price of %s in %s", row->bill.row, row->bill.table);
		if (row->bill.date)
			buf_printf(&p->text, " of %s", row->bill.date);
		buf_printf(&p->text, "%s%s\n", row->bill.note ? ", " : "",
		    row->bill.note ? row->bill.note : "");
		explain_table(p, r->arena);
	}
	stream_write(p->stream, buf_slice(&p->text));
	return DROP;
}

static enum verdict
judge(struct annotator *p, struct record *r)
{
	row_read(&p->reader, r, &p->row);
	if (p->row.kind == ROW_NOTHING) {
		p->skipped++;
		return explain ? DROP : PASS;
	}
	row_price(&p->row);
	if (r->json->twice.ptr)
		return DROP; /* the stream rejects it */
	if (p->row.unpriced && p->row.kind == ROW_CALL) {
		status_raise(STATUS_REJECTED);
		diag_repeated("unpriced", "%s:%" PRIu64 ": unpriced: %s", r->file, r->number,
		    p->row.unpriced);
	}
	return explain ? explain_record(p, r) : write_cost(p, r);
}

void
annotate_run(const struct option_list *operands)
{
	struct stream_options o =
	    tool_stream(operands, explain ? NO_OBJECT_SKIP : NO_OBJECT_PASS);
	struct annotator *p = mem_zero(sizeof(*p));
	struct record *r;

	reader_open(&p->reader);
	p->stream = stream_open(&o);
	while ((r = stream_next(p->stream)))
		stream_put(p->stream, r, judge(p, r));
	p->skipped += stream_skipped(p->stream);
	stream_close(p->stream);
	if (p->skipped)
		diag_note("%" PRIu64 " lines are no call, skipped", p->skipped);
	buf_free(&p->text);
	free(p);
}
