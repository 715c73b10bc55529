/* SPDX-License-Identifier: MIT */
/* One vocabulary of byte-pair ranks as tables that are read in place: find a token by its
 * bytes, and cut a piece into tokens. The image of a compiled-in one is made at build time
 * (gen/image.c) and mapped read-only; that of a rank file is made when it is loaded. */
#ifndef TOKENS_VOCAB_H
#define TOKENS_VOCAB_H

#include "base/slice.h"

#define VOCAB_NONE UINT32_MAX
#define VOCAB_INLINE 15       /* bytes of a token whose key stands in its line */
#define VOCAB_MOST (1u << 18) /* tokens of one vocabulary */
#define VOCAB_LONGEST 255     /* bytes of a token */
#define VOCAB_MAGIC "vocab 1"
#define VOCAB_HEADER 64 /* bytes before the first array */

/* A cache line of three tokens of at most 15 bytes. */
struct vocab_line {
	uint64_t low[3], high[3]; /* the bytes, zeros, and the length as the last byte */
	uint32_t id[3];           /* VOCAB_NONE: free */
	uint32_t spilled;         /* a token of this line stands in a later one */
};

/* All sizes are counts; the arrays follow in the order of the pointers of struct vocab, each
 * from a multiple of 64 bytes on. */
struct vocab_header {
	char magic[8];
	uint32_t tokens, lines, longs, pairs, nodes, bytes;
	uint32_t longest; /* bytes of the longest token */
	uint32_t pad;
};

/* Byte order is that of the machine. A token's id is its rank. */
struct vocab {
	struct vocab_header head;
	const struct vocab_line *line; /* tokens of at most 15 bytes, by hash */
	const uint32_t *longs;         /* ids of the others, by hash; VOCAB_NONE: free */
	const uint32_t *pair;  /* id and 14 bits of hash of a merge, by hash of its parts */
	const uint32_t *start; /* of each token in bytes; one more at the end */
	const uint32_t *left,
	    *right;             /* parts of the last merge; VOCAB_NONE: a byte, or no merge */
	const uint32_t *prefix; /* the longest token that a token begins with, or VOCAB_NONE */
	const uint32_t *first;  /* first child of a trie node, up to that of the next node */
	const uint32_t *ends;   /* the token that ends at a node, or VOCAB_NONE */
	const uint8_t *label;   /* the byte that leads to a node */
	const uint8_t *bytes;
};

/* Sets v to read from image, which must outlive it and be aligned to 64. False if it is none.
 */
bool vocab_open(struct vocab *v, struct slice image);
/* Makes the image of tokens[0 … count-1], whose ranks are their indexes. NULL, and *why and
 * *which (a rank, or VOCAB_NONE), where they are no vocabulary: a byte or a merge missing, a
 * token twice, empty, too long, of lower rank than its parts. The caller frees *memory. */
bool vocab_build(const struct slice *tokens, uint32_t count, void **memory, struct slice *image,
    const char **why, uint32_t *which);

/* The token of exactly these bytes, or VOCAB_NONE. */
uint32_t vocab_find(const struct vocab *v, struct slice bytes);
/* The bytes of a token; ptr NULL if there is none of this id. */
struct slice vocab_bytes(const struct vocab *v, uint32_t id);
/* The token that a pair merges to, or VOCAB_NONE. */
uint32_t vocab_pair(const struct vocab *v, uint32_t left, uint32_t right);
/* True where two tokens side by side stay two: no merge across the seam comes before the
 * merges that made them. */
bool vocab_stays(const struct vocab *v, uint32_t left, uint32_t right);
/* The longest token that text begins with; text is not empty. */
uint32_t vocab_longest(const struct vocab *v, struct slice text);

/* Hash of a key of 16 bytes; reduce to an index below size. */
static inline uint64_t
vocab_hash(uint64_t low, uint64_t high)
{
	uint64_t h = (low ^ (high * 0x9e3779b97f4a7c15u)) * 0xbf58476d1ce4e5b9u;

	h ^= h >> 29;
	return h * 0x94d049bb133111ebu;
}

static inline uint32_t
vocab_slot(uint64_t hash, uint32_t size)
{
	return (uint32_t)(((hash >> 32) * size) >> 32);
}

/* Hash of a run of bytes. */
uint64_t vocab_hash_bytes(struct slice s);
/* Where a longer token belongs in longs, and the hash of a pair (its top 14 of the low 32 bits
 * stand in the slot). */
uint32_t vocab_long_slot(struct slice s, uint32_t size);
uint64_t vocab_pair_hash(uint32_t left, uint32_t right);

/* The line where the search for a key begins. */
static inline uint32_t
vocab_line_of(const struct vocab *v, uint64_t low, uint64_t high)
{
	return vocab_slot(vocab_hash(low, high), v->head.lines);
}

/* The token with this key, or VOCAB_NONE; at is its vocab_line_of. Here, so that the counting
 * loop has it inline. */
static inline uint32_t
vocab_find_key(const struct vocab *v, uint32_t at, uint64_t low, uint64_t high)
{
	for (;;) {
		const struct vocab_line *line = &v->line[at];

		if (((line->low[0] ^ low) | (line->high[0] ^ high)) == 0)
			return line->id[0];
		if (((line->low[1] ^ low) | (line->high[1] ^ high)) == 0)
			return line->id[1];
		if (((line->low[2] ^ low) | (line->high[2] ^ high)) == 0)
			return line->id[2];
		if (!line->spilled)
			return VOCAB_NONE;
		at = at + 1 == v->head.lines ? 0 : at + 1;
	}
}

/* The key of at most 15 bytes. */
static inline void
vocab_key(const char *bytes, size_t len, uint64_t *low, uint64_t *high)
{
	unsigned char key[16] = { 0 };

	memcpy(key, bytes, len);
	key[15] = (unsigned char)len;
	memcpy(low, key, 8);
	memcpy(high, key + 8, 8);
}

#endif
