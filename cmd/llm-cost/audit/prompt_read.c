/* SPDX-License-Identifier: MIT */
#include "prompt.h"

#include <stdio.h>

#include "again.h"
#include "prefix.h"
#include "base/mem.h"
#include "base/when.h"
#include "stream/file.h"
#include "tool/tool.h"

#define LONG_LEAST 100
#define SHOWN 48

const char *prompt_models[PROMPT_MODELS + 1] = { "gpt-4o", "gpt-4o-mini", "gpt-5", "gpt-5-mini",
	"claude-opus-4-5", "claude-sonnet-4-5", "claude-haiku-4-5", "gemini-2.5-pro",
	"gemini-2.5-flash", "deepseek-chat", "mistral-large-latest", "mistral-small-latest",
	NULL };

/* One request or text while it is read. */
struct gathering {
	struct prompt_report *report;
	struct prompt_sums *sums;
	const struct tokenizer *tokenizer;
	struct blanks blanks;
	struct hash_map sentences;
	struct arena *arena;
	struct buf all;    /* every text, for the other models */
	struct buf prefix; /* what stands before all that changes */
	bool changed;      /* the prefix has ended */
	struct value last_user;
	char place[96];
};

static void
keep_long(
    struct gathering *g, struct slice text, uint64_t tokens, const char *why, uint64_t fewer)
{
	struct prompt_sums *s = g->sums;
	size_t at = s->longest_count;
	struct arena *a = &g->report->arena;

	if (tokens < LONG_LEAST)
		return;
	for (size_t i = 0; i < s->longest_count; i++)
		if (slice_eqz(s->longest[i].name, g->place))
			return;
	while (at && s->longest[at - 1].tokens < tokens)
		at--;
	if (at == PROMPT_LONG)
		return;
	if (s->longest_count < PROMPT_LONG)
		s->longest_count++;
	memmove(&s->longest[at + 1], &s->longest[at],
	    (s->longest_count - 1 - at) * sizeof(*s->longest));
	s->longest[at] = (struct prompt_long){ .name = arena_copy(a, slice_z(g->place)),
		.begin = arena_copy(a, slice_head(text, SHOWN)),
		.print = imprint_of(text),
		.tokens = tokens,
		.why = why,
		.fewer = fewer };
}

static void
extend_prefix(struct gathering *g, enum prompt_part part, struct slice text)
{
	const char *what;
	size_t at;

	if (g->changed)
		return;
	if (part >= PROMPT_HISTORY) {
		g->changed = true;
		return;
	}
	at = prompt_breaker(text, &what);
	buf_add(&g->prefix, slice_take(text, at));
	if (what) {
		g->sums->breaker = what;
		g->changed = true;
	}
}

static const char *
why_long(uint64_t tokens, uint64_t blank, uint64_t repeated, enum prompt_part part)
{
	static const char *const usual[PROMPT_PARTS] = { "a definition that is sent each time",
		"instructions that are sent each time", "examples: two good ones often do",
		"earlier turns, sent again each time", "given to read, all of it each time",
		"asked by the user" };

	if (blank * 10 >= tokens)
		return "blanks, loose JSON or paragraphs that stand twice";
	if (repeated * 10 >= tokens)
		return "sentences that stand twice";
	return usual[part];
}

static void
see_piece(void *context, enum prompt_part part, struct slice text)
{
	struct gathering *g = context;
	uint64_t n = tokens_text(g->tokenizer, text).count;
	uint64_t blank = blanks_in(&g->blanks, g->tokenizer, text);
	uint64_t repeated = sentences_again(&g->sentences, g->tokenizer, text);
	size_t len = strlen(g->place);

	g->sums->part[part] += n;
	g->sums->blank += blank;
	g->sums->repeated += repeated;
	extend_prefix(g, part, text);
	buf_add(&g->all, text);
	buf_add_byte(&g->all, '\n');
	if (len + 16 < sizeof(g->place))
		snprintf(g->place + len, sizeof(g->place) - len, "%s%s", len ? ", " : "",
		    prompt_part_names[part]);
	keep_long(g, text, n, why_long(n, blank, repeated, part),
	    blank > repeated ? blank : repeated);
	g->place[len] = '\0';
}

static void
see_last_user(void *context, const struct part *part)
{
	struct gathering *g = context;

	if (part->kind == PART_USER)
		g->last_user = part->message;
}

