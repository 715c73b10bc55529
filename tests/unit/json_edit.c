/* SPDX-License-Identifier: MIT */
/* Edits: what is asked for changes, every other byte stays, and an edit undone is no edit. */
#include "check.h"

#include "base/buf.h"
#include "json/edit.h"

static struct json json;
static struct edits edits;
static struct buf out;

static struct value
scan(const char *text)
{
	const char *why;
	size_t where;

	CHECK(json_scan(&json, slice_z(text), &why, &where));
	return json_root(&json);
}

static struct slice
apply(void)
{
	struct json again = { .room = 0 };
	const char *why;
	size_t where;

	buf_clear(&out);
	edits_apply(&edits, &json, &out);
	CHECK_NUMBER(edits.count, 0);
	CHECK(json_scan(&again, buf_slice(&out), &why, &where));
	json_free(&again);
	return buf_slice(&out);
}

#define APPLIES(want) CHECK_SLICE(apply(), want)

static struct value
item(struct value v, size_t i)
{
	v = json_first(v);
	while (i--)
		v = json_next(v);
	return v;
}

static void
check_replace(void)
{
	struct value v;

	check_group("replace and set");
	v = scan(" { \"a\" : 1.50 , \"b\":\"x\\/y\" }\t");
	APPLIES(" { \"a\" : 1.50 , \"b\":\"x\\/y\" }\t");
	edits_replace(&edits, json_get(v, "a"), SLICE("[2]"));
	APPLIES(" { \"a\" : [2] , \"b\":\"x\\/y\" }\t");
	edits_set(&edits, v, "b", SLICE("null"));
	edits_set(&edits, v, "a", SLICE("0"));
	APPLIES(" { \"a\" : 0 , \"b\":null }\t");
	edits_set(&edits, v, "c", SLICE("3"));
	APPLIES(" { \"a\" : 1.50 , \"b\":\"x\\/y\",\"c\":3 }\t");
	edits_set(&edits, v, "c\"\n", SLICE("3"));
	edits_set(&edits, v, "d", SLICE("4"));
	APPLIES(" { \"a\" : 1.50 , \"b\":\"x\\/y\",\"c\\\"\\n\":3,\"d\":4 }\t");
	edits_replace(&edits, v, SLICE("7"));
	edits_set(&edits, v, "a", SLICE("8"));
	edits_set(&edits, v, "z", SLICE("9"));
	APPLIES(" 7\t");
	edits_set(&edits, v, "c", SLICE("3"));
	edits_set(&edits, v, "d", SLICE("4"));
	edits_set(&edits, v, "c", SLICE("5"));
	APPLIES(" { \"a\" : 1.50 , \"b\":\"x\\/y\",\"c\":5,\"d\":4 }\t");
	edits_set(&edits, v, "a", SLICE("1"));
	edits_set(&edits, v, "a", SLICE("2"));
	APPLIES(" { \"a\" : 2 , \"b\":\"x\\/y\" }\t");
	edits_replace(&edits, json_first(v), SLICE("\"new\""));
	edits_replace(&edits, json_get(v, "a"), SLICE("2"));
	APPLIES(" { \"new\" : 2 , \"b\":\"x\\/y\" }\t");
	edits_set(&edits, scan("{ }"), "a", SLICE("1"));
	APPLIES("{\"a\":1 }");
	edits_set(&edits, scan("[]"), "a", SLICE("1"));
	APPLIES("[]");
	v = scan("{\"a\":{\"b\":{\"c\":1}},\"d\":[1, {\"e\":2}]}");
	edits_set(&edits, json_get(json_get(v, "a"), "b"), "x", SLICE("5"));
	edits_set(&edits, item(json_get(v, "d"), 1), "e", SLICE("6"));
	edits_set(&edits, json_get(v, "a"), "y", SLICE("7"));
	edits_set(&edits, v, "z", SLICE("8"));
	APPLIES("{\"a\":{\"b\":{\"c\":1,\"x\":5},\"y\":7},\"d\":[1, {\"e\":6}],\"z\":8}");
	edits_replace(&edits, json_get(json_get(v, "a"), "b"), SLICE("0"));
	edits_set(&edits, v, "a", SLICE("{}"));
	edits_set(&edits, json_get(json_get(v, "a"), "b"), "x", SLICE("5"));
	APPLIES("{\"a\":{},\"d\":[1, {\"e\":2}]}");
	edits_replace(&edits, scan("5"), SLICE("6"));
	APPLIES("6");
}

static bool
set_path(struct value root, const char *a, const char *b, const char *c, const char *raw)
{
	const char *const names[] = { a, b, c };

	return edits_set_path(&edits, root, names, c ? 3 : b ? 2 : 1, slice_z(raw));
}

