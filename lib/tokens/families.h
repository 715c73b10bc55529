/* SPDX-License-Identifier: MIT */
/* What data/families says about a model: its encoding and framing, or its estimate.
 *
 * A line is a word and its fields, '#' begins a comment; lengths and counts are tokens.
 * `encoding` and `reasoning`: name, compiled-in encoding, then message, name, reply, answer,
 * and of the second how much more a request may be billed. `family`: name, then the fields of
 * struct family from token on. `model`: a beginning of model names and what it is; the longest
 * that fits wins, and it ends where the name ends or goes on with neither letter nor digit.
 * `image`: a beginning of model names, a rule and its numbers.
 */
#ifndef TOKENS_FAMILIES_H
#define TOKENS_FAMILIES_H

#include "base/slice.h"

struct family {
	struct slice name;
	struct slice encoding; /* compiled-in; ptr NULL: an estimate */
	bool hidden;           /* exact ranks, but the framing of a request is not documented */
	int64_t message, named, reply, answer; /* framing of chat */
	int64_t more;                          /* tokens that a hidden framing may add */
	int64_t token, digit, beyond;          /* thousandths: see tokens_text */
	int64_t low, high;                     /* per cent */
	int64_t tools;                         /* of having any */
	/* an estimate's request takes reply for all and the first message, message for each
	 * more */
};

enum image_rule { IMAGE_UNKNOWN, IMAGE_TILE, IMAGE_PATCH, IMAGE_AREA, IMAGE_CELL };
struct image_cost {
	enum image_rule rule;
	int64_t a, b;
};

/* The family of a model, never NULL: "unknown" where no row fits. */
const struct family *family_of(struct slice model);
/* The row of this name; the file has it. */
const struct family *family_named(struct slice name);
/* Rule of its images; IMAGE_UNKNOWN where no row fits. */
struct image_cost family_image(struct slice model);
const char *families_date(void);

#endif
