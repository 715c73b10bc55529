/* SPDX-License-Identifier: MIT */
/* llm-batch: templates, and the set of ids. */
#include "check.h"

#include "cmd/llm-batch/spool.c"
#include "cmd/llm-batch/cells.c"
#include "cmd/llm-batch/ids.c"
#include "cmd/llm-batch/line.c"
#include "cmd/llm-batch/template.c"

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
	check_template();
	check_ids();
	return check_finish();
}
