/* SPDX-License-Identifier: MIT */
/* Look-ups in a scanned text: members, items, strings, numbers, names that stand twice. */
#include "check.h"

#include <time.h>

#include "base/buf.h"
#include "json/scan.h"

static struct json json;
static struct arena arena;

static struct value
scan(const char *text)
{
	const char *why;
	size_t where;

	CHECK(json_scan(&json, slice_z(text), &why, &where));
	return json_root(&json);
}

static void
check_types(void)
{
	struct value v = scan(" [null,false,true,-1.5,\"s\",[],{}] "), k;
	enum json_type want = JSON_NULL;

	check_group("types and raw bytes");
	CHECK(json_type(v) == JSON_ARRAY);
	for (k = json_first(v); json_type(k); k = json_next(k))
		CHECK(json_type(k) == want++);
	CHECK(want == JSON_OBJECT + 1);
	CHECK_SLICE(json_raw(v), "[null,false,true,-1.5,\"s\",[],{}]");
	CHECK_NUMBER(json_length(v), 7);
	v = scan(
	    "{ \"a\" : -1.50e3 \t, \"b\" : [ 1 , 2 ] , \"c\" : \"x\\\"y\" , \"d\" : null }");
	CHECK_SLICE(json_raw(json_get(v, "a")), "-1.50e3");
	CHECK_SLICE(json_raw(json_get(v, "b")), "[ 1 , 2 ]");
	CHECK_SLICE(json_raw(json_get(v, "c")), "\"x\\\"y\"");
	CHECK_SLICE(json_string_raw(json_get(v, "c")), "x\\\"y");
	CHECK_SLICE(json_raw(json_get(v, "d")), "null");
	CHECK_SLICE(json_raw(scan(" 12 \n")), "12");
	CHECK_SLICE(json_raw(scan("\"\"")), "\"\"");
}

static void
check_compact(void)
{
	struct value v, dense = scan("[1,\" \",{\"a\":[]}]");

	check_group("without blanks");
	CHECK_SLICE(json_compact(dense, &arena), "[1,\" \",{\"a\":[]}]");
	CHECK(json_compact(dense, &arena).ptr == json_raw(dense).ptr);
	CHECK_SLICE(json_compact(json_next(json_first(dense)), &arena), "\" \"");
	v = scan(
	    " { \"a b\" :\t[ 1 ,-2.5e3 , true\n] ,\r\n\"c\":\" x \\\" , y \" , \"d\" : { } , \"e\" : [\"\" , null ] } ");
	CHECK_SLICE(json_compact(v, &arena),
	    "{\"a b\":[1,-2.5e3,true],\"c\":\" x \\\" , y \",\"d\":{},\"e\":[\"\",null]}");
	CHECK_SLICE(json_compact(json_get(v, "a b"), &arena), "[1,-2.5e3,true]");
	CHECK_SLICE(json_compact(json_get(v, "d"), &arena), "{}");
	CHECK_SLICE(json_compact(json_first(v), &arena), "\"a b\"");
	CHECK_SLICE(json_compact(scan(" 12 "), &arena), "12");
	CHECK(!json_compact((struct value){ .json = NULL }, &arena).ptr);
}

static void
check_absent(void)
{
	struct value none = { .json = NULL }, v = scan("{\"a\":1,\"e\":[],\"o\":{}}");

	check_group("what is absent");
	CHECK(json_type(none) == JSON_ABSENT);
	CHECK(!json_raw(none).ptr);
	CHECK(!json_get(none, "a").json);
	CHECK(!json_get(v, "b").json);
	CHECK(!json_get(v, "").json);
	CHECK(!json_get(json_get(v, "a"), "b").json);
	CHECK(!json_first(none).json && !json_next(none).json);
	CHECK(!json_first(json_get(v, "a")).json);
	CHECK(!json_first(json_get(v, "e")).json);
	CHECK(!json_first(json_get(v, "o")).json);
	CHECK(!json_next(v).json);
	CHECK(!json_next(json_get(v, "o")).json);
	CHECK(!json_member_value(none).json);
	CHECK(!json_member_value(json_get(v, "a")).json);
	CHECK(!json_string(v, &arena).ptr);
	CHECK(!json_string_raw(none).ptr);
	CHECK(!json_is(none, "") && !json_is(v, ""));
	CHECK_NUMBER(json_length(json_get(v, "o")) + json_length(none), 0);
}

