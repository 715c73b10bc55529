/* SPDX-License-Identifier: MIT */
/* json_scan: what RFC 8259 allows and nothing else, on every path, wherever a text lies. */
#include "check.h"

#include <dirent.h>

#include "base/buf.h"
#include "json_reference.h"

static void
check_text(struct slice text, bool wanted)
{
	static struct json j;
	const char *why = NULL, *fault = reference_check(text);
	size_t where;

	if (!fault && json_scan(&j, text, &why, &where) != wanted)
		fault = wanted ? "refused" : "taken";
	CHECK(!fault);
	if (fault)
		printf("# %s: %.*s (%s)\n", fault, SLICE_ARG(slice_take(text, 120)),
		    why ? why : "");
}

/* Texts are divided by a byte that is in none of them. */
static void
check_texts(const char *list, bool wanted)
{
	struct slice rest = slice_z(list);

	while (rest.len) {
		size_t n = slice_find(rest, '\1');

		check_text(slice_take(rest, n), wanted);
		rest = slice_drop(rest, n + 1);
	}
}

#define S "\1"

static void
check_allowed(void)
{
	check_group("values that the grammar allows");
	check_texts("null" S "true" S "false" S "0" S "-0" S "7" S "-7" S "10" S "-10" S
		    "1234567890",
	    true);
	check_texts("0.0" S "0.5" S "-0.5" S "10.01" S "1e1" S "1E1" S "1e+1" S "1e-1" S "0e0" S
		    "-0e-0" S "0.0e00" S "1.5E+007" S "1e00000" S "9007199254740993" S "1e400" S
		    "-1e-400" S "123456789012345678901234567890.5e99999999999999999999",
	    true);
	check_texts("\"\"" S "\"a\"" S "\" \"" S "\"\\\"\"" S "\"\\\\\"" S "\"\\/\"" S "\"/\"" S
		    "\"\\b\\f\\n\\r\\t\"" S "\"\\u0000\"" S "\"\\u12aB\"" S "\"\\uFFFF\"" S
		    "\"\\\\u12\"" S "\"\\\\\\\"\"" S "\"\\\\\\\\\"" S "\"\\u0022\\u005c\"" S
		    "\"'\"" S "\"\x7f\"" S "\"{[,:]}\"" S "\"// no comment\"" S
		    "\"\\ud83d\\ude00\"",
	    true);
	check_texts("\"\xc2\x80\"" S "\"\xdf\xbf\"" S "\"\xe0\xa0\x80\"" S "\"\xec\xbf\xbf\"" S
		    "\"\xed\x80\x80\"" S "\"\xed\x9f\xbf\"" S "\"\xee\x80\x80\"" S
		    "\"\xef\xbf\xbf\"" S "\"\xef\xbb\xbf\"" S "\"\xf0\x90\x80\x80\"" S
		    "\"\xf3\xbf\xbf\xbf\"" S "\"\xf4\x80\x80\x80\"" S "\"\xf4\x8f\xbf\xbf\"" S
		    "\"\xe2\x80\xa8\"" S "\"a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80z\"",
	    true);
	check_texts("[]" S "{}" S "[ ]" S "{ }" S "[1]" S "[1,2]" S "[[]]" S "[[],[]]" S
		    "[{}]" S "[null,true,false,0,\"\",[],{}]" S "[1 ,2 , 3 ]" S "{\"a\":1}" S
		    "{\"\":0}" S "{\"a\":1,\"b\":2}" S "{\"a\":{}}" S "{\"a\":{\"b\":{}}}" S
		    "{\"a\":[]}" S "{\"a\":[{}]}" S "{\"a\":1,\"a\":1}" S
		    "{\"\\u0061\":1,\"a\":2}" S "{\"a\" : 1 , \"b\" : [ 1 , 2 ] }" S
		    "[[[[[[[[1]]]]]]]]" S "[\"a\",\"b\"]" S "{\"a\":\"b\",\"c\":\"d\"}" S
		    "[\"a\",[\"b\"],{\"c\":\"d\"}]",
	    true);
	check_texts(" 1" S "1 " S "\t1" S "\n1" S "\r1" S " \t\n\r1 \t\n\r" S
		    "\n[\n1\n,\n2\n]\n" S "\t{\t\"a\"\t:\t1\t}\t" S "\r\n[]\r\n" S "[\r\n]",
	    true);
}