static void
see_part(void *context, const struct part *part)
{
	struct gathering *g = context;
	struct slice text = json_type(part->text) == JSON_STRING
				? json_string(part->text, g->arena)
				: json_raw(part->text);
	bool last = part->message.json == g->last_user.json &&
		    part->message.entry == g->last_user.entry;

	if (!text.ptr)
		return;
	g->place[0] = '\0';
	if (json_type(part->message))
		snprintf(g->place, sizeof(g->place), "message %zu", part->turn + 1);
	if (part->kind == PART_SYSTEM)
		prompt_split(text, PROMPT_SYSTEM, see_piece, g);
	else if (part->kind == PART_USER && last)
		prompt_split(text, PROMPT_USER, see_piece, g);
	else if (part->kind == PART_RESULT)
		see_piece(g, PROMPT_CONTEXT, text);
	else
		see_piece(g, PROMPT_HISTORY, text);
}

static void
see_tools(struct gathering *g, const struct request *q)
{
	struct value schema = request_parameter(q, "response_format");
	struct value tools = request_tools(q);
	size_t n = 0;

	for (struct value t = json_first(tools); json_type(t); t = json_next(t)) {
		snprintf(g->place, sizeof(g->place), "tool %zu", ++n);
		see_piece(g, PROMPT_TOOLS, json_raw(t));
	}
	snprintf(g->place, sizeof(g->place), "response_format");
	if (json_type(schema) == JSON_OBJECT)
		see_piece(g, PROMPT_TOOLS, json_raw(schema));
}

/* What is the same at the front of all requests of the file so far. */
static void
meet_prefix(struct gathering *g, struct buf *common)
{
	size_t n = 0;

	if (g->sums->requests == 1) {
		buf_add(common, buf_slice(&g->prefix));
		return;
	}
	while (n < common->len && n < g->prefix.len && common->data[n] == g->prefix.data[n])
		n++;
	if (n < common->len && !g->sums->breaker)
		g->sums->breaker = "another text";
	common->len = n;
}

static void
end_prompt(struct gathering *g, struct buf *common)
{
	g->sums->requests++;
	for (size_t i = 0; prompt_models[i]; i++)
		g->sums->by_model[i] +=
		    tokens_text(tokenizer_for(slice_z(prompt_models[i])), buf_slice(&g->all))
			.count;
	meet_prefix(g, common);
	hash_map_free(&g->sentences);
	buf_free(&g->all);
	buf_free(&g->prefix);
}

static void
read_text(struct prompt_report *r, struct prompt_sums *s, struct slice text, struct buf *common)
{
	struct arena a = { 0 };
	struct gathering g = { .report = r, .sums = s, .arena = &a, .blanks.arena = &a };

	g.tokenizer = tokenizer_for(slice_z(prompt_models[0]));
	s->model = prompt_models[0];
	s->exact = tokenizer_encoding(g.tokenizer) != NULL;
	prompt_split(text, PROMPT_SYSTEM, see_piece, &g);
	s->tokens += tokens_text(g.tokenizer, text).count;
	end_prompt(&g, common);
	arena_close(&a);
}

static bool
read_request(
    struct prompt_report *r, struct prompt_sums *s, struct json *json, struct buf *common)
{
	struct arena a = { 0 };
	struct gathering g = { .report = r, .sums = s, .arena = &a, .blanks.arena = &a };
	struct request q;
	struct slice model;
	bool taken = request_read(json, &q) && json_type(q.body) == JSON_OBJECT;

	if (taken) {
		model = models_resolve(request_model(&q, &a));
		model = model.ptr ? model : slice_z(prompt_models[0]);
		g.tokenizer = tokenizer_for(model);
		if (!s->model)
			s->model = arena_copy(&r->arena, model).ptr;
		s->exact = tokenizer_encoding(g.tokenizer) != NULL;
		see_tools(&g, &q);
		request_parts(&q, see_last_user, &g);
		request_parts(&q, see_part, &g);
		s->tokens += tokens_request(g.tokenizer, &q, &a).count;
		end_prompt(&g, common);
	}
	arena_close(&a);
	return taken;
}

/* A file of requests: one object, or one a line. False if it is none. */
static bool
read_requests(
    struct prompt_report *r, struct prompt_sums *s, struct slice text, struct buf *common)
{
	static struct json json;
	const char *why;
	size_t where;
	bool any = false;

	if (json_scan(&json, slice_trim(text), &why, &where))
		return json_type(json_root(&json)) == JSON_OBJECT &&
		       read_request(r, s, &json, common);
	while (text.len) {
		size_t end = slice_find(text, '\n');
		struct slice line = slice_trim(slice_take(text, end));

		if (line.len) {
			if (!json_scan(&json, line, &why, &where) ||
			    json_type(json_root(&json)) != JSON_OBJECT)
				return any;
			any |= read_request(r, s, &json, common);
		}
		text = slice_drop(text, end + 1);
	}
	return any;
}

