/* SPDX-License-Identifier: MIT */
#include "base/when.h"
#include "json/write.h"
#include "money/price_build.h"

static void
add_lower(struct buf *out, struct slice name)
{
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];

		buf_add_byte(out, c >= 'A' && c <= 'Z' ? (char)(c + 32) : c);
	}
}

static bool
is_line(struct slice s)
{
	return slice_find(s, '\t') == s.len && slice_find(s, '\n') == s.len;
}

void
build_name(struct price_build *b, struct slice provider, struct slice name, struct slice model)
{
	bool away = name.len && name.ptr[0] == '!';
	bool pattern =
	    away || slice_find(name, '*') < name.len || slice_find(name, '#') < name.len;

	if (!is_line(provider) || !is_line(name) || !is_line(model))
		return;
	buf_add(&b->names, provider);
	buf_add(&b->names, pattern ? SLICE("\t\t") : SLICE("\t"));
	add_lower(&b->names, slice_drop(name, away));
	buf_add_byte(&b->names, '\t');
	if (!away)
		buf_add(&b->names, model);
	buf_add_byte(&b->names, '\n');
}

void
build_head(struct price_build *b, struct slice provider, struct slice model)
{
	buf_add(&b->rows, SLICE("{\"provider\":"));
	json_quote(&b->rows, provider);
	buf_add(&b->rows, SLICE(",\"model\":"));
	json_quote(&b->rows, model);
	b->count++;
}

void
build_on_one_line(struct buf *out, struct slice raw)
{
	for (size_t i = 0; i < raw.len; i++)
		buf_add_byte(out, raw.ptr[i] == '\n' || raw.ptr[i] == '\r' ? ' ' : raw.ptr[i]);
}

/* {"fallback": ["openai"], "provider": "azure"} */
static void
build_fallback(struct price_build *b, struct value row)
{
	struct slice provider = json_string(json_get(row, "provider"), &b->arena);

	if (!provider.len) {
		b->why = "a fallback without a provider";
		return;
	}
	buf_add(&b->rows, SLICE("{\"fallback\":"));
	build_on_one_line(&b->rows, json_raw(json_get(row, "fallback")));
	buf_add(&b->rows, SLICE(",\"provider\":"));
	json_quote(&b->rows, provider);
	buf_add(&b->rows, SLICE("}\n"));
}

static void
build_date(struct price_build *b, struct value row)
{
	struct slice date = json_string(json_get(row, "date"), &b->arena);

	if (date.len == 10 && when_read(date) != WHEN_NONE)
		memcpy(b->date, date.ptr, 10);
	else
		b->why = "the date of the table is not as 2026-01-31";
}

void
build_own(struct price_build *b, struct value row)
{
	struct slice provider, model;
	struct price p;

	if (json_type(json_get(row, "fallback")) == JSON_ARRAY) {
		build_fallback(b, row);
		return;
	}
	if (json_type(json_get(row, "model")) == JSON_ABSENT &&
	    json_type(json_get(row, "date"))) {
		build_date(b, row);
		return;
	}
	if (!price_row_read(row, &b->arena, &p, &b->why))
		return;
	provider = arena_copy(&b->arena, slice_z(p.provider));
	model = arena_copy(&b->arena, slice_z(p.model));
	price_row_free(&p);
	build_head(b, provider, model);
	build_name(b, provider, model, model);
	for (struct value k = json_first(row); json_type(k); k = json_next(k)) {
		struct slice name = json_string(k, &b->arena);

		if (slice_eqz(name, "provider") || slice_eqz(name, "model"))
			continue;
		buf_add_byte(&b->rows, ',');
		buf_add(&b->rows, json_raw(k));
		buf_add_byte(&b->rows, ':');
		build_on_one_line(&b->rows, json_raw(json_member_value(k)));
	}
	buf_add(&b->rows, SLICE("}\n"));
	for (struct value v = json_first(json_get(row, "match")); json_type(v);
	     v = json_next(v))
		build_name(b, provider, json_string(v, &b->arena), model);
}
