/* SPDX-License-Identifier: MIT */
#include "cmd/llm-route/ask/answers.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/when.h"
#include "model/usage.h"
#include "money/price.h"
#include "tool/tool.h"

struct answers {
	struct hash_map ids;
	struct side_answer **first;
	struct arena arena; /* of all that is kept */
};

static enum ask_kind
kind_of(struct value v)
{
	return json_is(v, "classify") ? ASK_CLASSIFY
	       : json_is(v, "plan")   ? ASK_PLAN
	       : json_is(v, "draft")  ? ASK_DRAFT
				      : ASK_NONE;
}

static void
price(struct side_answer *s, const struct request *q, struct arena *a)
{
	struct price_query query = { .model = models_resolve(s->model), .when = when_now() };
	struct usage u = { 0 };
	struct bill bill;

	if (!usage_read(q, &u) || !u.present)
		return;
	query.lane = lane_billed(q, &u, a);
	bill_usage(&query, &u, &bill);
	s->priced = bill.priced;
	s->usd = bill.usd;
}

static void
keep_member(struct side_answer *s, struct value root, struct arena *a)
{
	static const char *const names[] = { "response", "result", "modelOutput" };

	for (size_t i = 0; i < 3 && !s->raw.ptr; i++) {
		struct value v = json_get(root, names[i]);

		if (json_type(v) <= JSON_NULL)
			continue;
		s->member = slice_z(names[i]);
		s->raw = arena_copy(a, json_raw(v));
	}
}

static enum verdict
read_line(void *context, struct record *r)
{
	static const struct fault_options any;
	struct answers *all = context;
	struct side_answer *s, **end;
	struct request q;
	struct judged j;
	struct slice id;
	bool added;
	size_t at;

	if (!request_read(r->json, &q) || !q.answered)
		return DROP;
	id = json_string(json_get(q.llm, "for"), r->arena);
	if (!id.len || !kind_of(json_get(q.llm, "ask")))
		return DROP;
	s = arena_zero(&all->arena, 1, sizeof(*s));
	s->kind = kind_of(json_get(q.llm, "ask"));
	fault_read(&j, &q, r->arena);
	s->fault =
	    answer_ending(&q) == ENDING_FAILED ? FAULT_EMPTY : fault_of(&j, &q, &any, r->arena);
	s->text = arena_copy(&all->arena, j.text);
	s->calls = j.calls;
	s->model = arena_copy(&all->arena, request_answer_model(&q, r->arena));
	price(s, &q, r->arena);
	if (s->kind == ASK_DRAFT)
		keep_member(s, r->root, &all->arena);
	at = hash_map_add(&all->ids, id, &added);
	if (added && (!all->first || (at & (at + 1)) == 0))
		all->first = mem_grow(all->first, 2 * (at + 1), sizeof(struct side_answer *));
	if (added)
		all->first[at] = NULL;
	for (end = &all->first[at]; *end; end = &(*end)->next)
		;
	*end = s;
	return DROP;
}

struct answers *
answers_open(const char *file)
{
	struct answers *a = mem_zero(sizeof(*a));
	struct stream_options o = { .files = &file,
		.file_count = 1,
		.required = true,
		.no_output = true,
		.no_object = NO_OBJECT_SKIP };

	stream_each(&o, read_line, a);
	return a;
}

const struct side_answer *
answers_of(const struct answers *a, struct slice id)
{
	size_t at = hash_map_find(&a->ids, id);

	return at == SIZE_MAX ? NULL : a->first[at];
}

void
answers_close(struct answers *a)
{
	hash_map_free(&a->ids);
	free(a->first);
	arena_close(&a->arena);
	free(a);
}
