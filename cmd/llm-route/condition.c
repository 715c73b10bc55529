/* SPDX-License-Identifier: MIT */
#include "cmd/llm-route/condition.h"

#include <stdio.h>

#include "base/mem.h"
#include "base/options.h"

static bool
blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Offset behind the piece of s that begins at `at` and ends with an unescaped end; SIZE_MAX if
 * it does not end. */
static size_t
behind_piece(struct slice s, size_t at, char end)
{
	for (; at < s.len; at++) {
		if (s.ptr[at] == '\\')
			at++;
		else if (s.ptr[at] == end)
			return at + 1;
	}
	return SIZE_MAX;
}

bool
word_next(struct slice *rest, struct slice *word, const char **why)
{
	struct slice s = *rest;
	size_t i = 0;

	while (s.len && blank(s.ptr[0]))
		s = slice_drop(s, 1);
	if (!s.len || s.ptr[0] == '#')
		return false;
	while (i < s.len && !blank(s.ptr[i])) {
		char c = s.ptr[i];

		if (c == '"' || (c == '/' && (i == 0 || s.ptr[i - 1] == '~'))) {
			i = behind_piece(s, i + 1, c);
			if (i == SIZE_MAX) {
				*why =
				    c == '"' ? "a quote is not closed" : "a pattern has no end";
				return false;
			}
		} else {
			i++;
		}
	}
	*word = slice_take(s, i);
	*rest = slice_drop(s, i);
	return true;
}

bool
number_parse(struct slice word, uint64_t *n)
{
	*n = 0;
	if (!word.len || word.len > 18)
		return false;
	for (size_t i = 0; i < word.len; i++) {
		if (word.ptr[i] < '0' || word.ptr[i] > '9')
			return false;
		*n = *n * 10 + (uint64_t)(word.ptr[i] - '0');
	}
	return true;
}

/* Without the backslashes before end (and, in a quoted word, before a backslash). */
static struct slice
unescape(struct slice s, char end, bool both, struct arena *a)
{
	char *out = arena_alloc(a, s.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == '\\' && i + 1 < s.len &&
		    (s.ptr[i + 1] == end || (both && s.ptr[i + 1] == '\\')))
			i++;
		else if (s.ptr[i] == '\\' && i + 1 < s.len)
			out[n++] = s.ptr[i++];
		out[n++] = s.ptr[i];
	}
	return slice_of(out, n);
}

struct slice
word_unquote(struct slice word, struct arena *a)
{
	if (word.len < 2 || word.ptr[0] != '"' || word.ptr[word.len - 1] != '"')
		return word;
	return unescape(slice_of(word.ptr + 1, word.len - 2), '"', true, a);
}

struct slice
condition_word(struct slice name, struct slice value, struct arena *a)
{
	char *out = arena_alloc(a, name.len + 2 * value.len + 4);
	size_t n = name.len;

	if (n)
		memcpy(out, name.ptr, n);
	out[n++] = '=';
	out[n++] = '"';
	for (size_t i = 0; i < value.len; i++) {
		if (value.ptr[i] == '"' || value.ptr[i] == '\\')
			out[n++] = '\\';
		out[n++] = value.ptr[i];
	}
	out[n++] = '"';
	return slice_of(out, n);
}

bool
pattern_parse(struct slice word, struct slice *source, bool *caseless, struct arena *a)
{
	size_t end;

	if (word.len < 2 || word.ptr[0] != '/')
		return false;
	end = behind_piece(word, 1, '/');
	if (end == SIZE_MAX)
		return false;
	*caseless = slice_eqz(slice_drop(word, end), "i");
	if (!*caseless && end != word.len)
		return false;
	*source = unescape(slice_of(word.ptr + 1, end - 2), '/', false, a);
	return true;
}

/* How long the name at the start of a condition is. */
static size_t
name_length(struct slice word)
{
	size_t i = 0;

	while (i < word.len && !strchr("=~<>", word.ptr[i])) {
		if (word.ptr[i] == '"') {
			i = behind_piece(word, i + 1, '"');
			if (i == SIZE_MAX)
				return word.len;
		} else {
			i++;
		}
	}
	return i;
}

/* Paths live as long as the run, so they stay in reach until its end. */
static struct path *
remember(struct path *path)
{
	static struct path **all;
	static size_t count;

	if (!path)
		return NULL;
	all = mem_grow(all, count + 1, sizeof(*all));
	all[count++] = path;
	return path;
}

