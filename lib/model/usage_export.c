/* SPDX-License-Identifier: MIT */
/* Rows of logs and exports that are no answer of a provider. */
#include <strings.h>

#include "model/usage_dialect.h"

/* The span of this index that has a usage, and the attributes of it; absent if there is none.
 * *more says whether there is another. */
static struct value
exported_span(struct value root, size_t index, struct value *found, bool *more)
{
	struct value v, resource, scope, span, attributes = { 0 };

	*more = false;
	resource = json_first(json_get(root, "resourceSpans"));
	for (; json_type(resource); resource = json_next(resource))
		for (scope = json_first(json_get(resource, "scopeSpans")); json_type(scope);
		     scope = json_next(scope))
			for (span = json_first(json_get(scope, "spans")); json_type(span);
			     span = json_next(span)) {
				v = json_get(span, "attributes");
				if (!usage_is_otel(v))
					continue;
				if (json_type(attributes)) {
					*more = true;
					return attributes;
				}
				if (index--)
					continue;
				*found = span;
				attributes = v;
			}
	return attributes;
}

/* Attributes of a span, wherever they stand; absent if the line is no span. */
static bool
read_span(struct value root, size_t index, struct usage *u)
{
	struct value attributes = json_get(root, "attributes");
	bool more = false;

	u->span = root;
	if (usage_is_otel(root) && !usage_is_otel(attributes))
		attributes = root;
	else if (!usage_is_otel(attributes))
		attributes = exported_span(root, index, &u->span, &more);
	if (!json_type(attributes) || (index && u->span.entry == root.entry)) {
		u->span = (struct value){ 0 };
		return false;
	}
	usage_otel(attributes, u);
	u->several = more;
	u->present = true;
	u->object = attributes;
	if (!json_type(u->time))
		u->time = json_get(u->span, "startTimeUnixNano");
	usage_course_span(u->span, u);
	return true;
}

static bool
first_span(struct value root, struct usage *u)
{
	if (!read_span(root, 0, u))
		return false;
	if (u->several)
		usage_flaw(u, "several spans with usage on one line");
	return true;
}

bool
usage_span(const struct request *r, size_t index, struct usage *u)
{
	*u = (struct usage){ 0 };
	if (!read_span(json_root(r->json), index, u))
		return false;
	u->several = true;
	usage_check_parts(u);
	return true;
}

static bool
is_flat(struct value root)
{
	return usage_has(root, "prompt_tokens") || usage_has(root, "completion_tokens");
}

/* LiteLLM writes the boolean as a string. */
static bool
says_true(struct value v)
{
	return json_type(v) == JSON_TRUE || json_is(v, "True") || json_is(v, "true");
}

/* A row with the counts at its top: spend rows and callbacks of LiteLLM, and all that look like
 * them. */
static bool
read_flat(struct value root, struct usage *u)
{
	static const char *const models[] = { "model", "response_model", "request_model",
		"model_group", NULL };
	struct value metadata = json_get(root, "metadata");
	struct value inner = json_get(metadata, "usage_object");

	if (json_type(inner) == JSON_OBJECT ? !usage_object(inner, u)
					    : !is_flat(root) || !usage_object(root, u))
		return false;
	u->model = usage_first(root, models);
	u->provider = json_get(root, "custom_llm_provider");
	u->replayed = says_true(json_get(root, "cache_hit"));
	return true;
}

/* Interfaces in whose counts Helicone leaves what was written inside the prompt. */
static bool
writes_inside(struct value provider)
{
	struct slice name = json_string_raw(provider);

	return (name.len == 6 && !strncasecmp(name.ptr, "openai", 6)) ||
	       (name.len == 5 && !strncasecmp(name.ptr, "azure", 5));
}

/* Helicone, as its own source counts: what was read from the cache stands beside the prompt,
 * and what was written for most providers; audio is part of prompt and completion; reasoning
 * stands beside the completion. */
