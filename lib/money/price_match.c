/* SPDX-License-Identifier: MIT */
/* The match clauses of genai-prices as our own patterns. Few regular expressions are used
 * there, all of one kind: an anchored name with digits. Any other matches nothing, since a
 * wrong price is worse than none. */
#include "money/price_build.h"

#define FORM 200

/* ^gpt-5\.6-\d{4}-\d{2}$ becomes gpt-5.6-####-##; false if it has anything else. */
static bool
regex_pattern(struct slice s, char out[FORM])
{
	size_t n = 0, i = 1;

	if (!s.len || s.ptr[0] != '^')
		return false;
	while (i < s.len && n + 12 < FORM) {
		char c = s.ptr[i++];
		size_t times = 1;

		if (c == '$' && i == s.len) {
			out[n] = 0;
			return true;
		}
		if (c == '\\' && i < s.len)
			c = s.ptr[i++] == 'd' ? '#' : s.ptr[i - 1];
		else if (strchr("^$.|?*+()[]{}\\", c))
			return false;
		if (i + 2 < s.len && s.ptr[i] == '{' && s.ptr[i + 2] == '}' &&
		    s.ptr[i + 1] > '0' && s.ptr[i + 1] <= '9') {
			times = (size_t)(s.ptr[i + 1] - '0');
			i += 3;
		}
		for (; times; times--)
			out[n++] = c;
	}
	if (i < s.len)
		return false;
	out[n++] = '*'; /* not anchored at its end */
	out[n] = 0;
	return true;
}

static void
clause(struct price_build *b, struct slice provider, const char *head, struct slice text,
    const char *tail, struct slice model)
{
	if (slice_find(text, '*') < text.len || slice_find(text, '#') < text.len || !text.len)
		return;
	build_name(b, provider,
	    arena_printf(&b->arena, "%s%.*s%s", head, SLICE_ARG(text), tail), model);
}

/* A head and the exclusion of speech models, the one conjunction that is used. */
static void
conjunction(struct price_build *b, struct slice provider, struct value list, struct slice model)
{
	struct slice head = { NULL, 0 }, contains[2] = { { NULL, 0 } };
	size_t count = 0, other = 0;
	bool no_speech = false;

	for (struct value v = json_first(list); json_type(v); v = json_next(v)) {
		struct slice regex = json_string(json_get(v, "regex"), &b->arena);
		struct slice start = json_string(json_get(v, "starts_with"), &b->arena);
		struct slice part = json_string(json_get(v, "contains"), &b->arena);

		if (start.ptr)
			head = start;
		else if (regex.ptr && slice_eqz(regex, "^(?!.*-[tT][tT][sS](?:$|-))"))
			no_speech = true;
		else if (part.ptr && count < 2)
			contains[count++] = part;
		else
			other++;
	}
	if (other)
		return;
	if (head.ptr && no_speech && !count) {
		clause(b, provider, "", head, "*", model);
		clause(b, provider, "!", head, "*-tts", model);
		clause(b, provider, "!", head, "*-tts-*", model);
	} else if (head.ptr && count == 1 && !no_speech) {
		build_name(b, provider,
		    arena_printf(
			&b->arena, "%.*s*%.*s*", SLICE_ARG(head), SLICE_ARG(contains[0])),
		    model);
	} else if (count == 2 && !head.ptr && !no_speech) {
		for (unsigned i = 0; i < 2; i++)
			build_name(b, provider,
			    arena_printf(&b->arena, "*%.*s*%.*s*", SLICE_ARG(contains[i]),
				SLICE_ARG(contains[1 - i])),
			    model);
	}
}

static void
simple(struct price_build *b, struct slice provider, struct value match, struct slice model)
{
	static const char *const kind[][3] = { { "equals", "", "" }, { "starts_with", "", "*" },
		{ "ends_with", "*", "" }, { "contains", "*", "*" } };
	struct slice regex = json_string(json_get(match, "regex"), &b->arena);
	char form[FORM];

	for (size_t i = 0; i < sizeof(kind) / sizeof(*kind); i++) {
		struct slice text = json_string(json_get(match, kind[i][0]), &b->arena);

		if (text.ptr)
			clause(b, provider, kind[i][1], text, kind[i][2], model);
	}
	if (regex.ptr && regex_pattern(regex, form))
		build_name(b, provider, arena_copy(&b->arena, slice_z(form)), model);
	if (json_type(json_get(match, "and")) == JSON_ARRAY)
		conjunction(b, provider, json_get(match, "and"), model);
}

/* Disjunctions may hold disjunctions: the nesting of a text is at most JSON_DEPTH, but the
 * stack here is shorter, and what is deeper matches nothing. */
#define NESTED 8

void
build_match(
    struct price_build *b, struct slice provider, struct value match, struct slice model)
{
	struct value next[NESTED], any = json_get(match, "or");
	size_t depth = 1;

	if (json_type(any) != JSON_ARRAY) {
		simple(b, provider, match, model);
		return;
	}
	next[0] = json_first(any);
	while (depth) {
		struct value v = next[depth - 1];

		if (!json_type(v)) {
			depth--;
			continue;
		}
		next[depth - 1] = json_next(v);
		any = json_get(v, "or");
		if (json_type(any) != JSON_ARRAY)
			simple(b, provider, v, model);
		else if (depth < NESTED)
			next[depth++] = json_first(any);
	}
}
