/* SPDX-License-Identifier: MIT */
/* What data/families says about a model: its encoding and framing, or its estimate.
 *
 * A line is a word and its fields, '#' begins a comment; lengths and counts are tokens.
 * `encoding` and `reasoning`: name, compiled-in encoding, then message, named, reply, answer,
 * function, and of the second how much more a request may be billed. `family`: name, weights,
 * then reply, message, answer, tools, forced. `model`: a beginning of model names and what it
 * is; the longest that fits wins, and it ends where the name ends or goes on with neither
 * letter nor digit. `image`: a beginning of model names, a rule and its numbers. */
#ifndef TOKENS_FAMILIES_H
#define TOKENS_FAMILIES_H

#include "base/slice.h"
#include "tokens/weights.h"

struct family {
	struct slice name;
	struct slice encoding;         /* compiled-in; ptr NULL: an estimate */
	const struct weights *weights; /* of an estimate; else NULL */
	bool hidden; /* exact ranks, but the framing of a request is not documented */
	int64_t message, named, reply, answer; /* framing of chat */
	int64_t function;                      /* of each function among the tools */
	int64_t more;                          /* tokens that a hidden framing may add */
	int64_t tools, forced;                 /* of having any; of having to use one */
	/* an estimate's request takes reply for all and the first message, message for each
	 * more */
};

enum image_rule {
	IMAGE_UNKNOWN,
	IMAGE_TILE,
	IMAGE_PATCH,
	IMAGE_SQUARE,
	IMAGE_CROP,
	IMAGE_FIXED
};
struct image_cost {
	enum image_rule rule;
	int64_t number[8]; /* in the order of the line */
};

/* The family of a model, never NULL: "unknown" where no row fits. */
const struct family *family_of(struct slice model);
/* The row of this name; the file has it. */
const struct family *family_named(struct slice name);
/* Rule of its images; IMAGE_UNKNOWN where no row fits. */
struct image_cost family_image(struct slice model);
const char *families_date(void);

/* The model's own name in lower case, into room: without routes, vendors and regions before it
 * ("openrouter/openai/", "us.anthropic.", "accounts/x/models/"), without a fine-tune's ends and
 * a variant behind a colon. What is longer is cut. */
#define FAMILY_NAME_MOST 128
struct slice family_own_name(struct slice model, char room[FAMILY_NAME_MOST]);
/* The same without the date or version that it ends in ("-20250929", "-2024-07-18", "@…",
 * "-v1", "-latest"). */
struct slice family_plain_name(struct slice model, char room[FAMILY_NAME_MOST]);

#endif