/* Paragraphs that stand in several files. */
static void
see_across(struct prompt_report *r, struct slice text)
{
	static struct imprint_map known;
	static size_t of_file[65536];
	const struct tokenizer *t = tokenizer_for(slice_z(prompt_models[0]));
	bool any = false;

	known.limit = sizeof(of_file) / sizeof(*of_file);
	while (text.len) {
		const char *gap = memmem(text.ptr, text.len, "\n\n", 2);
		size_t len = gap ? (size_t)(gap - text.ptr) : text.len, i;
		struct slice block = slice_trim(slice_take(text, len));
		bool added = true;

		if (block.len >= SENTENCE_LEAST) {
			i = imprint_map_add(&known, imprint_of(block), &added);
			if (added && i != SIZE_MAX)
				of_file[i] = r->files;
			else if (i != SIZE_MAX && of_file[i] != r->files) {
				r->across += tokens_text(t, block).count;
				any = true;
			}
		}
		text = slice_drop(text, gap ? len + 2 : len);
	}
	r->across_files += any;
}

static void
add_total(struct prompt_sums *total, const struct prompt_sums *s)
{
	total->requests += s->requests;
	total->tokens += s->tokens;
	total->blank += s->blank;
	total->repeated += s->repeated;
	for (size_t i = 0; i < PROMPT_PARTS; i++)
		total->part[i] += s->part[i];
	for (size_t i = 0; i < PROMPT_MODELS; i++)
		total->by_model[i] += s->by_model[i];
}

bool
prompt_read(struct prompt_report *r, const char *name, const char **why)
{
	struct buf text = { 0 }, common = { 0 };
	struct prompt_sums s = { 0 };

	*why = NULL;
	if (!file_read(name, &text)) {
		buf_free(&text);
		return false;
	}
	s.name = arena_copy(&r->arena, slice_z(name));
	if (!read_requests(r, &s, buf_slice(&text), &common)) {
		buf_clear(&common);
		memset(&s.requests, 0, sizeof(s) - offsetof(struct prompt_sums, requests));
		read_text(r, &s, buf_slice(&text), &common);
		see_across(r, buf_slice(&text));
	}
	s.prefix = tokens_text(tokenizer_for(slice_z(s.model)), buf_slice(&common)).count;
	if (r->files == r->room) {
		r->room = r->room ? 2 * r->room : 64;
		r->file = mem_grow(r->file, r->room, sizeof(*r->file));
	}
	r->file[r->files++] = s;
	add_total(&r->total, &s);
	buf_free(&text);
	buf_free(&common);
	return true;
}

void
prompt_compare(const struct option_list *models)
{
	if (models->count > PROMPT_MODELS)
		tool_usage("more than %d models", PROMPT_MODELS);
	for (size_t i = 0; i < models->count; i++) {
		struct slice name = models_resolve(slice_z(models->item[i]));
		struct price_query q = { name, { NULL, 0 }, when_now(), LANE_REALTIME };
		const char *source;
		struct usd in;

		if (!price_of(&q, "input", &in, &source))
			tool_usage("no price is known for '%s'", models->item[i]);
		prompt_models[i] = name.ptr;
		prompt_models[i + 1] = NULL;
	}
}

bool
prompt_cost(const struct prompt_sums *s, size_t model, struct prompt_cost *c)
{
	struct price_query q = { slice_z(prompt_models[model]), { NULL, 0 }, when_now(),
		LANE_REALTIME };
	uint64_t prefix = s->prefix * s->requests;
	struct usd in, read, out;
	const char *source;

	*c = (struct prompt_cost){ .can_cache = false };
	if (!s->requests || !price_of(&q, "input", &in, &source))
		return false;
	c->fresh = usd_part(usd_times(in, s->by_model[model]), 1000, s->requests);
	c->has_output = price_of(&q, "output", &out, &source);
	if (c->has_output)
		c->output = usd_times(out, 1000000);
	c->can_cache = s->prefix >= prefix_minimum(q.model) && prefix <= s->by_model[model] &&
		       price_of(&q, "cached", &read, &source);
	if (c->can_cache)
		c->cached = usd_part(usd_add(usd_times(in, s->by_model[model] - prefix),
					 usd_times(read, prefix)),
		    1000, s->requests);
	return true;
}
