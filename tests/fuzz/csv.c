/* SPDX-License-Identifier: MIT */
/* Rows of CSV: rows, line ends and a mark at the start are together the input; fields that are
 * written again are read as the same. */
#include <stdlib.h>

#include "text/csv.h"

static void
check_row(const struct csv *c)
{
	struct csv again = { .lines = false };
	struct buf b = { 0 };
	struct slice rest;

	if (csv_blank(c))
		return;
	for (size_t i = 0; i < c->row.count; i++) {
		struct slice cell = csv_cell(c, i);

		buf_add(&b, i ? SLICE(",\"") : SLICE("\""));
		for (size_t k = 0; k < cell.len; k++) {
			if (cell.ptr[k] == '"')
				buf_add_byte(&b, '"');
			buf_add_byte(&b, cell.ptr[k]);
		}
		buf_add_byte(&b, '"');
	}
	rest = buf_slice(&b);
	if (!csv_read(&again, &rest) || again.fault || again.row.count != c->row.count)
		abort();
	for (size_t i = 0; i < c->row.count; i++)
		if (!slice_eq(csv_cell(c, i), csv_cell(&again, i)))
			abort();
	csv_free(&again);
	buf_free(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice mark = SLICE("\xEF\xBB\xBF");
	struct csv c = { .lines = false };
	size_t used = slice_starts(slice_of((const char *)data, size), mark) ? 3 : 0;

	for (size_t i = 0; i < size; i++) {
		if (!csv_byte(&c, (char)data[i])) {
			used += !c.open && c.mark > 3; /* LF, where CR ended the row */
			continue;
		}
		used += c.raw.len;
		check_row(&c);
		csv_next(&c);
	}
	if (csv_end(&c))
		check_row(&c);
	used += c.raw.len;
	if (used != size)
		abort();
	csv_free(&c);
	return 0;
}
