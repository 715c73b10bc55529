/* SPDX-License-Identifier: MIT */
/* Field paths: what is one, what is none, what they find. */
#include "check.h"

#include "json/path.h"

static struct json json;

/* Paths live as long as the run; a leak checker must find them. */
static struct path *kept[64];
static size_t kept_count;

static struct path *
compile(const char *text, const char **why)
{
	struct path *p = path_compile(text, why);

	if (kept_count < sizeof(kept) / sizeof(kept[0]))
		kept[kept_count++] = p;
	return p;
}

static const char record[] =
    "{\"a\":[10,[20,21],{\"b c\":30}],\"a.b\":40,\"_x9\":{\"y\":{\"z\":50}},\"\\u00e9\":60,"
    "\"n\":null,\"\":70,\"q\\\"]\":80}";

static void
finds(const char *text, const char *want)
{
	const char *why = NULL;
	struct path *p = compile(text, &why);
	size_t where;

	CHECK(p && !why);
	if (!p) {
		printf("# %s: %s\n", text, why);
		return;
	}
	CHECK(json_scan(&json, slice_z(record), &why, &where));
	CHECK_SLICE(json_raw(path_get(p, json_root(&json))), want);
}

static void
refuses(const char *text)
{
	const char *why = NULL;
	struct path *p = compile(text, &why);

	CHECK(!p && why && *why);
	if (p)
		printf("# taken: %s\n", text);
}

int
main(void)
{
	struct path *p;
	const char *why;

	check_group("paths and what they find");
	finds(".", record);
	finds(".a", "[10,[20,21],{\"b c\":30}]");
	finds(".a[0]", "10");
	finds(".a[1][1]", "21");
	finds(".a[2].\"b c\"", "30");
	finds(".a[2][\"b c\"]", "30");
	finds(".\"a.b\"", "40");
	finds(".[\"a.b\"]", "40");
	finds("._x9.y.z", "50");
	finds("._x9[\"y\"].z", "50");
	finds(".\"\xc3\xa9\"", "60");
	finds(".\"\\u00e9\"", "60");
	finds(".n", "null");
	finds(".\"\"", "70");
	finds(".[\"q\\\"]\"]", "80");

	check_group("paths that find nothing");
	finds(".b", "");
	finds(".a.b", "");
	finds(".a[3]", "");
	finds(".a[4294967295]", "");
	finds(".n.x", "");
	finds(".n[0]", "");
	finds(".[0]", "");
	finds("._x9[0]", "");

	check_group("texts that are no path");
	refuses("");
	refuses("a");
	refuses("a.b");
	refuses("..");
	refuses(".a.");
	refuses(".a..b");
	refuses(". a");
	refuses(".a b");
	refuses(".1a");
	refuses(".a-b");
	refuses(".\xc3\xa9");
	refuses("[0]");
	refuses(".a[");
	refuses(".a[]");
	refuses(".a[-1]");
	refuses(".a[1");
	refuses(".a[1:2]");
	refuses(".a[x]");
	refuses(".a[99999999999999999999]");
	refuses(".a.[0]");
	refuses(".a[\"b]");
	refuses(".a[\"b\"");
	refuses(".\"b");
	refuses(".\"b\\\"");
	refuses(".\"b\\x\"");
	refuses(".\"\\ud800\"");
	refuses(".\"\xff\"");
	refuses(".a|.b");
	refuses(".a?");
	refuses(".\"a\"b");

	check_group("names of a path");
	p = compile(".body.metadata.\"the \\\"user\\\"\"", &why);
	CHECK(p);
	CHECK_NUMBER(path_length(p), 3);
	CHECK_SLICE(path_name(p, 0), "body");
	CHECK_SLICE(path_name(p, 2), "the \"user\"");
	p = compile(".", &why);
	CHECK_NUMBER(path_length(p), 0);
	p = compile(".a[0]", &why);
	CHECK(path_length(p) == SIZE_MAX);

	check_group("a name on the way that stands twice");
	CHECK(
	    json_scan(&json, SLICE("{\"a\":{\"b\":1},\"a\":{\"b\":2}}"), &why, &(size_t){ 0 }));
	p = compile(".a.b", &why);
	CHECK_SLICE(json_raw(path_get(p, json_root(&json))), "1");
	CHECK_SLICE(json.twice, "a");
	json_free(&json);
	return check_finish();
}
