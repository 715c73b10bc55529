/* SPDX-License-Identifier: MIT */
#include "rules.h"

#include "json/members.h"
#include "json/write.h"
#include "members.h"

#define MARKERS 4
#define STOPS 4

struct rules {
	const char *name;
	enum shape shape;       /* of its lines */
	const char *body;       /* where the request body stands in them */
	bool wants_model;       /* in the body */
	bool wants_endpoint;    /* method and url on each line */
	const char *const *ids; /* members that hold the id, the first is written; NULL-ended */
	const char *(*more)(const struct line *l, struct arena *a);
};

static const char *const openai_urls[] = { "/v1/chat/completions", "/v1/responses",
	"/v1/embeddings", "/v1/completions", "/v1/moderations", "/v1/images/generations",
	"/v1/images/edits", "/v1/videos", NULL };

static const char *const mistral_urls[] = { "/v1/chat/completions", "/v1/embeddings",
	"/v1/fim/completions", "/v1/moderations", "/v1/chat/moderations", "/v1/ocr",
	"/v1/classifications", "/v1/chat/classifications", "/v1/conversations",
	"/v1/audio/transcriptions", NULL };

static bool
listed(struct slice s, const char *const *list)
{
	for (; *list; list++)
		if (slice_eqz(s, *list))
			return true;
	return false;
}

static const char *
fault_method(const struct line *l)
{
	return !json_type(l->method) || json_is(l->method, "POST") ? NULL
								   : "the method is not POST";
}

static const char no_endpoint[] = "the url is no endpoint of the batch interface";

/* What every request of the endpoint has, whatever else it may be given. */
static const char *
fault_endpoint(const struct line *l, struct slice url)
{
	struct value stop = json_get(l->request.body, "stop");

	if (slice_ends(url, SLICE("/chat/completions")) &&
	    !json_type(json_get(l->request.body, "messages")))
		return "no 'messages', which its url wants";
	if (slice_ends(url, SLICE("/embeddings")) &&
	    !json_type(json_get(l->request.body, "input")))
		return "no 'input', which its url wants";
	if (json_type(stop) == JSON_ARRAY && json_length(stop) > STOPS)
		return "more than four stop sequences";
	return fault_method(l);
}

static const char *
openai_fault(const struct line *l, struct arena *a)
{
	struct slice url = line_url(l, a);

	if (!url.ptr)
		return "no url, and the body does not tell the endpoint";
	if (!listed(url, openai_urls))
		return no_endpoint;
	return fault_endpoint(l, url);
}

/* A line needs no url there; one that it has must be one of the endpoints. */
static const char *
mistral_fault(const struct line *l, struct arena *a)
{
	struct slice url = line_url(l, a);

	if (json_type(l->url) && !listed(url, mistral_urls))
		return no_endpoint;
	return fault_method(l);
}

static const char *
azure_fault(const struct line *l, struct arena *a)
{
	struct slice url = line_url(l, a);

	if (!url.ptr)
		return "no url, and the body does not tell the endpoint";
	if (!listed(url, openai_urls) && !slice_eqz(url, "/chat/completions") &&
	    !slice_eqz(url, "/embeddings") && !slice_eqz(url, "/responses"))
		return no_endpoint;
	return fault_endpoint(l, url);
}

struct markers {
	unsigned count;
	bool five, late; /* a 5 m marker was seen; a 1 h marker came after one */
};

static void
marker_at(struct value holder, struct markers *m)
{
	struct value marker = json_get(holder, "cache_control");
	bool hour;

	if (json_type(marker) != JSON_OBJECT)
		return;
	hour = json_is(json_get(marker, "ttl"), "1h");
	m->count++;
	m->late = m->late || (hour && m->five);
	m->five = m->five || !hour;
}

/* Blocks of an array, and the blocks inside a tool result. */
static void
markers_in(struct value blocks, struct markers *m)
{
	if (json_type(blocks) != JSON_ARRAY)
		return;
	for (struct value b = json_first(blocks); json_type(b); b = json_next(b)) {
		struct value inner = json_get(b, "content");

		if (json_type(inner) == JSON_ARRAY)
			for (struct value i = json_first(inner); json_type(i); i = json_next(i))
				marker_at(i, m);
		marker_at(b, m);
	}
}

/* In the order in which the prefix is built: tools, system, messages. */
static const char *
fault_markers(struct value body)
{
	struct value messages = json_get(body, "messages");
	struct markers m = { 0 };

	markers_in(json_get(body, "tools"), &m);
	markers_in(json_get(body, "system"), &m);
	markers_in(messages, &m);
	marker_at(body, &m);
	if (m.count > MARKERS)
		return "more than four cache markers";
	return m.late ? "a cache marker of one hour after one of five minutes" : NULL;
}

