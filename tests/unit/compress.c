/* SPDX-License-Identifier: MIT */
/* The lossless steps of llm-compress on texts: what folds, what must not, back again. */
#include "unit/check.h"

#include "base/mem.h"
#include "cmd/llm-compress/fold.c"
#include "text/blocks.h"
#include "text/lines.h"
#include "text/quotes.h"
#include "text/whitespace.h"

static struct arena arena;

static struct slice
fold_text(const char *text)
{
	struct slice once = whitespace_fold(slice_z(text), false, &arena);

	CHECK(slice_eq(whitespace_fold(once, false, &arena), once));
	return once;
}

static void
stays(const char *text)
{
	CHECK_SLICE(fold_text(text), text);
}

static void
check_whitespace(void)
{
	check_group("blanks that go");
	CHECK_SLICE(fold_text("a  b   c"), "a b c");
	CHECK_SLICE(fold_text("a \nb\t\nc"), "a\nb\nc");
	CHECK_SLICE(fold_text("a\n\n\n\nb"), "a\n\nb");
	CHECK_SLICE(fold_text("a\r\n\r\n\r\nb \r\n"), "a\r\n\r\nb\r\n");
	CHECK_SLICE(fold_text("a\n \n\t\nb"), "a\n\nb");
	CHECK_SLICE(fold_text("One.  Two.   "), "One. Two.");
	CHECK_SLICE(fold_text("it's  what 'you'  want"), "it's what 'you' want");
	CHECK_SLICE(whitespace_fold(SLICE("So  a \nA: \n"), true, &arena), "So a\nA: \n");
	check_group("blanks that stay");
	stays("");
	stays("a b\n\nc d\n");
	stays("hard  \nbreak");
	stays("a\xC2\xA0\xC2\xA0"
	      "b");
	stays("```\na  b \n\n\n\nc\n```");
	stays("~~~~ x\n```\na  b \n~~~\n~~~~");
	stays("```\nnever  closed \n\n\n\n");
	stays("def f(x):\n    if  x:\n        return  1 \n");
	stays("\tint  x;\n");
	stays("key:   value\nother:  2");
	stays("- name:   x\n  tags:  [a,  b]");
	stays("| a   | b  |\n|-----|----|");
	stays("PID  USER\n  1  root");
	stays("a    b    c    d");
	stays("diff --git a/x b/x\n@@ -1 +1 @@\n-a  b \n+a   b\n \n c  d");
	stays("He said \"wait   here\" twice");
	stays("Print 'a   b' now");
	stays("Use `x   y` here");
	stays("\xE2\x80\x9Cx   y\xE2\x80\x9D");
	stays("\xC2\xABx   y\xC2\xBB");
	stays("She wrote \"one\n\n\n\ntwo   three\" and left");
	stays("1.   item\n-   other");
	stays("a\tb\t\tc  d");
	stays("> quoted   text");
	stays("int  x = 3;");
	stays("<pre>\na   b\n</pre>");
	stays("class A:\n\n\n\n    x  = 1");
	check_group("both beside each other");
	CHECK_SLICE(fold_text("a  b \"c  d\" e"), "a b \"c  d\" e");
	CHECK_SLICE(fold_text("x  y\n```\nx  y\n```\nx  y"), "x y\n```\nx  y\n```\nx y");
	CHECK_SLICE(fold_text("say \\\"hi  there\\\"  now"), "say \\\"hi there\\\" now");
	CHECK_SLICE(fold_text("\"a\nb  c\" d  e"), "\"a\nb  c\" d e");
}

static struct json json;

static struct slice
json_fold(const char *text, bool tables)
{
	const char *why;
	size_t where;
	struct buf b = { 0 };
	struct slice out;

	CHECK(json_scan(&json, slice_z(text), &why, &where));
	fold_write(json_root(&json), tables, &arena, &b);
	out = arena_copy(&arena, buf_slice(&b));
	buf_free(&b);
	return out;
}

static struct slice
json_back(struct slice text)
{
	const char *why;
	size_t where;
	struct buf b = { 0 };
	struct slice out;

	CHECK(json_scan(&json, text, &why, &where));
	fold_undo(json_root(&json), &arena, &b);
	out = arena_copy(&arena, buf_slice(&b));
	buf_free(&b);
	return out;
}

