/* SPDX-License-Identifier: MIT */
/* llm-cost prices lint: what in a price table is likely to be wrong. Any finding is status 1.
 */
#include <errno.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/when.h"
#include "json/write.h"
#include "money/price_rules.h"
#include "cmd/llm-cost/rows/once.h"
#include "prices.h"
#include "lint.h"
#include "stream/file.h"

#define DAY_MS INT64_C(86400000)
/* Dollars for a million tokens: the dearest models known cost 150 in and 600 out. */
#define INPUT_MOST 160
#define OUTPUT_MOST 800
#define EMBEDDING_MOST 20
#define INPUT_LEAST_MICRO 500 /* 0.0005 dollars */
#define CENT 1000000000000    /* for a million tokens, in units of one token's price */
#define RATIO_MOST 400        /* output to input: 2 to 10, with outliers up to 150 */

/* Dollars for a million tokens, in millionths of a dollar, cut. */
static bool
micro(const struct price *p, enum price_class class, uint64_t *out)
{
	struct usd one;

	if (!price_in_lane(p, LANE_REALTIME, class, &one))
		return false;
	*out = (uint64_t)(one.units / 100000000);
	return true;
}

const char *
price_slip(const struct price *p)
{
	uint64_t in = 0, out = 0, most = p->facts.embeds ? EMBEDDING_MOST : INPUT_MOST;
	bool has_in = micro(p, CLASS_INPUT, &in), has_out = micro(p, CLASS_OUTPUT, &out);
	struct usd one = { 0 };

	if (has_in && in > most * 1000000)
		return "input is so dear that it may be the price of a thousand tokens";
	if (has_out && out > UINT64_C(1000000) * OUTPUT_MOST)
		return "output is so dear that it may be the price of a thousand tokens";
	if (has_in && has_out && in && out / RATIO_MOST > in)
		return "output costs over 400 times what input does: a slip of 1,000?";
	if (has_in && has_out && out && in / RATIO_MOST > out)
		return "input costs over 400 times what output does: a slip of 1,000?";
	if (has_in && price_in_lane(p, LANE_REALTIME, CLASS_INPUT, &one) && one.units > 0 &&
	    in < INPUT_LEAST_MICRO)
		return "input is so cheap that it may be the price of a token, divided twice";
	return NULL;
}

static bool
below(const struct price *p, enum price_class less, enum price_class more)
{
	struct usd a, b;

	/* free writes are what some sell */
	return price_in_lane(p, LANE_REALTIME, less, &a) && a.units &&
	       price_in_lane(p, LANE_REALTIME, more, &b) && usd_cmp(a, b) < 0;
}

/* One in the last decimal place that a price has: a cent for a million tokens, or less. */
static struct usd
last_place(struct usd d)
{
	struct usd unit = { 1 };

	while (d.units && d.units % 10 == 0 && unit.units < CENT) {
		d.units /= 10;
		unit.units *= 10;
	}
	return unit;
}

/* Half, as exactly as a price of so many places can be. */
static bool
is_half(struct usd part, struct usd full)
{
	struct usd twice = usd_add(part, part), unit = last_place(part);

	return usd_cmp(usd_add(twice, unit), full) >= 0 &&
	       usd_cmp(twice, usd_add(full, unit)) <= 0;
}

/* Half, for either price that both lanes have; some providers cut less, none cuts more. */
static bool
odd_batch(const struct price *p)
{
	for (unsigned c = CLASS_INPUT; c <= CLASS_OUTPUT; c++) {
		struct usd full, batch;

		if (price_in_lane(p, LANE_REALTIME, (enum price_class)c, &full) &&
		    price_in_lane(p, LANE_BATCH, (enum price_class)c, &batch) &&
		    !is_half(batch, full))
			return true;
	}
	return false;
}

