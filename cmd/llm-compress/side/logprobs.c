/* SPDX-License-Identifier: MIT */
#include "cmd/llm-compress/side/logprobs.h"

#include <math.h>
#include <stdlib.h>

#define FAR                                                                               \
	32 /* bytes that no token says, as of half a character, before it is another text \
	    */

bool
logprobs_ask(struct work *w, size_t i, struct side_request *out)
{
	if (!prune_reads(w, &w->pieces[i]))
		return false;
	*out = (struct side_request){
		.kind = SIDE_LOGPROBS, .part = i + 1, .of = w->count, .user = w->pieces[i].now
	};
	return true;
}

/* Tokens as vocabularies spell them have a sign for the blank before a word. */
static struct slice
spelled(struct slice token, struct arena *a)
{
	static const struct slice blanks[] = { { "\xE2\x96\x81", 3 }, { "\xC4\xA0", 2 } };

	for (size_t i = 0; i < 2; i++)
		if (slice_starts(token, blanks[i]))
			return arena_printf(
			    a, " %.*s", SLICE_ARG(slice_drop(token, blanks[i].len)));
	return token;
}

/* Where the token stands from `at` on, not far behind it; SIZE_MAX: nowhere. */
static size_t
find(struct slice text, size_t at, struct slice token)
{
	struct slice rest = slice_take(slice_drop(text, at), token.len + FAR);
	const char *p = token.len && token.len <= rest.len
			    ? memmem(rest.ptr, rest.len, token.ptr, token.len)
			    : NULL;

	return p ? (size_t)(p - text.ptr) : SIZE_MAX;
}

static double
bits_of(struct value logprob)
{
	struct slice raw = json_raw(logprob);
	char text[32];
	double x;

	/* the first token has none */
	if (json_type(logprob) != JSON_NUMBER || raw.len >= sizeof(text))
		return 0;
	memcpy(text, raw.ptr, raw.len);
	text[raw.len] = '\0';
	x = strtod(text, NULL);
	return x < 0 && x > -1e6 ? -x / log(2) : 0;
}

/* The member `logprobs` of an answer (OpenAI's API reference, "Completions"), whose tokens are
 * those of text; false where they are of another text. */
static bool
logprobs_read(
    struct slice raw, struct slice text, struct json *json, struct arena *a, struct told *out)
{
	struct value token, logprob;
	size_t at = 0, said = 0, where;
	const char *why;

	*out = (struct told){ .count = 0 };
	if (!json_scan(json, raw, &why, &where))
		return false;
	token = json_get(json_root(json), "tokens");
	logprob = json_get(json_root(json), "token_logprobs");
	if (json_type(token) != JSON_ARRAY || json_type(logprob) != JSON_ARRAY)
		return false;
	out->list = arena_alloc(a, (json_length(token) + 1) * sizeof(*out->list));
	token = json_first(token);
	logprob = json_first(logprob);
	for (; json_type(token) && json_type(logprob) && at < text.len;
	     token = json_next(token), logprob = json_next(logprob)) {
		struct slice word = spelled(json_string(token, a), a);
		size_t place = word.ptr ? find(text, at, word) : SIZE_MAX;

		if (place == SIZE_MAX)
			continue; /* a sign of the model's own, or a part of a character */
		at = place + word.len;
		said += word.len;
		while (place < at && strchr(" \t\r\n", text.ptr[place]))
			place++;
		out->list[out->count++] = (struct told_token){ place, (float)bits_of(logprob) };
	}
	return said >= text.len - text.len / 10;
}

bool
logprobs_apply(struct work *w, struct side_answers *answers, struct slice id)
{
	struct told *told = arena_zero(w->arena, w->count + 1, sizeof(*told));
	bool any = false;

	for (size_t i = 0; i < w->count; i++) {
		const struct side_answer *a =
		    side_find(answers, SIDE_LOGPROBS, w->request, id, i + 1);
		const char *why = NULL;

		if (!a)
			continue;
		any = true;
		if (a->of != w->count)
			why = "the answers are of another request";
		else if (!a->text.ptr)
			why = a->why;
		else if (!logprobs_read(
			     a->text, w->pieces[i].now, &w->json, w->arena, &told[i]))
			why = "the log-probabilities are of another text";
		if (why) {
			work_refuse(w, why);
			told[i].count = 0;
		}
	}
	if (any && settings.prune == SETTING_NONE)
		work_refuse(w, "'--prune' says how many words stay");
	else if (any)
		prune_by(w, told);
	return any;
}
