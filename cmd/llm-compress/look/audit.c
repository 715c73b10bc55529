/* SPDX-License-Identifier: MIT */
/* llm-compress audit: a seeded sample of the requests, and what is repeated in it. */
#include "cmd/llm-compress/look/audit.h"

#include <stdlib.h>

#include "base/mem.h"
#include "cmd/llm-compress/commands.h"
#include "cmd/llm-compress/look/tools.h"
#include "prompt_cache/rates.h"
#include "stats/random.h"
#include "tool/tool.h"

static uint64_t sample = 100, seed, top = 20;

const struct option audit_options[] = {
	{ 0, "sample", OPTION_NUMBER, "N", &sample, "requests to look at (100); 0: all", NULL },
	{ 0, "seed", OPTION_NUMBER, "N", &seed, "which ones (0)", NULL },
	{ 0, "top", OPTION_NUMBER, "N", &top, "most findings of a kind (20)", NULL },
	{ 0 },
};

struct held {
	char *line;
	size_t len;
	uint64_t ordinal;
};
/* A reservoir: each request of the input is in it with the same chance. */
struct reservoir {
	struct held *list;
	size_t count, room;
	uint64_t seen;
	struct random random;
};

static void
hold(struct held *h, const struct record *r)
{
	free(h->line);
	h->line = mem_alloc(r->line.len + 1);
	memcpy(h->line, r->line.ptr, r->line.len);
	h->len = r->line.len;
	h->ordinal = r->ordinal;
}

static void
offer(struct reservoir *v, const struct record *r)
{
	uint64_t at = v->seen++;

	if (sample && at >= sample) {
		at = random_below(&v->random, v->seen);
		if (at < sample)
			hold(&v->list[at], r);
		return;
	}
	if (v->count == v->room) {
		v->room = v->room ? 2 * v->room : 128;
		v->list = mem_grow(v->list, v->room, sizeof(*v->list));
	}
	v->list[v->count] = (struct held){ NULL, 0, 0 };
	hold(&v->list[v->count++], r);
}

static int
earlier(const void *a, const void *b)
{
	const struct held *x = a, *y = b;

	return x->ordinal < y->ordinal ? -1 : x->ordinal > y->ordinal;
}

struct gathering {
	struct sampled *out;
	size_t room, system_room;
	struct arena *arena;
};

static void
push(struct slice **list, size_t *count, size_t *room, struct slice text, struct arena *a)
{
	*list = arena_more(a, *list, *count, room, sizeof(**list));
	(*list)[(*count)++] = text;
}

static void
gather(void *context, const struct part *p)
{
	struct gathering *g = context;
	struct slice text;

	if (p->kind > PART_RESULT || json_type(p->text) != JSON_STRING)
		return;
	text = arena_copy(g->arena, json_string(p->text, g->arena));
	push(&g->out->texts, &g->out->count, &g->room, text, g->arena);
	if (p->kind == PART_SYSTEM)
		push(&g->out->system, &g->out->system_count, &g->system_room, text, g->arena);
}

static struct usd
price_of_token(const struct request *q, struct slice model)
{
	struct prompt_rates rates;

	prompt_rates_read(&rates, q, model);
	return rates.priced ? rates.fresh : (struct usd){ 0 };
}

static struct slice
model_of(const struct request *q, struct arena *a)
{
	return json_type(q->model) == JSON_STRING ? request_model(q, a) : SLICE("");
}

static void
look_at(struct audit *audit, struct reservoir *v, struct arena *a)
{
	struct sampled *list = arena_zero(a, v->count + 1, sizeof(*list));
	struct json json = { 0 };
	const char *why;
	size_t where;

	if (v->count)
		qsort(v->list, v->count, sizeof(*v->list), earlier);
	for (size_t i = 0; i < v->count; i++) {
		struct gathering g = { .out = &list[i], .arena = a };
		struct request q;
		struct slice model;

		if (!json_scan(
			&json, slice_of(v->list[i].line, v->list[i].len), &why, &where) ||
		    !request_read(&json, &q))
			continue;
		model = model_of(&q, a);
		list[i].tokenizer = tokenizer_for(model);
		list[i].price = price_of_token(&q, model);
		request_parts(&q, gather, &g);
		audit->tokens += tokens_request(list[i].tokenizer, &q, a).count;
	}
	json_free(&json);
	audit->sampled = v->count;
	audit->phrases = audit_phrases(list, v->count, (size_t)top, a);
	audit->repeated = audit_repeated(list, v->count, (size_t)top, a);
	audit->paraphrases = audit_paraphrases(list, v->count, (size_t)top, a);
}

struct auditing {
	struct reservoir reservoir;
	struct tool_use_log *tools;
};

static void
see(struct auditing *x, struct record *r)
{
	struct request q;
	struct slice model;

	if (!request_read(r->json, &q) || q.shape == SHAPE_USAGE || q.api == API_NONE ||
	    json_type(q.body) != JSON_OBJECT)
		return;
	offer(&x->reservoir, r);
	model = model_of(&q, r->arena);
	tools_see(x->tools, &q, tokenizer_for(model), price_of_token(&q, model), r->arena);
}

void
audit_run(const struct option_list *operands)
{
	struct stream_options o = tool_stream(operands, NO_OBJECT_SKIP);
	struct auditing x = { .tools = tools_open() };
	struct audit audit = { .requests = 0 };
	struct arena arena = { 0 };
	struct stream *s;
	struct record *r;

	random_open(&x.reservoir.random, seed, 0);
	s = stream_open(&o);
	while ((r = stream_next(s))) {
		see(&x, r);
		stream_put(s, r, DROP);
	}
	audit.requests = x.reservoir.seen;
	look_at(&audit, &x.reservoir, &arena);
	audit.tools = tools_unused(x.tools, (size_t)top, &audit.answers, &arena);
	audit_print(&audit, s);
	stream_close(s);
	for (size_t i = 0; i < x.reservoir.count; i++)
		free(x.reservoir.list[i].line);
	free(x.reservoir.list);
	tools_close(x.tools);
	arena_close(&arena);
}
