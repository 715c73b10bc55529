/* SPDX-License-Identifier: MIT */
/* One vocabulary of byte-pair ranks as tables that are read in place: find a token by its
 * bytes, and cut a piece into tokens. The image of a compiled-in one is made at build time
 * (gen/image.c) and mapped read-only; that of a rank file is made when it is loaded. */
#ifndef TOKENS_VOCAB_H
#define TOKENS_VOCAB_H

#include "base/slice.h"
#include "tokens/table.h"

#define VOCAB_NONE UINT32_MAX
#define VOCAB_MOST (1u << 18) /* tokens of one vocabulary */
#define VOCAB_LONGEST 255     /* bytes of a token */
#define VOCAB_MAGIC "vocab 3"
#define VOCAB_HEADER 64 /* bytes before the first array */

/* All sizes are counts; the arrays follow in the order of the pointers of struct vocab, each
 * from a multiple of 64 bytes on. */
struct vocab_header {
	char magic[8];
	uint32_t tokens, known, pairs, bytes;
	uint32_t longest; /* bytes of the longest token */
	uint32_t table;   /* lines of the table of counts; a power of two */
	uint32_t moved;   /* a power of two, as pairs is */
	uint32_t apart;   /* tokens that merging does not reach: only a piece gives them */
	uint32_t numbers; /* tokens of one to three digits */
};

/* Byte order is that of the machine. A token's id is its rank. */
struct vocab {
	struct vocab_header head;
	unsigned shift;                 /* 64 less the bits of pairs */
	const struct table_line *table; /* of the pieces that are tokens as a whole */
	const uint32_t *known;   /* id and 14 bits of hash of a token, by hash of its bytes */
	const uint16_t *moved;   /* what makes the hash of pairs one without collisions */
	const uint64_t *pair;    /* merges: see vocab_pair; 0: free */
	const uint32_t *of_byte; /* ids of the 256 bytes */
	const uint32_t *of_two;  /* what two bytes merge to, or VOCAB_NONE; the first one counts
				    as 256 */
	const uint32_t
	    *of_char;          /* of a character up to U+FFFF that is a token; or VOCAB_NONE */
	const uint32_t *start; /* of each token in bytes; one more at the end */
	const uint32_t *left,
	    *right; /* parts of the last merge; VOCAB_NONE: a byte, or no merge */
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

/* Whether each number of one to three digits is a token. */
static inline bool
vocab_has_numbers(const struct vocab *v)
{
	return v->head.numbers == 10 + 100 + 1000;
}

/* The token of exactly these bytes, or VOCAB_NONE. */
uint32_t vocab_find(const struct vocab *v, struct slice bytes);
/* The bytes of a token; ptr NULL if there is none of this id. */
struct slice vocab_bytes(const struct vocab *v, uint32_t id);
/* True where two tokens side by side stay two: no merge across the seam comes before the
 * merges that made them. */
bool vocab_stays(const struct vocab *v, uint32_t left, uint32_t right);
/* The longest token that text begins with, of those that merging reaches; text is not empty,
 * and one or two look-ups for each byte of it are tried. */
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
/* The slot of a merge: its parts and what it gives, 18 bits each, and that it is one. */
static inline uint64_t
vocab_pair_slot(uint32_t left, uint32_t right, uint32_t id)
{
	return (uint64_t)1 << 63 | ((uint64_t)left << 18 | right) << 18 | id;
}

static inline uint64_t
vocab_pair_hash(uint32_t left, uint32_t right)
{
	uint64_t key = (uint64_t)1 << 36 | (uint64_t)left << 18 | right; /* never 0 */
	uint64_t hash = key * 0x9e3779b97f4a7c15u;

	return hash ^ hash >> 31;
}

static inline uint64_t
vocab_pair_at(uint64_t hash, uint16_t moved, unsigned shift)
{
	return hash * (2 * (uint64_t)moved + 1) >> shift;
}

/* The token that a pair merges to, or VOCAB_NONE. */
static inline uint32_t
vocab_pair(const struct vocab *v, uint32_t left, uint32_t right)
{
	uint64_t hash = vocab_pair_hash(left, right), slot;
	uint64_t at = vocab_pair_at(hash, v->moved[hash >> 20 & (v->head.moved - 1)], v->shift);

	/* without a branch: most pairs are none, but no predictor knows which */
	slot = v->pair[at] ^ vocab_pair_slot(left, right, 0);
	return slot < VOCAB_MOST ? (uint32_t)slot : VOCAB_NONE;
}

#endif
