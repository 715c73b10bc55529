/* SPDX-License-Identifier: MIT */
#include "cmd/llm-route/facts.h"

#include <inttypes.h>

#include "base/options.h"
#include "base/when.h"
#include "json/members.h"
#include "task/instructions.h"
#include "task/language.h"
#include "tool/tool.h"

#define FLEX_MS (INT64_C(30) * 1000)
#define BATCH_MS (INT64_C(24) * 3600 * 1000)

struct token_count {
	const struct tokenizer *tokenizer;
	struct tokens tokens;
	struct token_count *next;
};

/* Two models of one encoding and framing make the same of a text; of images they need not. */
static bool
counts_alike(const struct tokenizer *a, const struct tokenizer *b)
{
	return tokenizer_encoding(a) && tokenizer_encoding(a) == tokenizer_encoding(b) &&
	       strcmp(tokenizer_family(a), tokenizer_family(b)) == 0 &&
	       !tool_common()->calibration && !tool_common()->encodings.count;
}

struct tokens
facts_tokens(struct facts *f, const struct tokenizer *t)
{
	struct token_count *c;

	for (c = f->counts; c; c = c->next)
		if (c->tokenizer == t || (f->text_only && counts_alike(c->tokenizer, t)))
			return c->tokens;
	c = arena_alloc(f->arena, sizeof(*c));
	*c = (struct token_count){ t, tokens_request(t, f->request, f->arena), f->counts };
	f->counts = c;
	return c->tokens;
}

/* The table of the ROUTES file takes the place of the built-in one: its first row that is
 * found. */
static void
own_tasks(struct facts *f, const struct slice *texts, size_t count)
{
	for (size_t i = 0; i < f->routes->task_count; i++) {
		const struct task_pattern *t = &f->routes->tasks[i];
		int64_t budget = pattern_budget(f->user_bytes);

		for (size_t k = 0; k < count; k++) {
			switch (pattern_search(t->pattern, texts[k], &budget, NULL)) {
			case PATTERN_LIMIT: f->limit = true; return;
			case PATTERN_MISSED: continue;
			case PATTERN_FOUND: break;
			}
			f->task = t->task;
			f->task_confidence = 95;
			f->task_evidence.word[0] = t->source;
			f->task_evidence.count = 1;
			return;
		}
	}
}

static void
brought_labels(struct facts *f)
{
	struct slice task = json_string(f->attribute[ATTRIBUTE_TASK], f->arena);
	struct slice level = json_string(f->attribute[ATTRIBUTE_COMPLEXITY], f->arena);

	if (task.len) {
		f->task = task;
		f->task_confidence = 100;
		f->task_evidence = (struct found_words){ { SLICE("record") }, 1 };
	}
	if (!level.ptr)
		return;
	f->unknown_label = !level_named(level, &f->level);
	if (!f->unknown_label) {
		f->level_confidence = 100;
		f->level_evidence = (struct found_words){ { SLICE("record") }, 1 };
	}
}

/* Milliseconds until the deadline; negative where it has passed. */
static bool
deadline_in(const struct facts *f, int64_t *ms)
{
	struct value v = f->attribute[ATTRIBUTE_DEADLINE];
	struct slice text =
	    json_type(v) == JSON_NUMBER ? json_raw(v) : json_string(v, f->arena);
	int64_t when;

	if (!text.len || text.len > 40)
		return false;
	if (json_type(v) == JSON_STRING && options_duration(arena_copy(f->arena, text).ptr, ms))
		return true;
	when = when_read(text);
	if (when != WHEN_NONE)
		*ms = when - f->when;
	return when != WHEN_NONE;
}

/* An answer to a tool's result is waited for by who called the tool. */
static bool
in_tool_loop(const struct request *r)
{
	struct value last = { 0 }, messages;
	struct slice role;

	messages = request_messages(r);
	for (struct value m = json_first(messages); json_type(m); m = json_next(m))
		last = m;
	role = json_string_raw(json_get(last, "role"));
	if (slice_eqz(role, "tool") || slice_eqz(role, "function") ||
	    json_is(json_get(last, "type"), "function_call_output"))
		return true;
	for (struct value b = json_first(json_get(last, "content")); json_type(b);
	     b = json_next(b))
		if (json_is(json_get(b, "type"), "tool_result") ||
		    json_type(json_get(b, "toolResult")) == JSON_OBJECT)
			return true;
	for (struct value b = json_first(json_get(last, "parts")); json_type(b);
	     b = json_next(b))
		if (json_type(json_get(b, "functionResponse")) == JSON_OBJECT)
			return true;
	return false;
}

bool
has_service_tier(enum api api)
{
	return api == API_CHAT || api == API_RESPONSES || api == API_MESSAGES;
}

