/* SPDX-License-Identifier: MIT */
#include "base/buf.h"
#include "json/members.h"
#include "tokens/image.h"
#include "tokens/tokenizer.h"

#define SHARED 256 /* bytes from which on a system text is remembered */

/* Members of a body that count, or that tell what is not in it. */
enum member {
	FUNCTIONS,
	RESPONSE_FORMAT,
	TEXT,
	CONFIG,
	OUTPUT_CONFIG,
	PREVIOUS,
	CONVERSATION,
	CACHED,
	MEMBERS
};
static const char *const member_names[MEMBERS] = { "functions", "response_format", "text",
	"generationConfig", "output_config", "previous_response_id", "conversation",
	"cachedContent" };

/* One request while its parts are added up. */
struct counting {
	struct tally s;
	const struct request *r;
	struct arena *a;
	bool chat;          /* the interface whose framing is documented */
	bool plain;         /* nothing but text in messages so far */
	bool images;        /* or images, whose formula is published */
	const char *beside; /* what there is beside texts */
	size_t turns;
	struct value message; /* of the part before */
	size_t parts;         /* of that message */
	uint64_t *each;       /* see tokens_request_each; NULL: nobody asks */
	size_t seen;
};

static void
no_longer_plain(struct counting *c)
{
	c->plain = c->images = false;
}

static void
holds(struct counting *c, const char *what)
{
	no_longer_plain(c);
	if (!c->beside)
		c->beside = what;
}

static void
count_unsure(struct counting *c, struct value v)
{
	bool text = json_type(v) == JSON_STRING;

	if (!json_type(v))
		return;
	tally_unsure(&c->s, text ? json_string(v, c->a) : json_compact(v, c->a));
	no_longer_plain(c);
}

static void
lacks(struct counting *c, const char *what)
{
	holds(c, what);
	if (!c->s.missing)
		c->s.missing = what;
}

static void
count_image(struct counting *c, struct value block)
{
	const struct image_cost *cost = &c->s.t->image;
	struct image_size size = image_asked(block, c->r->body, c->a);
	struct image_count n = image_count(cost, &size);

	c->plain = false;
	if (!c->beside)
		c->beside = "image";
	if (!n.count) {
		lacks(c, cost->rule == IMAGE_UNKNOWN ? "image, no formula for this model"
						     : "image by URL");
		return;
	}
	c->s.exact += n.count;
	c->s.below += n.count - n.low;
	c->s.above += n.high - n.count;
	c->images = c->images && n.exact;
}

/* A prompt may be given as token ids: each is one token. */
static void
count_other(struct counting *c, struct value block)
{
	enum json_type type = json_type(block);

	if (type == JSON_NUMBER)
		c->s.exact++;
	else if (type == JSON_ARRAY)
		c->s.exact += json_length(block);
	else
		count_unsure(c, block);
	if (type == JSON_OBJECT)
		holds(c, "part of an unknown kind");
}

static void
count_call(struct counting *c, const struct part *part)
{
	static const char *const holders[] = { "function", "functionCall", "function_call",
		"toolUse" };
	struct value name = json_get(part->block, "name");

	holds(c, "tools");
	for (size_t i = 0; i < sizeof holders / sizeof *holders && !json_type(name); i++)
		name = json_get(json_get(part->block, holders[i]), "name");
	count_unsure(c, name);
	count_unsure(c, part->text);
	c->s.exact += 8; /* what marks a call */
	c->s.below += 8;
	c->s.above += 8;
}

static bool
same_message(struct value a, struct value b)
{
	return a.json == b.json && a.entry == b.entry;
}

/* The requests of a file have one long text in common, which is counted once. */
static void
count_shared(struct counting *c, struct slice text)
{
	static const struct encoding *encoding; /* encodings last as long as the run */
	static struct buf last;
	static uint64_t count;

	if (!c->s.t->exact || text.len < SHARED) {
		tally_text(&c->s, text);
		return;
	}
	if (encoding != c->s.t->encoding || !slice_eq(buf_slice(&last), text)) {
		encoding = c->s.t->encoding;
		count = encoding_count(encoding, text);
		buf_clear(&last);
		buf_add(&last, text);
	}
	c->s.exact += count;
}

