/* SPDX-License-Identifier: MIT */
/* llm-route: lines of a ROUTES file and conditions. */
#include "unit/check.h"

#include "cmd/llm-route/condition.c"
#include "cmd/llm-route/routes.c"

static struct arena arena;

static struct routes *
parse(const char *text, uint64_t *line)
{
	const char *why = NULL;
	struct routes *r;

	*line = 0;
	r = routes_parse(slice_z(text), "routes", &why, line);
	CHECK(r || (why && *why));
	return r;
}

static uint64_t
wrong_line(const char *text)
{
	uint64_t line;
	struct routes *r = parse(text, &line);

	CHECK(!r);
	routes_free(r);
	return line;
}

static void
check_parse(void)
{
	uint64_t line;
	struct routes *r =
	    parse("# a\n\ntier s m1 m2 # not m3\nrule x user=u tokens>=10 -> l max_tokens=5\n"
		  "tier l m4\nalias a = m1\ndefault .a=1 -> a\ndefault -> keep\n",
		&line);

	check_group("a file of rules");
	CHECK(r != NULL);
	if (!r)
		return;
	CHECK_NUMBER(r->tier_count, 2);
	CHECK_NUMBER(r->tiers[0].count, 2);
	CHECK_NUMBER(r->tiers[0].line, 3);
	CHECK_SLICE(r->tiers[0].models[1].name, "m2");
	CHECK_NUMBER(r->rule_count, 3);
	CHECK_NUMBER(r->default_at, 1);
	CHECK_NUMBER(r->rules[0].count, 2);
	CHECK_NUMBER(r->rules[0].target.kind, TARGET_TIER);
	CHECK_NUMBER(r->rules[0].target.tier, 1);
	CHECK_NUMBER(r->rules[0].settings.max_tokens, 5);
	CHECK_NUMBER(r->rules[1].target.kind, TARGET_MODEL);
	CHECK_NUMBER(r->rules[2].target.kind, TARGET_KEEP);
	CHECK_SLICE(routes_alias(r, SLICE("a")), "m1");
	CHECK_SLICE(routes_alias(r, SLICE("b")), "b");
	routes_free(r);
	r = parse("alias a = b\nalias b = c\nalias c = b\n", &line);
	CHECK(r && !routes_alias(r, SLICE("a")).ptr);
	routes_free(r);
	routes_free(NULL);
	check_group("wrong lines");
	CHECK_NUMBER(wrong_line("\n\nrule x\n"), 3);
	CHECK_NUMBER(wrong_line("tier a b\ntier a c"), 2);
	CHECK_NUMBER(wrong_line("default -> learned"), 1);
	CHECK_NUMBER(wrong_line("rule x text~/(/ -> a"), 1);
	CHECK_NUMBER(wrong_line("user a x..y"), 1);
}

static bool
condition(const char *text, struct condition *c)
{
	const char *why = NULL;
	bool fine = condition_parse(slice_z(text), c, &arena, &why);

	CHECK(fine || (why && *why));
	return fine;
}

static void
check_conditions(void)
{
	struct condition c;
	struct slice rest = SLICE("a=\"x y\" text~/a \\/b/i # c"), word;
	const char *why = NULL;

	check_group("words and conditions");
	CHECK(word_next(&rest, &word, &why));
	CHECK_SLICE(word, "a=\"x y\"");
	CHECK(word_next(&rest, &word, &why));
	CHECK_SLICE(word, "text~/a \\/b/i");
	CHECK(!word_next(&rest, &word, &why) && !why);
	CHECK(condition("a=\"x \\\"y\\\\\"", &c));
	CHECK_SLICE(c.value, "x \"y\\");
	CHECK_NUMBER(c.subject, SUBJECT_ATTRIBUTE);
	CHECK(condition("text~/a \\/b\\d/i", &c));
	CHECK_SLICE(c.value, "a /b\\d");
	CHECK(c.caseless);
	pattern_free(c.pattern);
	CHECK(condition("tokens>=42", &c));
	CHECK_NUMBER(c.number, 42);
	CHECK_NUMBER(c.relation, AT_LEAST);
	CHECK(condition("tokens<7", &c) && c.relation == LESS);
	CHECK(condition(".\"a=b\".c=", &c) && c.value.len == 0 && c.subject == SUBJECT_PATH);
	CHECK(condition("user==", &c));
	CHECK_SLICE(c.value, "=");
	CHECK(!condition("user", &c));
	CHECK(!condition("=x", &c));
	CHECK(!condition("us er=x", &c));
	CHECK(!condition("user>5", &c));
	CHECK(!condition("tokens=5", &c));
	CHECK(!condition("tokens>99999999999999999999", &c));
	CHECK(!condition("complexity=hard", &c));
}

int
main(void)
{
	check_parse();
	check_conditions();
	arena_close(&arena);
	return check_finish();
}
