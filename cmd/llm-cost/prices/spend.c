/* SPDX-License-Identifier: MIT */
#include "spend.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "money/price_find.h"
#include "cmd/llm-cost/rows/once.h"
#include "prices.h"

/* The spend of one model of the log by either table. */
struct model {
	uint64_t requests, unpriced_a, unpriced_b;
	struct usd a, b;
};

/* The row's bill by one table, added to the sum or taken back from it. */
static void
bill_by(size_t layer, const struct row *row, bool back, struct usd *sum, uint64_t *unpriced)
{
	struct price_query q = row_query(row, row->model, row->lane);
	struct price_found found = price_find_layer(layer, q.model, q.provider);
	struct bill b = { 0 };

	if (found.group)
		bill_group(found.group, &q, &row->usage, &b);
	if (b.priced)
		*sum = back ? usd_sub(*sum, b.usd) : usd_add(*sum, b.usd);
	else
		*unpriced += back ? UINT64_MAX : 1;
}

struct spend {
	struct hash_map models;
	struct model *model; /* by index of the model */
	size_t layer;        /* of A; that of B is the next */
	struct once_book book;
	struct reader reader;
	struct row row, old;
};

static void
count_row(struct spend *l, const struct row *row, bool back)
{
	bool added;
	size_t i = hash_map_add(&l->models, slice_head(row->model, 200), &added);
	struct model *s;

	if (added) {
		l->model = mem_grow(l->model, i + 1, sizeof(*l->model));
		l->model[i] = (struct model){ 0 };
	}
	s = &l->model[i];
	s->requests += back ? UINT64_MAX : 1;
	bill_by(l->layer, row, back, &s->a, &s->unpriced_a);
	bill_by(l->layer + 1, row, back, &s->b, &s->unpriced_b);
}

static void
judge(struct spend *l, const struct record *r)
{
	uint32_t *place;
	enum once once;

	if (l->row.kind != ROW_CALL || !l->row.has_usage || !l->row.model.ptr ||
	    r->json->twice.ptr)
		return;
	once = once_judge(&l->book, &l->reader, &l->row, &place, &l->old);
	if (once == ONCE_LARGER)
		count_row(l, &l->old, true);
	if (once != ONCE_AGAIN)
		count_row(l, &l->row, false);
}

static void
add_layer(const char *file)
{
	const char *why;

	if (!prices_load(file, &why))
		diag_die(STATUS_USAGE, "%s", why);
}

void
spend_read(struct spend *l, const struct option_list *files)
{
	struct stream_options o = tool_stream(&prices_settings.logs, NO_OBJECT_SKIP);
	struct stream *s;
	struct record *r;

	l->layer = price_layer_count();
	add_layer(files->item[0]);
	add_layer(files->item[1]);
	reader_open(&l->reader);
	o.no_output = true;
	o.output = NULL;
	s = stream_open(&o);
	while ((r = stream_next(s))) {
		row_read(&l->reader, r, &l->row);
		do
			judge(l, r);
		while (row_next(&l->reader, r, &l->row));
		stream_put(s, r, DROP);
	}
	stream_close(s);
}

void
spend_json(const struct spend *l, struct writer *w)
{
	char text[64];

	write_name(w, "spend");
	write_array(w);
	for (size_t i = 0; i < l->models.count; i++) {
		const struct model *s = &l->model[i];

		write_object(w);
		write_name(w, "model");
		write_string(w, l->models.keys[i]);
		write_name(w, "requests");
		write_number(w, s->requests);
		write_name(w, "a");
		write_z(w, usd_write(s->a, text));
		write_name(w, "b");
		write_z(w, usd_write(s->b, text));
		write_name(w, "change_usd");
		write_z(w, usd_write(usd_sub(s->b, s->a), text));
		write_name(w, "unpriced_a");
		write_number(w, s->unpriced_a);
		write_name(w, "unpriced_b");
		write_number(w, s->unpriced_b);
		write_object_end(w);
	}
	write_array_end(w);
}

static struct slice
dollars(struct usd d, struct arena *a)
{
	char text[64];

	return arena_copy(a, slice_z(usd_write(d, text)));
}

void
spend_table(const struct spend *l, const char *format, struct arena *a, struct buf *out)
{
	static const char *const headings[] = { "model", "requests", "by A $", "by B $",
		"change $", "unpriced A", "unpriced B" };
	struct table t;

	table_open(&t, 7, a);
	for (size_t i = 0; i < 7; i++) {
		t.heading[i] = slice_z(headings[i]);
		t.right[i] = i > 0;
	}
	for (size_t i = 0; i < l->models.count; i++) {
		const struct model *s = &l->model[i];
		struct slice *cell = table_row(&t);

		cell[0] = l->models.keys[i];
		cell[1] = arena_printf(a, "%llu", (unsigned long long)s->requests);
		cell[2] = dollars(s->a, a);
		cell[3] = dollars(s->b, a);
		cell[4] = dollars(usd_sub(s->b, s->a), a);
		cell[5] = arena_printf(a, "%llu", (unsigned long long)s->unpriced_a);
		cell[6] = arena_printf(a, "%llu", (unsigned long long)s->unpriced_b);
	}
	buf_add_byte(out, '\n');
	table_as(format, &t, out);
	table_close(&t);
}

struct spend *
spend_open(void)
{
	return mem_zero(sizeof(struct spend));
}

void
spend_close(struct spend *l)
{
	once_free(&l->book);
	hash_map_free(&l->models);
	free(l->model);
	free(l);
}
