/* SPDX-License-Identifier: MIT */
/* The canonical form: RFC 8785 with its own examples, and where it says less. */
#include "check.h"

#include <time.h>

#include "json/canon.h"

static struct json json;
static struct arena arena;
static struct buf out;

static struct slice
canon(struct slice text)
{
	const char *why;
	size_t where;

	CHECK(json_scan(&json, text, &why, &where));
	buf_clear(&out);
	canon_write(json_root(&json), NULL, NULL, &arena, &out);
	return buf_slice(&out);
}

#define CANON(text, want) CHECK_SLICE(canon(slice_z(text)), want)

/* A double is written from its bits and must come out as appendix B says. A whole number above
 * 2^53 in seventeen digits may be another than the double, so it is not asked for. */
static void
check_bits(uint64_t bits, const char *want)
{
	char text[64];
	double d;

	memcpy(&d, &bits, sizeof(d));
	snprintf(text, sizeof(text), "%.17g", d);
	if (d < 9007199254740992.0 && d > -9007199254740992.0)
		CANON(text, want);
	CANON(want, want);
}

static void
check_appendix(void)
{
	check_group("numbers of RFC 8785, appendix B");
	check_bits(0x0000000000000000, "0");
	CANON("-0", "0");
	CANON("-0.0e5", "0");
	check_bits(0x7fefffffffffffff, "1.7976931348623157e+308");
	check_bits(0xffefffffffffffff, "-1.7976931348623157e+308");
	check_bits(0x4340000000000000, "9007199254740992");
	check_bits(0xc340000000000000, "-9007199254740992");
	check_bits(0x44b52d02c7e14af5, "9.999999999999997e+22");
	check_bits(0x44b52d02c7e14af6, "1e+23");
	check_bits(0x44b52d02c7e14af7, "1.0000000000000001e+23");
	check_bits(0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7");
	check_bits(0x3eb0c6f7a0b5ed8d, "0.000001");
	check_bits(0x41b3de4355555553, "333333333.3333332");
	check_bits(0x41b3de4355555554, "333333333.33333325");
	check_bits(0x41b3de4355555555, "333333333.3333333");
	check_bits(0x41b3de4355555556, "333333333.3333334");
	check_bits(0x41b3de4355555557, "333333333.33333343");
	check_bits(0xbecbf647612f3696, "-0.0000033333333333333333");
	check_bits(0x43143ff3c1cb0959, "1424953923781206.2");
	/* whole numbers that seventeen digits cannot tell from their neighbours */
	CANON("295147905179352830000", "295147905179352830000");
	CANON("999999999999999700000", "999999999999999700000");
	CANON("999999999999999900000", "999999999999999900000");
	CANON("1e21", "1e+21");
	CANON("5e-324", "5e-324");
	CANON("-5e-324", "-5e-324");
	/* below a power of two, where the nearest short decimal is not the one */
	check_bits(0x3d30000000000000, "5.684341886080802e-14");
	check_bits(0x0010000000000000, "2.2250738585072014e-308");
}

static void
check_forms(void)
{
	check_group("numbers of every form");
	CANON("1", "1");
	CANON("-1", "-1");
	CANON("1.0", "1");
	CANON("1.50", "1.5");
	CANON("100", "100");
	CANON("1e2", "100");
	CANON("1E+2", "100");
	CANON("1234.5e-2", "12.345");
	CANON("0.7", "0.7");
	CANON("0.30000000000000004", "0.30000000000000004");
	CANON("1e20", "100000000000000000000");
	CANON("123456789012345680000", "123456789012345680000");
	CANON("1.5e300", "1.5e+300");
	CANON("0.000001", "0.000001");
	CANON("0.0000001", "1e-7");
	CANON("1.25e-10", "1.25e-10");
	CANON("9007199254740991", "9007199254740991");
	CANON("9007199254740992.0", "9007199254740992");
}

static void
check_exact(void)
{
	check_group("numbers that a double does not hold keep their value");
	CANON("9007199254740993", "9007199254740993e0");
	CANON("-9007199254740993.0", "-9007199254740993e0");
	CANON("12345678901234567890", "1234567890123456789e1");
	CANON("1e400", "1e400");
	CANON("-12.50e400", "-125e399");
	CANON("1e-400", "1e-400");
	CANON("3e-324", "3e-324");
	CANON("0.1000000000000000055511151231257827", "1000000000000000055511151231257827e-34");
	CANON("1e99999999999999999999", "1e99999999999999999999");
	CANON("0e99999999999999999999", "0");
	CANON("1E-99999999999999999999", "1e-99999999999999999999");
	/* a fraction that says no more than a double does is a double, as in the RFC's example
	 */
	CANON("333333333.33333329", "333333333.3333333");
}

static void
check_strings(void)
{
	check_group("strings");
	CANON("\"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\"",
	    "\"\xe2\x82\xac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"");
	CANON("\"\\b\\t\\n\\f\\r\\u0008\\u0009\\u000A\\u000c\\u000D\\u001F\\u007f\\u0000\"",
	    "\"\\b\\t\\n\\f\\r\\b\\t\\n\\f\\r\\u001f\x7f\\u0000\"");
	CANON("\"\\ud83d\\uDE00\\u00e9\"", "\"\xf0\x9f\x98\x80\xc3\xa9\"");
	CANON("\"\\uD83D.\\uDE00\"", "\"\\ud83d.\\ude00\"");
	CANON("\"\\uDEAD\"", "\"\\udead\"");
}

static void
check_order(void)
{
	check_group("order of names");
	CANON("{\"b\":1,\"a\":2}", "{\"a\":2,\"b\":1}");
	CANON("{\"1\":{\"f\":{\"f\":\"hi\",\"F\":5},\"\\n\":56.0},\"10\":{},\"\":\"empty\","
	      "\"a\":{},"
	      "\"111\":[{\"e\":\"yes\",\"E\":\"no\"}],\"A\":{}}",
	    "{\"\":\"empty\",\"1\":{\"\\n\":56,\"f\":{\"F\":5,\"f\":\"hi\"}},\"10\":{},"
	    "\"111\":[{\"E\":\"no\",\"e\":\"yes\"}],\"A\":{},\"a\":{}}");
	/* by UTF-16 code units: U+1F600 is before U+FB33 */
	CANON(
	    "{\"\\u20ac\":1,\"\\r\":2,\"\\ufb33\":3,\"1\":4,\"\\ud83d\\ude00\":5,\"\\u0080\":6,"
	    "\"\\u00f6\":7}",
	    "{\"\\r\":2,\"1\":4,\"\xc2\x80\":6,\"\xc3\xb6\":7,\"\xe2\x82\xac\":1,"
	    "\"\xf0\x9f\x98\x80\":5,"
	    "\"\xef\xac\xb3\":3}");
	CANON("{\"\\ud83d\\ude01\":1,\"\\ud83d\\ude00\":2,\"\\ud83d\":3,\"\\ud83da\":4,"
	      "\"\\udc00\":5}",
	    "{\"\\ud83d\":3,\"\\ud83da\":4,\"\xf0\x9f\x98\x80\":2,\"\xf0\x9f\x98\x81\":1,"
	    "\"\\udc00\":5}");
	CANON(" [ 56 , { \"d\" : true , \"10\" : null , \"1\" : [ ] } ] ",
	    "[56,{\"1\":[],\"10\":null,\"d\":true}]");
	CANON("{\"numbers\":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"
	      "\"string\":\"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\","
	      "\"literals\":[null,true,false]}",
	    "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-"
	    "27],"
	    "\"string\":\"\xe2\x82\xac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
}

static void
check_twice(void)
{
	check_group("names that stand twice");
	CANON("{\"b\":1,\"a\":2,\"\\u0062\":3}", "{\"a\":2,\"b\":1,\"b\":3}");
	CHECK_SLICE(json.twice, "\\u0062");
	CANON("[{\"a\":1},{\"a\":1}]", "[{\"a\":1},{\"a\":1}]");
	CHECK(!json.twice.ptr);
	CANON("[[{\"x\":{\"a\":1,\"a\":1}}]]", "[[{\"x\":{\"a\":1,\"a\":1}}]]");
	CHECK(json.twice.ptr);
}

/* Leaves out "s" of the outermost object and "t" at the depth of *context. */
static bool
skip(void *context, unsigned depth, struct slice name)
{
	return (depth == 1 && slice_eqz(name, "s")) ||
	       (depth == *(unsigned *)context && slice_eqz(name, "t"));
}

static void
check_left_out(void)
{
	const char *text =
	    "{\"s\":1,\"\\u0074\":{\"s\":2,\"t\":3},\"s\":[{\"t\":4}],\"u\":[{\"t\":5}]}";
	unsigned depth = 3;
	const char *why;
	size_t where;

	check_group("members that are left out");
	CHECK(json_scan(&json, slice_z(text), &why, &where));
	buf_clear(&out);
	canon_write(json_root(&json), skip, &depth, &arena, &out);
	CHECK_SLICE(buf_slice(&out), "{\"t\":{\"s\":2,\"t\":3},\"u\":[{}]}");
	CHECK(!json.twice.ptr);
	depth = 2;
	buf_clear(&out);
	canon_write(json_root(&json), skip, &depth, &arena, &out);
	CHECK_SLICE(buf_slice(&out), "{\"t\":{\"s\":2},\"u\":[{\"t\":5}]}");
	buf_clear(&out);
	canon_write(json_get(json_get(json_root(&json), "t"), "t"), skip, &depth, &arena, &out);
	CHECK_SLICE(buf_slice(&out), "3");
}

/* The form with the three leaves in the places of its three @. */
static struct slice
fill(struct buf *line, const char *form, const char *x, const char *y, const char *z)
{
	const char *leaves[] = { x, y, z };
	size_t n = 0;

	buf_clear(line);
	for (; *form; form++)
		if (*form == '@')
			buf_add(line, slice_z(leaves[n++]));
		else
			buf_add_byte(line, *form);
	return buf_slice(line);
}

/* Texts of few shapes, in turns: by plan they come out as they do without. */
static void
check_plans(void)
{
	static const char *const forms[] = {
		"{\"t\":@,\"b\":{\"z\":[@,{\"t\":@,\"a\":\"x\"}],\"\\u0061\":null}}",
		"[@,@,{\"b\":@,\"a\":{}}]",
		"{\"b\":[@],\"s\":{},\"a\":@,\"c\":@}",
	};
	static const char *const leaves[] = { "\"\"", "\"plain\"", "\"\\u0041\\/\\n\"", "1.50",
		"-0", "1e3", "true", "null", "\"\xC3\xA9 \\ud83d\\ude00\"",
		"12345678901234567890" };
	struct canon_plans plans = { 0 };
	struct json shaped = { 0 };
	unsigned depth = 3, planned = 0;
	struct buf want = { 0 }, line = { 0 };
	const char *why;
	size_t where;

	check_group("by a plan it is the same");
	json_expect_shapes(&shaped);
	for (unsigned n = 0; n < 3000; n++) {
		struct slice text = fill(&line, forms[n * 7 / 3 % 3],
		    leaves[n * 2654435761u % 10], leaves[n / 3 % 10], leaves[n / 30 % 10]);

		CHECK(json_scan(&shaped, text, &why, &where));
		buf_clear(&want);
		canon_write(json_root(&shaped), skip, &depth, &arena, &want);
		planned += canon_planned(&plans, json_root(&shaped));
		buf_clear(&out);
		canon_write_planned(&plans, json_root(&shaped), skip, &depth, &arena, &out);
		CHECK(slice_eq(buf_slice(&out), buf_slice(&want)));
	}
	CHECK(planned > 1500);
	canon_plans_free(&plans);
	json_free(&shaped);
	buf_free(&want);
	buf_free(&line);
}

static void
check_large(void)
{
	struct buf text = { .len = 0 }, once = { .len = 0 };
	clock_t start = clock();

	check_group("deep and wide texts; twice is once");
	for (int i = 0; i < JSON_DEPTH; i++)
		buf_add(&text, i % 2 ? SLICE("{\"a\":") : SLICE("["));
	buf_add(&text, SLICE("1.0"));
	for (int i = JSON_DEPTH - 1; i >= 0; i--)
		buf_add_byte(&text, i % 2 ? '}' : ']');
	CHECK_NUMBER(canon(buf_slice(&text)).len, text.len - 2);
	buf_clear(&text);
	buf_add_byte(&text, '{');
	for (unsigned i = 0; i < 200000; i++)
		buf_printf(&text, "\"n%u\": %u.50,", i * 2654435761u % 1000003, i);
	buf_add(&text, SLICE("\"x\":1}"));
	buf_add(&once, canon(buf_slice(&text)));
	CHECK(slice_eq(canon(buf_slice(&once)), buf_slice(&once)));
	CHECK((clock() - start) / CLOCKS_PER_SEC < 10);
	buf_free(&text);
	buf_free(&once);
}

/* Random doubles: their canonical text must give them back, in as few digits as any text. */
static void
check_doubles(void)
{
	uint64_t bits = 1181783497276652981u;

	check_group("random doubles come back");
	for (int i = 0; i < 20000; i++) {
		char text[64];
		double d, again;

		bits ^= bits << 13;
		bits ^= bits >> 7;
		bits ^= bits << 17;
		memcpy(&d, &bits, sizeof(d));
		if (d != d || d - d != 0)
			continue;
		snprintf(text, sizeof(text), "%.17g", d);
		canon(slice_z(text));
		buf_add_byte(&out, '\0');
		again = strtod(out.data, NULL);
		CHECK(again == d);
		snprintf(text, sizeof(text), "%.15g", d);
		again = strtod(text, NULL);
		if (again == d)
			CHECK(out.len <= 24);
	}
}

int
main(void)
{
	check_appendix();
	check_forms();
	check_exact();
	check_strings();
	check_order();
	check_twice();
	check_left_out();
	check_plans();
	check_large();
	check_doubles();
	json_free(&json);
	arena_close(&arena);
	buf_free(&out);
	return check_finish();
}
