/* SPDX-License-Identifier: MIT */
/* llm-cost prices show: which row a name of a model leads to, and what each class costs there.
 */
#include "base/when.h"
#include "json/write.h"
#include "money/price_conflict.h"
#include "money/price_find.h"
#include "money/price_lane.h"
#include "prices.h"

struct shown {
	const char *name; /* as it was asked for */
	const struct price_group *group;
	const struct price *price;
	struct price_book book; /* of the layer that has it */
	const char *source, *note;
	struct slice conflict, holds;
	struct arena *arena;
};

/* A line of the table: one class in one lane for prompts above a count. */
struct line {
	enum lane lane;
	uint64_t above;
	enum price_class class;
	struct class_price price;
};
typedef void line_fn(void *context, const struct line *l);

/* Bounds of the tiers of all lanes, 0 first, rising. */
static size_t
bounds_of(const struct price *p, uint64_t bound[LANES * PRICE_TIERS])
{
	size_t count = 1;

	bound[0] = 0;
	for (unsigned lane = 0; lane < LANES; lane++)
		for (size_t i = 1; i < p->lane[lane].count; i++) {
			uint64_t above = p->lane[lane].tier[i].above;
			size_t k = count;

			for (; k && bound[k - 1] > above; k--)
				;
			if (k && bound[k - 1] == above)
				continue;
			memmove(&bound[k + 1], &bound[k], (count - k) * sizeof(*bound));
			bound[k] = above;
			count++;
		}
	return count;
}

/* What the row or a rule says, not what follows from a class that contains it. */
static bool
is_said(const struct price *p, const struct line *l)
{
	if (!l->price.has || (price_class_is_unit(l->class) && l->lane != LANE_REALTIME))
		return false;
	return p->apart[l->class] || (!strcmp(l->price.source, BILL_RULE) && !l->price.note);
}

/* A tier is told where it differs from the one below. */
static bool
same_price(const struct class_price *a, const struct class_price *b)
{
	return a->has == b->has && usd_cmp(a->usd, b->usd) == 0 && a->source == b->source;
}

static void
each_line(const struct price *p, line_fn *each, void *context)
{
	uint64_t bound[LANES * PRICE_TIERS];
	size_t bounds = bounds_of(p, bound);
	int64_t now = when_now();

	for (unsigned lane = 0; lane < LANES; lane++)
		for (unsigned c = 0; c < PRICE_CLASSES; c++) {
			struct class_price last = { 0 };

			for (size_t i = 0; i < bounds; i++) {
				struct line l = { (enum lane)lane, bound[i],
					(enum price_class)c, { 0 } };

				l.price = price_class_price(
				    p, l.lane, NULL, bound[i] ? bound[i] + 1 : 0, now, l.class);
				if (!is_said(p, &l) || same_price(&l.price, &last))
					continue;
				last = l.price;
				each(context, &l);
			}
		}
}

/* Since when the row holds, else the date of its table; NULL if neither is known. */
static const char *
date_of(const struct shown *s)
{
	return s->price->from ? s->price->from : s->book.date;
}

struct sheet {
	const struct shown *shown;
	struct table table;
	struct arena *arena;
	struct writer *writer;
};

static void
line_cells(void *context, const struct line *l)
{
	struct sheet *s = context;
	struct slice *cell = table_row(&s->table);
	char text[64];

	cell[0] = slice_z(lane_name(l->lane));
	cell[1] = slice_z(price_class_name[l->class]);
	if (l->above)
		cell[2] = arena_printf(s->arena, "%llu", (unsigned long long)l->above);
	cell[3] = arena_copy(
	    s->arena, slice_z(usd_write(price_for_people(l->class, l->price.usd), text)));
	cell[4] = slice_z(l->price.source);
	cell[5] = slice_z(l->price.note ? l->price.note : "");
}

/* For programs every line says whose price it is. */
static const char *const csv_headings[] = { "model", "row", "date", "table", "lane", "class",
	"above", "price", "source", "note" };
enum { CSV_COLUMNS = sizeof(csv_headings) / sizeof(*csv_headings) };

static void
line_csv(void *context, const struct line *l)
{
	struct sheet *s = context;
	const struct shown *shown = s->shown;
	struct slice *cell = table_row(&s->table);
	char text[64];

	cell[0] = slice_z(shown->name);
	cell[1] = slice_z(shown->price->name);
	if (date_of(shown))
		cell[2] = arena_copy(s->arena, slice_z(date_of(shown)));
	cell[3] = arena_copy(s->arena, slice_z(shown->book.name));
	cell[4] = slice_z(lane_name(l->lane));
	cell[5] = slice_z(price_class_name[l->class]);
	cell[6] = arena_printf(s->arena, "%llu", (unsigned long long)l->above);
	cell[7] = arena_copy(
	    s->arena, slice_z(usd_write(price_for_people(l->class, l->price.usd), text)));
	cell[8] = slice_z(l->price.source);
	cell[9] = slice_z(l->price.note ? l->price.note : "");
}

