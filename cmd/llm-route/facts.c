/* SPDX-License-Identifier: MIT */
#include "cmd/llm-route/facts.h"

#include <inttypes.h>

#include "base/options.h"
#include "base/when.h"
#include "task/instructions.h"

#define BATCH_MS (INT64_C(24) * 3600 * 1000)

struct counted {
	const struct tokenizer *tokenizer;
	struct tokens tokens;
	struct counted *next;
};

struct tokens
facts_tokens(struct facts *f, const struct tokenizer *t)
{
	struct counted *c;

	for (c = f->counts; c; c = c->next)
		if (c->tokenizer == t)
			return c->tokens;
	c = arena_alloc(f->arena, sizeof(*c));
	*c = (struct counted){ t, tokens_request(t, f->request, f->arena), f->counts };
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
	struct slice task = json_string(request_attribute(f->request, "task"), f->arena);
	struct slice level = json_string(request_attribute(f->request, "complexity"), f->arena);

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

static int64_t
deadline_in(const struct facts *f)
{
	struct value v = request_attribute(f->request, "deadline");
	struct slice text =
	    json_type(v) == JSON_NUMBER ? json_raw(v) : json_string(v, f->arena);
	int64_t ms, when;

	if (!text.len || text.len > 40)
		return 0;
	if (json_type(v) == JSON_STRING &&
	    options_duration(arena_copy(f->arena, text).ptr, &ms))
		return ms;
	when = when_read(text);
	return when == WHEN_NONE ? 0 : when - f->when;
}

static enum lane
choose_lane(const struct facts *f)
{
	struct slice tag = json_string(request_attribute(f->request, "lane"), f->arena);
	enum lane lane = LANE_REALTIME;

	if (f->needs.stream || f->needs.previous)
		return LANE_REALTIME;
	if (tag.len && lane_named(tag, &lane))
		return lane;
	return deadline_in(f) >= BATCH_MS ? LANE_BATCH : LANE_REALTIME;
}

static int64_t
time_of(const struct facts *f)
{
	struct value v = request_attribute(f->request, "time");
	struct slice text =
	    json_type(v) == JSON_NUMBER ? json_raw(v) : json_string(v, f->arena);
	int64_t when = text.len ? when_read(text) : WHEN_NONE;

	return when == WHEN_NONE ? when_now() : when;
}

void
facts_read(
    struct facts *f, const struct routes *routes, const struct request *r, struct arena *a)
{
	struct instructions texts;
	struct task_judgement reading;

	*f = (struct facts){ .routes = routes, .request = r, .arena = a };
	f->asked = json_string(r->model, a);
	f->needs = request_needs(r);
	f->when = time_of(f);
	f->lane = choose_lane(f);
	f->tokenizer =
	    tokenizer_for(models_resolve(f->asked.ptr && routes ? routes_alias(routes, f->asked)
					 : f->asked.ptr         ? f->asked
								: SLICE("")));
	instructions_read(&texts, r, a);
	f->user = texts.user;
	f->user_count = texts.user_count;
	for (size_t i = 0; i < f->user_count; i++)
		f->user_bytes += f->user[i].len;
	reading = instructions_judge(&texts, &f->needs, facts_tokens(f, f->tokenizer).count, a);
	f->task = slice_z(task_names[reading.task]);
	f->task_confidence = reading.task_confidence;
	f->task_evidence = reading.task_evidence;
	f->level = reading.level;
	f->level_confidence = reading.level_confidence;
	f->level_evidence = reading.level_evidence;
	if (routes && routes->task_count) {
		f->task = SLICE("none");
		f->task_confidence = 0;
		f->task_evidence.count = 0;
		own_tasks(f, texts.system, texts.system_count);
		if (!f->task_confidence && !f->limit)
			own_tasks(f, f->user + texts.last_at, texts.user_count - texts.last_at);
	}
	brought_labels(f);
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

	for (size_t i = 0; i < f->user_count; i++) {
		enum test t = test_slice(c, f->user[i], &budget);

		if (t != TEST_NO)
			return t;
	}
	return TEST_NO;
}

static enum test
test_tokens(const struct condition *c, struct facts *f, struct slice *got)
{
	uint64_t n = facts_tokens(f, f->tokenizer).count;
	bool yes = c->relation == LESS      ? n < c->number
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
	case SUBJECT_TOKENS: return test_tokens(c, f, got);
	case SUBJECT_PATH: return test_value(c, path_get(c->path, f->request->root), f, got);
	case SUBJECT_ATTRIBUTE:
		return test_value(c, request_attribute(f->request, c->name), f, got);
	case SUBJECT_MODEL: *got = f->asked; break;
	case SUBJECT_TASK: *got = f->task; break;
	case SUBJECT_COMPLEXITY: *got = slice_z(level_names[f->level]); break;
	case SUBJECT_LANE: *got = slice_z(lane_name(f->lane)); break;
	}
	return test_slice(c, *got, NULL);
}