static void
check_walk(void)
{
	struct value v = scan(
			 "{\"a\":{\"x\":[1,{\"y\":2}]},\"b\":[[],[3]],\"\":\"s\",\"c\":4}"),
		     k;
	const char *names[] = { "a", "b", "", "c" };
	const char *values[] = { "{\"x\":[1,{\"y\":2}]}", "[[],[3]]", "\"s\"", "4" };
	size_t n = 0;

	check_group("walks over members");
	for (k = json_first(v); json_type(k); k = json_next(k), n++) {
		CHECK(n < 4);
		CHECK_SLICE(json_string(k, &arena), names[n]);
		CHECK_SLICE(json_raw(json_member_value(k)), values[n]);
		CHECK_SLICE(json_raw(json_get(v, names[n])), values[n]);
	}
	CHECK_NUMBER(n, 4);
	CHECK_SLICE(json_raw(json_get(json_get(v, "a"), "x")), "[1,{\"y\":2}]");
	/* strings in an array are no names */
	k = json_first(scan("[\"a\",\"b\"]"));
	CHECK(!json_member_value(k).json);
	CHECK_SLICE(json_raw(json_next(k)), "\"b\"");
	CHECK(!json_next(json_next(k)).json);
}

static void
check_names(void)
{
	struct value v;

	check_group("names in any spelling");
	v = scan(
	    "{\"\\u0061b\":1,\"a\\\\b\":2,\"\\ud83d\\ude00\":3,\"\xc3\xa9\":4,\"\\u00e8\":5,"
	    "\"a\\nb\":6,\"\\u0000\":7,\"ab\\u0000c\":8,\"\\ud800\":9}");
	CHECK_SLICE(json_raw(json_get(v, "ab")), "1");
	CHECK_SLICE(json_raw(json_get(v, "a\\b")), "2");
	CHECK_SLICE(json_raw(json_get(v, "\xf0\x9f\x98\x80")), "3");
	CHECK_SLICE(json_raw(json_get(v, "\xc3\xa9")), "4");
	CHECK_SLICE(json_raw(json_get(v, "\xc3\xa8")), "5");
	CHECK_SLICE(json_raw(json_get(v, "a\nb")), "6");
	CHECK_SLICE(json_raw(json_get_slice(v, SLICE("\0"))), "7");
	CHECK_SLICE(json_raw(json_get_slice(v, SLICE("ab\0c"))), "8");
	CHECK(!json_get(v, "a\\nb").json);
	CHECK(!json_get(v, "a\\\\b").json);
	CHECK(!json_get(v, "\\u0061b").json);
	CHECK(!json_get(v, "a").json && !json_get(v, "abc").json);
	CHECK(!json_get(v, "\xef\xbf\xbd").json);
	CHECK(!json.twice.ptr);
}

static void
check_twice(void)
{
	struct value v = scan("{\"a\":1,\"b\":2,\"\\u0061\":3,\"c\":{\"b\":1,\"b\":2}}");

	check_group("a name that is read and stands twice");
	CHECK_SLICE(json_raw(json_get(v, "b")), "2");
	CHECK_SLICE(json_raw(json_get(json_get(v, "c"), "x")), "");
	CHECK(!json.twice.ptr);
	CHECK_SLICE(json_raw(json_get(v, "a")), "1");
	CHECK_SLICE(json.twice, "\\u0061");
	v = scan("{\"c\":{\"b\":1,\"b\":2}}");
	CHECK(!json.twice.ptr);
	json_get(json_get(v, "c"), "b");
	CHECK_SLICE(json.twice, "b");
}

