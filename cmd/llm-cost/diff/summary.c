/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/when.h"
#include "diff.h"
#include "show/members.h"
#include "money/price_table.h"
#include "tool/tool.h"

#define VERSION 1

/* The counts of a row that a summary keeps; those that are 0 are left out. */
static const struct {
	const char *name;
	size_t offset;
} counts[] = {
	{ "input", offsetof(struct diff_row, input) },
	{ "cached", offsetof(struct diff_row, cached) },
	{ "written_5m", offsetof(struct diff_row, written_5m) },
	{ "written_1h", offsetof(struct diff_row, written_1h) },
	{ "output", offsetof(struct diff_row, output) },
	{ "reasoning", offsetof(struct diff_row, reasoning) },
	{ "audio_in", offsetof(struct diff_row, audio_in) },
	{ "audio_out", offsetof(struct diff_row, audio_out) },
	{ "audio_cached", offsetof(struct diff_row, audio_cached) },
	{ "image_in", offsetof(struct diff_row, image_in) },
	{ "image_out", offsetof(struct diff_row, image_out) },
	{ "image_cached", offsetof(struct diff_row, image_cached) },
	{ "web_searches", offsetof(struct diff_row, web_searches) },
};
#define COUNTS (sizeof(counts) / sizeof(*counts))

static uint64_t *
count_at(struct diff_row *row, size_t i)
{
	return (uint64_t *)((char *)row + counts[i].offset);
}

static uint64_t
count_of(const struct diff_row *row, size_t i)
{
	uint64_t n;

	memcpy(&n, (const char *)row + counts[i].offset, sizeof(n));
	return n;
}

bool
diff_is_summary(struct value root)
{
	return json_type(json_get(root, "llm_cost_summary")) == JSON_NUMBER;
}

static _Noreturn void
broken(const struct record *r, const char *why)
{
	diag_die(STATUS_USAGE, "%s:%" PRIu64 ": %s", r->file, r->number, why);
}

static void
head_line(struct diff_side *side, const struct record *r)
{
	struct slice date = json_string(json_get(r->root, "prices"), r->arena);
	uint64_t version;

	if (!json_whole(json_get(r->root, "llm_cost_summary"), &version) || version != VERSION)
		broken(r, "a summary of another version: write it again by '--update'");
	date = slice_take(date, sizeof(side->date) - 1);
	if (date.len)
		memcpy(side->date, date.ptr, date.len);
}

static struct slice
text_of(struct value root, const char *name, struct arena *a)
{
	struct slice s = json_string(json_get(root, name), a);

	return s.ptr ? s : SLICE("");
}

/* The values of --by, where the summary was made with the same fields. */
static void
group_key(const struct diff *d, struct value root, struct buf *key)
{
	struct value by = json_get(root, "by");

	for (size_t i = 0; i < d->by.count; i++) {
		struct value v = json_get(by, d->by.field[i].text);

		buf_add(key, json_type(v) ? json_raw(v) : SLICE("null"));
		buf_add_byte(key, '\n');
	}
}

static void
read_names(struct diff *d, struct diff_row *row, const struct record *r)
{
	struct slice model = text_of(r->root, "model", r->arena);
	struct slice provider = text_of(r->root, "provider", r->arena);
	struct slice lane = text_of(r->root, "lane", r->arena);
	struct slice time = text_of(r->root, "time", r->arena);
	struct buf key = { 0 };

	buf_add(&key, model);
	buf_add_byte(&key, '\n');
	buf_add(&key, provider);
	row->name = (uint32_t)hash_map_add(&d->names, buf_slice(&key), NULL);
	buf_clear(&key);
	group_key(d, r->root, &key);
	row->group = (uint32_t)hash_map_add(&d->groups, buf_slice(&key), NULL);
	buf_free(&key);
	if (lane.len && !lane_named(lane, &row->lane))
		broken(r, "no lane of this name");
	row->own_time = time.len > 0;
	row->when = time.len ? when_read(time) : when_now();
	if (row->when == WHEN_NONE)
		broken(r, "the time is none");
}

