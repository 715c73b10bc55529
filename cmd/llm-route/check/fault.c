/* SPDX-License-Identifier: MIT */
#include "cmd/llm-route/check/fault.h"

#include <math.h>

#include "base/buf.h"
#include "cmd/llm-route/check/schema.h"
#include "task/wording.h"

const char *const fault_names[FAULTS] = { "none", "refusal", "truncated", "empty", "not_json",
	"schema", "short", "verdict", "score" };

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

	*j = (struct judged){ 0 };
	answer_parts(r, take_part, &g);
	j->text = arena_copy(a, buf_slice(&g.text));
	buf_free(&g.text);
	j->hedges = wording_hedges(j->text, a);
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
	if (wording_refuses(j->text, a))
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
