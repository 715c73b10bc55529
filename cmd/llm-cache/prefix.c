/* SPDX-License-Identifier: MIT */
#include "prefix.h"

#include "base/buf.h"
#include "base/digest.h"
#include "tokens/tokens.h"

static const struct value none;

/* The last block of text that is not empty: empty ones take no mark. */
static struct value
last_text(struct value system)
{
	struct value last = none;

	for (struct value b = json_first(system); json_type(b); b = json_next(b))
		if (json_string_raw(json_get(b, "text")).len)
			last = b;
	return last;
}

static bool
has_text(struct value system)
{
	if (json_type(system) == JSON_STRING)
		return json_string_raw(system).len > 0;
	return json_type(system) == JSON_ARRAY && json_type(last_text(system));
}

bool
prefix_of(const struct request *r, struct prefix *p)
{
	*p = (struct prefix){ .tools = request_tools(r), .converse = r->api == API_CONVERSE };
	if (has_text(request_system(r)))
		p->system = request_system(r);
	return json_type(p->tools) || json_type(p->system);
}

uint64_t
prefix_print(const struct prefix *p, struct slice model)
{
	static struct buf text;
	unsigned char digest[DIGEST_SIZE];
	uint64_t print;

	buf_clear(&text);
	buf_add(&text, model);
	buf_add_byte(&text, '\n');
	buf_add(&text, json_raw(p->tools));
	buf_add_byte(&text, '\n');
	buf_add(&text, json_raw(p->system));
	digest_of(buf_slice(&text), digest);
	memcpy(&print, digest, sizeof(print));
	return print ? print : 1;
}

uint64_t
prefix_tokens(const struct prefix *p, struct slice model, struct arena *a)
{
	const struct tokenizer *t = tokenizer_for(model);
	uint64_t n = 0;

	if (json_type(p->tools))
		n += tokens_text(t, json_raw(p->tools)).count;
	if (json_type(p->system) == JSON_STRING)
		return n + tokens_text(t, json_string(p->system, a)).count;
	for (struct value b = json_first(p->system); json_type(b); b = json_next(b))
		n += tokens_text(t, json_string(json_get(b, "text"), a)).count;
	return n;
}

void
prefix_mark(const struct prefix *p, bool hour, struct edits *e, struct arena *a)
{
	struct slice point =
	    hour ? SLICE("{\"cachePoint\":{\"type\":\"default\",\"ttl\":\"1h\"}}")
		 : SLICE("{\"cachePoint\":{\"type\":\"default\"}}");
	struct slice control = hour ? SLICE("{\"type\":\"ephemeral\",\"ttl\":\"1h\"}")
				    : SLICE("{\"type\":\"ephemeral\"}");
	struct value last = none;

	if (p->converse) {
		edits_insert(e, json_type(p->system) ? p->system : p->tools, none, point);
	} else if (json_type(p->system) == JSON_STRING) {
		/* a mark stands on a block, so the text becomes one */
		edits_replace(e, p->system,
		    arena_printf(a,
			"[{\"type\":\"text\",\"text\":%.*s,\"cache_control\":%.*s}]",
			SLICE_ARG(json_raw(p->system)), SLICE_ARG(control)));
	} else if (json_type(p->system)) {
		edits_set(e, last_text(p->system), "cache_control", control);
	} else {
		for (struct value t = json_first(p->tools); json_type(t); t = json_next(t))
			last = t;
		edits_set(e, last, "cache_control", control);
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
		if (levels > 0)
			n += marks_in(json_get(item, "content"), levels - 1);
	}
	return n;
}

unsigned
prefix_marks(const struct request *r)
{
	return (json_type(json_get(r->body, "cache_control")) > JSON_NULL) +
	       marks_in(request_tools(r), 0) + marks_in(json_get(r->body, "system"), 0) +
	       marks_in(json_get(r->body, "messages"), 2);
}