static bool
unique(const char *text)
{
	bool answer = json_check_unique(scan(text));

	CHECK(answer == !json.twice.ptr);
	return answer;
}

static void
check_all_unique(void)
{
	struct buf b = { .len = 0 };

	check_group("names that stand twice anywhere");
	CHECK(
	    unique("{}") && unique("1") && unique("[\"a\",\"a\"]") && unique("{\"a\":\"a\"}"));
	CHECK(unique("{\"a\":{\"a\":{\"a\":1}},\"b\":[{\"a\":1},{\"a\":1}]}"));
	CHECK(!unique("{\"a\":1,\"a\":1}"));
	CHECK(!unique("[1,{\"x\":[{\"a\":1,\"b\":2,\"\\u0061\":1}]}]"));
	CHECK(unique("{\"\\ud800\":1,\"\\ud801\":1,\"\xef\xbf\xbd\":1}"));
	CHECK(!unique("{\"\\ud800\":1,\"\\uD800\":1}"));
	CHECK(json_check_unique(json_get(scan("{\"a\":1,\"a\":1,\"b\":{}}"), "b")));
	for (int twice = 0; twice < 2; twice++) {
		buf_clear(&b);
		buf_add_byte(&b, '{');
		for (int i = 0; i < 40; i++)
			buf_printf(&b, "\"%d\":%d,", twice && i == 39 ? 3 : i, i);
		buf_add(&b, SLICE("\"x\":1}"));
		buf_add_byte(&b, '\0');
		CHECK(unique(b.data) == !twice);
	}
	buf_free(&b);
}

/* The reader must not be quadratic, whatever the names are. */
static void
check_million(void)
{
	struct buf b = { .len = 0 };
	const char *why;
	size_t where;
	clock_t start = clock();

	check_group("a million members");
	buf_add_byte(&b, '{');
	for (int i = 0; i < 1000000; i++)
		buf_printf(&b, "\"\\u%04x%07d\":0,", i % 2 ? 0x41 : 0x42, i / 2);
	buf_add(&b, SLICE("\"last\":1}"));
	CHECK(json_scan(&json, buf_slice(&b), &why, &where));
	CHECK_SLICE(json_raw(json_get(json_root(&json), "last")), "1");
	CHECK(json_check_unique(json_root(&json)));
	CHECK_NUMBER(json_length(json_root(&json)), 1000001);
	CHECK((clock() - start) / CLOCKS_PER_SEC < 10);
	buf_free(&b);
}

static void
check_string(const char *text, const char *want)
{
	CHECK_SLICE(json_string(scan(text), &arena), want);
}

static void
check_strings(void)
{
	struct value v;
	const char *start;

	check_group("strings");
	check_string("\"\"", "");
	check_string("\"abc\"", "abc");
	check_string("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t");
	check_string("\"\\u0041\\u00e9\\u20AC\\ud83D\\uDe00.\"",
	    "A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80.");
	check_string("\"x\\ud800\"", "x\xef\xbf\xbd");
	check_string("\"\\ud800\\ud83d\\ude00\"", "\xef\xbf\xbd\xf0\x9f\x98\x80");
	check_string("\"\\udc00\\ud800y\"", "\xef\xbf\xbd\xef\xbf\xbdy");
	check_string("\"\\ud800\\u0041\"", "\xef\xbf\xbd"
					   "A");
	check_string("\"\\uffff\\u07ff\\u0800\"", "\xef\xbf\xbf\xdf\xbf\xe0\xa0\x80");
	CHECK(slice_eq(json_string(scan("\"a\\u0000b\""), &arena), SLICE("a\0b")));
	v = scan("[\"plain\"]");
	start = json_string(json_first(v), &arena).ptr;
	CHECK(start == json.text.ptr + 2);
	CHECK(json_is(scan("\"a\\nb\""), "a\nb"));
	CHECK(!json_is(scan("\"a\\nb\""), "a\\nb"));
	CHECK(!json_is(scan("\"ab\""), "a") && !json_is(scan("\"a\""), "ab"));
	CHECK(!json_is(scan("\"a\\u0000b\""), "a"));
	CHECK(json_is(scan("\"\""), "") && !json_is(scan("1"), "1"));
	CHECK(json_lone_surrogate(scan("\"\\ud800\"")) &&
	      json_lone_surrogate(scan("\"\\udc00x\"")));
	CHECK(json_lone_surrogate(scan("\"\\n\\ude00\\ud83d\"")));
	CHECK(!json_lone_surrogate(scan("\"\\ud83d\\ude00\\u0000\\\\ud800\"")));
	CHECK(!json_lone_surrogate(scan("1")));
}