static void
check_path(void)
{
	struct value v = scan("{\"body\":{\"model\":\"m\"},\"n\":1}");

	check_group("set by path");
	CHECK(set_path(v, "body", "model", NULL, "\"x\""));
	APPLIES("{\"body\":{\"model\":\"x\"},\"n\":1}");
	CHECK(set_path(v, "body", "a", "b", "2"));
	APPLIES("{\"body\":{\"model\":\"m\",\"a\":{\"b\":2}},\"n\":1}");
	CHECK(set_path(v, "llm", "cache", NULL, "{\"hit\":false}"));
	CHECK(set_path(v, "llm", "v", NULL, "1"));
	CHECK(set_path(v, "llm", "cache", NULL, "{\"hit\":true}"));
	CHECK(set_path(v, "llm", "deep", "er", "3"));
	CHECK(set_path(v, "llm", "deep", "est", "4"));
	CHECK(set_path(v, "m", NULL, NULL, "5"));
	APPLIES("{\"body\":{\"model\":\"m\"},\"n\":1,\"llm\":{\"cache\":{\"hit\":true},\"v\":1,"
		"\"deep\":{\"er\":3,\"est\":4}},\"m\":5}");
	CHECK(!set_path(v, "n", "x", NULL, "1"));
	CHECK(!set_path(v, "body", "model", "x", "1"));
	edits_clear(&edits);
	CHECK(set_path(v, "new", NULL, NULL, "{\"a\":1}"));
	CHECK(!set_path(v, "new", "b", NULL, "2"));
	edits_set(&edits, v, "new", SLICE("6"));
	APPLIES("{\"body\":{\"model\":\"m\"},\"n\":1,\"new\":6}");
	CHECK(set_path(v, "new", "b", NULL, "2"));
	edits_set(&edits, v, "new", SLICE("6"));
	APPLIES("{\"body\":{\"model\":\"m\"},\"n\":1,\"new\":6}");
	v = scan("{\"llm\":{\"v\":1,\"cache\":{}},\"x\":1,\"x\":{}}");
	CHECK(set_path(v, "llm", "route", NULL, "{}"));
	CHECK(set_path(v, "llm", "v", NULL, "1"));
	CHECK(set_path(v, "llm", "cache", "hit", "true"));
	CHECK(!set_path(v, "x", "y", NULL, "1"));
	CHECK(!set_path(v, "x", NULL, NULL, "1"));
	APPLIES("{\"llm\":{\"v\":1,\"cache\":{\"hit\":true},\"route\":{}},\"x\":1,\"x\":{}}");
	CHECK(!set_path(scan("[]"), "x", NULL, NULL, "1"));
}

static void
check_remove(void)
{
	struct value v = scan("[ 1 , 2 , 3 ]");

	check_group("remove");
	edits_remove(&edits, item(v, 0));
	APPLIES("[ 2 , 3 ]");
	edits_remove(&edits, item(v, 1));
	APPLIES("[ 1  , 3 ]");
	edits_remove(&edits, item(v, 2));
	APPLIES("[ 1 , 2  ]");
	edits_remove(&edits, item(v, 0));
	edits_remove(&edits, item(v, 1));
	APPLIES("[ 3 ]");
	edits_remove(&edits, item(v, 2));
	edits_remove(&edits, item(v, 1));
	APPLIES("[ 1   ]");
	edits_remove(&edits, item(v, 0));
	edits_remove(&edits, item(v, 2));
	APPLIES("[ 2  ]");
	for (size_t i = 0; i < 3; i++)
		edits_remove(&edits, item(v, i));
	APPLIES("[  ]");
	v = scan("{\"a\":{\"b\":1,\"c\":[2,3]},\"d\":4}");
	edits_remove(&edits, json_first(v));
	edits_set(&edits, json_get(v, "a"), "z", SLICE("1"));
	edits_remove(&edits, json_first(json_get(v, "a")));
	APPLIES("{\"d\":4}");
	edits_remove(&edits, json_next(json_first(json_get(v, "a"))));
	edits_remove(&edits, json_next(json_first(v)));
	APPLIES("{\"a\":{\"b\":1}}");
	edits_remove(&edits, json_first(v));
	edits_set(&edits, v, "a", SLICE("5"));
	APPLIES("{\"a\":5,\"d\":4}");
	edits_set(&edits, v, "a", SLICE("5"));
	edits_remove(&edits, json_first(v));
	edits_set(&edits, v, "new", SLICE("6"));
	APPLIES("{\"d\":4,\"new\":6}");
	edits_remove(&edits, json_first(v));
	edits_remove(&edits, json_next(json_first(v)));
	edits_set(&edits, v, "new", SLICE("6"));
	edits_set(&edits, v, "newer", SLICE("7"));
	APPLIES("{\"new\":6,\"newer\":7}");
	edits_remove(&edits, v);
	APPLIES("{\"a\":{\"b\":1,\"c\":[2,3]},\"d\":4}");
}