enum lane
lane_of_tier(enum lane lane, struct slice service_tier)
{
	enum lane named;

	if (lane == LANE_BATCH || !lane_named(service_tier, &named) || named == LANE_BATCH)
		return lane;
	return named;
}

/* As tag and deadline have it. */
static enum lane
wanted_lane(struct facts *f)
{
	struct slice tag = json_string(f->attribute[ATTRIBUTE_LANE], f->arena);
	enum lane lane = LANE_REALTIME;

	if (tag.len && lane_named(tag, &lane) && (!f->lane_why || lane == LANE_PRIORITY))
		return lane;
	if (f->lane_why || !f->has_deadline)
		return LANE_REALTIME;
	return f->deadline >= BATCH_MS  ? LANE_BATCH
	       : f->deadline >= FLEX_MS ? LANE_FLEX
					: LANE_REALTIME;
}

static void
choose_lane(struct facts *f)
{
	const struct request *r = f->request;

	f->has_deadline = deadline_in(f, &f->deadline);
	f->lane_why = f->needs.stream     ? "it streams"
		      : f->needs.previous ? "it goes on from an earlier response"
		      : in_tool_loop(r)   ? "a tool loop waits for it"
		      : f->has_deadline && f->deadline <= 0 ? "its deadline has passed"
							    : NULL;
	if (has_service_tier(r->api))
		f->service_tier = json_string_raw(json_get(r->body, "service_tier"));
	f->lane = lane_of_tier(wanted_lane(f), f->service_tier);
}

static int64_t
time_of(const struct facts *f)
{
	struct value v = f->attribute[ATTRIBUTE_TIME];
	struct slice text =
	    json_type(v) == JSON_NUMBER ? json_raw(v) : json_string(v, f->arena);
	int64_t when = text.len ? when_read(text) : WHEN_NONE;

	return when == WHEN_NONE ? when_now() : when;
}

/* Task and complexity, by words. */
static void
judge_words(struct facts *f)
{
	struct task_judgement reading =
	    instructions_judge_by(f->routes ? f->routes->table : NULL, &f->texts, &f->needs,
		facts_tokens(f, f->tokenizer).count, f->arena);

	f->task = slice_z(task_names[reading.task]);
	f->task_confidence = reading.task_confidence;
	f->task_evidence = reading.task_evidence;
	f->level = reading.level;
	f->level_confidence = reading.level_confidence;
	f->level_evidence = reading.level_evidence;
	if (!f->routes || !f->routes->task_count)
		return;
	f->task = SLICE("none");
	f->task_confidence = 0;
	f->task_evidence.count = 0;
	own_tasks(f, f->texts.system, f->texts.system_count);
	if (!f->task_confidence && !f->limit)
		own_tasks(f, f->texts.user + f->texts.last_at,
		    f->texts.user_count - f->texts.last_at);
}

/* Most records bring none of them: one walk over the members at the top tells. */
static void
read_attributes(struct facts *f, const struct request *r)
{
	static const char *const names[ATTRIBUTES + 1] = { "time", "lane", "deadline", "task",
		"complexity", "tier", "region", "data_policy", "metadata" };
	static struct members members = { .names = names, .count = ATTRIBUTES + 1 };
	struct value top[ATTRIBUTES + 1];
	bool elsewhere = request_fields() || json_type(json_get(r->llm, "tags")) ||
			 json_type(json_get(r->body, "metadata"));

	if (!elsewhere) {
		members_get(r->root, &members, top);
		memcpy(f->attribute, top, sizeof(f->attribute));
		elsewhere = json_type(top[ATTRIBUTES]);
	}
	for (size_t i = 0; elsewhere && i < ATTRIBUTES; i++)
		f->attribute[i] = request_attribute(r, names[i]);
}

/* As the request names it; where its shape has no place for it, as an earlier pass chose it. */
static struct slice
asked_model(const struct request *r, struct arena *a)
{
	struct slice model = json_string(r->model, a);

	if (model.ptr || (r->shape != SHAPE_GEMINI && r->shape != SHAPE_BEDROCK))
		return model;
	return json_string(json_get(json_get(r->llm, "route"), "model"), a);
}

void
facts_read(struct facts *f, struct policy *policy, const struct request *r, struct arena *a)
{
	struct slice model;

	*f = (struct facts){ .policy = policy,
		.routes = policy->routes,
		.request = r,
		.arena = a,
		.intent = SLICE("none") };
	read_attributes(f, r);
	f->asked = asked_model(r, a);
	f->needs = request_needs(r);
	f->text_only = !f->needs.vision && !f->needs.audio && !f->needs.files;
	if (!json_whole(request_cap(r, NULL), &f->cap))
		f->cap = 0;
	f->when = time_of(f);
	choose_lane(f);
	model = f->asked.ptr && f->routes ? routes_alias(f->routes, f->asked) : f->asked;
	f->tokenizer =
	    model.ptr ? policy_model(policy, model)->tokenizer : tokenizer_for(SLICE(""));
	instructions_read(&f->texts, r, a);
	for (size_t i = 0; i < f->texts.user_count; i++)
		f->user_bytes += f->texts.user[i].len;
	judge_words(f);
	brought_labels(f);
}