static void
check_forbidden(void)
{
	check_group("values that the grammar forbids");
	check_texts(" " S "\n" S "\t\r\n " S "nul" S "nulll" S "nullnull" S "Null" S "NULL" S
		    "tru" S "truee" S "True" S "fals" S "falsey" S "n" S "t" S "f" S
		    "undefined" S "NaN" S "nan" S "Infinity" S "-Infinity" S "inf" S "a" S
		    "'a'" S "None",
	    false);
	check_texts("-" S "+1" S "--1" S "+0" S "01" S "-01" S "00" S "0x1" S "1." S "-1." S
		    ".5" S "-.5" S "1.e1" S "1e" S "1e+" S "1e-" S "1e+-1" S "1e1.5" S "1e1e1" S
		    "1.2.3" S "1_000" S "1 2" S "- 1" S "1e 1" S "1 .5" S "1a" S "1true" S
		    "0.e1" S "0.1." S "1,2" S "1+1" S "\xef\xbc\x91" S "1\xc2\xa0" S "1e1"
		    "e" S "Ox1" S "1f" S "012.5" S "-e1" S "1E+" S "0E" S "9.",
	    false);
	check_texts("\"" S "\"a" S "a\"" S "\"\\\"" S "\"\\" S "\"\\x\"" S "\"\\a\"" S
		    "\"\\0\"" S "\"\\'\"" S "\"\\ \"" S "\"\\u\"" S "\"\\u1\"" S "\"\\u12\"" S
		    "\"\\u123\"" S "\"\\u123g\"" S "\"\\u 123\"" S "\"\\u-123\"" S
		    "\"\\U1234\"" S "\"\\u123\\\"" S "\"\\uD83D\\u\"" S "\"a\"b" S
		    "\"a\" \"b\"" S "\"a\"\"b\"" S "\\\"a\\\"" S "\"\\\n\"" S "\"\\\xc3\xa9\"" S
		    "\"\\N\"" S "\"\\v\"" S "\"\\u00\"00\"" S "\\" S "\\n" S "\"\"\"" S
		    "\"\\\\\\\"",
	    false);
	check_texts("\"\t\"" S "\"\n\"" S "\"\r\"" S "\"\x1f\"" S "\"\x02\"" S "\"a\bb\"" S
		    "{\"a\tb\":1}" S "\x02" S "\x0c" S "[\x0c]" S "[1\x0b]" S "\x1a" S "\x7f" S
		    "[\x1a]" S "{\x0c}" S "1\x0c" S "[1\x0c"
		    "2]" S "{\"a\"\x1a"
		    "1}",
	    false);
	check_texts("\"\x80\"" S "\"\xbf\"" S "\"\xc0\x80\"" S "\"\xc1\xbf\"" S "\"\xc2\"" S
		    "\"\xc2\x41\"" S "\"\xdf\xc0\"" S "\"\xe0\x80\x80\"" S "\"\xe0\x9f\xbf\"" S
		    "\"\xe2\x82\"" S "\"\xe2\"" S "\"\xe2\x28\xa1\"" S "\"\xed\xa0\x80\"" S
		    "\"\xed\xbf\xbf\"" S "\"\xf0\x80\x80\x80\"" S "\"\xf0\x8f\xbf\xbf\"" S
		    "\"\xf0\x9f\x98\"" S "\"\xf4\x90\x80\x80\"" S "\"\xf5\x80\x80\x80\"" S
		    "\"\xff\"" S "\"\xfe\"" S "\"\xc3\xa9\xa9\"" S "\"\xf8\x88\x80\x80\x80\"" S
		    "\xc3\xa9" S "[\xe2\x82\xac]" S "\xef\xbb\xbf{}" S "\xef\xbb\xbf" S
		    "{\"a\xff\":1}" S "[1]\xa0" S "\"\xf0\x9f\"" S "\"\xf3\xbf\xbf\xc0\"",
	    false);
	check_texts("[" S "]" S "{" S "}" S "[[]" S "[]]" S "[}" S "{]" S "[1" S "[1," S
		    "[1,]" S "[,1]" S "[,]" S "[1,,2]" S "[1 2]" S "[1:2]" S "[\"a\":1]" S
		    "[1;2]" S "[1]2" S "[1][2]" S "[1],[2]" S "[1]," S ",[1]" S
		    "[\"a\" \"b\"]" S "[\"a\"\"b\"]" S "[[]"
		    "1]" S "[{}{}]" S "[1}" S "[\"a]" S "[a]" S "[null,]" S "[\"a\",]" S
		    "[[],]" S "[{},]" S "[-]" S "[1,\"]" S "[true false]",
	    false);
	check_texts("{\"a\"}" S "{\"a\":}" S "{:1}" S "{1:1}" S "{a:1}" S "{'a':1}" S
		    "{\"a\" 1}" S "{\"a\":1,}" S "{,}" S "{,\"a\":1}" S "{\"a\":1,,\"b\":2}" S
		    "{\"a\":1 \"b\":2}" S "{\"a\"::1}" S "{\"a\":1:2}" S "{\"a\":1;}" S
		    "{\"a\":1" S "{\"a\":" S "{\"a\"" S "{\"a" S "{\"" S "{\"a\":1]" S
		    "{\"a\":[}" S "{\"a\":{}" S "{\"a\":1}}" S "{\"a\":1}{" S "{\"a\":1}{}" S
		    "{[]:1}" S "{{}:1}" S "{null:1}" S "{\"a\",1}" S "{\"a\":1,\"b\"}" S
		    "{\"a\":1,1}" S "{\"a\":1,[]}" S "{\"a\":1,\"b\":}" S "{\"a\":\"b\":1}" S
		    "{\"a\":1,\"b\",\"c\":2}" S "{\"a\":\"b\"\"c\":1}" S "{}1" S "{\"a\":1}\"" S
		    "{} {}" S "{\"a\":1} x" S "[{\"a\":1],2}" S "{\"a\":[1}]",
	    false);
	check_texts("// a\n1" S "/* a */1" S "1//" S "1#" S "[1/**/]" S "[1,//\n2]" S "#\n1" S
		    "{\"a\":1/**/}" S "[1]//x",
	    false);
	check_text(slice_of("", 0), false);
	check_text(slice_of("[1]\0", 4), false);
	check_text(slice_of("\0", 1), false);
	check_text(slice_of("[\0]", 3), false);
	check_text(slice_of("\"\0\"", 3), false);
	check_text(slice_of("\"\\\0\"", 4), false);
	check_text(slice_of("\xff\xfe[\0]\0", 6), false);
	check_text(slice_of("\0[\0]", 4), false);
	check_text(slice_of("[\0]\0", 4), false);
}

