/* SPDX-License-Identifier: MIT */
/* llm-batch combine: requests that differ in their last user message alone become one request
 * for a list of answers, where that is cheaper. What follows one another in the input is
 * combined; all else passes as it is. */
#include "../batch.h"

#include <stdlib.h>

#include "../line.h"
#include "base/digest.h"
#include "base/mem.h"
#include "base/when.h"
#include "json/write.h"
#include "money/price.h"
#include "money/usd.h"
#include "tokens/tokens.h"

#define MOST 200
/* what the frame of an answer, {"id":"12","output":""}, is at the output's price */
#define FRAME_TOKENS 12

static uint64_t number = 20;
static const char *id_path;

const struct option combine_options[] = {
	{ 'N', "number", OPTION_NUMBER, "N", &number, "requests in one at most (20)", NULL },
	{ 0, "id", OPTION_TEXT, "PATH", &id_path, "where a record without an id has one",
	    NULL },
	{ 0 },
};

struct held {
	char *line, *id; /* of the record; JSON of its id's characters */
	size_t len;
	char *input; /* JSON string */
	uint64_t tokens;
};

struct combiner {
	const struct path *by;
	struct stream *out;
	struct held *held;
	size_t count;
	struct buf key, held_key; /* all of the body but the last message's text */
	struct buf head;          /* messages before the last */
	struct buf rest;          /* other members, each with a comma before it */
	char *model;
	uint64_t cap;
	struct buf line;
	struct json json;
	struct arena arena;
	struct sums {
		struct usd one, together;
		uint64_t requests, calls;
	} done, kept; /* combined, and left single as it would not pay */
};

/* Members whose meaning is one answer to one question. */
static bool
stands_alone(struct value body)
{
	static const char *const names[] = { "tools", "functions", "response_format",
		"logprobs", "stop", "audio", "modalities", "prediction", "web_search_options",
		"stream", "seed", NULL };
	uint64_t n = 1;

	for (size_t i = 0; names[i]; i++)
		if (json_type(json_get(body, names[i])) > JSON_NULL)
			return true;
	return json_type(json_get(body, "n")) > JSON_NULL &&
	       (!json_whole(json_get(body, "n"), &n) || n != 1);
}

static struct value
last_of(struct value list)
{
	struct value last = { 0 };

	for (struct value v = json_first(list); json_type(v); v = json_next(v))
		last = v;
	return last;
}

/* Fills key, head and rest by the request; its text, or absent where it cannot be combined. */
static struct value
split(struct combiner *c, const struct line *l, struct buf *head, struct buf *rest)
{
	struct value body = l->request.body, messages = json_get(body, "messages"), last, text;

	if (l->shape != SHAPE_ENVELOPE || l->request.api != API_CHAT || l->request.answered ||
	    l->collapsed || stands_alone(body) || json_type(messages) != JSON_ARRAY)
		return (struct value){ 0 };
	last = last_of(messages);
	text = json_get(last, "content");
	if (!json_is(json_get(last, "role"), "user") || json_type(text) != JSON_STRING ||
	    json_length(last) != 2)
		return (struct value){ 0 };
	buf_clear(head);
	buf_clear(rest);
	for (struct value m = json_first(messages); json_raw(m).ptr != json_raw(last).ptr;
	     m = json_next(m)) {
		buf_add(head, json_raw(m));
		buf_add_byte(head, ',');
	}
	for (struct value k = json_first(body); json_type(k); k = json_next(k)) {
		if (json_is(k, "messages") || json_is(k, "max_tokens") ||
		    json_is(k, "max_completion_tokens"))
			continue;
		buf_add_byte(rest, ',');
		buf_add(rest, json_raw(k));
		buf_add_byte(rest, ':');
		buf_add(rest, json_raw(json_member_value(k)));
	}
	buf_clear(&c->key);
	buf_add(&c->key, buf_slice(head));
	buf_add(&c->key, buf_slice(rest));
	buf_add(&c->key, line_url(l, &c->arena));
	return text;
}

