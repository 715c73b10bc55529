/* SPDX-License-Identifier: MIT */
#include "places.h"

#include "base/hash.h"
#include "prompt_cache/counted.h"

#define MOST 4096

static const struct value none;

struct walk {
	struct places *places;
	size_t room;
	const struct tokenizer *tokenizer;
	struct arena *arena;
	uint64_t print, tokens;
	enum api api;
};

/* The value goes into print and count. */
static void
read_on(struct walk *w, struct value v, struct slice role)
{
	struct {
		uint64_t before, role, raw;
	} mix = { w->print, hash_of(role), hash_of(json_raw(v)) };
	struct value text = json_type(v) == JSON_OBJECT ? json_get(v, "text") : v;

	w->tokens += counted_tokens(w->tokenizer,
	    json_type(text) == JSON_STRING ? json_string(text, w->arena) : json_raw(v),
	    mix.raw);
	w->print = hash_of(slice_of((const char *)&mix, sizeof(mix))) | 1;
}

static void
add(struct walk *w, struct place p)
{
	struct places *all = w->places;

	if (all->count == MOST)
		return;
	if (all->count == w->room) {
		struct place *more;

		w->room = w->room ? w->room * 2 : 16;
		more = arena_alloc(w->arena, w->room * sizeof(*more));
		if (all->count)
			memcpy(more, all->list, all->count * sizeof(*more));
		all->list = more;
	}
	p.print = w->print;
	p.tokens = w->tokens;
	all->list[all->count++] = p;
}

/* Blocks that no provider lets a mark stand on: thoughts, and texts that are empty. */
static bool
takes_mark(struct value block)
{
	struct value text = json_get(block, "text"), kind = json_get(block, "type");

	if (json_type(block) != JSON_OBJECT || json_is(kind, "thinking") ||
	    json_is(kind, "redacted_thinking") ||
	    json_type(json_get(block, "reasoningContent")))
		return false;
	return json_type(text) != JSON_STRING || json_string_raw(text).len > 0;
}

static enum place_form
form_of_block(const struct walk *w, struct value block, bool answer)
{
	struct value kind;

	if (!takes_mark(block))
		return PLACE_NONE;
	switch (w->api) {
	case API_MESSAGES: return PLACE_BLOCK;
	case API_CONVERSE: return PLACE_BEHIND;
	case API_CHAT: return answer ? PLACE_NONE : PLACE_BLOCK;
	default:
		kind = json_get(block, "type");
		return json_is(kind, "input_text") || json_is(kind, "input_image") ||
			       json_is(kind, "input_file")
			   ? PLACE_BLOCK
			   : PLACE_NONE;
	}
}

static enum place_form
form_of_text(const struct walk *w, struct value text, bool answer, bool member)
{
	/* instructions are no blocks */
	if (member && w->api == API_RESPONSES)
		return PLACE_NONE;
	if (json_string_raw(text).len == 0 || w->api == API_CONVERSE ||
	    (answer && w->api != API_MESSAGES))
		return PLACE_NONE;
	return PLACE_TEXT;
}

static void
walk_content(struct walk *w, struct value message, struct value content, struct slice role,
    enum place_kind kind)
{
	bool answer = slice_eqz(role, "assistant");

	if (json_type(content) == JSON_STRING) {
		read_on(w, content, role);
		add(w, (struct place){ .kind = kind,
			   .form = form_of_text(w, content, answer, !json_type(message)),
			   .at = content,
			   .answer = answer });
	} else if (json_type(content) == JSON_ARRAY) {
		for (struct value b = json_first(content); json_type(b); b = json_next(b)) {
			read_on(w, b, role);
			add(w, (struct place){ .kind = kind,
				   .form = form_of_block(w, b, answer),
				   .at = b,
				   .list = content,
				   .answer = answer });
		}
	}
}

static void
walk_tools(struct walk *w, struct value tools)
{
	struct value last = none;

	for (struct value t = json_first(tools); json_type(t); t = json_next(t)) {
		read_on(w, t, SLICE("tool"));
		last = t;
	}
	if (json_type(last) == JSON_OBJECT)
		add(w, (struct place){ .kind = PLACE_TOOLS,
			   .form = w->api == API_MESSAGES   ? PLACE_BLOCK
				   : w->api == API_CONVERSE ? PLACE_BEHIND
							    : PLACE_NONE,
			   .at = last,
			   .list = tools });
}

