/* SPDX-License-Identifier: MIT */
#include "cmd/llm-route/check/fault.h"

#include <math.h>

#include "base/buf.h"
#include "cmd/llm-route/check/schema.h"
#include "text/unicode.h"

#define OPENING 240 /* bytes in which a refusal says so */

const char *const fault_names[FAULTS] = { "none", "refusal", "truncated", "empty", "not_json",
	"schema", "short", "verdict", "score" };

/* Folded, as answers begin that do not answer. */
static const char *const refusals[] = { "i can't help", "i can't assist", "i can't provide",
	"i can't do", "i can't fulfill", "i can't comply", "i can't answer", "i can't generate",
	"i can't discuss", "i must decline", "i have to decline", "i won't be able to",
	"i will not be able to", "i am unable to", "i'm unable to", "i'm not able to",
	"i am not able to", "i'm sorry, but i can", "i am sorry, but i can",
	"i'm sorry, i can't", "i apologize, but i can", "as an ai", "as a language model",
	"ich kann dir dabei nicht", "ich kann ihnen dabei nicht", "ich kann dabei nicht",
	"es tut mir leid, aber", "je ne peux pas", "je suis d\xC3\xA9sol\xC3\xA9, mais",
	"lo siento, pero no", "no puedo ayudar" };
static const char *const hedges[] = { "i think", "i believe", "i guess", "i'm not sure",
	"i am not sure", "not certain", "i don't know", "i do not know", "it might be",
	"it may be", "possibly", "perhaps", "maybe", "it depends", "hard to say", "unclear",
	"as far as i know", "i would guess", "can't be certain" };

static bool
letter(char c)
{
	return (c | 0x20) - 'a' + 0u < 26 || (unsigned char)c >= 0x80;
}

/* How often the phrase stands in the text as whole words. */
static unsigned
count_phrase(struct slice text, struct slice phrase)
{
	unsigned n = 0;
	size_t at = 0;

	while (at + phrase.len <= text.len) {
		const char *p = memmem(text.ptr + at, text.len - at, phrase.ptr, phrase.len);
		size_t i;

		if (!p)
			break;
		i = (size_t)(p - text.ptr);
		at = i + phrase.len;
		n += (i == 0 || !letter(text.ptr[i - 1])) &&
		     (at == text.len || !letter(text.ptr[at]));
	}
	return n;
}

/* Bytes of another spelling of "can't" that is there as a word, else 0. */
static size_t
cannot_at(struct slice text, size_t i)
{
	struct slice rest = slice_drop(text, i);

	if (i > 0 && letter(text.ptr[i - 1]))
		return 0;
	if (slice_starts(rest, SLICE("cannot")))
		return 6;
	return slice_starts(rest, SLICE("can not")) ? 7 : 0;
}

/* Without case, with straight apostrophes, and one spelling of "can't". */
static struct slice
folded(struct slice text, struct arena *a)
{
	struct slice s = unicode_fold(text, a);
	char *out = arena_alloc(a, s.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++) {
		size_t cannot = cannot_at(s, i);

		if (cannot) {
			memcpy(out + n, "can't", 5);
			n += 5;
			i += cannot - 1;
		} else if (i + 2 < s.len && memcmp(s.ptr + i, "\xE2\x80\x99", 3) == 0) {
			out[n++] = '\'';
			i += 2;
		} else {
			out[n++] = s.ptr[i];
		}
	}
	return slice_of(out, n);
}

static bool
refuses(struct slice text)
{
	text = slice_take(text, OPENING);
	for (size_t i = 0; i < sizeof(refusals) / sizeof(*refusals); i++)
		if (count_phrase(text, slice_z(refusals[i])))
			return true;
	return false;
}

struct gather {
	struct judged *judged;
	struct buf text;
	struct arena *arena;
	size_t turn;
	bool any;
};

/* The first choice speaks for all. */
static void
take_part(void *context, const struct part *p)
{
	struct gather *g = context;

	if (g->any && p->turn != g->turn)
		return;
	g->any = true;
	g->turn = p->turn;
	if (p->kind == PART_CALL)
		g->judged->calls = true;
	else if (p->kind != PART_THINKING && json_type(p->text) == JSON_STRING)
		buf_add(&g->text, json_string(p->text, g->arena));
}

static void
add_logprob(struct value v, double *sum, size_t *n)
{
	double d;

	if (json_type(v) == JSON_NUMBER && json_double(v, &d) && isfinite(d)) {
		*sum += d;
		++*n;
	}
}