static void
check_reason(const char *text, const char *reason, size_t place)
{
	struct json j = { .room = 0 };
	const char *why = "";
	size_t where = 0;

	CHECK(!json_scan(&j, slice_z(text), &why, &where));
	CHECK_SLICE(slice_z(why), reason);
	CHECK_NUMBER(where, place);
	CHECK(!json_root(&j).json);
	json_free(&j);
}

static void
check_reasons(void)
{
	check_group("reason and place of a refusal");
	check_reason("", "no value", 0);
	check_reason(" x", "no value where one must stand", 1);
	check_reason("{\"a\":01}", "bad number", 5);
	check_reason("[tru]", "bad literal", 1);
	check_reason("{\"a\" 1}", "no colon behind a member name", 5);
	check_reason("{1:2}", "no member name where one must stand", 1);
	check_reason("{\"a\":1 2}", "no comma or closing brace behind a member", 7);
	check_reason("[1 2]", "no comma or closing bracket behind an item", 3);
	check_reason("[1] 2", "more text behind the value", 4);
	check_reason("[1] ]", "more text behind the value", 4);
	check_reason("1 2", "more text behind the value", 2);
	check_reason("{\"a\":[1,", "text ends inside the value", 8);
	check_reason("[[1]", "text ends inside the value", 4);
	check_reason("[\"a]", "string without an end", 4);
	check_reason("[\"a\\x\"]", "bad escape in a string", 3);
	check_reason("[\"a\tb\"]", "control character in a string", 3);
	check_reason("[\"a\xff\"]", "invalid UTF-8", 3);
	check_reason("\xef\xbb\xbf{}", "byte-order mark before the value", 0);
	check_reason("\xff\xfe{", "text is UTF-16, not UTF-8", 0);
}

static void
check_depth(void)
{
	struct buf b = { .len = 0 };

	check_group("depth is limited, and memory is not the stack");
	for (int objects = 0; objects < 2; objects++)
		for (size_t depth = JSON_DEPTH - 1; depth <= JSON_DEPTH + 1; depth++) {
			buf_clear(&b);
			for (size_t i = 0; i < depth; i++)
				buf_add(&b, objects ? SLICE("{\"a\":") : SLICE("["));
			buf_add_byte(&b, '1');
			for (size_t i = 0; i < depth; i++)
				buf_add_byte(&b, objects ? '}' : ']');
			check_text(buf_slice(&b), depth <= JSON_DEPTH);
		}
	buf_clear(&b);
	for (size_t i = 0; i < 2000000; i++)
		buf_add_byte(&b, '[');
	check_text(buf_slice(&b), false);
	buf_clear(&b);
	buf_add_byte(&b, '[');
	for (size_t i = 0; i < 100000; i++)
		buf_add(&b, SLICE("[[[{\"a\":[]}]]],"));
	buf_add(&b, SLICE("1]"));
	check_text(buf_slice(&b), true);
	buf_free(&b);
}

