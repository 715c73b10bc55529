/* SPDX-License-Identifier: MIT */
/* What stands where in a request and in its answer, by the rules of its interface. */
#include "json/members.h"
#include "model/api.h"

/* The interface whose answer this is; the request's own where several fit. */
static const struct api_rules *
answer_rules(const struct request *r)
{
	const struct api_rules *own = api_rules(r->api);

	if (json_type(r->answer) != JSON_OBJECT)
		return NULL;
	return own && own->answers(r->answer) ? own : api_answering(r->answer);
}

void
request_parts(const struct request *r, part_fn each, void *context)
{
	const struct api_rules *rules = api_rules(r->api);

	if (rules)
		rules->parts(r, each, context);
}

void
answer_parts(const struct request *r, part_fn each, void *context)
{
	const struct api_rules *rules = answer_rules(r);

	if (rules)
		rules->answer_parts(r->answer, each, context);
}

enum ending
answer_ending(const struct request *r)
{
	const struct api_rules *rules;

	if (!r->answered)
		return ENDING_NONE;
	if (json_type(r->error) || (r->status && (r->status < 200 || r->status > 299)))
		return ENDING_FAILED;
	rules = answer_rules(r);
	return rules ? rules->ending(r->answer) : ENDING_UNKNOWN;
}

struct value
request_messages(const struct request *r)
{
	const struct api_rules *rules = api_rules(r->api);
	struct value v = { 0 };

	if (rules && rules->messages)
		v = rules->messages(r->body);
	return json_type(v) == JSON_ARRAY ? v : (struct value){ 0 };
}

struct value
request_system(const struct request *r)
{
	const struct api_rules *rules = api_rules(r->api);

	return rules && rules->system_text ? rules->system_text(r->body) : (struct value){ 0 };
}

struct value
request_tools(const struct request *r)
{
	struct value tools = json_get(
	    r->api == API_CONVERSE ? json_get(r->body, "toolConfig") : r->body, "tools");

	return json_type(tools) == JSON_ARRAY && json_type(json_first(tools))
		   ? tools
		   : (struct value){ 0 };
}

static struct value
below(struct value v, const char *const *names)
{
	for (; *names; names++)
		v = json_get(v, *names);
	return v;
}

struct value
request_cap(const struct request *r, const char *const **name)
{
	const struct api_rules *rules = api_rules(r->api);

	for (size_t i = 0; rules && i < 3 && rules->cap[i]; i++) {
		struct value cap = below(r->body, rules->cap[i]);

		if (!is_set(cap))
			continue;
		if (name)
			*name = rules->cap[i];
		return cap;
	}
	return (struct value){ 0 };
}

const char *const *
request_cap_path(enum api api, struct slice model)
{
	static const char *const thinking[] = { "max_completion_tokens", NULL };
	static const char *const older[] = { "max_tokens", NULL };
	static const struct slice families[] = { { "o1", 2 }, { "o3", 2 }, { "o4", 2 },
		{ "gpt-5", 5 } };
	const struct api_rules *rules = api_rules(api);

	if (api != API_CHAT)
		return rules ? rules->cap[0] : NULL;
	for (size_t i = 0; i < sizeof(families) / sizeof(*families); i++)
		if (slice_starts(model, families[i]))
			return thinking;
	return older;
}

struct value
request_parameter(const struct request *r, const char *name)
{
	const struct api_rules *rules = api_rules(r->api);
	struct value holder;

	if (!rules)
		return (struct value){ 0 };
	holder = rules->parameters ? json_get(r->body, rules->parameters) : r->body;
	for (size_t i = 0; rules->renamed && rules->renamed[i][0]; i++)
		if (strcmp(rules->renamed[i][0], name) == 0)
			return json_get(holder, rules->renamed[i][1]);
	return json_get(holder, name);
}

static void
note_part(void *context, const struct part *p)
{
	struct needs *n = context;

	n->vision |= p->kind == PART_IMAGE;
	n->audio |= p->kind == PART_AUDIO;
	n->files |= p->kind == PART_FILE;
}

