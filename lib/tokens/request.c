/* SPDX-License-Identifier: MIT */
#include "tokens/image.h"
#include "tokens/tokenizer.h"

/* One request while its parts are added up. */
struct counting {
	struct tally s;
	const struct request *r;
	struct arena *a;
	bool chat;  /* the interface whose framing is documented */
	bool plain; /* nothing but text in messages so far */
	size_t turns;
	struct value message; /* of the part before */
	size_t parts;         /* of that message */
};

/* JSON without the blanks between its tokens. */
static struct slice
compact(struct value v, struct arena *a)
{
	struct slice raw = json_raw(v);
	char *out = arena_alloc(a, raw.len + 1);
	size_t len = 0;
	bool quoted = false;

	for (size_t i = 0; i < raw.len; i++) {
		char c = raw.ptr[i];

		if (!quoted && (c == ' ' || c == '\t' || c == '\n' || c == '\r'))
			continue;
		if (c == '"')
			quoted = !quoted;
		out[len++] = c;
		if (quoted && c == '\\')
			out[len++] = raw.ptr[++i];
	}
	return slice_of(out, len);
}

static void
count_unsure(struct counting *c, struct value v)
{
	bool text = json_type(v) == JSON_STRING;

	if (!json_type(v))
		return;
	tally_unsure(&c->s, text ? json_string(v, c->a) : compact(v, c->a));
	c->plain = false;
}

static void
lacks(struct counting *c, const char *what)
{
	c->plain = false;
	if (!c->s.missing)
		c->s.missing = what;
}

static void
count_image(struct counting *c, struct value block)
{
	struct image_cost cost = family_image(c->s.t->model);
	struct image_size size = image_of(block, c->a);
	uint64_t n = image_tokens(cost, size);

	if (n) {
		c->s.exact += n;
		c->plain = c->plain && cost.rule == IMAGE_TILE;
	} else {
		lacks(c, cost.rule == IMAGE_UNKNOWN ? "image, no formula for this model"
			 : size.width               ? "image"
						    : "image by URL");
	}
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
}

static void
count_call(struct counting *c, const struct part *part)
{
	static const char *const holders[] = { "function", "functionCall", "function_call",
		"toolUse" };
	struct value name = json_get(part->block, "name");

	for (size_t i = 0; i < sizeof holders / sizeof *holders && !json_type(name); i++)
		name = json_get(json_get(part->block, holders[i]), "name");
	count_unsure(c, name);
	count_unsure(c, part->text);
	c->s.unsure += 8; /* what marks a call */
	c->s.exact += 8;
}

static bool
same_message(struct value a, struct value b)
{
	return a.json == b.json && a.entry == b.entry;
}

static void
count_part(void *context, const struct part *part)
{
	struct counting *c = context;

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
		else
			tally_text(&c->s, json_string(part->text, c->a));
		return;
	case PART_RESULT:
	case PART_THINKING: count_unsure(c, part->text); return;
	case PART_CALL: count_call(c, part); return;
	case PART_IMAGE: count_image(c, part->block); return;
	case PART_AUDIO: lacks(c, "audio"); return;
	case PART_FILE: lacks(c, "file"); return;
	case PART_OTHER: count_other(c, part->block); return;
	}
}

static uint64_t
exact_of(const struct counting *c, struct value text)
{
	struct slice s = json_string(text, c->a);

	return s.ptr ? encoding_count(c->s.t->encoding, s) : 0;
}

/* Each message is begun, holds its role, and is ended; a name costs one more. */
static void
frame_exact(struct counting *c)
{
	const struct family *f = c->s.t->family;
	struct value messages = request_messages(c->r);
	int64_t n = f->reply;

	if (json_type(messages) != JSON_ARRAY)
		n += f->message + 1; /* a string is one message of a user */
	if (c->r->api != API_CHAT && json_type(request_system(c->r)))
		n += f->message + 1;
	for (struct value m = json_type(messages) == JSON_ARRAY ? json_first(messages)
								: (struct value){ 0 };
	     json_type(m); m = json_next(m)) {
		struct value role = json_get(m, "role"), name = json_get(m, "name");

		n += f->message + (int64_t)(json_type(role) ? exact_of(c, role) : 1);
		if (json_type(name) == JSON_STRING)
			n += (int64_t)exact_of(c, name) + f->named;
	}
	c->s.exact += (uint64_t)(n > 0 ? n : 0);
}

