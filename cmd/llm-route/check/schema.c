/* SPDX-License-Identifier: MIT */
#include "cmd/llm-route/check/schema.h"

#include "json/canon.h"
#include "text/pattern.h"

#define DEEPEST 64
#define STEPS_MOST 1000000 /* a schema that asks for more says nothing */

struct look {
	struct value root; /* of the schema */
	struct arena *arena;
	unsigned depth, steps;
};

static bool holds(struct look *l, struct value schema, struct value v);

static bool
type_is(struct slice name, struct value v)
{
	uint64_t n;
	double d;

	switch (json_type(v)) {
	case JSON_NULL: return slice_eqz(name, "null");
	case JSON_TRUE:
	case JSON_FALSE: return slice_eqz(name, "boolean");
	case JSON_STRING: return slice_eqz(name, "string");
	case JSON_ARRAY: return slice_eqz(name, "array");
	case JSON_OBJECT: return slice_eqz(name, "object");
	default: break;
	}
	if (slice_eqz(name, "number"))
		return true;
	/* 1.0 is an integer, and -5 is one */
	return slice_eqz(name, "integer") &&
	       (json_whole(v, &n) ||
		   (json_double(v, &d) && d < 0 && d > -9e15 && d == (double)(int64_t)d));
}

static bool
type_holds(struct value type, struct value v, struct arena *a)
{
	if (json_type(type) == JSON_STRING)
		return type_is(json_string(type, a), v);
	if (json_type(type) != JSON_ARRAY)
		return true;
	for (struct value t = json_first(type); json_type(t); t = json_next(t))
		if (type_is(json_string(t, a), v))
			return true;
	return false;
}

static bool
same(struct value x, struct value y, struct arena *a)
{
	struct buf one = { 0 }, other = { 0 };
	bool equal;

	canon_write(x, NULL, NULL, a, &one);
	canon_write(y, NULL, NULL, a, &other);
	equal = slice_eq(buf_slice(&one), buf_slice(&other));
	buf_free(&one);
	buf_free(&other);
	return equal;
}

static bool
among(struct value list, struct value v, struct arena *a)
{
	for (struct value k = json_first(list); json_type(k); k = json_next(k))
		if (same(k, v, a))
			return true;
	return false;
}

static bool
bound(struct value schema, const char *name, double *out)
{
	struct value v = json_get(schema, name);

	return json_type(v) == JSON_NUMBER && json_double(v, out);
}

static bool
between(struct value schema, const char *least, const char *most, double n)
{
	double b;

	return !(bound(schema, least, &b) && n < b) && !(bound(schema, most, &b) && n > b);
}

static bool
number_holds(struct value schema, struct value v)
{
	double n, b;

	if (!json_double(v, &n))
		return true;
	if (!between(schema, "minimum", "maximum", n))
		return false;
	return !(bound(schema, "exclusiveMinimum", &b) && n <= b) &&
	       !(bound(schema, "exclusiveMaximum", &b) && n >= b);
}

static bool
string_holds(struct value schema, struct value v, struct arena *a)
{
	struct slice text = json_string(v, a);
	struct value source = json_get(schema, "pattern");
	struct pattern *pattern;
	const char *why;
	size_t where, n = 0;
	bool found = true;

	for (size_t i = 0; i < text.len; i++)
		n += ((unsigned char)text.ptr[i] & 0xC0) != 0x80;
	if (!between(schema, "minLength", "maxLength", (double)n))
		return false;
	if (json_type(source) != JSON_STRING)
		return true;
	pattern = pattern_compile(json_string(source, a), false, &why, &where);
	if (pattern)
		found = pattern_search(pattern, text, NULL, NULL) != PATTERN_MISSED;
	pattern_free(pattern);
	return found;
}

