/* SPDX-License-Identifier: MIT */
#include "chain.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "rules.h"

#define STEP 512 /* bytes: about the 128 tokens of an automatic cache */
#define PLAIN_MINIMUM 1024
#define MEMO 4096
#define HELD (1u << 20)

/* Counts of texts that were counted a moment ago: a system prompt stands in each request. */
static struct {
	uint64_t print, tokens;
} memo[MEMO];

struct building {
	struct chain *chain;
	const struct tokenizer *tokenizer;
	struct arena *arena;
	uint64_t print, tokens;
	size_t room;
	bool fine;
};

static uint64_t
count(struct building *b, struct slice text, uint64_t print)
{
	size_t i = print % MEMO;

	if (memo[i].print != print) {
		memo[i].print = print;
		memo[i].tokens = tokens_text(b->tokenizer, text).count;
	}
	return memo[i].tokens;
}

static void
add_link(struct building *b, enum link_kind kind, struct value at, struct slice text)
{
	struct {
		uint64_t before, text, kind;
	} mix = { b->print, hash_of(text), kind };
	struct link *link;

	if (b->chain->count == b->room) {
		struct link *more;

		b->room = b->room ? b->room * 2 : 32;
		more = arena_alloc(b->arena, b->room * sizeof *more);
		if (b->chain->count)
			memcpy(more, b->chain->link, b->chain->count * sizeof *more);
		b->chain->link = more;
	}
	b->print = hash_of(slice_of((const char *)&mix, sizeof mix));
	b->tokens += count(b, text, mix.text);
	link = &b->chain->link[b->chain->count++];
	*link = (struct link){ kind, at, text, b->print, b->tokens };
}

/* The end of a step that cuts no character. */
static size_t
step_of(struct slice text)
{
	size_t n = STEP;

	if (text.len <= STEP)
		return text.len;
	while (n < text.len && ((unsigned char)text.ptr[n] & 0xc0) == 0x80)
		n++;
	return n;
}

static void
add_text(struct building *b, enum link_kind kind, struct value at, struct slice text)
{
	if (!b->fine || text.len <= STEP) {
		add_link(b, kind, at, text);
		return;
	}
	while (text.len) {
		size_t n = step_of(text);

		add_link(b, kind, at, slice_take(text, n));
		text = slice_drop(text, n);
	}
}

static void
add_part(void *context, const struct part *part)
{
	struct building *b = context;
	enum link_kind kind = part->kind == PART_SYSTEM ? LINK_SYSTEM : LINK_MESSAGE;
	struct value at = json_type(part->text) ? part->text : part->block;
	struct slice text;

	if (!json_type(at))
		return;
	text = json_type(at) == JSON_STRING ? json_string(at, b->arena) : json_raw(at);
	add_text(b, kind, at, text);
}

void
chain_of(
    const struct request *r, struct slice model, bool fine, struct arena *a, struct chain *c)
{
	struct building b = { .chain = c,
		.tokenizer = tokenizer_for(model),
		.arena = a,
		.print = hash_of(model),
		.fine = fine };
	struct value tools = request_tools(r);

	*c = (struct chain){ 0 };
	for (struct value t = json_first(tools); json_type(t); t = json_next(t))
		add_text(&b, LINK_TOOL, t, json_raw(t));
	request_parts(r, add_part, &b);
}

uint64_t
chain_minimum(struct slice model)
{
	const struct rule *rule = model.ptr ? rule_of(model) : NULL;

	return rule ? rule->minimum : PLAIN_MINIMUM;
}

struct warm {
	struct sent {
		uint64_t print; /* 0: free */
		int64_t when;
	} * slot;
	size_t size, count;
};

struct warm *
warm_open(void)
{
	struct warm *w = mem_zero(sizeof *w);

	w->size = 1024;
	w->slot = mem_zero(w->size * sizeof *w->slot);
	return w;
}

void
warm_free(struct warm *w)
{
	free(w->slot);
	free(w);
}

static struct sent *
slot_of(const struct warm *w, uint64_t print)
{
	size_t i = print & (w->size - 1);

	while (w->slot[i].print && w->slot[i].print != print)
		i = (i + 1) & (w->size - 1);
	return &w->slot[i];
}

static bool
is_warm(const struct sent *s, uint64_t print, int64_t when, int64_t life)
{
	if (s->print != print)
		return false;
	if (life == INT64_MAX)
		return true;
	return when > s->when && when - s->when <= life;
}

uint64_t
warm_read(
    const struct warm *w, const struct chain *c, int64_t when, int64_t life, uint64_t minimum)
{
	for (size_t i = c->count; i-- > 0 && c->link[i].tokens >= minimum;)
		if (is_warm(slot_of(w, c->link[i].print), c->link[i].print, when, life))
			return c->link[i].tokens;
	return 0;
}

static void
grow(struct warm *w)
{
	struct warm more = { .size = w->size * 2, .count = w->count };

	more.slot = mem_zero(more.size * sizeof *more.slot);
	for (size_t i = 0; i < w->size; i++)
		if (w->slot[i].print)
			*slot_of(&more, w->slot[i].print) = w->slot[i];
	free(w->slot);
	*w = more;
}

void
warm_send(struct warm *w, const struct chain *c, int64_t when)
{
	for (size_t i = 0; i < c->count; i++) {
		struct sent *s = slot_of(w, c->link[i].print);

		if (!s->print) {
			if (w->count == HELD)
				continue;
			if (++w->count * 4 > w->size * 3) {
				grow(w);
				s = slot_of(w, c->link[i].print);
			}
			s->print = c->link[i].print;
		}
		s->when = when;
	}
}
