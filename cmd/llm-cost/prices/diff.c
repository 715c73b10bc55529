/* SPDX-License-Identifier: MIT */
/* llm-cost prices diff A B: what changed between two tables, and what that does to a log. */
#include "json/write.h"
#include "prices.h"
#include "spend.h"

struct diff {
	struct price_book a, b;
	struct table table;
	struct writer *json; /* or NULL */
	struct arena arena;
	size_t added, removed, models, changes, slips;
};

/* Change in hundredths of a percent, rounded toward zero; "" where one of both is nothing. */
static struct slice
percent(struct usd a, struct usd b, struct arena *arena)
{
	__int128 hundredths;

	if (a.units == 0)
		return SLICE("");
	/* prices and sums are far below the bound of 128 bits */
	hundredths = (b.units - a.units) / (a.units / 10000 ? a.units / 10000 : 1);
	if (hundredths > INT64_MAX || hundredths < INT64_MIN)
		return SLICE("");
	return arena_printf(arena, "%s%lld.%02lld", hundredths < 0 ? "-" : "+",
	    (long long)(hundredths < 0 ? -hundredths : hundredths) / 100,
	    (long long)(hundredths < 0 ? -hundredths : hundredths) % 100);
}

/* A hundred times more or less is no new price. */
static bool
is_slip(struct usd a, struct usd b)
{
	return a.units > 0 && b.units > 0 &&
	       (a.units / 100 >= b.units || b.units / 100 >= a.units);
}

struct change {
	const struct price *row; /* of the newer table */
	enum lane lane;
	uint64_t above;
	enum price_class class;
	bool has_a, has_b;
	struct usd a, b;
	const char *slip;
};

static void
change_json(const struct change *c, struct writer *w, struct arena *a)
{
	char text[64];
	struct slice share = c->has_a && c->has_b ? percent(c->a, c->b, a) : SLICE("");

	write_object(w);
	write_name(w, "row");
	write_z(w, c->row->name);
	write_name(w, "lane");
	write_z(w, lane_name(c->lane));
	write_name(w, "above");
	write_number(w, c->above);
	write_name(w, "class");
	write_z(w, price_class_name[c->class]);
	write_name(w, "a");
	write_z(w, c->has_a ? usd_write(price_for_people(c->class, c->a), text) : NULL);
	write_name(w, "b");
	write_z(w, c->has_b ? usd_write(price_for_people(c->class, c->b), text) : NULL);
	write_name(w, "change_percent");
	if (share.len)
		write_string(w, slice_drop(share, *share.ptr == '+'));
	else
		write_null(w);
	write_name(w, "slip");
	write_z(w, c->slip);
	write_object_end(w);
}

static void
report_change(struct diff *d, const struct change *c)
{
	struct slice *cell;
	char text[64];

	d->changes++;
	d->slips += c->slip != NULL;
	if (d->json) {
		change_json(c, d->json, &d->arena);
		return;
	}
	cell = table_row(&d->table);
	cell[0] = arena_copy(&d->arena, slice_z(c->row->name));
	cell[1] = c->above ? arena_printf(&d->arena, "%s above %llu", lane_name(c->lane),
				 (unsigned long long)c->above)
			   : slice_z(lane_name(c->lane));
	cell[2] = slice_z(price_class_name[c->class]);
	if (c->has_a)
		cell[3] = arena_copy(
		    &d->arena, slice_z(usd_write(price_for_people(c->class, c->a), text)));
	if (c->has_b)
		cell[4] = arena_copy(
		    &d->arena, slice_z(usd_write(price_for_people(c->class, c->b), text)));
	if (c->has_a && c->has_b)
		cell[5] = percent(c->a, c->b, &d->arena);
	cell[6] = slice_z(c->slip ? c->slip : "");
}

static const struct price_tier *
tier_at(const struct price_lane *l, uint64_t above)
{
	for (size_t i = 0; i < l->count; i++)
		if (l->tier[i].above == above)
			return &l->tier[i];
	return NULL;
}

static const char *
slip_of(const struct change *c)
{
	if (c->has_a && c->has_b && is_slip(c->a, c->b))
		return "changed a hundredfold or more: a slip of 1,000?";
	return c->has_b && c->lane == LANE_REALTIME && !c->above && c->class <= CLASS_OUTPUT
		   ? price_slip(c->row)
		   : NULL;
}