static bool
read_helicone(struct value root, struct usage *u)
{
	static const char *const models[] = { "response_model", "request_model", "model",
		NULL };

	if (!usage_has(root, "prompt_cache_read_tokens") &&
	    !usage_has(root, "prompt_cache_write_tokens"))
		return false;
	u->dialect = "helicone";
	u->present = true;
	u->object = root;
	u->cached = usage_member(u, root, "prompt_cache_read_tokens");
	u->written_5m = usage_member(u, root, "prompt_cache_write_tokens");
	u->provider = json_get(root, "provider");
	u->input = usage_member(u, root, "prompt_tokens") + u->cached;
	if (!writes_inside(u->provider))
		u->input += u->written_5m;
	u->reasoning = usage_member(u, root, "reasoning_tokens");
	u->output = usage_member(u, root, "completion_tokens") + u->reasoning;
	u->audio_in = usage_member(u, root, "prompt_audio_tokens");
	u->audio_out = usage_member(u, root, "completion_audio_tokens");
	u->model = usage_first(root, models);
	if (!json_type(u->time))
		u->time = json_get(root, "request_created_at");
	return true;
}

/* Does a key of Langfuse's usage begin so? Senders choose the rest. */
static bool
begins(struct slice key, const char *head)
{
	return slice_starts(key, slice_z(head));
}

/* Langfuse: keys that are meant to be disjoint, each priced apart; some senders put the whole
 * into `input` and `output`. The total tells, or a part larger than the whole. */
static void
langfuse_counts(struct value o, struct usage *u)
{
	uint64_t in = 0, out = 0, total = usage_member(u, o, "total"), parts;

	for (struct value k = json_first(o); json_type(k); k = json_next(k)) {
		struct slice key = json_string_raw(k);
		uint64_t n = usage_count(u, json_member_value(k));
		bool cached = slice_has(key, SLICE("cache"));

		if (slice_eqz(key, "input"))
			in = n;
		else if (slice_eqz(key, "output"))
			out = n;
		else if (cached && slice_has(key, SLICE("creat")))
			u->written_5m += n;
		else if (cached && (begins(key, "input") || begins(key, "cache")))
			u->cached += n;
		else if (begins(key, "output") && slice_has(key, SLICE("reason")))
			u->reasoning += n;
		else if (!slice_eqz(key, "total") && n)
			usage_flaw(u, "a count of a kind that is not known");
	}
	parts = u->cached + u->written_5m;
	u->input = in;
	u->output = out;
	if (!parts && !u->reasoning)
		return;
	if (total == in + out + parts + u->reasoning || (!total && parts > in)) {
		u->input += parts;
		u->output += u->reasoning;
	} else if (total != in + out) {
		usage_flaw(u, "the row does not tell whether its counts contain each other");
	}
}

static bool
read_langfuse(struct value root, struct usage *u)
{
	static const char *const details[] = { "usage_details", "usageDetails", NULL };
	static const char *const models[] = { "provided_model_name", "providedModelName",
		"model", NULL };
	struct value o = usage_first(root, details), type = json_get(root, "type");

	if (json_type(o) != JSON_OBJECT || !json_type(json_first(o)) ||
	    (json_type(type) == JSON_STRING && !json_is(type, "GENERATION") &&
		!json_is(type, "EMBEDDING")))
		return false;
	u->dialect = "langfuse";
	u->present = u->utc = true;
	u->object = o;
	langfuse_counts(o, u);
	u->model = usage_first(root, models);
	return true;
}

/* manifest.json.out of a Bedrock batch: the sums of all its lines, which name no model. */
static bool
read_manifest(struct value root, struct usage *u)
{
	if (!usage_has(root, "totalRecordCount") || !usage_has(root, "inputTokenCount"))
		return false;
	u->dialect = "manifest";
	u->present = u->batch = true;
	u->object = root;
	u->input = usage_member(u, root, "inputTokenCount");
	u->output = usage_member(u, root, "outputTokenCount");
	u->model = json_get(root, "modelId");
	return true;
}

bool
usage_export(struct value root, struct usage *u)
{
	struct value inner = json_get(root, "standard_logging_object");

	if (json_type(inner) == JSON_OBJECT) {
		static const char *const times[] = { "startTime", "endTime", NULL };

		if (!json_type(u->time))
			u->time = usage_first(inner, times);
		usage_course(inner, u);
		root = inner;
	}
	return first_span(root, u) || read_helicone(root, u) || read_flat(root, u) ||
	       read_langfuse(root, u) || read_manifest(root, u);
}