static bool
set_subject(struct condition *c, struct slice name, struct arena *a, const char **why)
{
	static const struct {
		const char *name;
		enum subject subject;
	} own[] = {
		{ "text", SUBJECT_TEXT },
		{ "model", SUBJECT_MODEL },
		{ "task", SUBJECT_TASK },
		{ "complexity", SUBJECT_COMPLEXITY },
		{ "lane", SUBJECT_LANE },
		{ "intent", SUBJECT_INTENT },
		{ "language", SUBJECT_LANGUAGE },
		{ "hour", SUBJECT_HOUR },
		{ "deadline", SUBJECT_DEADLINE },
		{ "turns", SUBJECT_TURNS },
		{ "tokens", SUBJECT_TOKENS },
	};

	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (slice_eqz(name, own[i].name) &&
		    !(own[i].subject == SUBJECT_DEADLINE && c->relation <= MATCHES)) {
			c->subject = own[i].subject;
			return true;
		}
	c->name = arena_copy(a, name).ptr;
	if (name.len && name.ptr[0] == '.') {
		c->subject = SUBJECT_PATH;
		c->path = remember(path_compile(c->name, why));
		return c->path != NULL;
	}
	c->subject = SUBJECT_ATTRIBUTE;
	for (size_t i = 0; i < name.len; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-",
			name.ptr[i]) ||
		    !name.ptr[i])
			name.len = 0;
	*why = "a condition is FIELD=VALUE, FIELD~/PATTERN/ or tokens>N";
	return name.len > 0;
}

static bool
set_relation(struct condition *c, struct slice *rest, const char **why)
{
	char first = rest->len ? rest->ptr[0] : '\0';
	bool equal = rest->len > 1 && rest->ptr[1] == '=';

	*why = "a condition is FIELD=VALUE, FIELD~/PATTERN/ or tokens>N";
	switch (first) {
	case '=': c->relation = IS; break;
	case '~': c->relation = MATCHES; break;
	case '<': c->relation = equal ? AT_MOST : LESS; break;
	case '>': c->relation = equal ? AT_LEAST : MORE; break;
	default: return false;
	}
	*rest = slice_drop(*rest, (first == '<' || first == '>') && equal ? 2 : 1);
	return true;
}

static bool
set_pattern(struct condition *c, struct slice rest, struct arena *a, const char **why)
{
	static char text[200];
	const char *reason;
	size_t where;

	if (!pattern_parse(rest, &c->value, &c->caseless, a)) {
		*why = "a pattern stands as /…/ or /…/i";
		return false;
	}
	c->pattern = pattern_compile(c->value, c->caseless, &reason, &where);
	if (c->pattern)
		return true;
	snprintf(
	    text, sizeof(text), "the pattern is wrong at its byte %zu: %s", where + 1, reason);
	*why = text;
	return false;
}

static bool
set_label(struct condition *c, const char **why)
{
	static const char *const levels[] = { "simple", "moderate", "complex", "none" };
	static const char *const lanes[] = { "realtime", "flex", "batch" };
	bool level = c->subject == SUBJECT_COMPLEXITY;
	const char *const *known = level ? levels : lanes;

	if (!level && c->subject != SUBJECT_LANE)
		return true;
	for (size_t i = 0; i < (level ? 4u : 3u); i++)
		if (slice_eqz(c->value, known[i]))
			return true;
	*why = level ? "complexity is simple, moderate, complex or none"
		     : "lane is realtime, flex or batch";
	return false;
}

bool
condition_counts(enum subject s)
{
	return s >= SUBJECT_HOUR;
}

/* Seconds, or a duration. */
static bool
set_seconds(struct condition *c, struct slice text, struct arena *a, const char **why)
{
	int64_t ms;

	*why = "a deadline is compared with seconds or a duration";
	if (number_parse(text, &c->number))
		return true;
	if (!text.len || !options_duration(arena_copy(a, text).ptr, &ms) || ms < 0)
		return false;
	c->number = (uint64_t)ms / 1000;
	return true;
}

bool
condition_parse(struct slice word, struct condition *c, struct arena *a, const char **why)
{
	size_t n = name_length(word);
	struct slice rest = slice_drop(word, n);

	memset(c, 0, sizeof(*c));
	c->source = word;
	if (!set_relation(c, &rest, why) || !set_subject(c, slice_take(word, n), a, why))
		return false;
	if (condition_counts(c->subject) != (c->relation > MATCHES)) {
		*why = "tokens, turns, hour and deadline, and nothing else, are compared by < "
		       "<= > >=";
		return false;
	}
	if (c->subject == SUBJECT_DEADLINE)
		return set_seconds(c, rest, a, why);
	if (c->relation > MATCHES) {
		*why = "it is compared with a whole number";
		return number_parse(rest, &c->number);
	}
	if (c->relation == MATCHES)
		return set_pattern(c, rest, a, why);
	c->value = rest;
	c->value = word_unquote(rest, a);
	return set_label(c, why);
}