static bool
is_true(struct value v)
{
	return json_type(v) == JSON_TRUE;
}

static void
row_line(struct diff *d, struct diff_side *side, const struct record *r)
{
	struct slice usd = json_string(json_get(r->root, "usd"), r->arena);
	struct slice id = json_string(json_get(r->root, "id"), r->arena);
	struct diff_row *row;

	if (!id.ptr)
		broken(r, "a row of a summary has an 'id'");
	row = diff_add(d, side, id);
	row->line = r->number;
	read_names(d, row, r);
	for (size_t i = 0; i < COUNTS; i++) {
		struct value v = json_get(r->root, counts[i].name);

		if (json_type(v) && !json_whole(v, count_at(row, i)))
			broken(r, "a count is no whole number");
	}
	row->request = is_true(json_get(r->root, "request"));
	row->failed = is_true(json_get(r->root, "failed"));
	row->replay = is_true(json_get(r->root, "replay"));
	row->us = is_true(json_get(r->root, "us"));
	row->has_usage = !is_true(json_get(r->root, "no_usage"));
	row->bounded = json_whole(json_get(r->root, "most"), &row->most);
	if (!usd.ptr)
		row->unpriced = "the baseline had no price";
	else if (!usd_read(usd, &row->usd))
		broken(r, "'usd' is no amount");
}

void
diff_summary_line(struct diff *d, struct diff_side *side, const struct record *r)
{
	struct value price = json_get(r->root, "price");

	if (json_type(json_get(r->root, "llm_cost_summary"))) {
		head_line(side, r);
	} else if (json_type(price) == JSON_OBJECT) {
		buf_add(&side->pins, json_raw(price));
		buf_add_byte(&side->pins, '\n');
	} else {
		row_line(d, side, r);
	}
	if (r->json->twice.ptr)
		broken(r, "a member stands twice");
}

static const struct diff *sorted_diff;

static int
by_id(const void *a, const void *b)
{
	const struct diff_row *x = *(const struct diff_row *const *)a,
			      *y = *(const struct diff_row *const *)b;
	int order = slice_cmp(diff_id(sorted_diff, x->id), diff_id(sorted_diff, y->id));

	return order ? order : (x > y) - (x < y);
}

static void
flag(struct writer *w, const char *name, bool set)
{
	if (!set)
		return;
	write_name(w, name);
	write_bool(w, true);
}

static void
write_names(const struct diff *d, const struct diff_row *row, struct writer *w)
{
	struct slice name = d->names.keys[row->name];
	size_t n = slice_find(name, '\n');
	char when[25];

	write_name(w, "model");
	write_string(w, slice_take(name, n));
	if (n + 1 < name.len) {
		write_name(w, "provider");
		write_string(w, slice_drop(name, n + 1));
	}
	if (row->lane != LANE_REALTIME)
		member_text(w, "lane", lane_name(row->lane));
	if (row->own_time) {
		when_write(row->when, when);
		member_text(w, "time", when);
	}
	if (!d->by.count)
		return;
	write_name(w, "by");
	write_object(w);
	for (size_t i = 0; i < d->by.count; i++) {
		write_name(w, d->by.field[i].text);
		write_raw(w, by_value(d->groups.keys[row->group], i));
	}
	write_object_end(w);
}

static void
write_row(const struct diff *d, const struct diff_row *row, struct buf *out)
{
	struct writer w = { .out = out };
	uint64_t n;

	write_object(&w);
	write_name(&w, "id");
	write_string(&w, diff_id(d, row->id));
	write_names(d, row, &w);
	for (size_t i = 0; i < COUNTS; i++)
		if ((n = count_of(row, i)))
			member_count(&w, counts[i].name, n);
	flag(&w, "request", row->request);
	if (row->request && row->bounded)
		member_count(&w, "most", row->most);
	flag(&w, "failed", row->failed);
	flag(&w, "replay", row->replay);
	flag(&w, "us", row->us);
	flag(&w, "no_usage", !row->has_usage);
	if (!row->unpriced)
		member_usd(&w, "usd", row->usd);
	write_object_end(&w);
	buf_add_byte(out, '\n');
}

