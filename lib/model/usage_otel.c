/* SPDX-License-Identifier: MIT */
/* OpenTelemetry GenAI spans. By the convention input includes what was read from the cache
 * and written to it; an input below their sum proves that the sender excludes them. */
#include "model/usage_dialect.h"

/* The value of an attribute, in an object or in a list of {key, value: {intValue: …}}. */
static struct value
attribute(struct value attributes, const char *name)
{
	static const char *const kinds[] = { "intValue", "stringValue", "doubleValue", NULL };

	if (json_type(attributes) != JSON_ARRAY)
		return json_get(attributes, name);
	for (struct value v = json_first(attributes); json_type(v); v = json_next(v)) {
		struct value value = json_get(v, "value");

		if (!json_is(json_get(v, "key"), name))
			continue;
		for (size_t i = 0; kinds[i]; i++)
			if (usage_has(value, kinds[i]))
				return json_get(value, kinds[i]);
	}
	return (struct value){ 0 };
}

/* The wire form of a 64-bit number is a string of digits. */
static uint64_t
count(struct usage *u, struct value attributes, const char *name)
{
	struct value v = attribute(attributes, name);
	struct slice text = json_string_raw(v);
	uint64_t n = 0;

	if (!text.ptr || !text.len || text.len > 16 || json_type(attributes) != JSON_ARRAY)
		return usage_count(u, v);
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return usage_count(u, v);
		n = n * 10 + (uint64_t)(text.ptr[i] - '0');
	}
	if (n > UINT64_C(1) << 53)
		usage_flaw(u, "a count is above 2^53");
	return n;
}

static uint64_t
newer_or_older(struct usage *u, struct value attributes, const char *newer, const char *older)
{
	bool has = json_type(attribute(attributes, newer)) > JSON_NULL;

	return count(u, attributes, has ? newer : older);
}

static struct value
text(struct value attributes, const char *one, const char *other)
{
	struct value v = attribute(attributes, one);

	return json_type(v) == JSON_STRING ? v : attribute(attributes, other);
}

/* Spans above the calls of models may carry the sum of those. */
static bool
is_above_calls(struct value attributes)
{
	static const char *const names[] = { "invoke_agent", "create_agent", "invoke_workflow",
		"execute_tool", NULL };
	struct value operation = attribute(attributes, "gen_ai.operation.name");

	for (size_t i = 0; names[i]; i++)
		if (json_is(operation, names[i]))
			return true;
	return false;
}

static bool
has_usage(struct value attributes)
{
	return json_type(attribute(attributes, "gen_ai.usage.input_tokens")) > JSON_NULL ||
	       json_type(attribute(attributes, "gen_ai.usage.output_tokens")) > JSON_NULL ||
	       json_type(attribute(attributes, "gen_ai.usage.prompt_tokens")) > JSON_NULL;
}

bool
usage_is_otel(struct value attributes)
{
	return has_usage(attributes) && !is_above_calls(attributes);
}

void
usage_otel(struct value a, struct usage *u)
{
	u->dialect = "otel";
	u->input =
	    newer_or_older(u, a, "gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens");
	u->output = newer_or_older(
	    u, a, "gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens");
	u->cached = newer_or_older(u, a, "gen_ai.usage.cache_read.input_tokens",
	    "gen_ai.usage.cache_read_input_tokens");
	u->written_5m = newer_or_older(u, a, "gen_ai.usage.cache_creation.input_tokens",
	    "gen_ai.usage.cache_creation_input_tokens");
	u->reasoning = newer_or_older(
	    u, a, "gen_ai.usage.reasoning.output_tokens", "gen_ai.usage.reasoning_tokens");
	if (u->cached + u->written_5m > u->input)
		u->input += u->cached + u->written_5m;
	u->model = text(a, "gen_ai.response.model", "gen_ai.request.model");
	u->provider = text(a, "gen_ai.provider.name", "gen_ai.system");
	u->service_tier = json_string_raw(
	    text(a, "openai.response.service_tier", "gen_ai.openai.response.service_tier"));
}
