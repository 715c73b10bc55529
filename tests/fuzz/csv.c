/* SPDX-License-Identifier: MIT */
/* Rows of CSV: every row that is one becomes an object that a strict reader takes, with one
 * member for each column; rows and line ends together are the input. */
#include "cmd/llm-batch/csv.c"
#include "json/scan.h"

static struct json json;

static void
check_row(struct csv *c, struct buf *out)
{
	const char *why;
	size_t where;

	if (csv_blank(c))
		return;
	if (!c->name_count) {
		csv_header(c, &why);
		return;
	}
	buf_clear(out);
	if (!csv_object(c, out, &why))
		return;
	if (!json_scan(&json, buf_slice(out), &why, &where)) {
		if (strcmp(why, "invalid UTF-8") != 0)
			abort(); /* all that quoting cannot mend is what was no UTF-8 before */
	} else if (json_length(json_root(&json)) != c->name_count) {
		abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct csv c = { .fault = NULL };
	struct buf out = { 0 };
	size_t used = 0;

	for (size_t i = 0; i < size; i++) {
		if (!csv_byte(&c, (char)data[i])) {
			used += !c.row_open; /* LF, where CR ended the row */
			continue;
		}
		used += c.raw.len;
		check_row(&c, &out);
		csv_next(&c);
	}
	used += c.raw.len;
	if (used != size)
		abort();
	if (csv_end(&c))
		check_row(&c, &out);
	csv_free(&c);
	buf_free(&out);
	return 0;
}