/* Escapes at every place of texts of every length around a step of the copy. */
static void
check_escapes(void)
{
	static const struct {
		const char *text, *means;
	} escapes[] = { { "\\n", "\n" }, { "\\\"", "\"" }, { "\\\\", "\\" }, { "\\/", "/" },
		{ "\\b\\f\\r\\t", "\b\f\r\t" }, { "\\u00e9", "\u00E9" },
		{ "\\ud83d\\ude42", "\U0001F642" }, { "\\ud83dx", "\uFFFDx" } };
	static const char filler[] = "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz";
	char text[128], want[128];

	check_group("escapes anywhere in a string");
	for (size_t e = 0; e < sizeof(escapes) / sizeof(*escapes); e++)
		for (int before = 0; before < 40; before++)
			for (int between = 0; between < 20; between++) {
				snprintf(text, sizeof(text), "\"%.*s%s%.*s%s\"", before, filler,
				    escapes[e].text, between, filler, escapes[e].text);
				snprintf(want, sizeof(want), "%.*s%s%.*s%s", before, filler,
				    escapes[e].means, between, filler, escapes[e].means);
				check_string(text, want);
			}
}

static void
check_whole(const char *text, bool good, uint64_t want)
{
	uint64_t n = 0;

	CHECK(json_whole(scan(text), &n) == good);
	if (good)
		CHECK_NUMBER(n, want);
}

static void
check_numbers(void)
{
	double d = 0;

	check_group("numbers");
	check_whole("0", true, 0);
	check_whole("-0", true, 0);
	check_whole("0.000e99999999999999999999", true, 0);
	check_whole("1e3", true, 1000);
	check_whole("5.0", true, 5);
	check_whole("12.50e1", true, 125);
	check_whole("1200e-2", true, 12);
	check_whole("9223372036854775807", true, INT64_MAX);
	check_whole("9223372036854775807.000", true, INT64_MAX);
	check_whole("922337203685477580.7e1", true, INT64_MAX);
	check_whole("1e18", true, 1000000000000000000);
	check_whole("0.00000000000000000000000000001e29", true, 1);
	check_whole("9223372036854775808", false, 0);
	check_whole("18446744073709551616", false, 0);
	check_whole("1e19", false, 0);
	check_whole("1e99999999999999999999", false, 0);
	check_whole("1e-99999999999999999999", false, 0);
	check_whole("0.5", false, 0);
	check_whole("1250e-2", false, 0);
	check_whole("-1", false, 0);
	check_whole("\"1\"", false, 0);
	CHECK(json_double(scan(" -2.5e1 "), &d) && d == -25);
	CHECK(json_double(
		  scan("1234567890123456789012345678901234567890123456789012345678901234567890"
		       ".5"),
		  &d) &&
	      d > 1.2e69 && d < 1.3e69);
	CHECK(!json_double(scan("1e999"), &d) && !json_double(scan("null"), &d));
}

int
main(void)
{
	check_types();
	check_compact();
	check_absent();
	check_walk();
	check_names();
	check_twice();
	check_all_unique();
	check_million();
	check_strings();
	check_escapes();
	check_numbers();
	json_free(&json);
	arena_close(&arena);
	return check_finish();
}
