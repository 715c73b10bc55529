/* SPDX-License-Identifier: MIT */
#include "model/usage.h"

#include "model/usage_dialect.h"

#define LARGEST (UINT64_C(1) << 53)

void
usage_flaw(struct usage *u, const char *why)
{
	if (!u->flaw)
		u->flaw = why;
}

static const char *
why_no_count(struct value v)
{
	struct slice raw = json_raw(v);

	if (json_type(v) == JSON_STRING)
		return "a count is a string";
	if (json_type(v) != JSON_NUMBER)
		return "a count is no number";
	if (raw.ptr[0] == '-')
		return "a count is negative";
	for (size_t i = 0; i < raw.len; i++)
		if (raw.ptr[i] == '.' || raw.ptr[i] == 'e' || raw.ptr[i] == 'E')
			return "a count is not a whole number, or above 2^53";
	return "a count is above 2^53";
}

uint64_t
usage_count(struct usage *u, struct value v)
{
	uint64_t n = 0;

	if (json_type(v) <= JSON_NULL)
		return 0;
	if (!json_whole(v, &n) || n > LARGEST) {
		usage_flaw(u, why_no_count(v));
		return 0;
	}
	return n;
}

uint64_t
usage_member(struct usage *u, struct value object, const char *name)
{
	return usage_count(u, json_get(object, name));
}

bool
usage_has(struct value object, const char *name)
{
	return json_type(json_get(object, name)) > JSON_NULL;
}

uint64_t
usage_modality(struct usage *u, struct value list, const char *modality)
{
	uint64_t sum = 0;

	for (struct value v = json_first(list); json_type(v); v = json_next(v))
		if (json_is(json_get(v, "modality"), modality))
			sum += usage_member(u, v, "tokenCount");
	return sum;
}

void
usage_check_parts(struct usage *u)
{
	if (u->cached + u->written_5m + u->written_1h > u->input)
		usage_flaw(u, "more tokens are cached than were sent");
	if (u->audio_in > u->input || u->image_in > u->input ||
	    u->audio_in + u->image_in > u->input)
		usage_flaw(u, "more audio or image tokens than were sent");
	if (u->audio_cached > u->audio_in || u->image_cached > u->image_in ||
	    u->audio_cached + u->image_cached > u->cached)
		usage_flaw(u, "more audio or image tokens are cached than were sent");
	if (u->reasoning > u->output || u->audio_out + u->image_out > u->output)
		usage_flaw(u, "a part of the output is larger than the output");
}

/* How a usage object speaks, by the names of its members. */
enum {
	PROMPT = 1,
	CAMEL = 2,
	GEMINI = 4,
	COHERE = 8,
	PLAIN = 16,
	REALTIME = 32,
	CODEX = 64,
	CACHE = 128,
	RESPONSES = 256
};

#define SAYS(literal, what)                            \
	{                                              \
		{ literal, sizeof(literal) - 1 }, what \
	}
static const struct {
	struct slice name;
	unsigned says;
} member[] = {
	SAYS("prompt_tokens", PROMPT),
	SAYS("completion_tokens", PROMPT),
	SAYS("inputTokens", CAMEL),
	SAYS("outputTokens", CAMEL),
	SAYS("promptTokenCount", GEMINI),
	SAYS("candidatesTokenCount", GEMINI),
	SAYS("totalTokenCount", GEMINI),
	SAYS("billed_units", COHERE),
	SAYS("input_tokens", PLAIN),
	SAYS("output_tokens", PLAIN),
	SAYS("input_token_details", REALTIME),
	SAYS("output_token_details", REALTIME),
	SAYS("cached_input_tokens", CODEX),
	SAYS("reasoning_output_tokens", CODEX),
	SAYS("cache_creation_input_tokens", CACHE),
	SAYS("cache_read_input_tokens", CACHE),
	SAYS("cache_creation", CACHE),
	SAYS("server_tool_use", CACHE),
	SAYS("iterations", CACHE),
	SAYS("input_tokens_details", RESPONSES),
	SAYS("total_tokens", RESPONSES),
};
#define COUNTS (PROMPT | CAMEL | GEMINI | COHERE | PLAIN)

static unsigned
speech(struct value o)
{
	unsigned says = 0;

	if (json_type(o) != JSON_OBJECT)
		return 0;
	for (struct value k = json_first(o); json_type(k); k = json_next(k)) {
		struct slice name = json_string_raw(k);

		for (size_t i = 0; i < sizeof(member) / sizeof(*member); i++)
			if (name.len == member[i].name.len && slice_eq(name, member[i].name))
				says |= member[i].says;
	}
	return says;
}

static bool
read_object(struct value o, struct usage *u)
{
	unsigned says = speech(o);

	if (says & PROMPT)
		usage_openai(o, u);
	else if (says & CAMEL)
		usage_converse(o, u);
	else if (says & GEMINI)
		usage_gemini(o, u);
	else if (says & COHERE)
		usage_cohere(o, u);
	else if (!(says & PLAIN))
		return false;
	else if (says & REALTIME)
		usage_realtime(o, u);
	else if (says & CODEX)
		usage_codex(o, u);
	else if (says & CACHE || !(says & RESPONSES))
		usage_anthropic(o, u);
	else
		usage_responses(o, u);
	u->present = true;
	u->object = o;
	return true;
}

static struct value
first_of(struct value object, const char *const names[])
{
	struct value v = { 0 };

	for (size_t i = 0; names[i]; i++) {
		v = json_get(object, names[i]);
		if (json_type(v) > JSON_NULL)
			return v;
	}
	return (struct value){ 0 };
}