static void
lint_row(struct lint *l, const struct price_book *b, const struct price *p)
{
	const char *slip = price_slip(p);
	struct usd out;

	if (slip)
		lint_finding(l, b->name, p->name, "slip", slice_z(slip));
	if (below(p, CLASS_WRITE_5M, CLASS_INPUT))
		lint_finding(l, b->name, p->name, "write",
		    SLICE("writing to the cache costs less than plain input"));
	if (below(p, CLASS_WRITE_1H, CLASS_WRITE_5M))
		lint_finding(l, b->name, p->name, "write",
		    SLICE("a write for an hour costs less than one for five minutes"));
	if (below(p, CLASS_INPUT, CLASS_CACHED))
		lint_finding(l, b->name, p->name, "cached",
		    SLICE("cached input costs more than plain input"));
	if (odd_batch(p))
		lint_finding(l, b->name, p->name, "batch",
		    SLICE("the batch price is not half of the realtime price"));
	if (p->facts.embeds && price_in_lane(p, LANE_REALTIME, CLASS_OUTPUT, &out) && out.units)
		lint_finding(l, b->name, p->name, "embedding",
		    SLICE("an embedding model with a price for output"));
	if (!price_in_lane(p, LANE_REALTIME, CLASS_INPUT, &out) &&
	    price_in_lane(p, LANE_REALTIME, CLASS_OUTPUT, &out) && out.units)
		lint_finding(
		    l, b->name, p->name, "input", SLICE("a price for output, none for input"));
	if (p->apart[CLASS_WRITE_5M] && !p->apart[CLASS_CACHED])
		lint_finding(l, b->name, p->name, "cached",
		    SLICE("a price for writing to the cache, none for reading from it"));
}

static bool
sells_tokens(const struct price *p)
{
	struct usd in, out;

	return price_in_lane(p, LANE_REALTIME, CLASS_INPUT, &in) && in.units &&
	       price_in_lane(p, LANE_REALTIME, CLASS_OUTPUT, &out) && out.units &&
	       !p->facts.embeds;
}

static bool
has_batch(const struct price *p)
{
	struct usd one;

	return price_in_lane(p, LANE_BATCH, CLASS_INPUT, &one) ||
	       price_rule_find(p, "batch", CLASS_INPUT, when_now());
}

static bool
has_cached(const struct price *p)
{
	return p->apart[CLASS_CACHED];
}

/* Where some rows of a provider have it and others have not, the others are named. */
static void
lint_missing(struct lint *l, const struct price_book *b, size_t from, size_t to,
    bool (*has)(const struct price *p), const char *kind, const char *what)
{
	size_t with = 0, without = 0;
	struct buf names = { 0 };

	for (size_t i = from; i < to; i++) {
		const struct price *p = &b->row[i].price;

		if (!b->row[i].held || !sells_tokens(p))
			continue;
		if (has(p)) {
			with++;
			continue;
		}
		without++;
		if (without <= 3)
			buf_printf(&names, "%s%s", without > 1 ? ", " : "", p->model);
	}
	if (without > 3)
		buf_printf(&names, " and %zu more", without - 3);
	if (with && without)
		lint_finding(l, b->name, b->row[from].price.provider, kind,
		    arena_printf(&l->arena, "%s for %zu of %zu models: %.*s", what, without,
			with + without, SLICE_ARG(buf_slice(&names))));
	buf_free(&names);
}

static void
lint_book(struct lint *l, const struct price_book *b)
{
	int64_t made = b->date ? when_read(slice_z(b->date)) : WHEN_NONE;

	if (made != WHEN_NONE && when_now() - made > prices_settings.max_age)
		lint_finding(l, b->name, NULL, "stale",
		    arena_printf(&l->arena, "the table is of %s, %lld days old", b->date,
			(long long)((when_now() - made) / DAY_MS)));
	for (size_t i = 0, next; i < b->count; i = next) {
		for (next = i; next < b->count &&
			       !strcmp(b->row[next].price.provider, b->row[i].price.provider);
		     next++)
			if (b->row[next].held &&
			    book_wants(&b->row[next], &(struct option_list){ 0 }, 0))
				lint_row(l, b, &b->row[next].price);
		if (prices_settings.provider &&
		    strcmp(prices_settings.provider, b->row[i].price.provider))
			continue;
		lint_missing(l, b, i, next, has_cached, "cached", "no price for cached input");
		lint_missing(
		    l, b, i, next, has_batch, "batch", "no batch price, in no rule either");
	}
}