static bool
is_system(struct slice role)
{
	return slice_eqz(role, "system") || slice_eqz(role, "developer");
}

static void
walk_messages(struct walk *w, struct value messages)
{
	bool head = true;

	for (struct value m = json_first(messages); json_type(m); m = json_next(m)) {
		struct value content = json_get(m, "content"), k;
		struct slice role = json_string(json_get(m, "role"), w->arena);

		head = head && is_system(role);
		walk_content(w, m, content, role, head ? PLACE_SYSTEM : PLACE_MESSAGE);
		/* calls of tools and their like stand beside the content */
		for (k = json_first(m); json_type(m) == JSON_OBJECT && json_type(k);
		     k = json_next(k))
			if (!json_is(k, "content") && !json_is(k, "role"))
				read_on(w, json_member_value(k), json_string_raw(k));
	}
}

void
places_of(const struct request *r, struct slice model, struct arena *a, struct places *p)
{
	struct walk w = { .places = p,
		.tokenizer = tokenizer_for(model),
		.arena = a,
		.print = hash_of(model) | 1,
		.api = r->api };
	struct value input = json_get(r->body, "input");

	*p = (struct places){ 0 };
	walk_tools(&w, request_tools(r));
	walk_content(&w, none, request_system(r), SLICE("system"), PLACE_SYSTEM);
	if (r->api == API_RESPONSES && json_type(input) == JSON_STRING) {
		read_on(&w, input, SLICE("user"));
		add(&w, (struct place){ .kind = PLACE_MESSAGE, .at = input });
	}
	walk_messages(&w, request_messages(r));
}

/* Name and value of the member that marks a block. */
static const char *
mark_name(enum api api)
{
	return api == API_MESSAGES ? "cache_control" : "prompt_cache_breakpoint";
}

static struct slice
mark_value(enum api api, bool hour)
{
	if (api != API_MESSAGES)
		return SLICE("{\"mode\":\"explicit\"}");
	return hour ? SLICE("{\"type\":\"ephemeral\",\"ttl\":\"1h\"}")
		    : SLICE("{\"type\":\"ephemeral\"}");
}

void
place_mark(const struct place *p, enum api api, bool hour, struct edits *e, struct arena *a)
{
	struct slice value = mark_value(api, hour);

	switch (p->form) {
	case PLACE_NONE: break;
	case PLACE_BLOCK: edits_set(e, p->at, mark_name(api), value); break;
	case PLACE_TEXT:
		edits_replace(e, p->at,
		    arena_printf(a, "[{\"type\":\"%s\",\"text\":%.*s,\"%s\":%.*s}]",
			api == API_RESPONSES ? "input_text" : "text",
			SLICE_ARG(json_raw(p->at)), mark_name(api), SLICE_ARG(value)));
		break;
	case PLACE_BEHIND:
		edits_insert(e, p->list, json_next(p->at),
		    hour ? SLICE("{\"cachePoint\":{\"type\":\"default\",\"ttl\":\"1h\"}}")
			 : SLICE("{\"cachePoint\":{\"type\":\"default\"}}"));
		break;
	}
}

static unsigned
marks_in(struct value list, int levels)
{
	unsigned n = 0;

	if (json_type(list) != JSON_ARRAY)
		return 0;
	for (struct value item = json_first(list); json_type(item); item = json_next(item)) {
		if (json_type(item) != JSON_OBJECT)
			continue;
		n += json_type(json_get(item, "cache_control")) > JSON_NULL;
		n += json_type(json_get(item, "cachePoint")) > JSON_NULL;
		n += json_type(json_get(item, "prompt_cache_breakpoint")) > JSON_NULL;
		if (levels > 0)
			n += marks_in(json_get(item, "content"), levels - 1);
	}
	return n;
}

unsigned
places_marked_head(const struct request *r)
{
	return marks_in(request_tools(r), 0) + marks_in(json_get(r->body, "system"), 0);
}

unsigned
places_marked(const struct request *r)
{
	return (json_type(json_get(r->body, "cache_control")) > JSON_NULL) +
	       places_marked_head(r) + marks_in(request_messages(r), 2);
}