static enum product
product_of(const struct request *r)
{
	static const struct {
		struct slice end;
		enum product product;
	} urls[] = { { { "/completions", 12 }, PRODUCT_TEXT },
		{ { "/responses", 10 }, PRODUCT_TEXT }, { { "/messages", 9 }, PRODUCT_TEXT },
		{ { "/embeddings", 11 }, PRODUCT_VECTORS } };
	struct slice url = json_string_raw(
	    r->shape == SHAPE_ENVELOPE ? json_get(r->root, "url") : (struct value){ 0 });
	struct slice model = json_string_raw(r->model);

	for (size_t i = 0; i < sizeof(urls) / sizeof(*urls); i++)
		if (slice_ends(url, urls[i].end))
			return urls[i].product;
	if (slice_ends(url, SLICE("/moderations")) || slice_starts(url, SLICE("/v1/images/")) ||
	    slice_starts(url, SLICE("/v1/audio/")) || slice_starts(url, SLICE("/v1/videos")))
		return PRODUCT_OTHER;
	if (r->api == API_EMBEDDING)
		return slice_has(model, SLICE("moderation")) ? PRODUCT_OTHER : PRODUCT_VECTORS;
	return r->api == API_COMPLETION && slice_has(model, SLICE("embed")) ? PRODUCT_VECTORS
									    : PRODUCT_TEXT;
}

/* Images or sound beside text, or in its place. */
static bool
more_than_text(struct value modalities)
{
	for (struct value m = json_first(modalities); json_type(m); m = json_next(m))
		if (!json_is(m, "text") && !json_is(m, "TEXT"))
			return true;
	return false;
}

/* An answer by a schema, in each interface's words. */
static bool
has_schema(struct value format, struct value config)
{
	return json_is(json_get(format, "type"), "json_schema") ||
	       is_set(either(config, "responseSchema", "response_schema")) ||
	       is_set(either(config, "responseJsonSchema", "response_json_schema"));
}

struct needs
request_needs(const struct request *r)
{
	enum {
		FORMAT,
		TEXT,
		OUTPUT,
		OUTPUT_CONVERSE,
		CONFIG,
		CONFIG_SNAKE,
		FUNCTIONS,
		MODALITIES,
		STREAM,
		PREVIOUS,
		MEMBERS
	};
	static const char *const names[MEMBERS] = { "response_format", "text", "output_config",
		"outputConfig", "generationConfig", "generation_config", "functions",
		"modalities", "stream", "previous_response_id" };
	static struct members members = { .names = names, .count = MEMBERS };
	struct needs n = { .product = product_of(r) };
	struct value v[MEMBERS], format, config;

	members_get(r->body, &members, v);
	request_parts(r, note_part, &n);
	n.tools = json_type(request_tools(r)) == JSON_ARRAY || json_length(v[FUNCTIONS]);
	format = is_set(v[FORMAT])   ? v[FORMAT]
		 : is_set(v[TEXT])   ? json_get(v[TEXT], "format")
		 : is_set(v[OUTPUT]) ? json_get(v[OUTPUT], "format")
				     : json_get(v[OUTPUT_CONVERSE], "textFormat");
	config = is_set(v[CONFIG]) ? v[CONFIG] : v[CONFIG_SNAKE];
	n.schema = has_schema(format, config);
	if (n.product == PRODUCT_TEXT &&
	    (more_than_text(v[MODALITIES]) ||
		more_than_text(either(config, "responseModalities", "response_modalities"))))
		n.product = PRODUCT_OTHER;
	n.stream = json_type(v[STREAM]) == JSON_TRUE;
	n.previous = is_set(v[PREVIOUS]);
	return n;
}

bool
request_member_ignored(struct slice name)
{
	static const char *const names[] = {
		"custom_id",
		"stream",
		"stream_options",
		"user",
		"safety_identifier",
		"metadata",
		"store",
		"service_tier",
		"cache_control",
		"prompt_cache_key",
		"prompt_cache_options",
		"prompt_cache_retention",
		"llm",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (slice_starts(name, slice_of(names[i], 1)) && slice_eqz(name, names[i]))
			return true;
	return false;
}
