/* SPDX-License-Identifier: MIT */
#include "quality.h"

#define WORD_MOST 32

static const char *const fine[] = { "fine", "good", "ok", "okay", "pass", "passed", "yes",
	"true", "same", "equal", "tie", "better", "win", "a", "accept", "accepted", "correct",
	"right", "up", "thumbs_up", "positive", NULL };
static const char *const bad[] = { "worse", "bad", "fail", "failed", "no", "false", "regressed",
	"regression", "loss", "lose", "b", "reject", "rejected", "incorrect", "wrong", "down",
	"thumbs_down", "negative", NULL };

static bool
is_one_of(const char *word, const char *const list[])
{
	for (size_t i = 0; list[i]; i++)
		if (strcmp(word, list[i]) == 0)
			return true;
	return false;
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* Letter case and what stands around the first word do not matter. */
static enum quality_word
word_named(struct slice text)
{
	char word[WORD_MOST];
	size_t n = 0;

	while (text.len && !is_letter(text.ptr[0]))
		text = slice_drop(text, 1);
	for (; n < text.len && is_letter(text.ptr[n]); n++) {
		char c = text.ptr[n];

		if (n + 1 == sizeof(word))
			return QUALITY_UNKNOWN;
		word[n] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
	}
	word[n] = '\0';
	if (is_one_of(word, fine))
		return QUALITY_FINE;
	return is_one_of(word, bad) ? QUALITY_WORSE : QUALITY_UNKNOWN;
}

static enum quality_word
score(double s, uint64_t least)
{
	if (least != UINT64_MAX)
		return s >= (double)least / 1e6 ? QUALITY_FINE : QUALITY_WORSE;
	return s == 1 ? QUALITY_FINE : s == 0 ? QUALITY_WORSE : QUALITY_UNKNOWN;
}

enum quality_word
quality_value(struct value v, uint64_t least, struct arena *a)
{
	struct slice text;
	double s;

	switch (json_type(v)) {
	case JSON_ABSENT:
	case JSON_NULL: return QUALITY_NONE;
	case JSON_TRUE: return QUALITY_FINE;
	case JSON_FALSE: return QUALITY_WORSE;
	case JSON_NUMBER: return json_double(v, &s) ? score(s, least) : QUALITY_UNKNOWN;
	case JSON_STRING:
		text = slice_trim(json_string(v, a));
		/* an empty verdict is none */
		return text.len ? word_named(text) : QUALITY_NONE;
	default: return QUALITY_UNKNOWN;
	}
}

enum quality_word
quality_text(struct slice text, uint64_t least, struct arena *a)
{
	struct json json = { 0 };
	enum quality_word word;
	const char *why;
	size_t where;
	struct value v;

	text = slice_trim(text);
	if (!text.len || !json_scan(&json, text, &why, &where)) {
		json_free(&json);
		return word_named(text);
	}
	v = json_root(&json);
	if (json_type(v) == JSON_OBJECT) {
		word = quality_value(json_get(v, "verdict"), least, a);
		if (word == QUALITY_NONE)
			word = quality_value(json_get(v, "score"), least, a);
	} else {
		word = quality_value(v, least, a);
	}
	if (json.twice.ptr || word == QUALITY_NONE)
		word = QUALITY_UNKNOWN;
	json_free(&json);
	return word;
}
