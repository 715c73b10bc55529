/* SPDX-License-Identifier: MIT */
/*
 * What a text means, as a vector of unit length: the built-in table of static token vectors, or a
 * sentence encoder from a file. One interface for both; a vector that is given from outside is
 * brought to the same form by vector_unit().
 */
#ifndef LLM_MEANING_EMBED_H
#define LLM_MEANING_EMBED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"

enum embed_state {
	EMBED_OK,
	EMBED_UNKNOWN, /* more than a fifth of the tokens are unknown or single letters, or more than
			* a third are pieces inside words: the language is not English */
	EMBED_EMPTY,   /* no token at all: the vector is zero */
};

struct embed;

/* The table inside the binary, made on first use and never freed. */
struct embed *embed_table(void);

/* Reads the encoder file PATH (llm-cache(1), --encoder). NULL: *why says what is wrong, static or
 * owned by the library until the next call. */
struct embed *embed_open(const char *path, const char **why);
/* Frees an embed_open() result; NULL and the table are left alone. */
void embed_close(struct embed *embed);

/* Length of the vectors: 256 for the table, at most EMBED_MAX. */
size_t embed_dims(const struct embed *embed);
/* Name and version of the vectors: two embeddings whose names differ are never compared. */
struct slice embed_name(const struct embed *embed);

/* UNIT[0..dims) receives the vector of TEXT (UTF-8), length 1 (or zero, EMBED_EMPTY). What comes
 * with EMBED_UNKNOWN is computed all the same, and is not to be trusted. Same text, same bytes, on
 * each machine and with each instruction set. */
enum embed_state embed_text(struct embed *embed, struct slice text, float *unit);
/* The same for each of TEXTS[0..count): states[i], and its vector at units + i * dims; the same
 * bytes as one at a time. An encoder takes two thirds of the time for short texts. */
void embed_texts(struct embed *embed, const struct slice *texts, size_t count, float *units,
    enum embed_state *states);

#define EMBED_MAX 4096

/* Scales V[0..n) to length 1. false, V untouched: it is zero, or holds NaN or infinity. */
bool vector_unit(float *v, size_t n);
/* Sum of products, in a fixed order. */
float vector_dot(const float *a, const float *b, size_t n);

#endif
