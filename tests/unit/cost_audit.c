/* SPDX-License-Identifier: MIT */
/* Parts of the audit: lengths of answers, folded blanks, sections of a prompt. */
#include "cmd/llm-cost/audit/blank.c"
#include "cmd/llm-cost/audit/length.c"
#include "cmd/llm-cost/audit/prompt_split.c"

#include "check.h"

static void
check_lengths(void)
{
	struct lengths l = { 0 };
	uint64_t excess, sum = 0;

	check_group("lengths");
	CHECK_NUMBER(lengths_quantile(&l, 500), 0);
	CHECK_NUMBER(lengths_over(&l, 100, &excess), 0);
	for (uint64_t n = 0; n < 49; n++)
		lengths_add(&l, 50);
	lengths_add(&l, 1500);
	CHECK_NUMBER(lengths_quantile(&l, 500), 50);
	CHECK_NUMBER(lengths_quantile(&l, 980), 50);
	CHECK_NUMBER(lengths_quantile(&l, 981), 1500);
	CHECK_NUMBER(lengths_over(&l, lengths_edge(500), &excess), 1);
	CHECK_NUMBER(excess, 1500 - lengths_edge(500));
	lengths_free(&l);
	for (uint64_t n = 0; n < 5000; n += 7)
		lengths_add(&l, n);
	for (uint64_t edge = lengths_edge(0); edge < 6000; edge = lengths_edge(edge + 1)) {
		sum = 0;
		for (uint64_t n = 0; n < 5000; n += 7)
			sum += n > edge ? n - edge : 0;
		lengths_over(&l, edge, &excess);
		CHECK_NUMBER(excess, sum);
	}
	lengths_add(&l, UINT64_MAX / 2);
	CHECK(lengths_quantile(&l, 1000) > 5000);
	lengths_free(&l);
}

static struct arena arena;

static struct slice
folded(const char *text)
{
	struct blanks b = { .arena = &arena };

	return fold(&b, slice_z(text));
}

static void
check_blanks(void)
{
	struct blanks b = { .arena = &arena };
	char block[200] = "one line of it\nanother line of it\n";

	check_group("blanks");
	CHECK_SLICE(folded(""), "");
	CHECK_SLICE(folded("a b"), "a b");
	CHECK_SLICE(folded("a   b  c"), "a b c");
	CHECK_SLICE(folded("a \nb"), "a\nb");
	CHECK_SLICE(folded("a   \nb"), "a  \nb");
	CHECK_SLICE(folded("break  \nhere  it   is"), "break  \nhere it is");
	CHECK_SLICE(folded("a\n\n\n\nb"), "a\n\nb");
	CHECK_SLICE(folded("  code   stays"), "  code   stays");
	CHECK_SLICE(folded("| a   | b  |"), "| a   | b  |");
	CHECK_SLICE(folded("```\na    b\n\n\n\n```"), "```\na    b\n\n\n\n```");
	CHECK_SLICE(folded("{ \"a  b\" : [ 1 , \"\\\"  \" ] }"), "{\"a  b\":[1,\"\\\"  \"]}");
	CHECK_SLICE(folded("{ not   json }"), "{ not   json }");
	memset(block + strlen(block), 'x', 150);
	CHECK(fold(&b, slice_z(block)).len == strlen(block));
	CHECK_SLICE(
	    fold(&b, slice_z(block)), "[same 3 lines as above, from \"one line of it\"]");
}

static char seen[200];

static void
note(void *context, enum prompt_part part, struct slice text)
{
	size_t len = strlen(seen);

	(void)context;
	snprintf(seen + len, sizeof(seen) - len, "%s:%zu ", prompt_part_names[part], text.len);
}

static const char *
split(const char *text)
{
	seen[0] = '\0';
	prompt_split(slice_z(text), PROMPT_USER, note, NULL);
	return seen;
}

static void
check_split(void)
{
	check_group("sections");
	CHECK_SLICE(slice_z(split("")), "");
	CHECK_SLICE(slice_z(split("hello")), "user:5 ");
	CHECK_SLICE(slice_z(split("# Rules\nx\n")), "system:10 ");
	CHECK_SLICE(slice_z(split("a\n## Context ##\nb")), "user:2 context:15 ");
	CHECK_SLICE(
	    slice_z(split("<document>\nx\n</document>\nQuestion: y")), "context:25 user:11 ");
	CHECK_SLICE(slice_z(split("Input: a\nOutput: b\n")), "examples:19 ");
	CHECK_SLICE(slice_z(split("the context is this\n")), "user:20 ");
	CHECK_SLICE(slice_z(split("**Examples:**\nz")), "examples:15 ");
}

static void
check_breaker(void)
{
	const char *what;

	check_group("what ends a prefix");
	CHECK_NUMBER(prompt_breaker(SLICE("all the same"), &what), 12);
	CHECK(what == NULL);
	CHECK_NUMBER(prompt_breaker(SLICE("Dear {name}"), &what), 5);
	CHECK_SLICE(slice_z(what), "a placeholder");
	CHECK_NUMBER(prompt_breaker(SLICE("Dear {{ customer.name }}"), &what), 24);
	CHECK_NUMBER(prompt_breaker(SLICE("Dear {{customer.name}}"), &what), 5);
	CHECK_NUMBER(prompt_breaker(SLICE("{\"a\": {\"b\": 1}}"), &what), 15);
	CHECK_NUMBER(prompt_breaker(SLICE("On 2026-11-21"), &what), 3);
	CHECK_SLICE(slice_z(what), "a date");
	CHECK_NUMBER(prompt_breaker(SLICE("at 10:15:59!"), &what), 3);
	CHECK_NUMBER(prompt_breaker(SLICE("12026-11-211"), &what), 12);
	CHECK_NUMBER(prompt_breaker(SLICE(""), &what), 0);
	CHECK_NUMBER(prompt_breaker(SLICE("{"), &what), 1);
}

int
main(void)
{
	check_lengths();
	check_blanks();
	check_split();
	check_breaker();
	arena_close(&arena);
	return check_finish();
}
