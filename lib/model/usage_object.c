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

static enum usage_kind
kind_of(uint64_t seen)
{
	if (seen & PROMPT)
		return KIND_OPENAI;
	if (seen & CAMEL)
		return KIND_CONVERSE;
	if (seen & GEMINI)
		return KIND_GEMINI;
	if (seen & COHERE)
		return KIND_COHERE;
	if (!(seen & PLAIN))
		return seen & UNITS ? KIND_UNITS : KIND_NONE;
	if (seen & REALTIME)
		return KIND_REALTIME;
	if (seen & CODEX)
		return KIND_CODEX;
	return seen & CACHE || !(seen & RESPONSES) ? KIND_ANTHROPIC : KIND_RESPONSES;
}

static void
look_up(struct value object, struct usage_object *o)
{
	static struct members names = { .names = object_names, .count = U_NAMES };

	o->object = object;
	o->seen = members_read(object, &names, o->at);
	o->kind = kind_of(o->seen);
}

void
usage_object_open(struct value object, struct usage_object *o)
{
	look_up(object, o);
	if (o->kind == KIND_OPENAI) {
		usage_details(usage_at(o, U_PROMPT_DETAILS), &o->in);
		usage_details(usage_at(o, U_COMPLETION_DETAILS), &o->out);
	} else if (o->kind == KIND_RESPONSES) {
		usage_details(usage_at(o, U_INPUT_DETAILS), &o->in);
		usage_details(usage_at(o, U_OUTPUT_DETAILS), &o->out);
	} else if (o->kind == KIND_REALTIME) {
		usage_details(usage_at(o, U_INPUT_DETAIL), &o->in);
		usage_details(usage_at(o, U_OUTPUT_DETAIL), &o->out);
	}
}

bool
usage_counts(struct value object)
{
	struct usage_object o;

	look_up(object, &o);
	return o.kind != KIND_NONE;
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
	switch (o->kind) {
	case KIND_NONE: return false;
	case KIND_OPENAI: usage_openai(o, u); break;
	case KIND_CONVERSE: usage_converse(o->object, u); break;
	case KIND_GEMINI: usage_gemini(o->object, u); break;
	case KIND_COHERE: usage_cohere(o->object, u); break;
	case KIND_UNITS: u->dialect = "units"; break;
	case KIND_REALTIME: usage_realtime(o, u); break;
	case KIND_CODEX: usage_codex(o, u); break;
	case KIND_ANTHROPIC: usage_anthropic(o, u); break;
	case KIND_RESPONSES: usage_responses(o, u); break;
	}
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