/* Texts with everything that crosses a border between blocks badly. */
static const char *const samples[] = {
	"{\"a\\\\\\\"\\\\\":\"\\\\\\\\\\\\\\\"\",\"\\u00e9\\ud83d\\ude00\":[1.5e-7,true,null]}",
	"{\"caf\xc3\xa9\":"
	"\"\xe2\x82\xac\xf0\x9f\x98\x80\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf\","
	"\"x\":[[],{},[{}],\"\",-0,false]}",
	"[{\"role\":\"user\",\"content\":\"say \\\"hi\\\"\\n\\tnow, {please}: [1,2]\"}, 12345 "
	", "
	"-6.02e+23 ,\r\n\"\\/\\b\\f\\n\\r\\t\"]",
	"  [ \"\\u0041\\uABcd\\\\u00zz\" , 0 , {\"k\":{\"k\":{\"k\":[0]}}} ]  ",
};

static void
check_truncated(void)
{
	check_group("every beginning of a text");
	for (size_t s = 0; s < sizeof(samples) / sizeof(samples[0]); s++) {
		struct slice text = slice_z(samples[s]);

		check_text(text, true);
		for (size_t n = 0; n < slice_trim(text).len; n++)
			check_text(slice_take(text, n), false);
		for (size_t n = 1; n < text.len; n++)
			CHECK(!reference_check(slice_drop(text, n)));
	}
}

static void
check_shifted(void)
{
	struct buf b = { .len = 0 };

	check_group("every place of a text in its blocks");
	for (size_t s = 0; s < sizeof(samples) / sizeof(samples[0]); s++)
		for (size_t shift = 0; shift <= 130; shift++) {
			buf_clear(&b);
			for (size_t i = 0; i < shift; i++)
				buf_add_byte(&b, " \n\t\r"[i % 4]);
			buf_add(&b, slice_z(samples[s]));
			check_text(buf_slice(&b), true);
			buf_clear(&b);
			buf_add_byte(&b, '"');
			for (size_t i = 0; i < shift; i++)
				buf_add_byte(&b, 'x');
			buf_add(&b, SLICE("\\u12\xc3\xa9"));
			CHECK(!reference_check(buf_slice(&b)));
			buf_add(&b, SLICE("\""));
			check_text(buf_slice(&b), false);
		}
	buf_free(&b);
}

static void
check_backslashes(void)
{
	struct buf b = { .len = 0 };

	check_group("runs of backslashes of every length and place");
	for (size_t shift = 0; shift < 66; shift++)
		for (size_t run = 0; run < 140; run += shift % 7 ? 13 : 1) {
			buf_clear(&b);
			buf_add(&b, SLICE("[\""));
			for (size_t i = 0; i < shift; i++)
				buf_add_byte(&b, 'x');
			for (size_t i = 0; i < run; i++)
				buf_add_byte(&b, '\\');
			buf_add(&b, SLICE("\",\"\"]"));
			check_text(buf_slice(&b), run % 2 == 0);
		}
	buf_free(&b);
}

static uint64_t
next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* A byte that is likely to matter. */
static char
odd_byte(uint64_t random)
{
	static const char odd[] =
	    "\"\\{}[]:,\"\\u0e1-+. \n\t\x01\x1f\x7f\x80\xa0\xc3\xe0\xed\xf0\xf4\xff"
	    "tfn/";

	return odd[random % sizeof(odd)];
}