static void
read_time(struct value object, struct usage *u)
{
	static const char *const names[] = { "timestamp", "startTime", "start_time",
		"created_at", "createTime", "created", "time", NULL };

	if (!json_type(u->time))
		u->time = first_of(object, names);
}

/* The body of a provider's answer. */
static bool
read_body(struct value body, struct usage *u)
{
	static const char *const models[] = { "model", "modelVersion", "modelId", NULL };
	static const char *const objects[] = { "usage", "usageMetadata", "usage_metadata",
		NULL };
	struct value o = first_of(body, objects), meta = json_get(body, "meta");

	u->model = first_of(body, models);
	u->service_tier = json_string_raw(json_get(body, "service_tier"));
	if (!read_object(o, u) && !read_object(meta, u))
		return false;
	read_time(body, u);
	return true;
}

static bool
is_token_count(struct value root)
{
	return json_is(json_get(json_get(root, "payload"), "type"), "token_count");
}

/* Codex: an event of a session. */
static bool
read_token_count(struct value root, struct usage *u)
{
	struct value info = json_get(json_get(root, "payload"), "info");

	if (!read_object(json_get(info, "last_token_usage"), u))
		return false;
	u->model = json_get(info, "model");
	return true;
}

/* Attributes of a span, wherever they stand; absent if the line is no span. */
static struct value
attributes_of(struct value root, bool *several)
{
	struct value v = json_get(root, "attributes"), resource, scope, span, found = { 0 };

	*several = false;
	if (usage_is_otel(v))
		return v;
	if (usage_is_otel(root))
		return root;
	resource = json_first(json_get(root, "resourceSpans"));
	for (; json_type(resource); resource = json_next(resource))
		for (scope = json_first(json_get(resource, "scopeSpans")); json_type(scope);
		     scope = json_next(scope))
			for (span = json_first(json_get(scope, "spans")); json_type(span);
			     span = json_next(span)) {
				v = json_get(span, "attributes");
				if (!usage_is_otel(v))
					continue;
				*several = json_type(found) != JSON_ABSENT;
				if (!*several)
					found = v;
				else
					return found;
			}
	return found;
}

static bool
read_span(struct value root, struct usage *u)
{
	bool several;
	struct value attributes = attributes_of(root, &several);

	if (!json_type(attributes))
		return false;
	usage_otel(attributes, u);
	if (several)
		usage_flaw(u, "several spans with usage on one line");
	u->present = true;
	u->object = attributes;
	return true;
}

static bool
is_flat(struct value root)
{
	return usage_has(root, "prompt_tokens") || usage_has(root, "completion_tokens");
}

/* A row with the counts at its top: spend rows of LiteLLM and all that look like them. */
static bool
read_flat(struct value root, struct usage *u)
{
	static const char *const models[] = { "model", "response_model", "request_model",
		"model_group", NULL };
	struct value metadata = json_get(root, "metadata");
	struct value inner = json_get(metadata, "usage_object");

	if (json_type(inner) == JSON_OBJECT ? !read_object(inner, u)
					    : !is_flat(root) || !read_object(root, u))
		return false;
	u->model = first_of(root, models);
	u->provider = json_get(root, "custom_llm_provider");
	return true;
}

static bool
read_log(struct value root, struct usage *u)
{
	struct value message = json_get(root, "message"), response;

	if (is_token_count(root))
		return read_token_count(root, u);
	if (usage_has(message, "usage"))
		return read_body(message, u);
	if (read_body(root, u))
		return true;
	response = json_get(root, "response");
	if (usage_has(response, "usage"))
		return read_body(response, u);
	return read_span(root, u) || read_flat(root, u);
}

static bool
read_shape(const struct request *r, struct usage *u)
{
	struct value kept = json_get(json_get(r->llm, "batch"), "usage");

	/* translated answers: the provider's own object is what was billed */
	if (json_type(kept) == JSON_OBJECT && read_object(kept, u)) {
		u->model = json_get(r->answer, "model");
		read_time(r->answer, u);
		return true;
	}
	if (r->shape == SHAPE_USAGE && !r->batch_line) {
		struct value root = json_root(r->json);

		read_time(root, u);
		return read_log(root, u);
	}
	return json_type(r->answer) == JSON_OBJECT && read_body(r->answer, u);
}

bool
usage_read(const struct request *r, struct usage *u)
{
	*u = (struct usage){ 0 };
	if (!read_shape(r, u)) {
		*u = (struct usage){ 0 };
		return false;
	}
	usage_check_parts(u);
	return true;
}

/* The line of a batch's results, without its request. */
static bool
is_result(struct value root)
{
	if (!usage_has(root, "custom_id") && !usage_has(root, "key"))
		return false;
	return json_type(json_get(root, "result")) == JSON_OBJECT ||
	       json_type(json_get(root, "response")) != JSON_ABSENT || usage_has(root, "error");
}

bool
usage_line(struct value root)
{
	struct usage u = { 0 };

	if (is_result(root) || is_token_count(root) || speech(json_get(root, "usage")) & COUNTS)
		return true;
	/* a bare request with its answer is no log line: the usage is the answer's */
	if (api_of(root) != API_NONE && !usage_has(root, "usage") &&
	    !usage_has(json_get(root, "message"), "usage"))
		return read_span(root, &u) || read_flat(root, &u);
	return read_log(root, &u);
}