static void
count_kind(struct counting *c, const struct part *part)
{
	c->parts = c->parts && same_message(c->message, part->message) ? c->parts + 1 : 1;
	c->message = part->message;
	if (part->turn >= c->turns)
		c->turns = part->turn + 1;
	switch (part->kind) {
	case PART_SYSTEM:
	case PART_USER:
	case PART_ASSISTANT:
		if (json_type(part->text) != JSON_STRING ||
		    (c->parts > 1 && json_type(part->message)))
			count_unsure(c, part->text);
		else if (part->kind == PART_SYSTEM)
			count_shared(c, json_string(part->text, c->a));
		else
			tally_text(&c->s, json_string(part->text, c->a));
		return;
	case PART_RESULT:
		holds(c, "tools");
		count_unsure(c, part->text);
		return;
	case PART_THINKING:
		holds(c, "reasoning");
		count_unsure(c, part->text);
		return;
	case PART_CALL: count_call(c, part); return;
	case PART_IMAGE: count_image(c, part->block); return;
	case PART_AUDIO: lacks(c, "audio"); return;
	case PART_FILE: lacks(c, "file"); return;
	case PART_OTHER: count_other(c, part->block); return;
	}
}

static void
count_part(void *context, const struct part *part)
{
	struct counting *c = context;
	uint64_t before = c->s.exact;
	bool text = part->kind <= PART_RESULT && json_type(part->text) == JSON_STRING;

	count_kind(c, part);
	if (c->each)
		c->each[c->seen++] =
		    text && c->s.t->exact ? c->s.exact - before : TOKENS_UNTOLD;
}

static uint64_t
exact_of(const struct counting *c, struct value text)
{
	struct slice s = json_string(text, c->a);

	return s.ptr ? encoding_count(c->s.t->encoding, s) : 0;
}

/* The role of nearly every message of a person. */
static uint64_t
count_role(const struct counting *c, struct value role)
{
	static const struct encoding *last; /* encodings last as long as the run */
	static uint64_t user;

	if (!json_type(role))
		return 1;
	if (!json_is(role, "user"))
		return exact_of(c, role);
	if (last != c->s.t->encoding) {
		last = c->s.t->encoding;
		user = encoding_count(last, SLICE("user"));
	}
	return user;
}

/* Each message is begun, holds its role, and is ended; a name costs one more. */
static void
frame_exact(struct counting *c)
{
	static const char *const names[] = { "role", "name" };
	static struct members members = { .names = names, .count = 2 };
	const struct family *f = c->s.t->family;
	struct value messages = request_messages(c->r), v[2];
	int64_t n = f->reply;

	if (json_type(messages) != JSON_ARRAY)
		n += f->message + 1; /* a string is one message of a user */
	if (c->r->api != API_CHAT && json_type(request_system(c->r)))
		n += f->message + 1;
	for (struct value m = json_type(messages) == JSON_ARRAY ? json_first(messages)
								: (struct value){ 0 };
	     json_type(m); m = json_next(m)) {
		members_get(m, &members, v);
		n += f->message + (int64_t)count_role(c, v[0]);
		if (json_type(v[1]) == JSON_STRING)
			n += (int64_t)exact_of(c, v[1]) + f->named;
	}
	c->s.exact += (uint64_t)(n > 0 ? n : 0);
}

static void
frame_estimate(struct counting *c)
{
	const struct family *f = c->s.t->family;
	struct value messages = request_messages(c->r);
	size_t count = json_type(messages) == JSON_ARRAY ? json_length(messages) : 1;

	c->s.exact += (uint64_t)(f->reply + f->message * (int64_t)(count ? count - 1 : 0));
}

/* A call is asked for by force: tool_choice any, or one tool by name. */
static bool
is_forced(const struct counting *c)
{
	struct value choice = json_get(c->r->body, "tool_choice"),
		     type = json_get(choice, "type");

	return json_is(type, "any") || json_is(type, "tool") || json_is(choice, "required");
}

static void
count_definitions(struct counting *c, struct value tools)
{
	const struct family *f = c->s.t->family;
	uint64_t n;

	if (!json_length(tools))
		return;
	holds(c, "tools");
	if (!f->function || !c->s.t->exact || !tools_count(c->s.t, tools, c->a, &n)) {
		count_unsure(c, tools);
		n = (uint64_t)(is_forced(c) ? f->forced : f->tools);
		c->s.exact += n;
		c->s.above += n * 3 / 5;
		return;
	}
	c->s.exact += n;
	c->s.below += n / 10 + 4;
	c->s.above += n / 10 + 4;
}

static void
count_schema(struct counting *c, struct value schema)
{
	if (json_type(schema))
		holds(c, "a schema");
	count_unsure(c, schema);
}

