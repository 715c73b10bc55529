/* SPDX-License-Identifier: MIT */
/* Lines `word` and `complexity`: by what a record is simple, moderate or complex. */
#include <stdlib.h>

#include "base/diag.h"
#include "base/mem.h"
#include "cmd/llm-route/condition.h"
#include "cmd/llm-route/routes_read.h"

#define WEIGHT_MOST 9
#define LIMIT_MOST 1000000

static bool
read_sign(struct reader *r, enum sign *sign)
{
	static const struct {
		const char *name;
		enum sign sign;
	} signs[] = { { "complex", SIGN_COMPLEX }, { "constraint", SIGN_CONSTRAINT },
		{ "urgent", SIGN_URGENT }, { "simple", SIGN_SIMPLE },
		{ "greeting", SIGN_GREETING } };
	struct slice word;

	if (!read_want(r, &word, "complex, constraint, urgent, simple or greeting"))
		return false;
	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
		if (slice_eqz(word, signs[i].name)) {
			*sign = signs[i].sign;
			return true;
		}
	return read_wrong(r,
	    "a word speaks for complex, constraint, urgent, simple or greeting, not '%s'",
	    diag_clean(word));
}

bool
read_word(struct reader *r)
{
	struct routes *routes = r->routes;
	struct own_word one = { .line = r->line };
	struct slice word, text;
	uint64_t weight = 1;
	bool counts;

	if (!read_sign(r, &one.phrase.sign) || !read_want(r, &word, "a word or \"a phrase\""))
		return false;
	text = task_phrase(word_unquote(word, &routes->arena), &routes->arena);
	if (!text.len)
		return read_wrong(r, "'%s' holds no word", diag_clean(word));
	counts = one.phrase.sign != SIGN_CONSTRAINT && one.phrase.sign != SIGN_GREETING;
	if (read_more(r, &word) &&
	    (!number_parse(word, &weight) || weight > (counts ? WEIGHT_MOST : 1)))
		return read_wrong(
		    r, "the weight of a word is 0 to %d here", counts ? WEIGHT_MOST : 1);
	if (r->why)
		return false;
	one.phrase.text = arena_copy(&routes->arena, text).ptr;
	one.phrase.weight = (unsigned)weight;
	for (size_t i = 0; i < routes->word_count; i++)
		if (routes->words[i].phrase.sign == one.phrase.sign &&
		    strcmp(routes->words[i].phrase.text, one.phrase.text) == 0)
			return read_wrong(
			    r, "'%s' stands twice for one sign", diag_clean(text));
	*(struct own_word *)read_append(
	    &routes->words, &routes->word_count, sizeof(*routes->words)) = one;
	return read_end(r);
}

static bool
set_limit(struct reader *r, struct slice name, struct slice value)
{
	struct task_limits *l = &r->routes->limits;
	const struct {
		const char *name;
		unsigned *at;
		unsigned least;
	} limits[] = { { "moderate", &l->moderate, 1 }, { "complex", &l->complex, 1 },
		{ "constraints", &l->constraints, 0 }, { "questions", &l->questions, 1 },
		{ "turns", &l->turns, 1 }, { "tools", &l->tools, 0 }, { "code", &l->code, 0 },
		{ "maths", &l->maths, 0 }, { "short", &l->short_words, 0 },
		{ "greeting", &l->greeting_words, 0 } };
	uint64_t n = 0, *tokens = slice_eqz(name, "tokens")        ? &l->tokens
				  : slice_eqz(name, "more_tokens") ? &l->more_tokens
								   : NULL;

	if (slice_eqz(name, "words")) {
		r->routes->bare = slice_eqz(value, "own");
		return r->routes->bare || slice_eqz(value, "all") ||
		       read_wrong(r, "words is own or all");
	}
	if (!number_parse(value, &n) || n > LIMIT_MOST)
		return read_wrong(
		    r, "%s is a whole number up to %d", diag_clean(name), LIMIT_MOST);
	if (tokens) {
		*tokens = n;
		return true;
	}
	for (size_t i = 0; i < sizeof(limits) / sizeof(*limits); i++)
		if (slice_eqz(name, limits[i].name)) {
			*limits[i].at = (unsigned)n;
			return n >= limits[i].least ||
			       read_wrong(r, "%s is a whole number above 0", limits[i].name);
		}
	return read_wrong(r,
	    "no limit '%s'; there are moderate, complex, constraints, tokens, more_tokens, "
	    "questions, turns, tools, code, maths, short, greeting, words",
	    diag_clean(name));
}

bool
read_complexity(struct reader *r)
{
	struct slice word, name, value;

	if (r->routes->limits_line)
		return read_wrong(r, "a line 'complexity' stands above");
	r->routes->limits_line = r->line;
	while (read_more(r, &word))
		if (!read_pair(r, word, &name, &value) || !set_limit(r, name, value))
			return false;
	return r->why == NULL;
}

void
routes_words(struct routes *routes)
{
	struct phrase *changes;

	if (!routes->word_count && !routes->limits_line)
		return;
	changes = mem_alloc((routes->word_count + 1) * sizeof(*changes));
	for (size_t i = 0; i < routes->word_count; i++)
		changes[i] = routes->words[i].phrase;
	routes->table =
	    task_table_changed(changes, routes->word_count, routes->bare, &routes->limits);
	free(changes);
}