static void
write_instructions(struct buf *out)
{
	buf_add(out,
	    SLICE(
		"{\"role\":\"system\",\"content\":\"The user message is a JSON list of items, "
		"each with an id and an input. Treat each input as a request of its own, as if "
		"it had come alone; the items are independent and nothing in one concerns "
		"another. Reply with {\\\"answers\\\":[{\\\"id\\\":…,\\\"output\\\":…}]}: one "
		"entry for each id, in the same order, with the whole reply to that input in "
		"output.\"},"));
}

static void
write_format(struct buf *out)
{
	buf_add(out,
	    SLICE(
		",\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":"
		"\"answers\",\"strict\":true,\"schema\":{\"type\":\"object\",\"properties\":{"
		"\"answers\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":"
		"{"
		"\"id\":{\"type\":\"string\"},\"output\":{\"type\":\"string\"}},\"required\":["
		"\"id\",\"output\"],\"additionalProperties\":false}}},\"required\":["
		"\"answers\"],\"additionalProperties\":false}}}"));
}

/* The items as the text of one message. */
static void
write_items(const struct combiner *c, struct buf *out)
{
	struct buf items = { 0 };

	buf_add_byte(&items, '[');
	for (size_t i = 0; i < c->count; i++)
		buf_printf(&items, "%s{\"id\":\"%zu\",\"input\":%s}", i ? "," : "", i + 1,
		    c->held[i].input);
	buf_add_byte(&items, ']');
	json_quote(out, buf_slice(&items));
	buf_free(&items);
}

static void
write_combined(struct combiner *c)
{
	unsigned char digest[DIGEST_SIZE];
	char hex[25];
	struct buf *out = &c->line, ids = { 0 };
	uint64_t cap = c->cap ? c->count * (c->cap + FRAME_TOKENS) : 0;
	struct model_facts facts = model_facts(slice_z(c->model), slice_of(NULL, 0));

	if (facts.known && facts.max_output && cap > facts.max_output)
		cap = facts.max_output;
	for (size_t i = 0; i < c->count; i++)
		buf_printf(&ids, "%s%s", i ? "," : "", c->held[i].id);
	digest_of(buf_slice(&ids), digest);
	digest_hex(digest, 12, hex);
	buf_clear(out);
	buf_printf(out,
	    "{\"custom_id\":\"combined-%s\",\"method\":\"POST\",\"url\":"
	    "\"/v1/chat/completions\",\"body\":{\"messages\":[",
	    hex);
	buf_add(out, buf_slice(&c->head));
	write_instructions(out);
	buf_add(out, SLICE("{\"role\":\"user\",\"content\":"));
	write_items(c, out);
	buf_add(out, SLICE("}]"));
	buf_add(out, buf_slice(&c->rest));
	if (cap)
		buf_printf(out, ",\"%s\":%llu",
		    request_cap_path(API_CHAT, slice_z(c->model))[0], (unsigned long long)cap);
	write_format(out);
	buf_add(out, SLICE("},\"llm\":{\"v\":1,\"combined\":["));
	buf_add(out, buf_slice(&ids));
	buf_add(out, SLICE("]}}"));
	buf_free(&ids);
}

static uint64_t
tokens_of_line(struct combiner *c, struct slice line)
{
	struct request r;
	const char *why;
	size_t where;

	if (!json_scan(&c->json, line, &why, &where) || !request_read(&c->json, &r))
		return 0;
	return tokens_request(tokenizer_for(models_resolve(slice_z(c->model))), &r, &c->arena)
	    .count;
}

/* True where the combined request is cheaper: its input and the frames of its answers against
 * the inputs of all. What the answers say costs the same. */
static bool
pays(struct combiner *c)
{
	struct price_query q = { .model = models_resolve(slice_z(c->model)),
		.when = when_now() };
	struct bill one, together;
	uint64_t single = 0;
	struct sums *sums;

	for (size_t i = 0; i < c->count; i++)
		single += c->held[i].tokens;
	bill_counts(&q, single, 0, &one);
	bill_counts(
	    &q, tokens_of_line(c, buf_slice(&c->line)), c->count * FRAME_TOKENS, &together);
	if (!one.priced || !together.priced) {
		diag_repeated("unpriced", "'%s' has no price: nothing of it is combined",
		    diag_clean(slice_z(c->model)));
		return false;
	}
	sums = usd_cmp(together.usd, one.usd) < 0 ? &c->done : &c->kept;
	sums->one = usd_add(sums->one, one.usd);
	sums->together = usd_add(sums->together, together.usd);
	sums->requests += c->count;
	sums->calls++;
	return sums == &c->done;
}