static void
line_json(void *context, const struct line *l)
{
	struct writer *w = ((struct sheet *)context)->writer;
	char text[64];

	write_object(w);
	write_name(w, "lane");
	write_z(w, lane_name(l->lane));
	write_name(w, "class");
	write_z(w, price_class_name[l->class]);
	write_name(w, "above");
	write_number(w, l->above);
	write_name(w, "price");
	write_z(w, usd_write(price_for_people(l->class, l->price.usd), text));
	write_name(w, "source");
	write_z(w, l->price.source);
	if (l->price.note) {
		write_name(w, "note");
		write_z(w, l->price.note);
	}
	write_object_end(w);
}

static void
show_people(const struct shown *s, const char *format, struct buf *out)
{
	static const char *const headings[] = { "lane", "class", "above", "$", "from", "note" };
	const struct price *p = s->price;
	struct sheet sheet = { .arena = s->arena };

	buf_printf(out, "%s: %s in %s", s->name, p->name, s->book.name);
	if (s->book.date)
		buf_printf(out, " of %s", s->book.date);
	if (p->from)
		buf_printf(out, ", from %s on", p->from);
	if (s->source)
		buf_printf(out, ", %s", s->source);
	buf_printf(out, "%s%s\n", s->note ? ", " : "", s->note ? s->note : "");
	if (s->conflict.ptr)
		buf_printf(out,
		    "the tables disagree (genai-prices / litellm): %.*s; %s holds\n",
		    SLICE_ARG(s->conflict),
		    slice_eqz(s->holds, "litellm") ? "litellm" : "genai-prices");
	buf_printf(out, "dollars for a million tokens, or a thousand calls\n");
	table_open(&sheet.table, 6, s->arena);
	for (size_t i = 0; i < 6; i++)
		sheet.table.heading[i] = slice_z(headings[i]);
	sheet.table.right[2] = sheet.table.right[3] = true;
	each_line(p, line_cells, &sheet);
	table_as(format, &sheet.table, out);
	table_close(&sheet.table);
}

static void
show_json(const struct shown *s, struct writer *w)
{
	const struct price *p = s->price;
	struct sheet sheet = { .writer = w };

	write_object(w);
	write_name(w, "model");
	write_z(w, s->name);
	write_name(w, "row");
	write_z(w, p ? p->name : NULL);
	if (!p) {
		write_name(w, "why");
		write_z(w, s->note);
		write_object_end(w);
		return;
	}
	write_name(w, "table");
	write_z(w, s->book.name);
	write_name(w, "date");
	write_z(w, date_of(s));
	write_name(w, "source");
	write_z(w, s->source);
	write_name(w, "note");
	write_z(w, s->note);
	write_name(w, "conflict");
	if (s->conflict.ptr)
		write_string(w, s->conflict);
	else
		write_null(w);
	write_name(w, "prices");
	write_array(w);
	each_line(p, line_json, &sheet);
	write_array_end(w);
	write_object_end(w);
}

static const char *
source_of(const struct price_book *b, const struct price *p)
{
	for (size_t i = 0; i < b->count; i++) {
		const struct price *q = &b->row[i].price;

		if (!strcmp(p->name, q->name) && p->since == q->since && p->starts == q->starts)
			return b->row[i].source;
	}
	return NULL;
}

static void
find(struct shown *s, const char *name)
{
	struct price_found found = price_find(slice_z(name), slice_z(prices_settings.provider));
	bool early;

	s->name = name;
	s->group = found.group;
	s->note = found.why;
	if (!found.group)
		return;
	s->price = price_at(found.group, when_now(), &early);
	s->note = early ? "before the first known price" : NULL;
	book_layer(&s->book, found.group->layer);
	s->source = source_of(&s->book, s->price);
	if (found.group->layer->number == 0)
		s->conflict = price_conflict(
		    slice_z(s->price->provider), slice_z(s->price->model), &s->holds);
}

void
prices_show(const struct option_list *models, const char *format, struct buf *out)
{
	bool json = !strcmp(format, "json"), csv = !strcmp(format, "csv");
	struct writer w = { .out = out };
	struct arena arena = { 0 };
	struct sheet sheet = { .arena = &arena };

	table_open(&sheet.table, CSV_COLUMNS, &arena);
	for (size_t i = 0; i < CSV_COLUMNS; i++)
		sheet.table.heading[i] = slice_z(csv_headings[i]);
	if (json)
		write_object(&w), write_name(&w, "models"), write_array(&w);
	for (size_t i = 0; i < models->count; i++) {
		struct shown s = { .arena = &arena };

		find(&s, models->item[i]);
		if (!s.price) {
			diag_warn("%s: %s", diag_clean(slice_z(s.name)), s.note);
			status_raise(STATUS_NO);
		}
		if (json)
			show_json(&s, &w);
		else if (s.price && csv) {
			sheet.shown = &s;
			each_line(s.price, line_csv, &sheet);
		} else if (s.price)
			buf_printf(out, "%s", out->len ? "\n" : ""),
			    show_people(&s, format, out);
		book_close(&s.book);
	}
	if (json) {
		write_array_end(&w);
		write_object_end(&w);
		buf_add_byte(out, '\n');
	}
	if (csv)
		table_as(format, &sheet.table, out);
	table_close(&sheet.table);
	arena_close(&arena);
}