static void
check_insert(void)
{
	struct value v = scan("[ 1 , 2 ]"), none = { .json = NULL };

	check_group("insert");
	edits_insert(&edits, v, item(v, 0), SLICE("8"));
	edits_insert(&edits, v, item(v, 0), SLICE("9"));
	APPLIES("[ 8,9,1 , 2 ]");
	edits_insert(&edits, v, item(v, 1), SLICE("9"));
	APPLIES("[ 1 , 9,2 ]");
	edits_insert(&edits, v, none, SLICE("8"));
	edits_insert(&edits, v, none, SLICE("9"));
	APPLIES("[ 1 , 2,8,9 ]");
	edits_insert(&edits, v, item(v, 0), SLICE("9"));
	edits_remove(&edits, item(v, 0));
	APPLIES("[ 9,2 ]");
	edits_insert(&edits, v, item(v, 1), SLICE("9"));
	edits_remove(&edits, item(v, 1));
	APPLIES("[ 1 ,9 ]");
	edits_remove(&edits, item(v, 0));
	edits_insert(&edits, v, item(v, 0), SLICE("7"));
	edits_remove(&edits, item(v, 1));
	edits_insert(&edits, v, item(v, 1), SLICE("8"));
	edits_insert(&edits, v, none, SLICE("9"));
	APPLIES("[ 7,8,9 ]");
	edits_insert(&edits, v, item(v, 1), SLICE("9"));
	edits_replace(&edits, item(v, 1), SLICE("{}"));
	APPLIES("[ 1 , 9,{} ]");
	v = scan("{\"a\":[ ],\"b\":[[],[1]]}");
	edits_insert(&edits, json_get(v, "a"), none, SLICE("1"));
	edits_insert(&edits, json_get(v, "a"), none, SLICE("2"));
	edits_insert(&edits, item(json_get(v, "b"), 0), none, SLICE("3"));
	edits_insert(&edits, json_get(v, "b"), none, SLICE("4"));
	edits_insert(&edits, json_get(v, "b"), item(json_get(v, "b"), 1), SLICE("5"));
	edits_insert(&edits, v, none, SLICE("6"));
	APPLIES("{\"a\":[1,2 ],\"b\":[[3],5,[1],4]}");
}

static uint64_t state = 2463534242u;

static uint32_t
pick(uint32_t n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)(state % n);
}

/* A random value; blanks wherever the grammar allows them. */
static void
make_value(struct buf *b, unsigned depth)
{
	static const char *const scalars[] = { "1", "-0.0", "9007199254740993", "\"\"",
		"\"a\\/b\"", "\"{[,\"", "null", "1E400" };
	unsigned kind = pick(depth ? 4 : 2), n = pick(4);

	buf_add(b, slice_take(SLICE(" \n"), pick(3)));
	if (kind < 2) {
		buf_add(b, slice_z(scalars[pick(8)]));
	} else {
		buf_add_byte(b, kind == 2 ? '[' : '{');
		buf_add(b, slice_take(SLICE("\t "), pick(3)));
		for (unsigned i = 0; i < n; i++) {
			if (kind == 3)
				buf_printf(
				    b, "%s\"k%u\"%s:", i ? " " : "", i, pick(2) ? " " : "");
			make_value(b, depth - 1);
			buf_add(b, i + 1 < n ? SLICE(",") : SLICE(""));
		}
		buf_add_byte(b, kind == 2 ? ']' : '}');
	}
	buf_add(b, slice_take(SLICE(" \t"), pick(3)));
}

/* A value somewhere in the text: not a name. */
static struct value
any_value(struct json *j)
{
	struct value v = json_root(j);

	while (json_length(v) && pick(3)) {
		bool object = json_type(v) == JSON_OBJECT;

		v = item(v, pick((uint32_t)json_length(v)));
		if (object)
			v = json_member_value(v);
	}
	return v;
}

