/* SPDX-License-Identifier: MIT */
/* What a tokenizer is made of; for the files that count with it. */
#ifndef TOKENS_TOKENIZER_H
#define TOKENS_TOKENIZER_H

#include "tokens/families.h"
#include "tokens/tokens.h"

struct tokenizer {
	struct slice model; /* as it was asked for */
	char *family_name;
	const struct family *family;
	const struct encoding *encoding; /* that counts: of an estimate o200k_base */
	bool exact;                      /* texts are */
	double factor, low, high;        /* of a calibration; 0: none */
};

/* The texts of one request or answer, added up. */
struct tally {
	const struct tokenizer *t;
	int64_t estimate; /* thousandths of a token, of an estimate */
	uint64_t exact;   /* tokens that need no estimate */
	uint64_t unsure;  /* of both, whole tokens that the provider may render otherwise */
	const char *missing;
};
void tally_text(struct tally *s, struct slice text);
/* A text of which it is not known how the provider writes it: the JSON of a tool, say. */
void tally_unsure(struct tally *s, struct slice text);
/* The sum, as exact or as estimate; of what is unsure, half less and a quarter more. */
struct tokens tally_sum(const struct tally *s);

/* What --calibration and --encoding told about a model. */
struct calibration {
	struct slice model;
	double factor, low, high;
};
const struct calibration *calibration_of(struct slice model); /* NULL: none */
const struct encoding *encoding_given(struct slice model);    /* NULL: none */

#endif