static void
read_confidence(struct judged *j, const struct request *r)
{
	struct value choice = json_first(json_get(r->answer, "choices"));
	struct value candidate = json_first(json_get(r->answer, "candidates"));
	struct value probs = json_get(choice, "logprobs"), content = json_get(probs, "content");
	double sum = 0;
	size_t n = 0;

	for (struct value t = json_first(content); json_type(t); t = json_next(t))
		add_logprob(json_get(t, "logprob"), &sum, &n);
	content = json_get(probs, "token_logprobs");
	for (struct value t = json_first(content); json_type(t); t = json_next(t))
		add_logprob(t, &sum, &n);
	if (!n)
		add_logprob(json_get(candidate, "avgLogprobs"), &sum, &n);
	j->has_confidence = n > 0;
	j->confidence = n ? exp(sum / (double)n) : 0;
}

void
fault_read(struct judged *j, const struct request *r, struct arena *a)
{
	struct gather g = { .judged = j, .arena = a };
	struct slice plain;

	*j = (struct judged){ 0 };
	answer_parts(r, take_part, &g);
	j->text = arena_copy(a, buf_slice(&g.text));
	buf_free(&g.text);
	plain = folded(j->text, a);
	for (size_t i = 0; i < sizeof(hedges) / sizeof(*hedges); i++)
		j->hedges += count_phrase(plain, slice_z(hedges[i]));
	read_confidence(j, r);
}

struct slice
fault_unfence(struct slice text)
{
	text = slice_trim(text);
	if (slice_starts(text, SLICE("```")) && slice_ends(text, SLICE("```")) &&
	    text.len > 6) {
		text = slice_drop(text, slice_find(text, '\n') + 1);
		text = slice_trim(slice_take(text, text.len > 3 ? text.len - 3 : 0));
	}
	return text;
}

/* The form that the request asked for. */
struct form {
	bool json;
	struct value schema;
};

static struct form
form_of(const struct request *r)
{
	struct value chat = json_get(r->body, "response_format");
	struct value format = json_get(json_get(r->body, "text"), "format");
	struct value own = json_get(json_get(r->body, "output_config"), "format");
	struct value config = json_get(r->body, "generationConfig");
	struct form f = { .schema = json_get(json_get(chat, "json_schema"), "schema") };

	if (!json_type(f.schema))
		f.schema = json_get(format, "schema");
	if (!json_type(f.schema))
		f.schema = json_get(own, "schema");
	if (!json_type(f.schema))
		f.schema = json_get(config, "responseJsonSchema");
	f.json = json_type(f.schema) == JSON_OBJECT ||
		 json_is(json_get(chat, "type"), "json_object") ||
		 json_is(json_get(format, "type"), "json_object") ||
		 json_is(json_get(config, "responseMimeType"), "application/json");
	return f;
}

static enum fault
check_form(const struct judged *j, const struct form *f, bool fenced, struct arena *a)
{
	struct json json = { 0 };
	const char *why;
	size_t where;
	enum fault fault = FAULT_NONE;

	if (!json_scan(&json, fenced ? fault_unfence(j->text) : j->text, &why, &where))
		fault = FAULT_NOT_JSON;
	else if (json_type(f->schema) == JSON_OBJECT &&
		 !schema_holds(f->schema, json_root(&json), a))
		fault = FAULT_SCHEMA;
	json_free(&json);
	return fault;
}

enum fault
fault_of(const struct judged *j, const struct request *r, const struct fault_options *o,
    struct arena *a)
{
	enum ending ending = answer_ending(r);
	struct form form = form_of(r);

	if (ending == ENDING_FILTERED)
		return FAULT_REFUSAL;
	if (ending == ENDING_CUT)
		return FAULT_TRUNCATED;
	if (j->calls)
		return FAULT_NONE; /* the call is the answer */
	if (!slice_trim(j->text).len)
		return FAULT_EMPTY;
	if (refuses(folded(slice_take(j->text, 2 * OPENING), a)))
		return FAULT_REFUSAL;
	if (form.json || o->json) {
		enum fault fault = check_form(j, &form, !form.json, a);

		if (fault)
			return fault;
	}
	if (o->shortest) {
		uint64_t n = 0;

		for (size_t i = 0; i < j->text.len; i++)
			n += ((unsigned char)j->text.ptr[i] & 0xC0) != 0x80;
		if (n < o->shortest)
			return FAULT_SHORT;
	}
	return FAULT_NONE;
}
