/* SPDX-License-Identifier: MIT */
#include "prompt_cache/chain.h"

#include "base/hash.h"
#include "prompt_cache/counted.h"
#include "prompt_cache/rules.h"

#define STEP 512 /* bytes: about the 128 tokens of an automatic cache */
#define PLAIN_MINIMUM 1024

struct building {
	struct chain *chain;
	const struct tokenizer *tokenizer;
	struct arena *arena;
	uint64_t print, tokens;
	size_t room;
	bool fine;
};

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
	b->tokens += counted_tokens(b->tokenizer, text, mix.text);
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
	const struct cache_rule *rule = model.ptr ? cache_rule_of(model) : NULL;

	return rule ? rule->minimum : PLAIN_MINIMUM;
}
