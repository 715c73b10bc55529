/* SPDX-License-Identifier: MIT */
/* What an answer is judged by: schemas, faults, likeness, labels. */
#include "unit/check.h"

#include "cmd/llm-route/ask/agree.c"
#include "cmd/llm-route/check/fault.c"
#include "cmd/llm-route/check/schema.c"

static struct arena arena;

static bool
meets(const char *schema, const char *text)
{
	struct json s = { 0 }, v = { 0 };
	const char *why;
	size_t where;
	bool fine;

	CHECK(json_scan(&s, slice_z(schema), &why, &where));
	CHECK(json_scan(&v, slice_z(text), &why, &where));
	fine = schema_holds(json_root(&s), json_root(&v), &arena);
	json_free(&s);
	json_free(&v);
	return fine;
}

static void
check_schema(void)
{
	static const char object[] =
	    "{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"integer\",\"minimum\":1},"
	    "\"s\":{\"$ref\":\"#/$defs/"
	    "s\"}},\"required\":[\"n\"],\"additionalProperties\":false,"
	    "\"$defs\":{\"s\":{\"type\":[\"string\",\"null\"],\"maxLength\":3,\"pattern\":\"^"
	    "a\"}}}";

	check_group("schemas");
	CHECK(meets(object, "{\"n\":1}"));
	CHECK(meets(object, "{\"n\":2.0,\"s\":\"ab\"}"));
	CHECK(meets(object, "{\"n\":2,\"s\":null}"));
	CHECK(!meets(object, "{\"n\":0}"));
	CHECK(!meets(object, "{\"n\":1.5}"));
	CHECK(!meets(object, "{}"));
	CHECK(!meets(object, "{\"n\":1,\"x\":1}"));
	CHECK(!meets(object, "{\"n\":1,\"s\":\"abcd\"}"));
	CHECK(!meets(object, "{\"n\":1,\"s\":\"b\"}"));
	CHECK(!meets(object, "[1]"));
	CHECK(meets("{\"enum\":[1,\"x\",null]}", "1.0"));
	CHECK(!meets("{\"enum\":[1,\"x\",null]}", "\"y\""));
	CHECK(meets("{\"const\":{\"a\":1,\"b\":2}}", "{\"b\":2,\"a\":1}"));
	CHECK(meets("{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"number\"}]}", "1"));
	CHECK(!meets("{\"oneOf\":[{\"type\":\"integer\"},{\"type\":\"number\"}]}", "1"));
	CHECK(!meets("{\"not\":{\"type\":\"string\"}}", "\"x\""));
	CHECK(!meets(
	    "{\"type\":\"array\",\"items\":{\"type\":\"string\"},\"maxItems\":1}", "[1]"));
	CHECK(!meets("{\"items\":{\"type\":\"string\"},\"maxItems\":1}", "[\"a\",\"b\"]"));
	CHECK(!meets("false", "1"));
	CHECK(meets("{\"$ref\":\"#\"}", "1")); /* a circle says nothing */
	CHECK(meets("{\"anyOf\":[{\"$ref\":\"#\"},{\"$ref\":\"#\"}]}", "1"));
}

static enum fault
fault_in(const char *line)
{
	struct fault_options o = { false, 0 };
	struct json json = { 0 };
	struct request r;
	struct judged j;
	const char *why;
	size_t where;
	enum fault fault;

	CHECK(json_scan(&json, slice_z(line), &why, &where));
	CHECK(request_read(&json, &r));
	fault_read(&j, &r, &arena);
	fault = fault_of(&j, &r, &o, &arena);
	json_free(&json);
	return fault;
}

#define ANSWER(text)                                                                     \
	"{\"custom_id\":\"a\",\"body\":{\"model\":\"m\",\"messages\":[]},\"response\":{" \
	"\"status_code\":200,\"body\":{\"choices\":[{\"finish_reason\":\"stop\","        \
	"\"message\":{\"content\":\"" text "\"}}]}}}"

static void
check_faults(void)
{
	check_group("faults");
	CHECK_NUMBER(fault_in(ANSWER("Fine.")), FAULT_NONE);
	CHECK_NUMBER(fault_in(ANSWER(" ")), FAULT_EMPTY);
	CHECK_NUMBER(
	    fault_in(ANSWER("I\\u2019m sorry, but I can\\u2019t help.")), FAULT_REFUSAL);
	CHECK_NUMBER(fault_in(ANSWER("As an AI language model, I")), FAULT_REFUSAL);
	CHECK_NUMBER(fault_in(ANSWER("He said: was an aim")), FAULT_NONE);
	CHECK_SLICE(fault_unfence(SLICE("```json\n{}\n```")), "{}");
	CHECK_SLICE(fault_unfence(SLICE("{}")), "{}");
	CHECK_SLICE(fault_unfence(SLICE("```")), "```");
}

/* The plain distance, for comparison. */
static size_t
distance(struct slice x, struct slice y)
{
	size_t row[64];

	for (size_t k = 0; k <= y.len; k++)
		row[k] = k;
	for (size_t i = 1; i <= x.len; i++) {
		size_t corner = row[0];

		row[0] = i;
		for (size_t k = 1; k <= y.len; k++) {
			size_t change = corner + (x.ptr[i - 1] != y.ptr[k - 1]);

			corner = row[k];
			row[k] = least(change, least(row[k], row[k - 1]) + 1);
		}
	}
	return row[y.len];
}

static void
check_likeness(void)
{
	static const char *const words[] = { "", "a", "kitten", "sitting", "saturday", "sunday",
		"the quick brown fox", "the quack brown fix", "abcabcabc", "cabcabcab" };

	check_group("likeness and labels");
	for (size_t i = 0; i < 10; i++)
		for (size_t k = 0; k < 10; k++)
			for (uint64_t share = 0; share <= 1000000; share += 125000) {
				struct slice x = slice_z(words[i]), y = slice_z(words[k]);
				size_t longer = x.len > y.len ? x.len : y.len;

				CHECK(agree_texts(x, y, share, &arena) ==
				      (distance(x, y) <= (1000000 - share) * longer / 1000000));
			}
	CHECK_SLICE(
	    agree_label(SLICE(" **Simple.**"), SLICE("simple,complex"), &arena), "simple");
	CHECK_SLICE(
	    agree_label(SLICE("It is COMPLEX"), SLICE("simple,complex"), &arena), "complex");
	CHECK(!agree_label(SLICE("simple or complex"), SLICE("simple,complex"), &arena).ptr);
	CHECK(!agree_label(SLICE("I cannot say"), SLICE("simple,complex"), &arena).ptr);
	CHECK(!agree_label(SLICE(""), SLICE("simple"), &arena).ptr);
}

int
main(void)
{
	check_schema();
	check_faults();
	check_likeness();
	arena_close(&arena);
	return check_finish();
}
