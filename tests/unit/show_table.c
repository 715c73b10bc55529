/* SPDX-License-Identifier: MIT */
/* Tables: what people see, CSV by RFC 4180, Markdown; odd texts in cells. */
#include "show/table.c"

#include "check.h"

static void
fill_table(struct table *t, struct arena *a)
{
	struct slice *row;

	table_open(t, 2, a);
	t->heading[0] = SLICE("name");
	t->heading[1] = SLICE("n");
	t->right[1] = true;
	row = table_row(t);
	row[0] = SLICE("a,b");
	row[1] = SLICE("1");
	row = table_row(t);
	row[0] = SLICE("say \"x\"|\x1b[31m");
	row[1] = SLICE("1,000");
	t->rule = t->rows;
	row = table_row(t);
	row[0] = SLICE("caf\xc3\xa9");
}

int
main(void)
{
	struct arena a = { 0 };
	struct buf out = { 0 };
	struct table t;

	fill_table(&t, &a);
	check_group("for people: aligned, no control characters");
	table_people(&t, &out);
	CHECK_SLICE(buf_slice(&out), "name               n\n"
				     "-------------  -----\n"
				     "a,b                1\n"
				     "say \"x\"|?[31m  1,000\n"
				     "-------------  -----\n"
				     "caf\xc3\xa9\n");
	buf_free(&out);
	check_group("CSV");
	table_csv(&t, &out);
	CHECK_SLICE(buf_slice(&out),
	    "name,n\n\"a,b\",1\n\"say \"\"x\"\"|\x1b[31m\",\"1,000\"\ncaf\xc3\xa9,\n");
	buf_free(&out);
	check_group("Markdown: nothing in a cell is markup");
	table_markdown(&t, &out);
	CHECK_SLICE(buf_slice(&out),
	    "| name | n |\n| --- | ---: |\n| a,b | 1 |\n| say \"x\"\\|?\\[31m | 1,000 |\n"
	    "| caf\xc3\xa9 |  |\n");
	buf_free(&out);
	check_group("no rows");
	table_close(&t);
	table_open(&t, 1, &a);
	t.heading[0] = SLICE("x");
	table_people(&t, &out);
	CHECK_SLICE(buf_slice(&out), "x\n-\n");
	buf_free(&out);
	table_close(&t);
	arena_close(&a);
	return check_finish();
}
