/* SPDX-License-Identifier: MIT */
/*
 * The tokens of a WordPiece vocabulary in one piece of memory that can be mapped from a file: a
 * hash table over their texts. Made by the build for the table, at run time for an encoder's
 * file.
 *
 * Layout, 32-bit numbers of this machine: magic, tokens, slots, bytes of the longest token, id
 * of [UNK], 3 reserved; starts[tokens + 1] (offsets into the texts); slots; the texts. A slot
 * is 0 or 12 bits of the hash above 20 bits of id + 1.
 */
#ifndef LLM_MEANING_VOCABULARY_H
#define LLM_MEANING_VOCABULARY_H

#include "base/slice.h"

struct vocabulary {
	uint32_t count, slots, longest, unknown;
	const uint32_t *start, *slot;
	const char *text;
};

#define VOCABULARY_MOST ((1u << 20) - 2)

/* An image of the tokens in LINES, one a line in the order of ids from 0; the caller frees
 * image->ptr. false: *why (static) says what is wrong. */
bool vocabulary_build(struct slice lines, struct slice *image, const char **why);
/* Reads an image that vocabulary_build() of the same program version made. */
void vocabulary_map(struct slice image, struct vocabulary *v);

/* The hash of a text grows byte by byte. */
#define VOCABULARY_HASH 0x811c9dc5u
static inline uint32_t
vocabulary_hash(uint32_t hash, char byte)
{
	return (hash ^ (uint8_t)byte) * 0x01000193u;
}

/* The id of the token whose text is head and then tail, or -1; hash is that of both. */
int64_t vocabulary_find(
    const struct vocabulary *v, uint32_t hash, struct slice head, struct slice tail);

#endif
