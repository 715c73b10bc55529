/* SPDX-License-Identifier: MIT */
/* Trees: what goes in comes out, in the spelling that matters. */
#include "check.h"

#include <cjson/cJSON.h>

#include "json/tree.h"

static struct json json;
static struct buf out;

static struct slice
through(const char *text)
{
	const char *why;
	size_t where;
	cJSON *tree;

	CHECK(json_scan(&json, slice_z(text), &why, &where));
	tree = tree_of(json_root(&json));
	buf_clear(&out);
	tree_write(tree, &out);
	cJSON_Delete(tree);
	return buf_slice(&out);
}

static void
check_same(const char *text)
{
	CHECK_SLICE(through(text), text);
}

static void
check_values(void)
{
	check_group("values keep their text");
	check_same("null");
	check_same("[]");
	check_same("{}");
	check_same("\"a\"");
	check_same("9007199254740993");
	check_same("[1.0,1e2,-0,1e999,12345678901234567890,0.10000000000000000555]");
	check_same("{\"a\":1,\"A\":2,\"a\":3,\"\":[true,false,null,{\"b\":{}}]}");
	check_same("[\"\xc3\xa9\xf0\x9f\x98\x80\",\"\\\"\\\\/\\n\\u0001\"]");
	check_same("[\"a\\u0000b\",\"\\ud800\",{\"x\":\"\\u0000\"}]");
	check_same("{\"a\":{\"\\u0000\":1,\"b\":2},\"c\":{\"\\uDC00\":3}}");
	CHECK_SLICE(
	    through(" [ 1 , { \"a\" : \"\\u00e9\\/\" } ] "), "[1,{\"a\":\"\\u00e9\\/\"}]");
}

static void
check_changed(void)
{
	const char *why;
	size_t where;
	cJSON *tree;

	check_group("a tree can be changed");
	CHECK(json_scan(&json, SLICE("{\"a\":[1.0,\"x\"],\"b\":2}"), &why, &where));
	tree = tree_of(json_root(&json));
	cJSON_AddStringToObject(tree, "c", "new");
	cJSON_DeleteItemFromArray(cJSON_GetObjectItemCaseSensitive(tree, "a"), 1);
	buf_clear(&out);
	tree_write(tree, &out);
	CHECK_SLICE(buf_slice(&out), "{\"a\":[1.0],\"b\":2,\"c\":\"new\"}");
	cJSON_Delete(tree);
	CHECK(!tree_of((struct value){ .json = NULL }));
		CHECK(slice_starts(slice_z(tree_version()), SLICE("cJSON 1.")));
}

static void
check_large(void)
{
	struct buf text = { .len = 0 };

	check_group("deep and long trees");
	for (int i = 0; i < JSON_DEPTH; i++)
		buf_add(&text, i % 2 ? SLICE("{\"a\":") : SLICE("["));
	buf_add_byte(&text, '1');
	for (int i = JSON_DEPTH - 1; i >= 0; i--)
		buf_add_byte(&text, i % 2 ? '}' : ']');
	buf_add_byte(&text, '\0');
	check_same(text.data);
	buf_clear(&text);
	buf_add_byte(&text, '[');
	for (int i = 0; i < 200000; i++)
		buf_add(&text, SLICE("{\"a\":1},"));
	buf_add(&text, SLICE("0]"));
	buf_add_byte(&text, '\0');
	check_same(text.data);
	buf_free(&text);
}

int
main(void)
{
	check_values();
	check_changed();
	check_large();
	json_free(&json);
	buf_free(&out);
	return check_finish();
}
