/* SPDX-License-Identifier: MIT */
/* What a tokenizer is made of; for the files that count with it. */
#ifndef TOKENS_TOKENIZER_H
#define TOKENS_TOKENIZER_H

#include "tokens/calibration.h"
#include "tokens/estimate.h"
#include "tokens/families.h"
#include "tokens/tokens.h"

struct tokenizer {
	struct slice model; /* as it was asked for */
	char *family_name;
	const struct family *family;
	const struct encoding *encoding; /* that counts, or that an estimate starts from */
	bool exact;                      /* texts are */
	struct image_cost image;
	const struct calibration *calibration; /* NULL: none */
};

/* The texts of one request or answer, added up. */
struct tally {
	const struct tokenizer *t;
	struct estimate estimate; /* of texts, where they are not exact */
	uint64_t exact;           /* tokens that need no estimate */
	uint64_t below, above;    /* how far the rest of them may be off */
	const char *missing;
};
void tally_text(struct tally *s, struct slice text);
/* A text of which it is not known how the provider writes it: the JSON of a tool, say. Of what
 * it counts as, half less and a quarter more. */
void tally_unsure(struct tally *s, struct slice text);
/* The sum, as exact or as estimate. */
struct tokens tally_sum(const struct tally *s);
/* Corrects the count of a whole request by what the bills of such requests told. */
void tally_calibrate(const struct calibration *c, struct tokens *sum);

/* What --encoding told about a model; NULL: nothing. */
const struct encoding *encoding_given(struct slice model);

/* Tokens of the tools of a chat as OpenAI renders them: Cookbook, "How to count tokens with
 * tiktoken", section 7, which tells it of flat parameters; nested ones are counted alike. False
 * where one is no function. */
bool tools_count(
    const struct tokenizer *t, struct value tools, struct arena *a, uint64_t *count);

#endif