static void
check_mutated(void)
{
	uint64_t state = 88172645463325252u;
	struct buf b = { .len = 0 };
	size_t taken = 0;

	check_group("mutated texts");
	for (size_t round = 0; round < 60000; round++) {
		size_t s = next_random(&state) % (sizeof(samples) / sizeof(samples[0]));
		const char *fault;

		buf_clear(&b);
		for (size_t i = next_random(&state) % 70; i > 0; i--)
			buf_add_byte(&b, ' ');
		buf_add(&b, slice_z(samples[s]));
		for (size_t n = 1 + next_random(&state) % 3; n > 0; n--) {
			size_t place = next_random(&state) % b.len;
			size_t many = 1 + next_random(&state) % 3;

			if (next_random(&state) % 2 || place + many >= b.len) {
				b.data[place] = odd_byte(next_random(&state));
			} else {
				memmove(b.data + place, b.data + place + many,
				    b.len - place - many);
				b.len -= many;
			}
		}
		fault = reference_check(buf_slice(&b));
		CHECK(!fault);
		if (fault)
			printf("# %s: %.*s\n", fault, SLICE_ARG(buf_slice(&b)));
		taken += reference_json(buf_slice(&b));
	}
	CHECK(taken > 1000 && taken < 59000);
	buf_free(&b);
}

/* Random texts over the alphabet of the grammar reach states that mutation does not. */
static void
check_noise(void)
{
	static const char *const words[] = { "{", "}", "[", "]", ",", ":", "\"a\"", "1", "null",
		" ", "\"", "\\", "{\"a\":", "[1,", "\"b\":2", "x", "\xc3\xa9" };
	uint64_t state = 362436069;
	struct buf b = { .len = 0 };

	check_group("noise in the alphabet of the grammar");
	for (size_t round = 0; round < 40000; round++) {
		buf_clear(&b);
		for (size_t n = next_random(&state) % 14; n > 0; n--)
			buf_add(&b, slice_z(words[next_random(&state) % 17]));
		CHECK(!reference_check(buf_slice(&b)));
	}
	buf_free(&b);
}

static void
check_reuse(void)
{
	struct json j = { .room = 0 };
	struct buf b = { .len = 0 };
	const char *why;
	size_t where;

	check_group("one index for texts of every size");
	buf_add_byte(&b, '[');
	for (size_t i = 0; i < 700000; i++)
		buf_add(&b, SLICE("1,"));
	buf_add(&b, SLICE("2]"));
	for (int round = 0; round < 3; round++) {
		CHECK(json_scan(&j, SLICE("{\"a\":[1]}"), &why, &where));
		CHECK_NUMBER(j.count, 8);
		CHECK_NUMBER(j.at[j.count], 9);
		CHECK(json_scan(&j, buf_slice(&b), &why, &where));
		CHECK_NUMBER(json_length(json_root(&j)), 700001);
		CHECK(!json_scan(&j, SLICE("{"), &why, &where));
		CHECK(j.room < 100000);
	}
	json_free(&j);
	buf_free(&b);
	CHECK(!json_scan_use("sse9"));
	CHECK(json_scan_use("portable"));
	CHECK_SLICE(slice_z(json_scan_path()), "portable");
}

/* JSONTestSuite: y_ must be taken, n_ refused, i_ survived. */
static void
check_suite(void)
{
	const char *data = getenv("LLM_TEST_DATA");
	char name[4096], *text = malloc(1 << 20);
	size_t good = 0, bad = 0;
	struct dirent *entry;
	DIR *folder;

	if (!data) {
		check_skip("JSONTestSuite", "LLM_TEST_DATA is not set");
		free(text);
		return;
	}
	check_group("JSONTestSuite");
	snprintf(name, sizeof(name), "%s/json/test_parsing", data);
	folder = opendir(name);
	CHECK(folder);
	while (folder && (entry = readdir(folder))) {
		FILE *file;
		size_t n;

		if (entry->d_name[0] == '.')
			continue;
		snprintf(name, sizeof(name), "%s/json/test_parsing/%s", data, entry->d_name);
		file = fopen(name, "rb");
		CHECK(file);
		n = file ? fread(text, 1, 1 << 20, file) : 0;
		if (file)
			fclose(file);
		if (entry->d_name[0] == 'i') {
			CHECK(!reference_check(slice_of(text, n)));
			continue;
		}
		check_text(slice_of(text, n), entry->d_name[0] == 'y');
		good += entry->d_name[0] == 'y';
		bad += entry->d_name[0] == 'n';
	}
	CHECK_NUMBER(good, 95);
	CHECK_NUMBER(bad, 188);
	if (folder)
		closedir(folder);
	free(text);
}

int
main(void)
{
	printf("# paths here:");
	for (size_t i = 0; i < 3; i++)
		if (json_scan_use(reference_paths[i]))
			printf(" %s", reference_paths[i]);
	printf("\n");
	check_allowed();
	check_forbidden();
	check_reasons();
	check_depth();
	check_truncated();
	check_shifted();
	check_backslashes();
	check_mutated();
	check_noise();
	check_reuse();
	check_suite();
	return check_finish();
}
