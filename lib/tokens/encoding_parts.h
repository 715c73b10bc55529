/* SPDX-License-Identifier: MIT */
/* What an encoding is made of; for the files that make one. */
#ifndef TOKENS_ENCODING_PARTS_H
#define TOKENS_ENCODING_PARTS_H

#include "tokens/encoding.h"
#include "tokens/merge.h"
#include "tokens/split.h"
#include "tokens/vocab.h"

/* Replaces the content of m with the ids of one piece, which is not empty. Pure. */
typedef void piece_fn(const void *bpe, struct slice piece, struct merge *m);
/* Bytes of an id; ptr NULL if there is none. */
typedef struct slice bytes_fn(const void *bpe, uint32_t id);

/* Receives the next part of a text: to be cut, or, unless id is VOCAB_NONE, that token whole.
 */
typedef void take_fn(void *context, struct slice part, uint32_t id);
/* What comes before cutting: gives the parts of a text from left to right. text is valid UTF-8
 * and not empty; so is each part, which need not be a piece of it. */
typedef void parts_fn(const void *rules, struct slice text, take_fn *take, void *context);

struct memo;
struct encoding {
	const char *name;
	parts_fn *parts;   /* NULL: the text itself is the only part */
	const void *rules; /* first argument of parts */
	split_fn *split;
	const void *pattern; /* first argument of split */
	piece_fn *piece;
	bytes_fn *bytes;
	const void *bpe;           /* first argument of piece and bytes */
	const struct vocab *vocab; /* whose tokens are pieces' ids as a whole; NULL: none */
	const struct vocab *ranks; /* by which piece merges, if it does just that; else NULL */
	struct memo *memo;         /* NULL: not opened yet */
};

/* A copy of parts, for as long as the run; what it points to must live as long. */
struct encoding *encoding_make(const struct encoding *parts);
/* Sets piece, bytes, bpe and vocab to those of an image whose rank i has the id id[i], which
 * must live as long. encoding_unnumber frees what it made. */
void encoding_number(struct encoding *e, struct slice image, const uint32_t *id);
void encoding_unnumber(struct encoding *e);

#endif