/* All rows of the model in the layer that priced it: {"price":…} a line. */
static void
write_pin(const char *name, const char *table, struct buf *out)
{
	struct slice full = slice_z(name);
	size_t slash = slice_find(full, '/');
	struct buf head = { 0 };
	size_t n;

	buf_add(&head, SLICE("{\"provider\":"));
	json_quote(&head, slash < full.len ? slice_take(full, slash) : SLICE(""));
	buf_add(&head, SLICE(",\"model\":"));
	json_quote(&head, slash < full.len ? slice_drop(full, slash + 1) : full);
	buf_add_byte(&head, ',');
	for (size_t i = price_layer_count(); i-- > 0;) {
		const struct price_layer *layer = price_layer_get(i);
		bool found = false;

		if (strcmp(layer->name, table) != 0)
			continue;
		for (struct slice rest = layer->rows; rest.len;
		     rest = slice_drop(rest, n + 1)) {
			n = slice_find(rest, '\n');
			if (!slice_starts(rest, buf_slice(&head)))
				continue;
			buf_add(out, SLICE("{\"price\":"));
			buf_add(out, slice_take(rest, n));
			buf_add(out, SLICE("}\n"));
			found = true;
		}
		if (found)
			break;
	}
	buf_free(&head);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Each price row once, by name. */
static void
write_pins(const struct diff *d, const struct diff_side *side, struct buf *out)
{
	struct hash_map rows = { 0 };
	const char **name = mem_alloc((d->names.count + 1) * sizeof(*name));
	const char **table = mem_alloc((d->names.count + 1) * sizeof(*table));
	const char **order = mem_alloc((d->names.count + 1) * sizeof(*order));
	bool *used = mem_zero(d->names.count + 1), added;

	for (size_t i = 0; i < side->count; i++)
		used[side->row[i].name] = true;
	for (size_t i = 0; i < d->names.count; i++) {
		size_t n = slice_find(d->names.keys[i], '\n'), k;
		struct price_query q = { slice_take(d->names.keys[i], n),
			slice_drop(d->names.keys[i], n + 1), when_now(), LANE_REALTIME };
		struct bill b;

		if (!used[i])
			continue;
		bill_counts(&q, 1, 0, &b);
		if (!b.row)
			continue;
		k = hash_map_add(&rows, slice_z(b.row), &added);
		name[k] = order[k] = b.row;
		table[k] = b.table;
	}
	qsort(order, rows.count, sizeof(*order), by_name);
	for (size_t i = 0; i < rows.count; i++)
		write_pin(order[i], table[hash_map_find(&rows, slice_z(order[i]))], out);
	hash_map_free(&rows);
	free(name);
	free(table);
	free(order);
	free(used);
}

void
diff_summary_write(const struct diff *d, const struct diff_side *side, struct buf *out)
{
	const struct diff_row **order = mem_alloc((side->count + 1) * sizeof(*order));
	struct writer w = { .out = out };
	uint64_t input = 0, output = 0;
	struct usd usd = { 0 };

	for (size_t i = 0; i < side->count; i++) {
		order[i] = &side->row[i];
		input += order[i]->input;
		output += order[i]->output;
		usd = usd_add(usd, order[i]->usd);
	}
	sorted_diff = d;
	qsort(order, side->count, sizeof(*order), by_id);
	write_object(&w);
	member_count(&w, "llm_cost_summary", VERSION);
	member_text(&w, "prices", prices_date());
	member_count(&w, "rows", side->count);
	member_count(&w, "input_tokens", input);
	member_count(&w, "output_tokens", output);
	member_usd(&w, "usd", usd);
	write_object_end(&w);
	buf_add_byte(out, '\n');
	write_pins(d, side, out);
	for (size_t i = 0; i < side->count; i++)
		write_row(d, order[i], out);
	free(order);
}
