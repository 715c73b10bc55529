/* SPDX-License-Identifier: MIT */
/* Private to lib/model: the dialects of usage objects, one file a family. Each function reads
 * the object into u, whose other members are set; what is not there counts as 0. */
#ifndef MODEL_USAGE_DIALECT_H
#define MODEL_USAGE_DIALECT_H

#include "json/bytes.h"
#include "json/members.h"
#include "model/usage.h"

/* Members of usage objects that tell the dialect or are counted, looked up in one walk. */
enum usage_name {
	U_PROMPT_TOKENS,
	U_COMPLETION_TOKENS,
	U_TOTAL_TOKENS,
	U_PROMPT_DETAILS,
	U_COMPLETION_DETAILS,
	U_CACHED_TOKENS,
	U_NUM_CACHED,
	U_CACHE_HIT,
	U_CACHE_READ,
	U_CACHE_CREATION_TOKENS,
	U_CACHE_CREATION,
	U_SERVER_TOOLS,
	U_INPUT_TOKENS,
	U_OUTPUT_TOKENS,
	U_INPUT_DETAILS,
	U_OUTPUT_DETAILS,
	U_INPUT_DETAIL, /* realtime: input_token_details */
	U_OUTPUT_DETAIL,
	U_SERVICE_TIER,
	U_SPEED,
	U_INFERENCE_GEO,
	U_ITERATIONS,
	U_CAMEL_INPUT,
	U_CAMEL_OUTPUT,
	U_GEMINI_PROMPT,
	U_GEMINI_CANDIDATES,
	U_GEMINI_TOTAL,
	U_BILLED_UNITS,
	U_CODEX_CACHED,
	U_CODEX_REASONING,
	U_SECONDS,
	U_IMAGES,
	U_CHARACTERS,
	U_NAMES
};
/* What stands in the objects of details below it. */
enum usage_detail {
	D_CACHED,
	D_CACHE_WRITE,
	D_CACHE_CREATION,
	D_CACHE_CREATION_SPLIT,
	D_AUDIO,
	D_IMAGE,
	D_REASONING,
	D_THINKING,
	D_CACHED_SPLIT,
	D_NAMES
};
struct usage_details {
	uint64_t seen;
	struct value at[D_NAMES];
};
enum usage_kind {
	KIND_NONE, /* it counts nothing */
	KIND_OPENAI,
	KIND_CONVERSE,
	KIND_GEMINI,
	KIND_COHERE,
	KIND_UNITS,
	KIND_REALTIME,
	KIND_CODEX,
	KIND_ANTHROPIC,
	KIND_RESPONSES
};
struct usage_object {
	struct value object;
	uint64_t seen;            /* MEMBER(name) */
	struct value at[U_NAMES]; /* set where seen */
	enum usage_kind kind;
	struct usage_details in, out; /* where the kind has such */
};
void usage_details(struct value details, struct usage_details *d);
static inline struct value
usage_at(const struct usage_object *o, enum usage_name name)
{
	return o->seen & MEMBER(name) ? o->at[name] : (struct value){ 0 };
}
/* There, and not null. */
static inline bool
usage_said(const struct usage_object *o, enum usage_name name)
{
	return json_type(usage_at(o, name)) > JSON_NULL;
}

void usage_openai(const struct usage_object *o, struct usage *u); /* chat, embeddings */
void usage_responses(const struct usage_object *o, struct usage *u);
void usage_realtime(const struct usage_object *o, struct usage *u);
void usage_codex(const struct usage_object *o, struct usage *u); /* last_token_usage … */
void usage_anthropic(const struct usage_object *o, struct usage *u);
void usage_gemini(struct value o, struct usage *u);
void usage_converse(struct value o, struct usage *u);
void usage_cohere(struct value o, struct usage *u);
/* The attributes of an OpenTelemetry span, an object or a list of key and value. */
void usage_otel(struct value attributes, struct usage *u);
bool usage_is_otel(struct value attributes);

/* The counts of a usage object; false if it counts nothing. In two steps: its members, and what
 * they say; members that were found once serve all texts of one shape. */
bool usage_object(struct value object, struct usage *u);
void usage_object_open(struct value object, struct usage_object *o);
bool usage_object_read(const struct usage_object *o, struct usage *u);

/* Does the object have counts of any dialect? */
bool usage_counts(struct value object);
/* Calls of the provider's own tools, which only the items of an answer tell. */
void usage_searches(struct value output, struct usage *u);
void usage_grounding(struct value candidates, struct usage *u);
/* Gemini: a cache that is kept, as the API lists it; tokens times the minutes of its life. */
bool usage_is_storage(struct value root);
bool usage_storage(struct value root, struct usage *u);
/* A row of a log or an export that is no answer of a provider: a span, a spend row, a row of
 * Langfuse or Helicone, the manifest of a batch. */
bool usage_export(struct value root, struct usage *u);
/* How the call of such a row went: took, ended, failed, replayed. A span tells it itself. */
void usage_course(struct value root, struct usage *u);
void usage_course_span(struct value span, struct usage *u);
/* The first of these members (NULL-ended) that is there and not null. */
struct value usage_first(struct value object, const char *const names[]);

/* The first reason stays. */
void usage_flaw(struct usage *u, const char *why);
uint64_t usage_odd_count(struct usage *u, struct value v);
/* A whole number from 0 to 2^53; absent and null are 0; anything else is a flaw. Almost all
 * have up to eight digits and nothing more. */
static inline uint64_t
usage_count(struct usage *u, struct value v)
{
	const struct json *j = v.json;
	const char *end;
	uint32_t start, length;

	if (!j)
		return 0;
	start = j->at[v.entry];
	length = j->at[v.entry + 1] - start;
	end = j->text.ptr + start + length;
	if (start >= 8 && length <= 8 && bytes_digits(end, length))
		return bytes_number(end, length);
	return usage_odd_count(u, v);
}
/* The count of a name, and of a detail. */
static inline uint64_t
usage_number(struct usage *u, const struct usage_object *o, enum usage_name name)
{
	return o->seen & MEMBER(name) ? usage_count(u, o->at[name]) : 0;
}
static inline uint64_t
usage_detail(struct usage *u, const struct usage_details *d, enum usage_detail name)
{
	return d->seen & MEMBER(name) ? usage_count(u, d->at[name]) : 0;
}
uint64_t usage_member(struct usage *u, struct value object, const char *name);
bool usage_has(struct value object, const char *name); /* there, and not null */
/* Sum of tokenCount over the items of a list [{modality, tokenCount}] with this modality. */
uint64_t usage_modality(struct usage *u, struct value list, const char *modality);
/* Says a flaw where a part is larger than the whole, or parts do not sum up. */
void usage_check_parts(struct usage *u);

#endif