static void
check_json(void)
{
	const char *rows = "[{\"a\":1,\"b\":[]},{\"a\":2.0,\"b\":{}},{\"a\":1e5,\"b\":\"x\"}]";
	const char *table =
	    "{\"columns\":[\"a\",\"b\"],\"rows\":[[1,[]],[2.0,{}],[1e5,\"x\"]]}";
	struct slice deep;
	char *nested = mem_alloc(2048);

	check_group("json to its shortest form");
	CHECK_SLICE(json_fold("{ \"a\" : [ 1.00 , 1e2, -0 ] , \"b\" : null }", false),
	    "{\"a\":[1.00,1e2,-0],\"b\":null}");
	CHECK_SLICE(json_fold("[\"\\u00e9\\/\\u0041\\u4e2d\\ud83d\\ude00\"]", false),
	    "[\"\xC3\xA9/\\u0041\xE4\xB8\xAD\xF0\x9F\x98\x80\"]");
	CHECK_SLICE(json_fold("[\"\\u200b\\u0000\\ud800\\u2028\\n \\\\u00e9\"]", false),
	    "[\"\\u200b\\u0000\\ud800\\u2028\\n \\\\u00e9\"]");
	CHECK_SLICE(json_fold("[{\"x\":1,\"x\":2}]", true), "[{\"x\":1,\"x\":2}]");
	check_group("tables and back");
	CHECK_SLICE(json_fold(rows, true), table);
	CHECK_SLICE(json_back(slice_z(table)), rows);
	CHECK_SLICE(json_fold("[{\"a\":1,\"b\":2},{\"a\":1,\"b\":2}]", true),
	    "[{\"a\":1,\"b\":2},{\"a\":1,\"b\":2}]");
	CHECK_SLICE(json_fold("[{\"a\":1,\"b\":2},{\"a\":1,\"b\":2},{\"b\":1,\"a\":2}]", true),
	    "[{\"a\":1,\"b\":2},{\"a\":1,\"b\":2},{\"b\":1,\"a\":2}]");
	CHECK_SLICE(
	    json_back(json_fold(
		"{\"t\":[{\"p\":[{\"q\":1,\"r\":2},{\"q\":1,\"r\":2},{\"q\":1,\"r\":2}],"
		"\"s\":0},{\"p\":0,\"s\":0},{\"p\":0,\"s\":0}]}",
		true)),
	    "{\"t\":[{\"p\":[{\"q\":1,\"r\":2},{\"q\":1,\"r\":2},{\"q\":1,\"r\":2}],\"s\":0},"
	    "{\"p\":0,\"s\":0},{\"p\":0,\"s\":0}]}");
	CHECK_SLICE(json_back(SLICE("{\"columns\":[\"a\"],\"rows\":[[1,2]]}")),
	    "{\"columns\":[\"a\"],\"rows\":[[1,2]]}");
	CHECK_SLICE(
	    json_back(SLICE("{\"columns\":[],\"rows\":[]}")), "{\"columns\":[],\"rows\":[]}");
	memset(nested, '[', 1024);
	memset(nested + 1024, ']', 1024);
	deep = slice_of(nested, 2048);
	CHECK(slice_eq(json_back(deep), deep));
	free(nested);
}

static size_t
find_all(const char *text, struct slice *found)
{
	struct json_search s;
	size_t n = 0;

	if (!fold_search(&s, slice_z(text), &arena))
		return 0;
	while (fold_find(&s, found))
		n++;
	return n;
}

static void
check_find(void)
{
	struct slice found = { NULL, 0 };

	check_group("json between lines");
	CHECK_NUMBER(find_all("Data:\n{\n \"a\": 1\n}\nEnd", &found), 1);
	CHECK_SLICE(found, "{\n \"a\": 1\n}");
	CHECK_NUMBER(find_all("{\"a\":1}\n[2]\nx", &found), 2);
	CHECK_NUMBER(find_all("```json\n{\n}\n```", &found), 0);
	CHECK_NUMBER(find_all("[note\n\n```\n{\"a\": 1}\n```\n", &found), 0);
	CHECK_NUMBER(find_all("[note\n```\n{\"a\": 1}\n```\n", &found), 0);
	CHECK_NUMBER(find_all("[link](url) more\n", &found), 0);
	CHECK_NUMBER(find_all("\"\"\"\n{\"a\": 1}\n\"\"\"", &found), 0);
	CHECK_NUMBER(find_all("say \"so\n{}\n\" end", &found), 0);
	CHECK_NUMBER(find_all("{\n\n}", &found), 0);
	CHECK_NUMBER(find_all("[ open\n{\"a\":1}", &found), 0);
	CHECK_NUMBER(find_all("[ \"open\n{\"a\":1}", &found), 0);
	CHECK_NUMBER(find_all("x {\"a\":1}\n", &found), 0);
}

