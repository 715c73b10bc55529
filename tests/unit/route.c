/* SPDX-License-Identifier: MIT */
/* llm-route: lines of a ROUTES file and conditions. */
#include "unit/check.h"

#include "cmd/llm-route/condition.c"
#include "cmd/llm-route/routes.c"
#include "cmd/llm-route/routes_model.c"
#include "cmd/llm-route/routes_read.c"
#include "cmd/llm-route/routes_resolve.c"
#include "cmd/llm-route/routes_settings.c"
#include "cmd/llm-route/routes_words.c"

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
	CHECK_NUMBER(wrong_line("fallback error = learned"), 1);
	CHECK_NUMBER(wrong_line("rule x text~/(/ -> a"), 1);
	CHECK_NUMBER(wrong_line("user a x..y"), 1);
}

static void
check_lines(void)
{
	uint64_t line;
	char dollars[64];
	struct settings s;
	struct routes *r = parse(
	    "model m1 input=0.15 output=0.6 can=vision,tools cannot=audio window=1000 "
	    "quality=simple:0.9,complex:50%\nprofile code max_tokens=50 stop=\"a\\nb\" "
	    "concise=on\nprofile * max_tokens=70 effort=low\nfallback rate_limit of m1 = m2 "
	    "m3\nfallback auth = m4\ncooldown cooldown_time=1m\nrule x -> m1 max_tokens=60 "
	    "latency=2s max_cost=0.01\n",
	    &line);

	check_group("models, profiles, fallbacks");
	CHECK(r != NULL);
	if (!r)
		return;
	CHECK_NUMBER(r->model_count, 1);
	CHECK_SLICE(slice_z(usd_write(r->models[0].input, dollars)), "0.00000015");
	CHECK_NUMBER(r->models[0].can, CAN_VISION | CAN_TOOLS);
	CHECK_NUMBER(r->models[0].quality[LEVEL_SIMPLE], 900000);
	CHECK_NUMBER(r->models[0].quality[LEVEL_MODERATE], 500000);
	CHECK_NUMBER(r->models[0].quality[LEVEL_NONE], 500000);
	CHECK_NUMBER(r->instead_count, 3);
	CHECK_SLICE(r->insteads[1].of, "m1");
	CHECK_SLICE(r->insteads[1].target.name, "m3");
	CHECK(!r->insteads[2].of.ptr && r->insteads[2].class == ERROR_AUTH);
	CHECK_NUMBER(r->cooldown_time, 60000);
	CHECK_NUMBER(r->allowed_fails, 3);
	s = routes_settings(r, &r->rules[0], SLICE("code"));
	CHECK_NUMBER(s.max_tokens, 50); /* the lowest of all three */
	CHECK_NUMBER(s.stop_count, 1);
	CHECK_SLICE(s.stop[0], "a\nb");
	CHECK_SLICE(s.effort, "low");
	CHECK_NUMBER(s.latency, 2000);
	CHECK(s.bounded && s.concise.len > 10);
	s = routes_settings(r, &r->rules[0], SLICE("summary"));
	CHECK_NUMBER(s.max_tokens, 60);
	CHECK(!s.stop_count && !s.concise.ptr);
	routes_free(r);
	check_group("wrong ones");
	CHECK_NUMBER(wrong_line("model a input=1"), 1);
	CHECK_NUMBER(wrong_line("model a input=-1 output=1"), 1);
	CHECK_NUMBER(wrong_line("model a can=fly"), 1);
	CHECK_NUMBER(wrong_line("model a can=vision cannot=vision"), 1);
	CHECK_NUMBER(wrong_line("model a quality=2"), 1);
	CHECK_NUMBER(wrong_line("\nmodel a\nmodel a"), 3);
	CHECK_NUMBER(wrong_line("profile a\nprofile a"), 2);
	CHECK_NUMBER(wrong_line("rule x -> a stop=1 stop=2 stop=3 stop=4 stop=5"), 1);
	CHECK_NUMBER(wrong_line("rule x -> a json=on tool=f"), 1);
	CHECK_NUMBER(wrong_line("rule x -> a effort=huge"), 1);
	CHECK_NUMBER(wrong_line("rule x -> a detail=high"), 1);
	CHECK_NUMBER(wrong_line("rule x -> a max_cost=0"), 1);
	CHECK_NUMBER(wrong_line("rule x -> a latency=never"), 1);
	CHECK_NUMBER(wrong_line("fallback rate_limit ="), 1);
	CHECK_NUMBER(wrong_line("fallback rate_limit for a = b"), 1);
	CHECK_NUMBER(wrong_line("cooldown allowed_fails=0"), 1);
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
	CHECK(condition("deadline<2h", &c));
	CHECK_NUMBER(c.number, 7200);
	CHECK(condition("deadline=soon", &c) && c.subject == SUBJECT_ATTRIBUTE);
	CHECK(condition("hour>=22", &c) && c.subject == SUBJECT_HOUR);
	CHECK(!condition("hour=22", &c));
	CHECK(condition("language=de", &c) && c.subject == SUBJECT_LANGUAGE);
	CHECK_SLICE(condition_word(SLICE("a"), SLICE("x \"y\\"), &arena), "a=\"x \\\"y\\\\\"");
}

int
main(void)
{
	check_parse();
	check_lines();
	check_conditions();
	arena_close(&arena);
	return check_finish();
}