/* One edit, applied; then its opposite on what came out: the bytes must be those at first. */
static void
check_undo(void)
{
	struct buf text = { .len = 0 }, changed = { .len = 0 };
	struct json again = { .room = 0 };
	const char *why;
	size_t where;

	check_group("an edit undone leaves the bytes as they were");
	for (size_t round = 0; round < 20000; round++) {
		struct value none = { .json = NULL }, v;
		uint32_t entry;
		unsigned kind = pick(3);

		buf_clear(&text);
		buf_clear(&changed);
		make_value(&text, 4);
		CHECK(json_scan(&json, buf_slice(&text), &why, &where));
		v = any_value(&json);
		entry = v.entry;
		if (kind == 0)
			edits_replace(&edits, v, SLICE("true"));
		else if (json_type(v) == JSON_OBJECT)
			edits_set(&edits, v, "added", SLICE("[0]"));
		else if (json_type(v) == JSON_ARRAY)
			edits_insert(&edits, v, kind == 1 ? item(v, 0) : none, SLICE("[0]"));
		else
			continue;
		edits_apply(&edits, &json, &changed);
		CHECK(json_scan(&again, buf_slice(&changed), &why, &where));
		if (kind == 0) {
			edits_replace(&edits, (struct value){ &again, entry }, json_raw(v));
		} else {
			struct value k = json_first((struct value){ &again, entry }), last = k;

			for (; json_type(k); k = json_next(k))
				last = k;
			k = json_first((struct value){ &again, entry });
			edits_remove(
			    &edits, kind == 1 && json_type(v) == JSON_ARRAY ? k : last);
		}
		buf_clear(&out);
		edits_apply(&edits, &again, &out);
		CHECK(slice_eq(buf_slice(&out), buf_slice(&text)));
		if (!slice_eq(buf_slice(&out), buf_slice(&text)))
			printf("# %.*s -> %.*s -> %.*s\n", SLICE_ARG(buf_slice(&text)),
			    SLICE_ARG(buf_slice(&changed)), SLICE_ARG(buf_slice(&out)));
	}
	buf_free(&text);
	buf_free(&changed);
	json_free(&again);
}

/* What a list of inserts and removals of one array must come to, item by item. */
static void
check_model(void)
{
	struct buf want = { .len = 0 };

	check_group("inserts and removals in an array against a model");
	for (size_t round = 0; round < 20000; round++) {
		struct value v = scan("[ 0, 1 ,2 , 3,4]"), k, none = { .json = NULL };
		struct json again = { .room = 0 };
		bool gone[6] = { false };
		unsigned before[6] = { 0 };
		const char *why;
		size_t where;

		for (unsigned n = pick(7); n > 0; n--) {
			unsigned place = pick(6);

			if (place < 5 && pick(2)) {
				gone[place] = true;
				edits_remove(&edits, item(v, place));
			} else {
				before[place]++;
				edits_insert(
				    &edits, v, place < 5 ? item(v, place) : none, SLICE("9"));
			}
		}
		buf_clear(&want);
		for (unsigned i = 0; i < 6; i++) {
			for (unsigned n = before[i]; n > 0; n--)
				buf_add_byte(&want, '9');
			if (i < 5 && !gone[i])
				buf_add_byte(&want, (char)('0' + i));
		}
		apply();
		CHECK(json_scan(&again, buf_slice(&out), &why, &where));
		where = 0;
		for (k = json_first(json_root(&again)); json_type(k); k = json_next(k), where++)
			CHECK(where < want.len && json_raw(k).ptr[0] == want.data[where]);
		CHECK_NUMBER(where, want.len);
		json_free(&again);
	}
	buf_free(&want);
}

static void
check_many(void)
{
	struct buf text = { .len = 0 };
	struct value k;
	size_t n = 0;
	const char *why;
	size_t where;

	check_group("a hundred thousand edits");
	buf_add_byte(&text, '[');
	for (int i = 0; i < 100000; i++)
		buf_add(&text, SLICE("{\"a\":1},"));
	buf_add(&text, SLICE("0]"));
	CHECK(json_scan(&json, buf_slice(&text), &why, &where));
	for (k = json_first(json_root(&json)); json_type(k) == JSON_OBJECT;
	     k = json_next(k), n++) {
		edits_replace(&edits, json_get(k, "a"), SLICE("22"));
		if (n % 2)
			edits_remove(&edits, k);
	}
	edits_insert(&edits, json_root(&json), json_first(json_root(&json)), SLICE("5"));
	apply();
	CHECK_NUMBER(out.len, 1 + 2 + 50000 * 9 + 2);
	buf_free(&text);
}

int
main(void)
{
	check_replace();
	check_path();
	check_remove();
	check_insert();
	check_undo();
	check_model();
	check_many();
	json_free(&json);
	edits_free(&edits);
	buf_free(&out);
	return check_finish();
}
