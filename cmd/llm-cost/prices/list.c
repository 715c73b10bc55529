/* SPDX-License-Identifier: MIT */
/* llm-cost prices list and show: the rows that hold, and all that is known of one. */
#include "prices.h"

#include "base/when.h"
#include "json/write.h"
#include "money/price_find.h"
#include "money/price_lane.h"

#define DAY_MS INT64_C(86400000)

static const struct {
	const char *heading;
	enum lane lane;
	enum price_class class;
} shown[] = { { "input", LANE_REALTIME, CLASS_INPUT },
	{ "output", LANE_REALTIME, CLASS_OUTPUT }, { "cached", LANE_REALTIME, CLASS_CACHED },
	{ "write", LANE_REALTIME, CLASS_WRITE_5M }, { "batch_input", LANE_BATCH, CLASS_INPUT },
	{ "batch_output", LANE_BATCH, CLASS_OUTPUT } };
#define SHOWN (sizeof(shown) / sizeof(*shown))

static struct slice
amount(struct arena *a, enum price_class class, struct usd one)
{
	char text[64];

	return arena_copy(a, slice_z(usd_write(price_for_people(class, one), text)));
}

static void
list_row(const struct price_book *b, const struct book_row *r, struct table *t, struct arena *a)
{
	const struct price *p = &r->price;
	struct slice *cell = table_row(t);
	struct usd one;

	cell[0] = arena_copy(a, slice_z(p->name));
	for (size_t i = 0; i < SHOWN; i++)
		if (price_in_lane(p, shown[i].lane, shown[i].class, &one))
			cell[1 + i] = amount(a, shown[i].class, one);
	cell[1 + SHOWN] = arena_copy(a, slice_z(p->from ? p->from : ""));
	cell[2 + SHOWN] = slice_z(b->name);
	cell[3 + SHOWN] = arena_copy(a, slice_z(r->source ? r->source : ""));
}

static void
lane_json(const struct price *p, enum lane lane, struct writer *w)
{
	char text[64];

	for (size_t i = 0; i < p->lane[lane].count; i++) {
		const struct price_tier *t = &p->lane[lane].tier[i];

		for (unsigned c = 0; c < PRICE_CLASSES; c++) {
			if (!t->has[c])
				continue;
			write_object(w);
			write_name(w, "lane");
			write_z(w, lane_name(lane));
			write_name(w, "above");
			write_number(w, t->above);
			write_name(w, "class");
			write_z(w, price_class_name[c]);
			write_name(w, "price");
			write_z(w,
			    usd_write(price_for_people((enum price_class)c, t->usd[c]), text));
			write_object_end(w);
		}
	}
}

static void
row_json(const struct price_book *b, const struct book_row *r, struct writer *w)
{
	const struct price *p = &r->price;
	int64_t made = b->date ? when_read(slice_z(b->date)) : WHEN_NONE;

	write_object(w);
	write_name(w, "row");
	write_z(w, p->name);
	write_name(w, "provider");
	write_z(w, p->provider);
	write_name(w, "model");
	write_z(w, p->model);
	write_name(w, "from");
	write_z(w, p->from);
	write_name(w, "table");
	write_z(w, b->name);
	write_name(w, "date");
	write_z(w, b->date);
	write_name(w, "age_days");
	if (made == WHEN_NONE)
		write_null(w);
	else
		write_signed(w, (when_now() - made) / DAY_MS);
	write_name(w, "source");
	write_z(w, r->source);
	write_name(w, "prices");
	write_array(w);
	for (unsigned lane = 0; lane < LANES; lane++)
		lane_json(p, (enum lane)lane, w);
	write_array_end(w);
	write_object_end(w);
}

static void
open_list(struct table *t, struct arena *a)
{
	table_open(t, 4 + SHOWN, a);
	t->heading[0] = SLICE("row");
	for (size_t i = 0; i < SHOWN; i++) {
		t->heading[1 + i] = slice_z(shown[i].heading);
		t->right[1 + i] = true;
	}
	t->heading[1 + SHOWN] = SLICE("from");
	t->heading[2 + SHOWN] = SLICE("table");
	t->heading[3 + SHOWN] = SLICE("source");
}

void
prices_list(const struct option_list *words, const char *format, struct buf *out)
{
	struct arena arena = { 0 };
	struct writer w = { .out = out };
	bool json = !strcmp(format, "json");
	struct table t;

	open_list(&t, &arena);
	if (json)
		write_object(&w), write_name(&w, "rows"), write_array(&w);
	for (size_t i = price_layer_count(); i-- > 0;) {
		struct price_book b;

		book_layer(&b, price_layer_get(i));
		for (size_t k = 0; k < b.count; k++) {
			const struct book_row *r = &b.row[k];

			if ((!r->held && !prices_settings.history) || !book_wants(r, words, 0))
				continue;
			if (json)
				row_json(&b, r, &w);
			else
				list_row(&b, r, &t, &arena);
		}
		book_close(&b);
	}
	if (json) {
		write_array_end(&w);
		write_object_end(&w);
		buf_add_byte(out, '\n');
	} else {
		table_as(format, &t, out);
	}
	table_close(&t);
	arena_close(&arena);
}
