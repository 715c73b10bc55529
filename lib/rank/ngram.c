/* SPDX-License-Identifier: MIT */
#include "rank/ngram.h"

#define CELLS (1u << 18)
#define HEAD 8   /* bytes before the cells */
#define STEP 3.0 /* parts of a bit */
#define LONGEST 32

extern const unsigned char rank_ngrams[];

#define FNV 0xCBF29CE484222325u

/* Goes on with a hash by the small letters of a word; 0 where it has other signs. */
static uint64_t
hash_word(uint64_t h, struct slice word)
{
	if (!word.len || word.len > LONGEST)
		return 0;
	for (size_t i = 0; i < word.len; i++) {
		unsigned char c = (unsigned char)word.ptr[i];

		if (c >= 'A' && c <= 'Z')
			c |= 0x20;
		if (!(c >= 'a' && c <= 'z') && c != '\'')
			return 0;
		h = (h ^ c) * 0x100000001B3u;
	}
	return h;
}

static uint64_t
hash_blank(uint64_t h)
{
	return (h ^ ' ') * 0x100000001B3u;
}

/* The cell of this hash; 0 if there is none. */
static uint32_t
cell_of(uint64_t h)
{
	uint32_t mark, cell;
	size_t at;

	h ^= h >> 32;
	h *= 0x9E3779B97F4A7C15u;
	mark = (uint32_t)(h >> 38);
	mark = mark ? mark : 1;
	for (at = h % CELLS;; at = (at + 1) % CELLS) {
		const unsigned char *p = rank_ngrams + HEAD + 4 * at;

		cell = (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
		       (uint32_t)p[3] << 24;
		if (!cell || cell >> 6 == mark)
			return cell;
	}
}

static double
bits(uint32_t cell)
{
	return (cell & 63) / STEP;
}

double
ngram_bits(struct slice before2, struct slice before, struct slice word)
{
	uint64_t one = hash_word(FNV, word), head, two, three;
	uint32_t cell;

	if (!one)
		return NGRAM_BITS;
	head = before.len ? hash_word(FNV, before) : 0;
	if (head) {
		two = hash_word(hash_blank(head), word);
		three = before2.len ? hash_word(FNV, before2) : 0;
		if (three) {
			three = hash_word(hash_blank(three), before);
			three = hash_word(hash_blank(three), word);
			cell = cell_of(three);
			if (cell)
				return bits(cell);
		}
		cell = cell_of(two);
		if (cell)
			return bits(cell);
	}
	cell = cell_of(one);
	return cell ? bits(cell) : NGRAM_BITS;
}
