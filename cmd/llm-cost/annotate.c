/* SPDX-License-Identifier: MIT */
/* llm-cost annotate: the bill of each record, written on it or explained as a table. */
#include "cost.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "json/write.h"
#include "cmd/llm-cost/rows/row.h"
#include "show/table.h"

static bool explain;

const struct option annotate_options[] = {
	{ 0, "explain", OPTION_FLAG, NULL, &explain,
	    "print the factors of each record as a table, not the record", NULL },
	ROW_OPTIONS,
	{ 0 },
};

#define PARTS_KEPT 512
#define PRICES_KEPT 128
#define WAYS 4   /* places for each of them, the oldest is given up */
#define PIECE 64 /* the longest has an amount of 42 bytes */

/* The text of a part but for its count and its dollars, as three pieces. */
struct kept {
	const char *name, *source;
	struct usd price;
	size_t head, middle, tail; /* their lengths */
	char text[3][PIECE];
};

/* The text of where a bill's prices are from. */
struct kept_price {
	const char *row, *date, *table, *note;
	struct buf text; /* empty: free */
};

struct annotator {
	struct reader reader;
	struct stream *stream;
	struct row row;
	struct buf text;
	struct kept kept[PARTS_KEPT];
	struct kept_price prices[PRICES_KEPT];
	size_t made; /* texts that are kept, or were */
	uint64_t skipped;
};

static void
price(struct annotator *p, const struct record *r)
{
	row_price(&p->row);
	if (!p->row.unpriced || p->row.kind != ROW_CALL || r->json->twice.ptr)
		return;
	status_raise(STATUS_REJECTED);
	diag_repeated(
	    "unpriced", "%s:%" PRIu64 ": unpriced: %s", r->file, r->number, p->row.unpriced);
}

static bool
next_call(struct annotator *p, const struct record *r)
{
	if (!row_next(&p->reader, r, &p->row))
		return false;
	price(p, r);
	return true;
}

/* {"row":…,"date":…,"table":…} */
static void
write_price(struct kept_price *k, const struct bill *b)
{
	struct writer w = { .out = &k->text };

	buf_clear(&k->text);
	write_object(&w);
	write_name(&w, "row");
	write_z(&w, b->row);
	write_name(&w, "date");
	write_z(&w, b->date);
	write_name(&w, "table");
	write_z(&w, b->table);
	if (b->note) {
		write_name(&w, "note");
		write_z(&w, b->note);
	}
	write_object_end(&w);
	k->row = b->row;
	k->date = b->date;
	k->table = b->table;
	k->note = b->note;
}

/* The first of the WAYS places where something that is kept may be. */
static size_t
place_of(const char *text, uint64_t number, size_t kept)
{
	uint64_t hash = ((uintptr_t)text + number) * UINT64_C(0x9E3779B97F4A7C15);

	return (size_t)((hash >> 32) * (kept / WAYS) >> 32) * WAYS;
}

/* All that it is made of lives as long as the run, so one text stands for equal addresses. */
static void
add_price(struct annotator *p, const struct bill *b)
{
	struct kept_price *k = &p->prices[place_of(b->row, (uintptr_t)b->date, PRICES_KEPT)];
	size_t i = 0;

	while (i < WAYS && !(k[i].text.len && k[i].row == b->row && k[i].date == b->date &&
			       k[i].table == b->table && k[i].note == b->note))
		i++;
	if (i == WAYS)
		write_price(&k[i = p->made++ % WAYS], b);
	buf_add(&p->text, buf_slice(&k[i].text));
}

static inline void
add_z(struct buf *out, const char *text)
{
	buf_add(out, slice_z(text));
}

/* What a part of this class and price has around its numbers: names and sources are plain, so
 * nothing is to be escaped. */
static void
write_kept(struct kept *k, const struct bill_part *part)
{
	char price[64];

	k->name = part->name;
	k->source = part->source;
	k->price = part->price;
	k->head =
	    (size_t)snprintf(k->text[0], PIECE, "{\"name\":\"%s\",\"count\":", part->name);
	k->middle = (size_t)snprintf(
	    k->text[1], PIECE, ",\"price\":\"%s\",\"usd\":\"", usd_write(part->price, price));
	k->tail = (size_t)snprintf(k->text[2], PIECE, "\",\"source\":\"%s\"", part->source);
	assert(k->head < PIECE && k->middle < PIECE && k->tail < PIECE);
}

/* All of it is copied, which takes no call, and so much of that stays. */
static inline void
add_piece(struct buf *out, const char text[PIECE], size_t len)
{
	memcpy(buf_room(out, PIECE), text, PIECE);
	out->len += len;
}

static const struct kept *
kept_of(struct annotator *p, const struct bill_part *part)
{
	struct kept *k =
	    &p->kept[place_of(part->name, (uint64_t)part->price.units, PARTS_KEPT)];

	for (size_t i = 0; i < WAYS; i++)
		if (k[i].name == part->name && k[i].source == part->source &&
		    k[i].price.units == part->price.units)
			return &k[i];
	k += p->made++ % WAYS;
	write_kept(k, part);
	return k;
}