/* What a log uses: output on a row that only prices input. */
static void
lint_call(struct lint *l, struct row *row, struct hash_map *seen)
{
	bool added;

	if (row->kind != ROW_CALL || !row->has_usage)
		return;
	row_price(row);
	if (row->bill.note == BILL_EMBEDDING &&
	    hash_map_add(seen, slice_z(row->bill.row), &added) != SIZE_MAX && added)
		lint_finding(l, row->bill.table, row->bill.row, "embedding",
		    SLICE("the log has output on an embedding model"));
}

static void
lint_logs(struct lint *l)
{
	struct stream_options o = tool_stream(&prices_settings.logs, NO_OBJECT_SKIP);
	struct hash_map seen = { 0 };
	struct reader reader;
	struct row *row = mem_zero(sizeof(*row));
	struct stream *s;
	struct record *r;

	reader_open(&reader);
	o.no_output = true;
	o.output = NULL;
	s = stream_open(&o);
	while ((r = stream_next(s))) {
		row_read(&reader, r, row);
		do
			lint_call(l, row, &seen);
		while (row_next(&reader, r, row));
		stream_put(s, r, DROP);
	}
	stream_close(s);
	hash_map_free(&seen);
	free(row);
}

static void
lint_all(struct lint *l, const struct option_list *files)
{
	for (size_t i = 0; i < files->count; i++) {
		struct buf text = { 0 };
		struct price_book b;

		book_file(&b, files->item[i], &text);
		lint_text(l, files->item[i], buf_slice(&text));
		lint_book(l, &b);
		book_close(&b);
		buf_free(&text);
	}
	for (size_t i = files->count ? 0 : price_layer_count(); i-- > 0;) {
		struct price_book b;

		/* the compiled table only where nothing else was named */
		if (i == 0 && price_layer_count() > 1)
			break;
		book_layer(&b, price_layer_get(i));
		l->compiled = i == 0;
		lint_book(l, &b);
		l->compiled = false;
		book_close(&b);
	}
	if (prices_settings.logs.count)
		lint_logs(l);
}

static void
accepted_json(const struct lint *l)
{
	write_name(l->json, "accepted");
	write_array(l->json);
	for (size_t i = 0; i < l->accepted_count; i++) {
		write_object(l->json);
		write_name(l->json, "row");
		write_string(l->json, l->accepted[i].row);
		write_name(l->json, "kind");
		write_string(l->json, l->accepted[i].kind);
		write_name(l->json, "text");
		write_string(l->json, l->accepted[i].what);
		write_name(l->json, "why");
		write_string(l->json, l->accepted[i].why);
		write_object_end(l->json);
	}
	write_array_end(l->json);
}

void
prices_lint(const struct option_list *files, const char *format, struct buf *out)
{
	static const char *const headings[] = { "table", "row", "kind", "what" };
	struct writer w = { .out = out };
	struct lint l = { .json = strcmp(format, "json") ? NULL : &w };

	table_open(&l.table, 4, &l.arena);
	for (size_t i = 0; i < 4; i++)
		l.table.heading[i] = slice_z(headings[i]);
	if (l.json)
		write_object(&w), write_name(&w, "findings"), write_array(&w);
	lint_all(&l, files);
	if (l.json) {
		write_array_end(&w);
		accepted_json(&l);
		write_object_end(&w);
		buf_add_byte(out, '\n');
	} else if (l.findings) {
		table_as(format, &l.table, out);
	}
	if (l.accepted_count && !l.json)
		diag_note("%zu findings on the compiled table were looked at and stand: "
			  "'--format json' has them with the reasons",
		    l.accepted_count);
	if (l.findings)
		status_raise(STATUS_NO);
	free(l.accepted);
	table_close(&l.table);
	arena_close(&l.arena);
}
