/* SPDX-License-Identifier: MIT */
/* llm-batch: rows of CSV, templates, and the set of ids. */
#include "check.h"

#include "cmd/llm-batch/csv.c"
#include "cmd/llm-batch/spool.c"
#include "cmd/llm-batch/cells.c"
#include "cmd/llm-batch/ids.c"
#include "cmd/llm-batch/line.c"
#include "cmd/llm-batch/template.c"

/* All rows of a text as objects (or their faults in angle brackets), a line each. */
static struct slice
rows_of(struct slice text, struct buf *out)
{
	struct csv c = { .fault = NULL };
	const char *why;

	buf_clear(out);
	for (size_t i = 0; i <= text.len; i++) {
		if (!(i < text.len ? csv_byte(&c, text.ptr[i]) : csv_end(&c)))
			continue;
		if (!c.name_count) {
			CHECK(csv_header(&c, &why));
		} else if (csv_blank(&c)) {
			buf_add(out, SLICE("\n"));
		} else {
			if (!csv_object(&c, out, &why))
				buf_printf(out, "<%s>", why);
			buf_printf(out, "@%d\n", (int)c.line);
		}
		csv_next(&c);
	}
	csv_free(&c);
	return buf_slice(out);
}

static void
check_csv(void)
{
	struct buf b = { 0 };

	check_group("rows of CSV");
	CHECK_SLICE(rows_of(SLICE("a,b\n1,2\n"), &b), "{\"a\":\"1\",\"b\":\"2\"}@2\n");
	CHECK_SLICE(
	    rows_of(SLICE("a\r\n1\r\n\r\n2"), &b), "{\"a\":\"1\"}@2\n\n{\"a\":\"2\"}@4\n");
	CHECK_SLICE(rows_of(SLICE("a,b\n\"x,\"\"\n\",\n,\"\"\n"), &b),
	    "{\"a\":\"x,\\\"\\n\",\"b\":\"\"}@2\n{\"a\":\"\",\"b\":\"\"}@4\n");
	CHECK_SLICE(rows_of(SLICE("a\n\"x\r\ny\"\r\nz\rz\n"), &b),
	    "{\"a\":\"x\\u000d\\ny\"}@2\n{\"a\":\"z\"}@4\n{\"a\":\"z\"}@5\n");
	CHECK_SLICE(rows_of(SLICE("a,b\r1,\"x\ry\"\r\r2,\"\r\n\"\r3,\"z\"\r\n4,5"), &b),
	    "{\"a\":\"1\",\"b\":\"x\\u000dy\"}@2\n\n{\"a\":\"2\",\"b\":\"\\u000d\\n\"}@5\n"
	    "{\"a\":\"3\",\"b\":\"z\"}@7\n{\"a\":\"4\",\"b\":\"5\"}@8\n");
	CHECK_SLICE(rows_of(SLICE("a,b\n1\n1,2,3\n"), &b),
	    "<fewer fields than the first row>@2\n<more fields than the first row>@3\n");
	CHECK_SLICE(rows_of(SLICE("a\n\"x\"y\nx\"y\n\"open\n"), &b),
	    "<text behind a closing quote>@2\n<a quote inside a field that is not quoted>@3\n"
	    "<a quoted field that does not end>@4\n");
	CHECK_SLICE(rows_of(SLICE("a\n"), &b), "");
	buf_free(&b);
}

static struct slice
filled(const char *text, const char *row, struct buf *out)
{
	struct json j = { 0 };
	const char *why = NULL, *hole;
	size_t where;
	struct template *t = template_open(slice_z(text), &why);

	buf_clear(out);
	if (!t) {
		buf_printf(out, "<%s>", why);
		return buf_slice(out);
	}
	CHECK(json_scan(&j, slice_z(row), &why, &where));
	hole = template_fill(t, SLICE("ID"), json_root(&j), slice_z(row), out);
	if (hole) {
		buf_clear(out);
		buf_printf(out, "<%s>", hole);
	}
	template_close(t);
	json_free(&j);
	return buf_slice(out);
}

static void
check_template(void)
{
	struct buf b = { 0 };

	check_group("templates");
	CHECK_SLICE(filled("{\"params\":{\"x\":\"{a}-{a}\"}}", "{\"a\":\"q\\\"\\ud800\"}", &b),
	    "{\"custom_id\":\"ID\",\"params\":{\"x\":\"q\\\"\\ud800-q\\\"\\ud800\"}}");
	CHECK_SLICE(filled("{\"params\":{\"x\":[\"{a}\",\"{.b[1]}\"]}}",
			"{\"a\":1e2,\"b\":[0,null]}", &b),
	    "{\"custom_id\":\"ID\",\"params\":{\"x\":[\"1e2\",\"null\"]}}");
	CHECK_SLICE(filled("{\"params\":{\"{a}\":\"{{{{{a}}\"}}", "{\"a\":\"x\"}", &b),
	    "{\"custom_id\":\"ID\",\"params\":{\"{a}\":\"{{x}\"}}");
	CHECK_SLICE(filled("{\"params\":{\"x\":\"{line}\"}}", "{\"line\": 1}", &b),
	    "{\"custom_id\":\"ID\",\"params\":{\"x\":\"{\\\"line\\\": 1}\"}}");
	CHECK_SLICE(filled("{\"params\":{\"x\":\"\\u007ba}\"}}", "{}", &b),
	    "{\"custom_id\":\"ID\",\"params\":{\"x\":\"\\u007ba}\"}}");
	CHECK_SLICE(filled("{\"params\":{\"x\":\"{\\u0061}\"}}", "{\"a\":\"x\"}", &b),
	    "{\"custom_id\":\"ID\",\"params\":{\"x\":\"x\"}}");
	CHECK_SLICE(
	    filled("{ \"params\" : { \"x\" : \" \\\" { a } \" } }", "{\" a \":\"x\"}", &b),
	    "{\"custom_id\":\"ID\",\"params\":{\"x\":\" \\\" x \"}}");
	CHECK_SLICE(filled("{\"params\":{\"x\":\"{b}\"}}", "{\"a\":1}", &b), "<b>");
	CHECK_SLICE(filled("{\"params\":{\"x\":\"{b\"}}", "{}", &b),
	    "<a '{' without its '}'; write '{{' for a brace>");
	CHECK_SLICE(filled("{\"params\":{\"x\":\"{\\n}\"}}", "{}", &b),
	    "<a '{' that begins no field name; write '{{' for a brace>");
	buf_free(&b);
}

static void
check_ids(void)
{
	struct ids ids = { 0 };
	char name[16];
	bool added;
	int n;

	check_group("a set of ids");
	CHECK(ids_find(&ids, SLICE("x")) == SIZE_MAX);
	for (int i = 0; i < 10000; i++) {
		n = snprintf(name, sizeof(name), "n%d", i);
		CHECK_NUMBER(ids_add(&ids, slice_of(name, (size_t)n), &added), i);
		CHECK(added);
	}
	CHECK_NUMBER(ids_add(&ids, SLICE("n17"), &added), 17);
	CHECK(!added);
	CHECK_NUMBER(ids_find(&ids, SLICE("n9999")), 9999);
	CHECK(ids_find(&ids, SLICE("")) == SIZE_MAX);
	ids_free(&ids);
}

int
main(void)
{
	check_csv();
	check_template();
	check_ids();
	return check_finish();
}
