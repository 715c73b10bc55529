/* SPDX-License-Identifier: MIT */
/* Tokens of texts and of whole requests, for any model, with the class of the count. */
#ifndef TOKENS_TOKENS_H
#define TOKENS_TOKENS_H

#include "model/request.h"
#include "tokens/encoding.h"

enum token_class {
	TOKENS_EXACT,    /* of a text, by public ranks */
	TOKENS_TEMPLATE, /* of a request: exact ranks and the documented chat framing */
	TOKENS_ESTIMATE  /* between low and high */
};
struct tokens {
	uint64_t count;
	uint64_t low, high; /* equal to count unless it is an estimate */
	enum token_class class;
	const char *missing; /* what could not be counted ("image by URL" …), static; or NULL */
};
const char *token_class_name(enum token_class c); /* "exact", "template", "estimate" */

struct tokenizer; /* of one model: an encoding or a family's estimate */

/* Never NULL: an unknown model gives the general estimate. Memoised by name; lives as long
 * as the run. Provider prefixes (openai/…), fine-tunes (ft:…), dated ids and the names of
 * --models are understood. */
const struct tokenizer *tokenizer_for(struct slice model);
/* NULL where the tokenizer is an estimate. */
const struct encoding *tokenizer_encoding(const struct tokenizer *t);
const char *tokenizer_family(
    const struct tokenizer *t); /* "o200k_base", "claude", "unknown" … */
/* Day on which the models and factors were last compared with their sources. */
const char *tokenizer_date(void);

/* --encoding MODEL=F: the tokens of this model, and of no other, are those of the rank file F
 * (see encoding_of_ranks) or of a compiled-in encoding named instead of a file. False and *why
 * (valid until the next call; with the line where a line is wrong) if it cannot be taken.
 * Before the first tokenizer_for; the later definition of a model wins. */
bool encodings_load(const char *definition, const char **why);
/* --calibration FILE: lines {"model":M,"factor":F,"low":L,"high":H,"overhead":N,…} correct the
 * estimates for the model M (calibration.h); what is exact stays exact. False and *why as
 * above. */
bool calibration_load(const char *file, const char **why);

struct tokens tokens_text(const struct tokenizer *t, struct slice text);
/* Input tokens of the request as the provider bills them: texts, framing, tools, schema,
 * images of known size. Framing of chat: OpenAI Cookbook, "How to count tokens with tiktoken".
 */
struct tokens tokens_request(
    const struct tokenizer *t, const struct request *r, struct arena *a);
/* The same, and each[i] becomes what tokens_text counts for the text of part i, in the order of
 * request_parts(); TOKENS_UNTOLD where that is not known. each has room for all parts, or is
 * NULL. */
#define TOKENS_UNTOLD UINT64_MAX
struct tokens tokens_request_each(
    const struct tokenizer *t, const struct request *r, struct arena *a, uint64_t *each);
/* The same before the calibration of the model; *beside says what the request holds beside
 * texts and framing (static: "tools", "an image" …), or is NULL. For learning from bills. */
struct tokens tokens_request_plain(
    const struct tokenizer *t, const struct request *r, struct arena *a, const char **beside);
/* Whether bills of such requests teach anything: false where the framing is documented. */
bool tokenizer_learns(const struct tokenizer *t);
/* Output tokens of the answer's text (without usage): hidden reasoning is not in it. */
struct tokens tokens_answer(
    const struct tokenizer *t, const struct request *r, struct arena *a);

#endif
