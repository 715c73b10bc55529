/* SPDX-License-Identifier: MIT */
/* lib/money: price tables of any form. What a table becomes must be JSON, each row on one
 * line, and each row is one that can be read or has a reason. */
#include <stdlib.h>

#include "money/price_load.h"

static void
check_row(struct json *json, struct slice line, struct arena *a)
{
	const char *why;
	size_t where;
	struct price p;

	if (!json_scan(json, line, &why, &where))
		abort();
	if (json_type(json_get(json_root(json), "model")) == JSON_ABSENT)
		return;
	if (price_row_read(json_root(json), a, &p, &why))
		price_row_free(&p);
	else if (!why)
		abort();
}

static void
check_name(struct slice line)
{
	size_t tabs = 0;

	for (size_t i = 0; i < line.len; i++)
		tabs += line.ptr[i] == '\t';
	if (tabs != 2 && tabs != 3)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = slice_of((const char *)data, size);
	static struct json json;
	struct price_build b = { 0 };
	struct arena arena = { 0 };
	struct usd d;
	char out[64];
	size_t line;

	if (size > 1u << 16)
		return 0;
	if (usd_read(text, &d)) {
		struct usd again;

		if (!usd_read(slice_z(usd_write(d, out)), &again) || usd_cmp(d, again) != 0)
			abort();
	}
	prices_build(&b, text, &line);
	for (struct slice rest = buf_slice(&b.rows); !b.why && rest.len;
	     rest = slice_drop(rest, slice_find(rest, '\n') + 1))
		check_row(&json, slice_take(rest, slice_find(rest, '\n')), &arena);
	for (struct slice rest = buf_slice(&b.names); rest.len;
	     rest = slice_drop(rest, slice_find(rest, '\n') + 1))
		check_name(slice_take(rest, slice_find(rest, '\n')));
	prices_build_close(&b);
	arena_close(&arena);
	return 0;
}
