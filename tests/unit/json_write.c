/* SPDX-License-Identifier: MIT */
/* Writing: commas, escapes, and bytes that are no UTF-8. */
#include "check.h"

#include "json/scan.h"
#include "json/write.h"

static struct buf out;

static struct slice
quoted(struct slice text)
{
	buf_clear(&out);
	json_quote(&out, text);
	return buf_slice(&out);
}

static void
check_quote(void)
{
	check_group("strings in quotes");
	CHECK_SLICE(quoted(SLICE("")), "\"\"");
	CHECK_SLICE(quoted(SLICE("plain text of more than eight bytes")),
	    "\"plain text of more than eight bytes\"");
	CHECK_SLICE(quoted(SLICE("\"\\/\b\f\n\r\t\x01\x1f\x7f")),
	    "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\"");
	CHECK_SLICE(quoted(SLICE("a\0b")), "\"a\\u0000b\"");
	CHECK_SLICE(quoted(SLICE("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80")),
	    "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"");
	CHECK_SLICE(quoted(SLICE("a\xff"
				 "b\xe2\x82")),
	    "\"a\xef\xbf\xbd"
	    "b\xef\xbf\xbd\xef\xbf\xbd\"");
	CHECK_SLICE(quoted(SLICE("\xed\xa0\x80\xc0\xaf")),
	    "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
}

/* Whatever bytes go in, a string comes out that reads back: as they were, where they are UTF-8.
 */
static void
check_any_bytes(void)
{
	struct json j = { .room = 0 };
	struct arena a = { 0 };
	uint64_t state = 88172645463325252u;
	const char *why;
	size_t where;

	check_group("any bytes give a good string");
	for (int round = 0; round < 20000; round++) {
		char bytes[40];
		size_t n = (size_t)round % sizeof(bytes);

		for (size_t i = 0; i < n; i++) {
			state ^= state << 13;
			state ^= state >> 7;
			state ^= state << 17;
			bytes[i] = (char)(round % 3 ? state & 0x7F : state);
		}
		CHECK(json_scan(&j, quoted(slice_of(bytes, n)), &why, &where));
		if (round % 3)
			CHECK(slice_eq(json_string(json_root(&j), &a), slice_of(bytes, n)));
		arena_reset(&a);
	}
	json_free(&j);
	arena_close(&a);
}

static void
check_writer(void)
{
	struct writer w = { .out = &out };

	check_group("commas");
	buf_clear(&out);
	write_object(&w);
	write_name(&w, "a\n");
	write_number(&w, UINT64_MAX);
	write_name_slice(&w, SLICE("b"));
	write_array(&w);
	write_array_end(&w);
	write_name(&w, "c");
	write_array(&w);
	write_signed(&w, INT64_MIN);
	write_signed(&w, 7);
	write_bool(&w, true);
	write_bool(&w, false);
	write_null(&w);
	write_z(&w, NULL);
	write_z(&w, "z");
	write_string(&w, SLICE("\t"));
	write_object(&w);
	write_object_end(&w);
	write_raw(&w, SLICE("1.50"));
	write_array_end(&w);
	write_name(&w, "d");
	write_null(&w);
	write_object_end(&w);
	CHECK_SLICE(buf_slice(&out), "{\"a\\n\":18446744073709551615,\"b\":[],\"c\":[-"
				     "9223372036854775808,7,true,false,null,"
				     "null,\"z\",\"\\t\",{},1.50],\"d\":null}");
}

int
main(void)
{
	check_quote();
	check_any_bytes();
	check_writer();
	buf_free(&out);
	return check_finish();
}
