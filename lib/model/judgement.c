/* SPDX-License-Identifier: MIT */
#include "judgement.h"

#include <string.h>

#define WORD_MOST 32

static const char *const fine[] = { "fine", "good", "ok", "okay", "pass", "passed", "yes",
	"true", "same", "equal", "tie", "better", "win", "a", "accept", "accepted", "correct",
	"right", "up", "thumbs_up", "positive", "sufficient", "sufficed", NULL };
static const char *const bad[] = { "worse", "bad", "fail", "failed", "no", "false", "regressed",
	"regression", "loss", "lose", "b", "reject", "rejected", "incorrect", "wrong", "down",
	"thumbs_down", "negative", "insufficient", "escalate", "escalated", NULL };

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
static enum judgement
word_named(struct slice text)
{
	char word[WORD_MOST];
	size_t n = 0;

	while (text.len && !is_letter(text.ptr[0]))
		text = slice_drop(text, 1);
	for (; n < text.len && is_letter(text.ptr[n]); n++) {
		char c = text.ptr[n];

		if (n + 1 == sizeof(word))
			return JUDGEMENT_UNKNOWN;
		word[n] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
	}
	word[n] = '\0';
	if (is_one_of(word, fine))
		return JUDGEMENT_FINE;
	return is_one_of(word, bad) ? JUDGEMENT_WORSE : JUDGEMENT_UNKNOWN;
}

static enum judgement
score(double s, uint64_t least)
{
	if (least != UINT64_MAX)
		return s >= (double)least / 1e6 ? JUDGEMENT_FINE : JUDGEMENT_WORSE;
	return s == 1 ? JUDGEMENT_FINE : s == 0 ? JUDGEMENT_WORSE : JUDGEMENT_UNKNOWN;
}

enum judgement
judgement_value(struct value v, uint64_t least, struct arena *a)
{
	struct slice text;
	double s;

	switch (json_type(v)) {
	case JSON_ABSENT:
	case JSON_NULL: return JUDGEMENT_NONE;
	case JSON_TRUE: return JUDGEMENT_FINE;
	case JSON_FALSE: return JUDGEMENT_WORSE;
	case JSON_NUMBER: return json_double(v, &s) ? score(s, least) : JUDGEMENT_UNKNOWN;
	case JSON_STRING:
		text = slice_trim(json_string(v, a));
		/* an empty verdict is none */
		return text.len ? word_named(text) : JUDGEMENT_NONE;
	default: return JUDGEMENT_UNKNOWN;
	}
}

enum judgement
judgement_text(struct slice text, uint64_t least, struct arena *a)
{
	struct json json = { 0 };
	enum judgement word;
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
		word = judgement_value(json_get(v, "verdict"), least, a);
		if (word == JUDGEMENT_NONE)
			word = judgement_value(json_get(v, "score"), least, a);
	} else {
		word = judgement_value(v, least, a);
	}
	if (json.twice.ptr || word == JUDGEMENT_NONE)
		word = JUDGEMENT_UNKNOWN;
	json_free(&json);
	return word;
}
