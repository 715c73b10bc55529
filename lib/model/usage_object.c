/* SPDX-License-Identifier: MIT */
/* A usage object: its members in one walk, and whose dialect they speak. */
#include "model/usage_dialect.h"

static const char *const object_names[U_NAMES] = {
	[U_PROMPT_TOKENS] = "prompt_tokens",
	[U_COMPLETION_TOKENS] = "completion_tokens",
	[U_TOTAL_TOKENS] = "total_tokens",
	[U_PROMPT_DETAILS] = "prompt_tokens_details",
	[U_COMPLETION_DETAILS] = "completion_tokens_details",
	[U_CACHED_TOKENS] = "cached_tokens",
	[U_NUM_CACHED] = "num_cached_tokens",
	[U_CACHE_HIT] = "prompt_cache_hit_tokens",
	[U_CACHE_READ] = "cache_read_input_tokens",
	[U_CACHE_CREATION_TOKENS] = "cache_creation_input_tokens",
	[U_CACHE_CREATION] = "cache_creation",
	[U_SERVER_TOOLS] = "server_tool_use",
	[U_INPUT_TOKENS] = "input_tokens",
	[U_OUTPUT_TOKENS] = "output_tokens",
	[U_INPUT_DETAILS] = "input_tokens_details",
	[U_OUTPUT_DETAILS] = "output_tokens_details",
	[U_INPUT_DETAIL] = "input_token_details",
	[U_OUTPUT_DETAIL] = "output_token_details",
	[U_SERVICE_TIER] = "service_tier",
	[U_SPEED] = "speed",
	[U_INFERENCE_GEO] = "inference_geo",
	[U_ITERATIONS] = "iterations",
	[U_CAMEL_INPUT] = "inputTokens",
	[U_CAMEL_OUTPUT] = "outputTokens",
	[U_GEMINI_PROMPT] = "promptTokenCount",
	[U_GEMINI_CANDIDATES] = "candidatesTokenCount",
	[U_GEMINI_TOTAL] = "totalTokenCount",
	[U_BILLED_UNITS] = "billed_units",
	[U_CODEX_CACHED] = "cached_input_tokens",
	[U_CODEX_REASONING] = "reasoning_output_tokens",
	[U_SECONDS] = "seconds",
	[U_IMAGES] = "images",
	[U_CHARACTERS] = "characters",
};

static const char *const detail_names[D_NAMES] = {
	[D_CACHED] = "cached_tokens",
	[D_CACHE_WRITE] = "cache_write_tokens",
	[D_CACHE_CREATION] = "cache_creation_tokens",
	[D_CACHE_CREATION_SPLIT] = "cache_creation_token_details",
	[D_AUDIO] = "audio_tokens",
	[D_IMAGE] = "image_tokens",
	[D_REASONING] = "reasoning_tokens",
	[D_THINKING] = "thinking_tokens",
	[D_CACHED_SPLIT] = "cached_tokens_details",
};

void
usage_details(struct value details, struct usage_details *d)
{
	static struct members names = { .names = detail_names, .count = D_NAMES };

	d->seen = members_read(details, &names, d->at);
}

/* How a usage object speaks, by the names of its members. */
#define PROMPT (MEMBER(U_PROMPT_TOKENS) | MEMBER(U_COMPLETION_TOKENS))
#define CAMEL (MEMBER(U_CAMEL_INPUT) | MEMBER(U_CAMEL_OUTPUT))
#define GEMINI (MEMBER(U_GEMINI_PROMPT) | MEMBER(U_GEMINI_CANDIDATES) | MEMBER(U_GEMINI_TOTAL))
#define COHERE MEMBER(U_BILLED_UNITS)
#define PLAIN (MEMBER(U_INPUT_TOKENS) | MEMBER(U_OUTPUT_TOKENS))
#define REALTIME (MEMBER(U_INPUT_DETAIL) | MEMBER(U_OUTPUT_DETAIL))
#define CODEX (MEMBER(U_CODEX_CACHED) | MEMBER(U_CODEX_REASONING))
#define CACHE                                                                                \
	(MEMBER(U_CACHE_CREATION_TOKENS) | MEMBER(U_CACHE_READ) | MEMBER(U_CACHE_CREATION) | \
	    MEMBER(U_SERVER_TOOLS) | MEMBER(U_ITERATIONS))
#define RESPONSES (MEMBER(U_INPUT_DETAILS) | MEMBER(U_TOTAL_TOKENS))
#define UNITS (MEMBER(U_SECONDS) | MEMBER(U_IMAGES) | MEMBER(U_CHARACTERS))
#define COUNTS (PROMPT | CAMEL | GEMINI | COHERE | PLAIN | UNITS)

void
usage_object_open(struct value object, struct usage_object *o)
{
	static struct members names = { .names = object_names, .count = U_NAMES };

	o->object = object;
	o->seen = members_read(object, &names, o->at);
}

bool
usage_counts(struct value object)
{
	struct usage_object o;

	usage_object_open(object, &o);
	return o.seen & COUNTS;
}

/* Thousandths of a decimal, rounded up: a time that is paid for has begun. */
static uint64_t
thousandths(struct usage *u, struct value v)
{
	struct slice raw = json_raw(v);
	size_t point = slice_find(raw, '.'), i;
	uint64_t n = 0, digits = 0;

	if (json_type(v) <= JSON_NULL)
		return 0;
	for (i = 0; i < raw.len && raw.len < 16; i++) {
		if (i == point)
			continue;
		if (raw.ptr[i] < '0' || raw.ptr[i] > '9')
			break;
		if (i > point + 3) {
			n += raw.ptr[i] != '0' && !(digits & 8);
			digits |= raw.ptr[i] != '0' ? 8 : 0;
			continue;
		}
		n = n * 10 + (uint64_t)(raw.ptr[i] - '0');
		digits = (digits & 8) | (i > point ? (digits & 7) + 1 : 0);
	}
	if (json_type(v) != JSON_NUMBER || i < raw.len) {
		usage_flaw(u, "seconds are no plain number");
		return 0;
	}
	for (digits &= 7; digits < 3; digits++)
		n *= 10;
	return n;
}

/* What is not paid by the token. */
static void
read_units(const struct usage_object *o, struct usage *u)
{
	u->milliseconds = thousandths(u, usage_at(o, U_SECONDS));
	u->images = usage_number(u, o, U_IMAGES);
	u->characters = usage_number(u, o, U_CHARACTERS);
}

bool
usage_object_read(const struct usage_object *o, struct usage *u)
{
	if (o->seen & PROMPT)
		usage_openai(o, u);
	else if (o->seen & CAMEL)
		usage_converse(o->object, u);
	else if (o->seen & GEMINI)
		usage_gemini(o->object, u);
	else if (o->seen & COHERE)
		usage_cohere(o->object, u);
	else if (!(o->seen & (PLAIN | UNITS)))
		return false;
	else if (!(o->seen & PLAIN))
		u->dialect = "units";
	else if (o->seen & REALTIME)
		usage_realtime(o, u);
	else if (o->seen & CODEX)
		usage_codex(o, u);
	else if (o->seen & CACHE || !(o->seen & RESPONSES))
		usage_anthropic(o, u);
	else
		usage_responses(o, u);
	if (o->seen & UNITS)
		read_units(o, u);
	u->present = true;
	u->object = o->object;
	return true;
}

bool
usage_object(struct value object, struct usage *u)
{
	struct usage_object o;

	usage_object_open(object, &o);
	return usage_object_read(&o, u);
}