#define LONG_A "The first line of the terms is this one, and it is long enough to count.\n"
#define LONG_B "The second line says what is not covered by them, at some length as well.\n"
#define LONG_C "And the third line closes the paragraph in the way that lawyers like.\n"
#define REFERENCE                                                                            \
	"[same 3 lines as above, from \"The first line of the terms is this one, and it is " \
	"long enou\"]\n"

static void
check_blocks(void)
{
	struct blocks *b = blocks_new(&arena), *back = blocks_new(&arena);
	const char *text =
	    "Intro\n" LONG_A LONG_B LONG_C "\nmiddle\n\n" LONG_A LONG_B LONG_C "end";
	const char *short_text = "Intro\n" LONG_A LONG_B LONG_C "\nmiddle\n\n" REFERENCE "end";
	struct slice out;

	check_group("blocks that stand twice");
	CHECK_SLICE(blocks_fold(b, slice_z(text)), short_text);
	CHECK_SLICE(blocks_fold(b, SLICE("x\n" LONG_A LONG_B LONG_C)), "x\n" REFERENCE);
	CHECK(blocks_referred(slice_z(short_text)));
	CHECK(!blocks_referred(slice_z(text)));
	CHECK(blocks_expand(back, slice_z(short_text), &out));
	CHECK_SLICE(out, text);
	CHECK(blocks_expand(back, SLICE("x\n" REFERENCE), &out));
	CHECK_SLICE(out, "x\n" LONG_A LONG_B LONG_C);
	CHECK(!blocks_expand(back, SLICE("[same 9 lines as above, from \"nowhere\"]"), &out));
	check_group("blocks that stay");
	b = blocks_new(&arena);
	CHECK_SLICE(blocks_fold(b, SLICE("a\nb\nc\na\nb\nc\n")), "a\nb\nc\na\nb\nc\n");
	text = "```\n" LONG_A LONG_B LONG_C "```\n" LONG_A LONG_B LONG_C;
	CHECK_SLICE(blocks_fold(b, slice_z(text)), text);
	b = blocks_new(&arena);
	text = LONG_A LONG_B LONG_C "```\n" LONG_A LONG_B LONG_C "```\n";
	CHECK_SLICE(blocks_fold(b, slice_z(text)), text);
	b = blocks_new(&arena);
	text = "  " LONG_A "  " LONG_B "  " LONG_C "x\n  " LONG_A "  " LONG_B "  " LONG_C;
	CHECK_SLICE(blocks_fold(b, slice_z(text)), text);
}

/* All steps stay linear where something could look back or ahead too often. */
static void
check_linear(void)
{
	static const char *const pieces[] = { "[\n", "{\"a\":1}\n", "('x", "\"", "```\n",
		"a  b\n", "[same 3 lines as above, from \"a\"]\n", "\n \n", "x  y  z\n",
		"- a:  b\n", LONG_A LONG_B LONG_C, "<pre>", "\xE2\x80\x9C", NULL };
	size_t n = 2000000;
	char *text = mem_alloc(n);

	check_group("texts of one kind of trouble, 2 MB each");
	for (size_t i = 0; pieces[i]; i++) {
		struct slice s = slice_of(text, n), found, once;
		struct json_search search;

		for (size_t k = 0, len = strlen(pieces[i]); k < n; k++)
			text[k] = pieces[i][k % len];
		once = whitespace_fold(s, false, &arena);
		CHECK(slice_eq(whitespace_fold(once, false, &arena), once));
		CHECK(once.len <= s.len);
		if (fold_search(&search, s, &arena))
			while (fold_find(&search, &found))
				;
		CHECK(blocks_fold(blocks_new(&arena), s).len <= n);
		arena_reset(&arena);
	}
	free(text);
}

int
main(void)
{
	check_whitespace();
	check_json();
	check_find();
	check_blocks();
	check_linear();
	json_free(&json);
	arena_close(&arena);
	return check_finish();
}