static const char *
fault_id_letters(struct slice id)
{
	for (size_t i = 0; i < id.len; i++) {
		char c = id.ptr[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			(c >= '0' && c <= '9') || c == '_' || c == '-'))
			return "the id has a character other than letters, digits, '_' and '-'";
	}
	return NULL;
}

static const char *
fault_stops(struct value stops, struct arena *a)
{
	if (json_type(stops) != JSON_ARRAY)
		return NULL;
	for (struct value v = json_first(stops); json_type(v); v = json_next(v))
		if (json_type(v) == JSON_STRING && !slice_trim(json_string(v, a)).len)
			return "a stop sequence of blanks alone";
	return NULL;
}

static const char *
anthropic_fault(const struct line *l, struct arena *a)
{
	struct value cap = json_get(l->request.body, "max_tokens");
	uint64_t n = 0;
	const char *why;

	if (json_type(cap) != JSON_NUMBER)
		return "no 'max_tokens'";
	if (!json_whole(cap, &n))
		return "'max_tokens' is no whole number";
	if (n == 0)
		return "'max_tokens' of 0 is not for batches";
	if (!json_type(json_get(l->request.body, "messages")))
		return "no 'messages'";
	why = fault_id_letters(l->name);
	if (!why)
		why = fault_stops(json_get(l->request.body, "stop_sequences"), a);
	return why ? why : fault_markers(l->request.body);
}

static const char *
vertex_fault(const struct line *l, struct arena *a)
{
	(void)a;
	if (json_type(json_get(l->request.body, "cachedContent")) > JSON_NULL ||
	    json_type(json_get(l->request.body, "cached_content")) > JSON_NULL)
		return "Vertex takes no 'cachedContent' in a batch";
	return NULL;
}

static bool
text_part(struct value type)
{
	return json_is(type, "text") || json_is(type, "input_text") ||
	       json_is(type, "output_text");
}

static bool
has_image(struct value messages)
{
	if (json_type(messages) != JSON_ARRAY)
		return false;
	for (struct value m = json_first(messages); json_type(m); m = json_next(m)) {
		struct value content = json_get(m, "content");

		if (json_type(content) != JSON_ARRAY)
			continue;
		for (struct value p = json_first(content); json_type(p); p = json_next(p))
			if (!text_part(json_get(p, "type")))
				return true;
	}
	return false;
}

static const char *
openrouter_fault(const struct line *l, struct arena *a)
{
	(void)a;
	if (has_image(request_messages(&l->request)))
		return "OpenRouter's batches take text alone";
	return fault_method(l);
}

static const char *
bedrock_fault(const struct line *l, struct arena *a)
{
	(void)a;
	if (json_type(json_get(l->request.body, "toolConfig")) > JSON_NULL)
		return "Bedrock's jobs take no 'toolConfig'";
	for (size_t i = 0; json_type(l->id) && i < l->name.len; i++)
		if (strchr("_-", l->name.ptr[i]) ||
		    fault_id_letters(slice_take(slice_drop(l->name, i), 1)))
			return "the id has a character other than letters and digits";
	return NULL;
}

static const char *const custom_ids[] = { "custom_id", NULL };
static const char *const gemini_ids[] = { "key", NULL };
static const char *const vertex_ids[] = { "custom_id", "key", "id", NULL };
static const char *const record_ids[] = { "recordId", NULL };

static const struct rules providers[] = {
	{ "openai", SHAPE_ENVELOPE, "body", true, true, custom_ids, openai_fault },
	{ "azure", SHAPE_ENVELOPE, "body", true, true, custom_ids, azure_fault },
	{ "anthropic", SHAPE_ANTHROPIC, "params", true, false, custom_ids, anthropic_fault },
	{ "gemini", SHAPE_GEMINI, "request", false, false, gemini_ids, NULL },
	{ "vertex", SHAPE_GEMINI, "request", false, false, vertex_ids, vertex_fault },
	{ "bedrock", SHAPE_BEDROCK, "modelInput", false, false, record_ids, bedrock_fault },
	{ "mistral", SHAPE_ENVELOPE, "body", false, false, custom_ids, mistral_fault },
	{ "fireworks", SHAPE_ENVELOPE, "body", false, false, custom_ids, NULL },
	{ "together", SHAPE_ENVELOPE, "body", true, false, custom_ids, NULL },
	{ "openrouter", SHAPE_ENVELOPE, "body", true, true, custom_ids, openrouter_fault },
};

const struct rules *
rules_for(const char *provider)
{
	for (size_t i = 0; i < sizeof(providers) / sizeof(*providers); i++)
		if (strcmp(providers[i].name, provider) == 0)
			return &providers[i];
	return NULL;
}

const struct limits *
rules_limits(const struct rules *p)
{
	return limits_of(p->name);
}

/* The shape of lines that carry a bare body of this interface. */
static enum shape
shape_of(enum api api)
{
	return api == API_MESSAGES   ? SHAPE_ANTHROPIC
	       : api == API_GEMINI   ? SHAPE_GEMINI
	       : api == API_CONVERSE ? SHAPE_BEDROCK
				     : SHAPE_ENVELOPE;
}

