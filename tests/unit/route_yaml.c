/* SPDX-License-Identifier: MIT */
/* The YAML that configurations are written in. */
#include "unit/check.h"

#include "cmd/llm-route/import/yaml.c"

static struct arena arena;
static struct buf out;

static struct slice
read_yaml(const char *text)
{
	const char *why = NULL;
	uint64_t line;

	buf_clear(&out);
	if (!yaml_to_json(slice_z(text), &arena, &out, &why, &line)) {
		CHECK(why && line > 0);
		return SLICE("wrong");
	}
	return buf_slice(&out);
}

static void
check_good(void)
{
	check_group("what is read");
	CHECK_SLICE(read_yaml(""), "null");
	CHECK_SLICE(read_yaml("# only\n---\n"), "null");
	CHECK_SLICE(read_yaml("a: 1\nb: x y # c\n"), "{\"a\":1,\"b\":\"x y\"}");
	CHECK_SLICE(read_yaml("a:\n  - 1\n  - b: 2\n    c: [x, 'y z', {d: e}]\n  -\n    - q\n"),
	    "{\"a\":[1,{\"b\":2,\"c\":[\"x\",\"y z\",{\"d\":\"e\"}]},[\"q\"]]}");
	CHECK_SLICE(
	    read_yaml("a:\n- 1\n- 2\nb: ~\nc:\n"), "{\"a\":[1,2],\"b\":null,\"c\":null}");
	CHECK_SLICE(read_yaml("- - 1\n  - 2\n- x: 1\r\n  y: 2"), "[[1,2],{\"x\":1,\"y\":2}]");
	CHECK_SLICE(read_yaml("u: http://a:1/b#c\nv: 'it''s # no'\nw: \"a\\nb\"\n"),
	    "{\"u\":\"http://a:1/b#c\",\"v\":\"it's # no\",\"w\":\"a\\nb\"}");
	CHECK_SLICE(read_yaml("a: |\n  x\n   y\n\n  z\nb: >-\n  p\n  q\n"),
	    "{\"a\":\"x\\n y\\n\\nz\\n\",\"b\":\"p q\"}");
	CHECK_SLICE(read_yaml("\"k 1\": True\nl: 010\nm: 1e3\n"),
	    "{\"k 1\":true,\"l\":\"010\",\"m\":1e3}");
	CHECK_SLICE(read_yaml("[]"), "[]");
	CHECK_SLICE(read_yaml("just text"), "\"just text\"");
	CHECK_SLICE(read_yaml("a: os.environ/KEY\nb: {\"x\": [1, 2]}"),
	    "{\"a\":\"os.environ/KEY\",\"b\":{\"x\":[1,2]}}");
}

static void
check_wrong(void)
{
	struct buf deep = { 0 };

	check_group("what is refused");
	CHECK_SLICE(read_yaml("a: &x 1\nb: *x\n"), "wrong");
	CHECK_SLICE(read_yaml("<<: 1"), "wrong");
	CHECK_SLICE(read_yaml(": 1"), "wrong");
	CHECK_SLICE(read_yaml("a: !t 1"), "wrong");
	CHECK_SLICE(read_yaml("a: [1, 2"), "wrong");
	CHECK_SLICE(read_yaml("a: \"x"), "wrong");
	CHECK_SLICE(read_yaml("\ta: 1"), "wrong");
	CHECK_SLICE(read_yaml("a: 1\n   b: 2\n"), "wrong");
	CHECK_SLICE(read_yaml("a: 1\nb\n"), "wrong");
	CHECK_SLICE(read_yaml("a: {b c}"), "wrong");
	for (size_t i = 0; i < 1000; i++)
		buf_add(&deep, SLICE("- "));
	buf_add(&deep, SLICE("x"));
	buf_add_byte(&deep, '\0');
	CHECK_SLICE(read_yaml(deep.data), "wrong");
	buf_clear(&deep);
	for (size_t i = 0; i < 1000; i++)
		buf_add_byte(&deep, '[');
	buf_add_byte(&deep, '\0');
	CHECK_SLICE(read_yaml(deep.data), "wrong");
	buf_free(&deep);
}

int
main(void)
{
	check_good();
	check_wrong();
	buf_free(&out);
	arena_close(&arena);
	return check_finish();
}