/* The record's attribute, else two letters by words and script, else "none". */
static struct slice
language_of_user(struct facts *f)
{
	if (f->language.ptr)
		return f->language;
	f->language = json_string(request_attribute(f->request, "language"), f->arena);
	if (!f->language.len)
		f->language = language_of(f->texts.user + f->texts.last_at,
		    f->texts.user_count - f->texts.last_at, f->arena);
	return f->language;
}

/* A scalar as a rule compares it; ptr NULL for what has no such text. */
static struct slice
text_of(struct value v, struct arena *a)
{
	switch (json_type(v)) {
	case JSON_STRING: return json_string(v, a);
	case JSON_NUMBER:
	case JSON_TRUE:
	case JSON_FALSE:
	case JSON_NULL: return json_raw(v);
	default: return (struct slice){ NULL, 0 };
	}
}

static enum test
test_slice(const struct condition *c, struct slice text, int64_t *budget)
{
	if (!text.ptr)
		return TEST_NO;
	if (c->relation == IS)
		return slice_eq(text, c->value) ? TEST_YES : TEST_NO;
	switch (pattern_search(c->pattern, text, budget, NULL)) {
	case PATTERN_FOUND: return TEST_YES;
	case PATTERN_LIMIT: return TEST_LIMIT;
	default: return TEST_NO;
	}
}

/* A scalar, or any item of an array of them. */
static enum test
test_value(const struct condition *c, struct value v, struct facts *f, struct slice *got)
{
	int64_t budget = pattern_budget(json_raw(v).len);

	*got = text_of(v, f->arena);
	if (json_type(v) != JSON_ARRAY)
		return test_slice(c, *got, &budget);
	for (struct value i = json_first(v); json_type(i); i = json_next(i)) {
		enum test t = test_slice(c, text_of(i, f->arena), &budget);

		if (t != TEST_NO) {
			*got = text_of(i, f->arena);
			return t;
		}
	}
	return TEST_NO;
}

static enum test
test_texts(const struct condition *c, struct facts *f)
{
	int64_t budget = pattern_budget(f->user_bytes);

	for (size_t i = 0; i < f->texts.user_count; i++) {
		enum test t = test_slice(c, f->texts.user[i], &budget);

		if (t != TEST_NO)
			return t;
	}
	return TEST_NO;
}

/* What is counted: tokens, turns, the hour, seconds. */
static bool
count_of(const struct condition *c, struct facts *f, uint64_t *n)
{
	struct when_local local;

	switch (c->subject) {
	case SUBJECT_TURNS: *n = f->texts.turns; return true;
	case SUBJECT_DEADLINE:
		*n = f->deadline > 0 ? (uint64_t)f->deadline / 1000 : 0;
		return f->has_deadline;
	case SUBJECT_HOUR:
		when_local(f->when, &local);
		*n = (uint64_t)local.hour;
		return true;
	default: *n = facts_tokens(f, f->tokenizer).count; return true;
	}
}

static enum test
test_count(const struct condition *c, struct facts *f, struct slice *got)
{
	uint64_t n;
	bool yes;

	if (!count_of(c, f, &n))
		return TEST_NO;
	yes = c->relation == LESS      ? n < c->number
	      : c->relation == AT_MOST ? n <= c->number
	      : c->relation == MORE    ? n > c->number
				       : n >= c->number;
	*got = arena_printf(f->arena, "%" PRIu64, n);
	return yes ? TEST_YES : TEST_NO;
}

enum test
condition_test(const struct condition *c, struct facts *f, struct slice *got)
{
	switch (c->subject) {
	case SUBJECT_TEXT: return test_texts(c, f);
	case SUBJECT_TOKENS:
	case SUBJECT_TURNS:
	case SUBJECT_HOUR:
	case SUBJECT_DEADLINE: return test_count(c, f, got);
	case SUBJECT_PATH: return test_value(c, path_get(c->path, f->request->root), f, got);
	case SUBJECT_ATTRIBUTE:
		return test_value(c, request_attribute(f->request, c->name), f, got);
	case SUBJECT_MODEL: *got = f->asked; break;
	case SUBJECT_TASK: *got = f->task; break;
	case SUBJECT_COMPLEXITY: *got = slice_z(level_names[f->level]); break;
	case SUBJECT_LANE: *got = slice_z(lane_name(f->lane)); break;
	case SUBJECT_INTENT: *got = f->intent; break;
	case SUBJECT_LANGUAGE: *got = language_of_user(f); break;
	}
	return test_slice(c, *got, NULL);
}
