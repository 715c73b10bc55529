/* SPDX-License-Identifier: MIT */
#include "units.h"

#include <errno.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/mem.h"
#include "stream/file.h"
#include "text/csv.h"

struct reading {
	struct units *units;
	const struct by *by;
	const char *file;
	size_t line;
	struct arena arena;
	struct csv csv;
	/* which column of it is what */
	size_t field_column[BY_FIELDS], units_column;
	size_t fields;
};

static _Noreturn void
wrong(const struct reading *r, const char *what)
{
	diag_die(STATUS_USAGE, "%s:%zu: %s", diag_clean(slice_z(r->file)), r->line, what);
}

static void
add_count(struct units *u, struct slice key, uint64_t n)
{
	bool added;
	size_t i = hash_map_add(&u->keys, key, &added);

	if (added) {
		u->count = mem_grow(u->count, i + 1, sizeof(*u->count));
		u->met = mem_grow(u->met, i + 1, sizeof(*u->met));
		u->count[i] = 0;
		u->met[i] = false;
	}
	u->count[i] += n;
	u->sum += n;
}

static uint64_t
whole_number(const struct reading *r, struct slice text)
{
	uint64_t n = 0;

	text = slice_trim(text);
	if (!text.len || text.len > 18)
		wrong(r, "units are no whole number");
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			wrong(r, "units are no whole number");
		n = n * 10 + (uint64_t)(text.ptr[i] - '0');
	}
	return n;
}

static void
read_heading(struct reading *r)
{
	size_t needed = r->by->over ? r->by->over - 1 : r->by->count;

	r->units_column = csv_column(&r->csv, SLICE("units"));
	if (r->units_column == SIZE_MAX)
		wrong(r, "no column 'units'");
	for (size_t f = 0; f < r->by->count; f++) {
		r->field_column[f] = csv_column(&r->csv, slice_z(r->by->field[f].text));
		if (f < needed && r->field_column[f] == SIZE_MAX)
			wrong(r, "a field of --by has no column");
	}
	r->fields = needed;
	if (needed < r->by->count && r->field_column[needed] != SIZE_MAX)
		r->fields = r->by->count;
}

static void
read_csv(struct reading *r, struct slice text)
{
	struct buf key = { 0 };

	r->line = 1;
	if (!csv_read(&r->csv, &text) || !csv_header(&r->csv))
		wrong(r, "no heading");
	read_heading(r);
	while (csv_read(&r->csv, &text)) {
		r->line = r->csv.line;
		if (r->csv.fault)
			wrong(r, r->csv.fault);
		buf_clear(&key);
		for (size_t f = 0; f < r->fields; f++) {
			if (r->field_column[f] >= r->csv.row.count)
				wrong(r, "a cell is missing");
			buf_add(&key, csv_cell(&r->csv, r->field_column[f]));
			buf_add_byte(&key, '\n');
		}
		add_count(r->units, buf_slice(&key),
		    whole_number(r, csv_cell(&r->csv, r->units_column)));
	}
	csv_free(&r->csv);
	buf_free(&key);
}

static struct slice
text_of(struct value v, struct arena *a)
{
	struct slice text = json_string(v, a);

	return text.ptr ? text : json_type(v) > JSON_NULL ? json_raw(v) : SLICE("");
}

static void
read_json_line(struct reading *r, struct json *j, struct slice line, struct buf *key)
{
	size_t needed = r->by->over ? r->by->over - 1 : r->by->count;
	struct value root, v;
	const char *why;
	size_t where;

	if (!json_scan(j, line, &why, &where))
		wrong(r, why);
	root = json_root(j);
	buf_clear(key);
	for (size_t f = 0; f < r->by->count; f++) {
		v = json_get(root, r->by->field[f].text);
		if (!json_type(v) && f < needed)
			wrong(r, "a field of --by is missing");
		if (f >= needed && !r->units->keys.count)
			r->fields = json_type(v) ? r->by->count : needed;
		if (f < r->fields) {
			buf_add(key, text_of(v, &r->arena));
			buf_add_byte(key, '\n');
		}
	}
	v = json_get(root, "units");
	add_count(r->units, buf_slice(key), whole_number(r, text_of(v, &r->arena)));
}

static void
read_jsonl(struct reading *r, struct slice rest)
{
	struct buf key = { 0 };
	struct json j = { 0 };

	r->fields = r->by->over ? r->by->over - 1 : r->by->count;
	while (rest.len) {
		struct slice line = slice_trim(slice_take(rest, slice_find(rest, '\n')));

		rest = slice_drop(rest, slice_find(rest, '\n') + 1);
		r->line++;
		if (line.len)
			read_json_line(r, &j, line, &key);
	}
	json_free(&j);
	buf_free(&key);
}

void
units_read(struct units *u, const char *file, const struct by *by)
{
	struct reading r = { .units = u, .by = by, .file = file };
	struct buf text = { 0 };
	struct slice rest;

	if (!file_read(file, &text))
		diag_die(STATUS_USAGE, "'--units' %s: %s", diag_clean(slice_z(file)),
		    strerror(errno));
	rest = slice_trim(buf_slice(&text));
	u->given = true;
	if (slice_starts(rest, SLICE("{")))
		read_jsonl(&r, rest);
	else
		read_csv(&r, rest);
	u->with_over = by->over && r.fields == by->count;
	arena_close(&r.arena);
	buf_free(&text);
}

void
units_apply(struct units *u, struct groups *g, size_t fields)
{
	struct arena a = { 0 };
	struct buf key = { 0 };

	for (size_t i = 0; i < g->keys.count; i++) {
		size_t at;

		if (slice_eq(g->keys.keys[i], GROUPS_REST))
			continue;
		buf_clear(&key);
		for (size_t f = 0; f < fields; f++) {
			struct slice value = by_value(g->keys.keys[i], f);

			if (!slice_eq(value, SLICE("null")))
				buf_add(&key, by_text(value, &a));
			buf_add_byte(&key, '\n');
		}
		arena_reset(&a);
		at = hash_map_find(&u->keys, buf_slice(&key));
		u->without_units += at == SIZE_MAX;
		if (at == SIZE_MAX)
			continue;
		g->list[i].has_units = u->met[at] = true;
		g->list[i].units = u->count[at];
	}
	for (size_t i = 0; i < u->keys.count; i++)
		u->without_cost += !u->met[i];
	g->total.has_units = true;
	g->total.units = u->sum;
	buf_free(&key);
	arena_close(&a);
}

bool
units_unmet(const struct units *u, size_t i, struct slice *key)
{
	*key = u->keys.keys[i];
	return !u->met[i];
}

void
units_free(struct units *u)
{
	hash_map_free(&u->keys);
	free(u->count);
	free(u->met);
	*u = (struct units){ 0 };
}
