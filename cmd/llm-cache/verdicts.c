/* SPDX-License-Identifier: MIT */
#include "verdicts.h"

#include <ctype.h>

#include "key.h"

static struct value
first_of(struct value a, struct value b)
{
	return json_type(a) ? a : b;
}

static bool
is_word(struct slice text, const char *const *list)
{
	for (; *list; list++)
		if (text.len == strlen(*list) && strncasecmp(text.ptr, *list, text.len) == 0)
			return true;
	return false;
}

/* What a person or a model may say: a word, true or false, or 1 and 0. */
static bool
verdict_word(struct value v, struct arena *a, bool *right)
{
	static const char *const good[] = { "right", "correct", "true", "yes", "same", "good",
		"ok", "pass", "equal", "equivalent", "duplicate", "1", NULL };
	static const char *const bad[] = { "wrong", "incorrect", "false", "no", "different",
		"bad", "fail", "unequal", "0", NULL };
	struct slice text;

	if (json_type(v) == JSON_TRUE || json_type(v) == JSON_FALSE) {
		*right = json_type(v) == JSON_TRUE;
		return true;
	}
	text = json_type(v) == JSON_STRING ? json_string(v, a) : json_raw(v);
	text = slice_trim(text);
	while (text.len && ispunct((unsigned char)text.ptr[text.len - 1]))
		text.len--;
	*right = is_word(text, good);
	return *right || is_word(text, bad);
}

static bool
key_of(struct value v, struct arena *a, unsigned char digest[DIGEST_SIZE])
{
	return json_type(v) == JSON_STRING && key_read(json_string(v, a), digest) == KEY_GOOD;
}

static void
read_hit(struct value cache, struct value hit, struct arena *a, struct verdict_line *v)
{
	v->has_keys = key_of(json_get(cache, "key"), a, v->asked) &&
		      key_of(json_get(hit, "from"), a, v->entry);
	v->has_score = json_double(json_get(hit, "score"), &v->score);
	if (!json_double(json_get(hit, "closeness"), &v->closeness))
		v->closeness = v->score;
	v->explored = json_type(json_get(hit, "explored")) == JSON_TRUE;
	v->tier = json_string(json_get(hit, "tier"), a);
	v->embedding = json_string(json_get(hit, "embedding"), a);
	if (!v->tier.ptr)
		v->tier = SLICE("");
	if (!v->embedding.ptr)
		v->embedding = SLICE("");
}

enum verdict_kind
verdict_read(struct value root, struct arena *a, struct verdict_line *v)
{
	struct value llm = json_get(root, "llm"), cache = json_get(llm, "cache");
	struct value check = json_get(cache, "check"), via = json_get(cache, "via");
	struct value judge = json_get(root, "judge"), said;

	*v = (struct verdict_line){ .tier = SLICE(""), .embedding = SLICE("") };
	v->checked = json_type(check) == JSON_OBJECT;
	if (v->checked)
		read_hit(cache, check, a, v);
	else if (json_type(json_get(cache, "from")) == JSON_STRING)
		read_hit(cache, cache, a, v);
	else if (json_type(via) == JSON_OBJECT)
		read_hit(cache, via, a, v);
	else {
		v->text = json_string(first_of(json_get(root, "a"), json_get(root, "text")), a);
		v->other =
		    json_string(first_of(json_get(root, "b"), json_get(root, "other")), a);
		if (!v->text.ptr || !v->other.ptr)
			return VERDICT_NONE;
	}
	said = first_of(json_get(json_get(llm, "tags"), "verdict"), json_get(root, "verdict"));
	said = first_of(
	    said, json_type(judge) == JSON_OBJECT ? json_get(judge, "verdict") : judge);
	said = first_of(said, json_get(root, "label"));
	if (json_type(said) <= JSON_NULL)
		return VERDICT_MISSING;
	return verdict_word(said, a, &v->right) ? VERDICT_GOOD : VERDICT_UNKNOWN;
}
