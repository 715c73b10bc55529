/* SPDX-License-Identifier: MIT */
/* Private to lib/model: the dialects of usage objects, one file a family. Each function reads
 * the object into u, whose other members are set; what is not there counts as 0. */
#ifndef MODEL_USAGE_DIALECT_H
#define MODEL_USAGE_DIALECT_H

#include "model/usage.h"

void usage_openai(struct value o, struct usage *u);    /* chat completions, embeddings */
void usage_responses(struct value o, struct usage *u); /* responses */
void usage_realtime(struct value o, struct usage *u);
void usage_codex(struct value o, struct usage *u); /* last_token_usage and its like */
void usage_anthropic(struct value o, struct usage *u);
void usage_gemini(struct value o, struct usage *u);
void usage_converse(struct value o, struct usage *u);
void usage_cohere(struct value o, struct usage *u);
/* The attributes of an OpenTelemetry span, an object or a list of key and value. */
void usage_otel(struct value attributes, struct usage *u);
bool usage_is_otel(struct value attributes);

/* The first reason stays. */
void usage_flaw(struct usage *u, const char *why);
/* A whole number from 0 to 2^53; absent and null are 0; anything else is a flaw. */
uint64_t usage_count(struct usage *u, struct value v);
uint64_t usage_member(struct usage *u, struct value object, const char *name);
bool usage_has(struct value object, const char *name); /* there, and not null */
/* Sum of tokenCount over the items of a list [{modality, tokenCount}] with this modality. */
uint64_t usage_modality(struct usage *u, struct value list, const char *modality);
/* Says a flaw where a part is larger than the whole, or parts do not sum up. */
void usage_check_parts(struct usage *u);

#endif