static void
frame_estimate(struct counting *c)
{
	const struct family *f = c->s.t->family;
	struct value messages = request_messages(c->r);
	size_t count = json_type(messages) == JSON_ARRAY ? json_length(messages) : 1;

	c->s.estimate += 1000 * (f->reply + f->message * (int64_t)(count ? count - 1 : 0));
}

static void
count_tools(struct counting *c)
{
	struct value tools = request_tools(c->r);
	struct value format = json_get(c->r->body, "response_format");
	struct value text = json_get(json_get(c->r->body, "text"), "format");
	struct value config = json_get(c->r->body, "generationConfig");

	if (json_length(tools)) {
		count_unsure(c, tools);
		c->s.estimate += 1000 * c->s.t->family->tools;
	}
	count_unsure(c, json_get(format, "json_schema"));
	count_unsure(c, json_get(text, "schema"));
	count_unsure(c, json_get(config, "responseSchema"));
	count_unsure(c, json_get(json_get(c->r->body, "output_config"), "format"));
}

static bool
is_text_only(enum api api)
{
	return api == API_COMPLETION || api == API_EMBEDDING;
}

/* The class of an exact encoding's request: only what a document tells is no estimate. */
static struct tokens
judge(const struct counting *c)
{
	struct tokens sum = tally_sum(&c->s);

	if (sum.missing) {
		sum.class = TOKENS_ESTIMATE;
		return sum;
	}
	if (!c->s.t->exact || (is_text_only(c->r->api) && c->plain))
		return sum;
	if (c->chat && !c->s.t->family->hidden) {
		sum.class = c->plain ? TOKENS_TEMPLATE : TOKENS_ESTIMATE;
		return sum;
	}
	sum.class = TOKENS_ESTIMATE;
	/* other interfaces than chat may frame with less */
	if (!c->chat)
		sum.low -= sum.low < 8 ? sum.low : 8;
	sum.high += sum.count * 6 / 100 + (uint64_t)c->s.t->family->more;
	return sum;
}

struct tokens
tokens_request(const struct tokenizer *t, const struct request *r, struct arena *a)
{
	struct counting c = {
		.s.t = t, .r = r, .a = a, .plain = true, .chat = r->api == API_CHAT
	};

	if (r->api == API_NONE || !json_type(r->body)) {
		c.s.missing = "no request";
		return judge(&c);
	}
	request_parts(r, count_part, &c);
	count_tools(&c);
	if (json_type(json_get(r->body, "previous_response_id")) == JSON_STRING)
		lacks(&c, "previous response");
	if (json_type(json_get(r->body, "cachedContent")) == JSON_STRING)
		lacks(&c, "cached content");
	if (!is_text_only(r->api)) {
		if (t->exact)
			frame_exact(&c);
		else
			frame_estimate(&c);
	}
	return judge(&c);
}

struct tokens
tokens_answer(const struct tokenizer *t, const struct request *r, struct arena *a)
{
	struct counting c = { .s.t = t, .r = r, .a = a, .plain = true };
	struct value choice = json_first(json_get(r->answer, "choices"));

	if (!json_type(r->answer))
		return (struct tokens){ .class = TOKENS_EXACT };
	c.chat = json_type(json_get(choice, "message")) == JSON_OBJECT;
	answer_parts(r, count_part, &c);
	if (!t->exact)
		c.s.estimate += c.turns ? 1000 * t->family->answer : 0;
	else if (!is_text_only(r->api))
		c.s.exact += c.turns * (uint64_t)t->family->answer;
	if (t->exact && t->family->hidden)
		lacks(&c, "hidden reasoning");
	return judge(&c);
}