static bool
array_holds(struct look *l, struct value schema, struct value v)
{
	struct value items = json_get(schema, "items"), first = json_get(schema, "prefixItems");
	struct value own = json_first(first);

	if (!between(schema, "minItems", "maxItems", (double)json_length(v)))
		return false;
	for (struct value k = json_first(v); json_type(k); k = json_next(k)) {
		bool has = json_type(first) == JSON_ARRAY && json_type(own);

		if (!holds(l, has ? own : items, k))
			return false;
		if (has)
			own = json_next(own);
	}
	return true;
}

static bool
object_holds(struct look *l, struct value schema, struct value v)
{
	struct value properties = json_get(schema, "properties");
	struct value more = json_get(schema, "additionalProperties");
	struct value required = json_get(schema, "required");

	if (!between(schema, "minProperties", "maxProperties", (double)json_length(v)))
		return false;
	for (struct value k = json_first(required); json_type(k); k = json_next(k)) {
		struct slice name = json_string(k, l->arena);

		if (name.ptr && !json_type(json_get_slice(v, name)))
			return false;
	}
	for (struct value k = json_first(v); json_type(k); k = json_next(k)) {
		struct value own = json_get_slice(properties, json_string(k, l->arena));

		if (!holds(l, json_type(own) ? own : more, json_member_value(k)))
			return false;
	}
	return true;
}

/* "#/$defs/a/b" below the root. */
static struct value
referred(struct look *l, struct slice name)
{
	struct value v = l->root;

	if (!name.len || name.ptr[0] != '#')
		return (struct value){ 0 };
	name = slice_drop(name, 1);
	while (name.len) {
		size_t n;

		name = slice_drop(name, 1);
		n = slice_find(name, '/');
		v = json_get_slice(v, slice_take(name, n));
		name = slice_drop(name, n);
	}
	return v;
}

/* How many of the schemas in the list it meets. */
static size_t
met(struct look *l, struct value list, struct value v)
{
	size_t n = 0;

	for (struct value k = json_first(list); json_type(k); k = json_next(k))
		n += holds(l, k, v);
	return n;
}

static bool
combined(struct look *l, struct value schema, struct value v)
{
	struct value any = json_get(schema, "anyOf"), one = json_get(schema, "oneOf");
	struct value all = json_get(schema, "allOf"), not = json_get(schema, "not");
	struct value ref = json_get(schema, "$ref");

	if (json_type(ref) == JSON_STRING &&
	    !holds(l, referred(l, json_string(ref, l->arena)), v))
		return false;
	if (json_type(any) == JSON_ARRAY && !met(l, any, v))
		return false;
	if (json_type(one) == JSON_ARRAY && met(l, one, v) != 1)
		return false;
	if (json_type(all) == JSON_ARRAY && met(l, all, v) != json_length(all))
		return false;
	return json_type(not ) <= JSON_NULL || !holds(l, not, v);
}

static bool
holds(struct look *l, struct value schema, struct value v)
{
	struct value list, constant;
	bool fine;

	if (json_type(schema) == JSON_FALSE)
		return false;
	if (json_type(schema) != JSON_OBJECT || l->depth == DEEPEST || ++l->steps > STEPS_MOST)
		return true;
	list = json_get(schema, "enum");
	constant = json_get(schema, "const");
	if (!type_holds(json_get(schema, "type"), v, l->arena) ||
	    (json_type(list) == JSON_ARRAY && !among(list, v, l->arena)) ||
	    (json_type(constant) && !same(constant, v, l->arena)))
		return false;
	l->depth++;
	switch (json_type(v)) {
	case JSON_NUMBER: fine = number_holds(schema, v); break;
	case JSON_STRING: fine = string_holds(schema, v, l->arena); break;
	case JSON_ARRAY: fine = array_holds(l, schema, v); break;
	case JSON_OBJECT: fine = object_holds(l, schema, v); break;
	default: fine = true; break;
	}
	fine = fine && combined(l, schema, v);
	l->depth--;
	return fine;
}

bool
schema_holds(struct value schema, struct value v, struct arena *a)
{
	struct look l = { schema, a, 0, 0 };

	return holds(&l, schema, v);
}
