/* SPDX-License-Identifier: MIT */
#include "prompt.h"

#include <ctype.h>
#include <strings.h>

const char *const prompt_part_names[PROMPT_PARTS] = { "tools", "system", "examples", "history",
	"context", "user" };

/* Words that begin a section: as a heading, as a tag, or with a colon behind them. */
static const struct {
	const char *word;
	enum prompt_part part;
} sections[] = {
	{ "example", PROMPT_EXAMPLES },
	{ "examples", PROMPT_EXAMPLES },
	{ "few-shot examples", PROMPT_EXAMPLES },
	{ "context", PROMPT_CONTEXT },
	{ "document", PROMPT_CONTEXT },
	{ "documents", PROMPT_CONTEXT },
	{ "background", PROMPT_CONTEXT },
	{ "source", PROMPT_CONTEXT },
	{ "sources", PROMPT_CONTEXT },
	{ "passage", PROMPT_CONTEXT },
	{ "instruction", PROMPT_SYSTEM },
	{ "instructions", PROMPT_SYSTEM },
	{ "rules", PROMPT_SYSTEM },
	{ "system", PROMPT_SYSTEM },
	{ "task", PROMPT_SYSTEM },
	{ "role", PROMPT_SYSTEM },
	{ "format", PROMPT_SYSTEM },
	{ "output format", PROMPT_SYSTEM },
	{ "question", PROMPT_USER },
	{ "query", PROMPT_USER },
	{ "user", PROMPT_USER },
	{ "history", PROMPT_HISTORY },
	{ "conversation", PROMPT_HISTORY },
	{ "chat history", PROMPT_HISTORY },
};

static bool
is_pair_label(struct slice line)
{
	return slice_starts(line, SLICE("Input:")) || slice_starts(line, SLICE("Output:")) ||
	       slice_starts(line, SLICE("Q:")) || slice_starts(line, SLICE("A:"));
}

/* The section that a line begins, as its heading, tag or label. */
static bool
begins(struct slice line, enum prompt_part *part)
{
	struct slice word = slice_trim(line);
	bool heading = slice_starts(word, SLICE("#")), tag = slice_starts(word, SLICE("<"));
	size_t len = 0;

	if (slice_starts(word, SLICE("</")))
		return false;
	while (word.len && strchr("#<*[ ", word.ptr[0]))
		word = slice_drop(word, 1);
	if (is_pair_label(word)) {
		*part = PROMPT_EXAMPLES;
		return true;
	}
	while (len < word.len &&
	       (isalpha((unsigned char)word.ptr[len]) || strchr(" -", word.ptr[len]) != NULL) &&
	       word.ptr[len])
		len++;
	if (!heading && !tag && (len == word.len || word.ptr[len] != ':'))
		return false;
	word = slice_trim(slice_take(word, len));
	for (size_t i = 0; i < sizeof(sections) / sizeof(*sections); i++)
		if (word.len == strlen(sections[i].word) &&
		    strncasecmp(word.ptr, sections[i].word, word.len) == 0) {
			*part = sections[i].part;
			return true;
		}
	return false;
}

void
prompt_split(struct slice text, enum prompt_part first, prompt_piece each, void *context)
{
	struct slice rest = text, piece = slice_take(text, 0);
	enum prompt_part part = first, next;

	while (rest.len) {
		size_t end = slice_find(rest, '\n');
		struct slice line = slice_take(rest, end);
		size_t whole = end < rest.len ? end + 1 : end;

		if (begins(line, &next) && next != part) {
			if (piece.len)
				each(context, part, piece);
			piece = slice_take(rest, 0);
			part = next;
		}
		piece.len += whole;
		rest = slice_drop(rest, whole);
	}
	if (piece.len)
		each(context, part, piece);
}

static bool
is_name(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '.' || c == ' ';
}

/* {name}, {{name}}, ${name} at the front of text. */
static bool
is_placeholder(struct slice text)
{
	size_t at = 0, from;

	while (at < text.len && at < 3 && text.ptr[at] == '{')
		at++;
	if (at == 0 || at > 2 || at == text.len || !isalpha((unsigned char)text.ptr[at]))
		return false;
	for (from = at; at < text.len && at - from <= 40 && is_name(text.ptr[at]);)
		at++;
	return at < text.len && text.ptr[at] == '}' && at - from <= 40;
}

/* 2026-11-21 or 10:15 at the front of text. */
static const char *
date_at(struct slice text)
{
	static const char *const forms[][2] = { { "####-##-##", "a date" },
		{ "##:##:##", "a time" } };

	for (size_t f = 0; f < 2; f++) {
		size_t n = strlen(forms[f][0]), i = 0;

		while (i < n && i < text.len &&
		       (forms[f][0][i] == '#' ? isdigit((unsigned char)text.ptr[i]) != 0
					      : forms[f][0][i] == text.ptr[i]))
			i++;
		if (i == n && (n == text.len || !isdigit((unsigned char)text.ptr[n])))
			return forms[f][1];
	}
	return NULL;
}

size_t
prompt_breaker(struct slice text, const char **what)
{
	for (size_t i = 0; i < text.len; i++) {
		struct slice rest = slice_drop(text, i);

		if (text.ptr[i] == '{' && is_placeholder(rest)) {
			*what = "a placeholder";
			return i;
		}
		if (isdigit((unsigned char)text.ptr[i]) &&
		    (i == 0 || !isdigit((unsigned char)text.ptr[i - 1])) &&
		    (*what = date_at(rest)))
			return i;
	}
	*what = NULL;
	return text.len;
}