static size_t
compare_tier(
    struct diff *d, struct change c, const struct price_tier *x, const struct price_tier *y)
{
	size_t before = d->changes;

	for (unsigned i = 0; i < PRICE_CLASSES; i++) {
		c.class = (enum price_class)i;
		c.has_a = x && x->has[i];
		c.has_b = y && y->has[i];
		if (c.has_a)
			c.a = x->usd[i];
		if (c.has_b)
			c.b = y->usd[i];
		if (c.has_a == c.has_b && (!c.has_a || usd_cmp(c.a, c.b) == 0))
			continue;
		c.slip = slip_of(&c);
		report_change(d, &c);
	}
	return d->changes - before;
}

static void
compare_rows(struct diff *d, const struct price *p, const struct price *q)
{
	size_t changes = 0;

	for (unsigned lane = 0; lane < LANES; lane++) {
		const struct price_lane *x = &p->lane[lane], *y = &q->lane[lane];
		struct change c = { .row = q, .lane = (enum lane)lane };

		for (size_t i = 0; i < x->count; i++) {
			c.above = x->tier[i].above;
			changes += compare_tier(d, c, &x->tier[i], tier_at(y, c.above));
		}
		for (size_t i = 0; i < y->count; i++) {
			c.above = y->tier[i].above;
			if (!tier_at(x, c.above))
				changes += compare_tier(d, c, NULL, &y->tier[i]);
		}
	}
	d->models += changes > 0;
}

static const struct book_row *
next_held(const struct price_book *b, size_t *i)
{
	while (*i < b->count &&
	       (!b->row[*i].held || !book_wants(&b->row[*i], &(struct option_list){ 0 }, 0)))
		++*i;
	return *i < b->count ? &b->row[*i] : NULL;
}

/* Both books are sorted by name. */
static void
compare_books(struct diff *d)
{
	const struct book_row *x, *y;
	size_t i = 0, k = 0;

	while ((x = next_held(&d->a, &i)) || next_held(&d->b, &k)) {
		int order;

		y = next_held(&d->b, &k);
		order = !x ? 1 : !y ? -1 : strcmp(x->price.name, y->price.name);
		d->removed += order < 0;
		d->added += order > 0;
		if (order == 0)
			compare_rows(d, &x->price, &y->price);
		i += order <= 0;
		k += order >= 0;
	}
}

static void
finish_json(const struct diff *d, const struct spend *l, struct writer *w)
{
	write_array_end(w);
	write_name(w, "models_changed");
	write_number(w, d->models);
	write_name(w, "added");
	write_number(w, d->added);
	write_name(w, "removed");
	write_number(w, d->removed);
	write_name(w, "slips");
	write_number(w, d->slips);
	if (prices_settings.logs.count)
		spend_json(l, w);
	write_object_end(w);
	buf_add_byte(w->out, '\n');
}

void
prices_diff(const struct option_list *files, const char *format, struct buf *out)
{
	static const char *const headings[] = { "row", "lane", "class", "A $", "B $",
		"change %", "" };
	struct buf text[2] = { { 0 }, { 0 } };
	struct spend *log = spend_open();
	struct writer w = { .out = out };
	struct diff d = { .json = strcmp(format, "json") ? NULL : &w };

	book_file(&d.a, files->item[0], &text[0]);
	book_file(&d.b, files->item[1], &text[1]);
	table_open(&d.table, 7, &d.arena);
	for (size_t i = 0; i < 7; i++) {
		d.table.heading[i] = slice_z(headings[i]);
		d.table.right[i] = i > 2 && i < 6;
	}
	if (d.json)
		write_object(&w), write_name(&w, "changed"), write_array(&w);
	compare_books(&d);
	if (prices_settings.logs.count)
		spend_read(log, files);
	if (d.json) {
		finish_json(&d, log, &w);
	} else {
		if (d.changes)
			table_as(format, &d.table, out);
		if (prices_settings.logs.count)
			spend_table(log, format, &d.arena, out);
		diag_note(
		    "%zu models changed, %zu added, %zu removed", d.models, d.added, d.removed);
	}
	if (d.slips)
		status_raise(STATUS_NO);
	spend_close(log);
	table_close(&d.table);
	arena_close(&d.arena);
	book_close(&d.a);
	book_close(&d.b);
	buf_free(&text[0]);
	buf_free(&text[1]);
}