static void
add_part(struct annotator *p, const struct bill_part *part)
{
	const struct kept *k = kept_of(p, part);
	struct buf *out = &p->text;

	add_piece(out, k->text[0], k->head);
	buf_add_number(out, part->count);
	add_piece(out, k->text[1], k->middle);
	usd_put(part->usd, out);
	add_piece(out, k->text[2], k->tail);
	if (part->row) {
		add_z(out, ",\"row\":");
		json_quote(out, slice_z(part->row));
	}
	buf_add_byte(out, '}');
}

/* The bill of one call, as an object. */
static void
cost_json(struct annotator *p)
{
	const struct row *row = &p->row;
	struct buf *out = &p->text;

	if (row->unpriced) {
		add_z(out, "{\"usd\":null,\"unpriced\":");
		json_quote(out, slice_z(row->unpriced));
		buf_add_byte(out, '}');
		return;
	}
	add_z(out, "{\"usd\":\"");
	usd_put(row->bill.usd, out);
	add_z(out, "\",\"price\":");
	if (row->bill.row)
		add_price(p, &row->bill);
	else
		add_z(out, "null");
	add_z(out, ",\"parts\":[");
	for (size_t i = 0; i < row->bill.part_count; i++) {
		if (i)
			buf_add_byte(out, ',');
		add_part(p, &row->bill.parts[i]);
	}
	add_z(out, "]}");
}

/* Of a line with several calls: their sum, and each. */
static void
calls_json(struct annotator *p, struct record *r)
{
	const char *unpriced = NULL;
	struct usd sum = { 0 };
	char text[64];

	add_z(&p->text, "{\"calls\":[");
	do {
		if (p->row.unpriced)
			unpriced = p->row.unpriced;
		else
			sum = usd_add(sum, p->row.bill.usd);
		cost_json(p);
		buf_add_byte(&p->text, ',');
	} while (next_call(p, r));
	p->text.len--;
	add_z(&p->text, "],\"usd\":");
	if (unpriced) {
		add_z(&p->text, "null,\"unpriced\":");
		json_quote(&p->text, slice_z(unpriced));
		buf_add_byte(&p->text, '}');
	} else {
		buf_printf(&p->text, "\"%s\"}", usd_write(sum, text));
	}
}

static enum verdict
write_cost(struct annotator *a, struct record *r)
{
	static const char *const version[] = { "llm", "v" }, *const cost[] = { "llm", "cost" };
	bool first = !a->row.request.llm.json;

	buf_clear(&a->text);
	if (first)
		add_z(&a->text, "{\"v\":1,\"cost\":");
	if (a->row.usage.several)
		calls_json(a, r);
	else
		cost_json(a);
	if (first) {
		buf_add_byte(&a->text, '}');
		edits_set(r->edits, r->root, "llm", buf_slice(&a->text));
	} else if (!edits_set_path(r->edits, r->root, version, 2, SLICE("1")) ||
		   !edits_set_path(r->edits, r->root, cost, 2, buf_slice(&a->text))) {
		return record_reject(r, "'llm' is no object");
	}
	return EDIT;
}

static void
explain_row(struct table *t, const struct bill_part *part, struct arena *a)
{
	struct slice *row = table_row(t);
	char text[64];

	row[0] = part->row ? arena_printf(a, "%s of %s", part->name, part->row)
			   : slice_z(part->name);
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

static void
explain_call(struct annotator *p, struct record *r)
{
	const struct row *row = &p->row;

	buf_printf(&p->text, "%s:%" PRIu64 ": ", r->file, r->number);
	buf_printf(&p->text, "%s", row->model.ptr ? diag_clean(row->model) : "no model");
	if (row->unpriced) {
		buf_printf(&p->text, ", unpriced: %s\n", row->unpriced);
	} else if (!row->bill.row) {
		buf_printf(&p->text, ", $0: %s\n",
		    row->kind == ROW_REPLAY ? "replayed from the cache, a collapsed copy, or a draft "
					      "with a line of its own"
					    : "failed, nothing was billed");
	} else {
		buf_printf(&p->text, ", price of %s in %s", row->bill.row, row->bill.table);
		if (row->bill.date)
			buf_printf(&p->text, " of %s", row->bill.date);
		buf_printf(&p->text, "%s%s\n", row->bill.note ? ", " : "",
		    row->bill.note ? row->bill.note : "");
		explain_table(p, r->arena);
	}
}

static enum verdict
explain_record(struct annotator *p, struct record *r)
{
	buf_clear(&p->text);
	do
		explain_call(p, r);
	while (next_call(p, r));
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
	price(p, r);
	if (r->json->twice.ptr)
		return DROP; /* the stream rejects it */
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
	for (size_t i = 0; i < PRICES_KEPT; i++)
		buf_free(&p->prices[i].text);
	free(p);
}