static const char *
fault_shape(const struct rules *p, struct record *r, const struct line *l)
{
	enum shape shape = l->shape == SHAPE_BARE ? shape_of(l->request.api) : l->shape;

	if (shape == p->shape)
		return NULL;
	return arena_printf(
	    r->arena, "a line of the shape '%s', which is not %s's", shape_name(shape), p->name)
	    .ptr;
}

static const char *
fault_id(const struct rules *p, struct record *r, const struct line *l, uint64_t most)
{
	if (line_id_fault(l))
		return line_id_fault(l);
	if (most && l->name.len > most)
		return arena_printf(r->arena, "an id of %zu bytes, %s takes %llu", l->name.len,
		    p->name, (unsigned long long)most)
		    .ptr;
	return NULL;
}

static const char *
fault_body(const struct rules *p, const struct line *l, struct arena *a)
{
	enum { MODEL, STREAM, PREVIOUS, MESSAGES, MEMBERS };
	static const char *const names[MEMBERS] = { "model", "stream", "previous_response_id",
		"messages" };
	static struct members members = { .names = names, .count = MEMBERS };
	struct value v[MEMBERS], messages;

	members_get(l->request.body, &members, v);
	messages = v[MESSAGES];
	if (p->wants_model && !json_string(v[MODEL], a).len)
		return "no model";
	if (json_type(v[STREAM]) == JSON_TRUE)
		return "'stream' is not for batches";
	if (json_type(v[PREVIOUS]) > JSON_NULL)
		return "'previous_response_id' is not for batches";
	if (json_type(messages) &&
	    (json_type(messages) != JSON_ARRAY || !json_length(messages)))
		return "'messages' is no list of messages";
	return rules_orphan(l, a);
}

const char *
rules_fault(const struct rules *p, struct record *r, const struct line *l)
{
	const struct limits *limits = rules_limits(p);
	const char *why = fault_shape(p, r, l);

	if (!why)
		why = fault_id(p, r, l, limits->id_length);
	if (!why)
		why = fault_body(p, l, r->arena);
	if (!why && p->more)
		why = p->more(l, r->arena);
	if (!why && limits->bytes && r->line.len >= limits->bytes)
		why = arena_printf(
		    r->arena, "a line of %zu bytes, more than %s takes", r->line.len, p->name)
			  .ptr;
	if (!why && limits->inputs && rules_inputs(l) > limits->inputs)
		why = "more embedding inputs than a whole file may have";
	return why;
}

uint64_t
rules_inputs(const struct line *l)
{
	struct value input, first;

	if (l->request.api != API_EMBEDDING)
		return 0;
	input = json_get(l->request.body, "input");
	if (json_type(input) != JSON_ARRAY)
		return 1;
	first = json_first(input);
	return json_type(first) == JSON_NUMBER ? 1 : json_length(input);
}

/* Names that a line of this provider may have at its top. */
static bool
top_known(const struct rules *p, struct slice name)
{
	return listed(name, p->ids) || slice_eqz(name, p->body) ||
	       (p->wants_endpoint && (slice_eqz(name, "method") || slice_eqz(name, "url")));
}

static bool
top_clean(const struct rules *p, const struct line *l, struct arena *a)
{
	struct value root = l->request.root;

	if (l->shape == SHAPE_BARE || !json_type(l->id))
		return false;
	if (p->wants_endpoint && (!json_type(l->method) || !json_type(l->url)))
		return false;
	for (struct value k = json_first(root); json_type(k); k = json_next(k))
		if (!top_known(p, json_string(k, a)))
			return false;
	return true;
}

struct slice
rules_line(const struct rules *p, struct record *r, const struct line *l)
{
	struct value root = l->request.root;
	struct slice body = members_strip(l->request.body, l->request.api, false, r->arena),
		     out;
	struct buf b = { 0 };
	struct writer w = { &b, false };

	if (top_clean(p, l, r->arena) && body.ptr == json_raw(l->request.body).ptr)
		return r->line;
	write_object(&w);
	/* Vertex has no id of its own: what the line calls it stays its name */
	write_name(
	    &w, l->shape != SHAPE_BARE && json_type(json_get(root, "key")) ? "key" : p->ids[0]);
	if (json_type(l->id))
		write_raw(&w, json_raw(l->id));
	else
		write_string(&w, l->name);
	if (p->wants_endpoint) {
		write_name(&w, "method");
		write_z(&w, "POST");
		write_name(&w, "url");
		write_string(&w, line_url(l, r->arena));
	}
	write_name(&w, p->body);
	write_raw(&w, body);
	write_object_end(&w);
	out = arena_copy(r->arena, buf_slice(&b));
	buf_free(&b);
	return out;
}
