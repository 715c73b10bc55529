/* SPDX-License-Identifier: MIT */
/* How many tokens a piece is: pieces of at most 15 bytes by hash, four to a cache line.
 *
 * The image of a compiled-in encoding is made at build time out of its vocabulary and mapped
 * read-only. What a process learns goes into a table of its own, which begins as a copy. */
#ifndef TOKENS_TABLE_H
#define TOKENS_TABLE_H

#include "base/slice.h"

#define TABLE_BYTES 15 /* of the longest piece */

/* The bytes, zeros, and as the last one the length in its upper half. */
struct table_key {
	uint64_t low, high;
};

/* Keys with the tokens in the lower half of the last byte; a length of 0: free. Of more
 * pieces than a line has room for the first four are in it. */
struct table_line {
	_Alignas(64) struct table_key key[4];
};

struct table {
	const struct table_line *line;
	unsigned shift; /* 64 less the bits of a line's number */
};

#define TABLE_TOKENS ((uint64_t)0x0f << 56) /* of key.high */

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "keys are read as little-endian words"
#endif

/* The key of a piece; of one that is too long one that no table has. */
static inline struct table_key
table_key(const unsigned char *p, size_t len)
{
	unsigned char bytes[16] = { 0 };
	struct table_key k = { UINT64_MAX, UINT64_MAX & ~TABLE_TOKENS };

	if (len > TABLE_BYTES)
		return k;
	memcpy(bytes, p, len);
	bytes[15] = (unsigned char)(len << 4);
	memcpy(&k, bytes, sizeof k);
	return k;
}

/* What makes the key out of 16 bytes from the piece on, by its length; the last row is for all
 * that is longer. */
struct table_mask {
	struct table_key keep, add;
};
extern const struct table_mask table_masks[17];

/* The same as table_key where 16 bytes can be read. */
static inline struct table_key
table_key_fast(const unsigned char *p, size_t len)
{
	const struct table_mask *mask = &table_masks[len < 16 ? len : 16];
	struct table_key k;

	memcpy(&k, p, sizeof k);
	k.low = (k.low & mask->keep.low) | mask->add.low;
	k.high = (k.high & mask->keep.high) | mask->add.high;
	return k;
}

static inline uint64_t
table_hash(struct table_key k)
{
	uint64_t high = k.high * 0x9e3779b97f4a7c15u;

	return (k.low ^ (high >> 32 | high << 32)) * 0xd6e8feb86659fd93u;
}

static inline uint32_t
table_line_of(const struct table *t, struct table_key k)
{
	return (uint32_t)(table_hash(k) >> t->shift);
}

/* Tokens of the key in this line, 0 if it is not there. */
static inline unsigned
table_line_find(const struct table_line *line, struct table_key k)
{
	for (int i = 0; i < 4; i++)
		if (((line->key[i].low ^ k.low) |
			((line->key[i].high ^ k.high) & ~TABLE_TOKENS)) == 0)
			return (unsigned)(line->key[i].high >> 56) & 15;
	return 0;
}

/* Adds a key with its tokens; false if the line is full. */
static inline bool
table_put(struct table_line *line, struct table_key k)
{
	for (int i = 0; i < 4; i++)
		if (!line->key[i].high) {
			line->key[i] = k;
			return true;
		}
	return false;
}

#endif