static void
count_tools(struct counting *c, const struct value body[])
{
	count_definitions(c, request_tools(c->r));
	count_definitions(c, body[FUNCTIONS]);
	count_schema(c, json_get(body[RESPONSE_FORMAT], "json_schema"));
	count_schema(c, json_get(json_get(body[TEXT], "format"), "schema"));
	count_schema(c, json_get(body[CONFIG], "responseSchema"));
	count_schema(c, json_get(body[CONFIG], "responseJsonSchema"));
	count_schema(c, json_get(body[OUTPUT_CONFIG], "format"));
}

static bool
is_text_only(enum api api)
{
	return api == API_COMPLETION || api == API_EMBEDDING;
}

/* Reasoning models and interfaces other than chat: no document tells how they frame. */
static void
widen(const struct counting *c, struct tokens *sum)
{
	const struct family *f = c->s.t->family;

	sum->class = TOKENS_ESTIMATE;
	if (!c->chat)
		sum->low -= sum->low < 8 ? sum->low : 8;
	sum->high += sum->count * 2 / 100 + (uint64_t)f->more;
}

/* The class of an exact encoding's request: only what a document tells is no estimate. */
static struct tokens
judge(const struct counting *c)
{
	struct tokens sum = tally_sum(&c->s);
	bool told = c->chat && !c->s.t->family->hidden;

	if (sum.missing)
		sum.class = TOKENS_ESTIMATE;
	if (!c->s.t->exact || (is_text_only(c->r->api) && c->plain))
		return sum;
	if (!told)
		widen(c, &sum);
	else if (!sum.missing)
		sum.class = c->plain || c->images ? TOKENS_TEMPLATE : TOKENS_ESTIMATE;
	return sum;
}

/* What a request holds that is not in it. */
static void
note_references(struct counting *c, const struct value body[])
{
	if (json_type(body[PREVIOUS]) == JSON_STRING)
		lacks(c, "previous response");
	if (json_type(body[CONVERSATION]) != JSON_ABSENT &&
	    json_type(body[CONVERSATION]) != JSON_NULL)
		lacks(c, "conversation");
	if (json_type(body[CACHED]) == JSON_STRING)
		lacks(c, "cached content");
}

static struct tokens
request_plain(const struct tokenizer *t, const struct request *r, struct arena *a,
    uint64_t *each, const char **beside)
{
	static struct members members = { .names = member_names, .count = MEMBERS };
	struct counting c = { .s.t = t,
		.r = r,
		.a = a,
		.plain = true,
		.images = true,
		.each = each,
		.chat = r->api == API_CHAT };
	struct value body[MEMBERS];

	if (r->api == API_NONE || !json_type(r->body)) {
		c.s.missing = "no request";
		*beside = c.s.missing;
		return judge(&c);
	}
	request_parts(r, count_part, &c);
	members_get(r->body, &members, body);
	count_tools(&c, body);
	note_references(&c, body);
	if (!is_text_only(r->api)) {
		if (t->exact)
			frame_exact(&c);
		else
			frame_estimate(&c);
	}
	*beside = c.beside;
	return judge(&c);
}

struct tokens
tokens_request_plain(
    const struct tokenizer *t, const struct request *r, struct arena *a, const char **beside)
{
	return request_plain(t, r, a, NULL, beside);
}

struct tokens
tokens_request(const struct tokenizer *t, const struct request *r, struct arena *a)
{
	return tokens_request_each(t, r, a, NULL);
}

struct tokens
tokens_request_each(
    const struct tokenizer *t, const struct request *r, struct arena *a, uint64_t *each)
{
	const char *beside;
	struct tokens sum = request_plain(t, r, a, each, &beside);

	/* bills of such models taught it; what is documented needs no correction */
	if (t->calibration && sum.count && (!t->exact || t->family->hidden))
		tally_calibrate(t->calibration, &sum);
	return sum;
}

struct tokens
tokens_answer(const struct tokenizer *t, const struct request *r, struct arena *a)
{
	struct counting c = { .s.t = t, .r = r, .a = a, .plain = true, .images = true };
	struct value choice = json_first(json_get(r->answer, "choices"));

	if (!json_type(r->answer))
		return (struct tokens){ .class = TOKENS_EXACT };
	c.chat = json_type(json_get(choice, "message")) == JSON_OBJECT;
	answer_parts(r, count_part, &c);
	if (!t->exact)
		c.s.exact += c.turns ? (uint64_t)t->family->answer : 0;
	else if (!is_text_only(r->api))
		c.s.exact += c.turns * (uint64_t)t->family->answer;
	if (t->exact && t->family->hidden)
		lacks(&c, "hidden reasoning");
	return judge(&c);
}
