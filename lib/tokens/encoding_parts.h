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

struct memo;
struct encoding {
	const char *name;
	split_fn *split;
	const void *pattern; /* first argument of split */
	piece_fn *piece;
	bytes_fn *bytes;
	const void *bpe;           /* first argument of piece and bytes */
	const struct vocab *vocab; /* whose tokens are pieces' ids as a whole; NULL: none */
	struct memo *memo;         /* NULL: not opened yet */
};

/* A copy of parts, for as long as the run; what it points to must live as long. */
struct encoding *encoding_make(const struct encoding *parts);
/* The parts by ranks alone: an image made by vocab_build, cut by this splitter. */
struct encoding *encoding_of_image(const char *name, split_fn *split, struct slice image);

#endif