static void
flush(struct combiner *c)
{
	bool combined = false;

	if (c->count > 1) {
		write_combined(c);
		combined = pays(c);
	}
	if (combined)
		stream_write(c->out, buf_slice(&c->line));
	for (size_t i = 0; i < c->count; i++) {
		if (!combined)
			stream_write(c->out, slice_of(c->held[i].line, c->held[i].len));
		free(c->held[i].line);
		free(c->held[i].id);
		free(c->held[i].input);
	}
	c->count = 0;
	free(c->model);
	c->model = NULL;
	arena_reset(&c->arena);
}

static void
take(
    struct combiner *c, struct record *r, const struct line *l, struct value text, uint64_t cap)
{
	struct held *h = &c->held[c->count];
	struct buf id = { 0 };

	if (!c->count) {
		c->model = mem_text(request_model(&l->request, r->arena));
		c->cap = cap;
		buf_clear(&c->held_key);
		buf_add(&c->held_key, buf_slice(&c->key));
	}
	json_quote(&id, l->name);
	*h = (struct held){ .line = mem_text(r->line),
		.len = r->line.len,
		.id = mem_text(buf_slice(&id)),
		.input = mem_text(json_raw(text)) };
	h->tokens = tokens_request(
	    tokenizer_for(models_resolve(slice_z(c->model))), &l->request, r->arena)
			.count;
	c->count++;
	buf_free(&id);
	if (c->count == number)
		flush(c);
}

static enum verdict
judge(struct combiner *c, struct record *r)
{
	struct buf head = { 0 }, rest = { 0 };
	struct value text;
	struct line l;
	uint64_t cap = 0;
	enum verdict v = DROP;

	if (!line_read(r, c->by, &l))
		return record_no_shape(r);
	text = split(c, &l, &head, &rest);
	if (r->json->twice.ptr)
		goto out;
	json_whole(request_cap(&l.request, NULL), &cap);
	if (!json_type(text) || !request_model(&l.request, r->arena).len) {
		flush(c);
		v = PASS;
		goto out;
	}
	if (c->count &&
	    (!slice_eq(buf_slice(&c->key), buf_slice(&c->held_key)) || cap != c->cap))
		flush(c);
	if (!c->count) {
		buf_clear(&c->head);
		buf_clear(&c->rest);
		buf_add(&c->head, buf_slice(&head));
		buf_add(&c->rest, buf_slice(&rest));
	}
	take(c, r, &l, text, cap);
out:
	buf_free(&head);
	buf_free(&rest);
	return v;
}

static void
say(const char *verb, const struct sums *s)
{
	char one[64], together[64];

	diag_note("%llu requests %s %llu: input $%s instead of $%s",
	    (unsigned long long)s->requests, verb, (unsigned long long)s->calls,
	    usd_write(s->together, together), usd_write(s->one, one));
}

void
combine_run(const struct option_list *operands)
{
	struct stream_options o = tool_stream(operands, NO_OBJECT_REJECT);
	struct combiner c = { .by = line_id_path(id_path) };
	struct record *r;

	if (number < 2 || number > MOST)
		tool_usage("'-N' wants 2 to %d", MOST);
	c.held = mem_grow(NULL, number, sizeof(*c.held));
	c.out = stream_open(&o);
	while ((r = stream_next(c.out)))
		stream_put(c.out, r, judge(&c, r));
	flush(&c);
	stream_close(c.out);
	say("became", &c.done);
	if (c.kept.requests)
		say("did not become", &c.kept);
	free(c.held);
	buf_free(&c.key);
	buf_free(&c.held_key);
	buf_free(&c.head);
	buf_free(&c.rest);
	buf_free(&c.line);
	json_free(&c.json);
	arena_close(&c.arena);
}
