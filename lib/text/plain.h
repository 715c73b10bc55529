/* SPDX-License-Identifier: MIT */
/* Where the words of ASCII letters and digits stand, 64 bytes at a time: bit i of a mask is byte
 * i. Most texts are made of such words, blanks and punctuation. */
#ifndef LLM_TEXT_PLAIN_H
#define LLM_TEXT_PLAIN_H

#include "text/find.h"

#define PLAIN_SPAN 64
#define PLAIN_KEY 16 /* bytes of a word that are compared at once */

/* Bytes of a text from some place on, with zeros behind its end. */
struct plain_span {
	const char *at; /* PLAIN_SPAN + PLAIN_KEY bytes */
	char last[PLAIN_SPAN + PLAIN_KEY];
};

/* Sees the begin of text, which is copied where it is short. */
static inline void
plain_see(struct plain_span *s, struct slice text)
{
	s->at = text.ptr;
	if (text.len >= sizeof(s->last))
		return;
	memset(s->last, 0, sizeof(s->last));
	memcpy(s->last, text.ptr, text.len);
	s->at = s->last;
}

/* The mask of the bytes of a set (find.h), which looks at no byte behind. */
static inline __attribute__((always_inline)) uint64_t
plain_mask(const struct plain_span *s, find_set *set)
{
	uint64_t mask = 0;

	for (unsigned k = 0; k < PLAIN_SPAN; k += 16) {
		find_bytes x;

		memcpy(&x, s->at + k, sizeof(x));
		mask |= (uint64_t)find_bits(set(x, x)) << k;
	}
	return mask;
}

/* The set of ASCII letters and digits. */
static inline find_mask
plain_is_word(find_bytes x, find_bytes y)
{
	find_bytes letter = (x | FIND_ALL(0x20)) - FIND_ALL('a');

	return (find_mask)(letter < FIND_ALL(26)) | find_digits(x, y);
}

/* The set of all that is not ASCII. */
static inline find_mask
plain_is_wide(find_bytes x, find_bytes y)
{
	(void)y;
	return (find_mask)(x > FIND_ALL(0x7F));
}

/* Bits below n, at most 64. */
static inline uint64_t
plain_below(unsigned n)
{
	return n < 64 ? (UINT64_C(1) << n) - 1 : ~UINT64_C(0);
}

/* How many bits in a row are set from bit `at` on; all are in a text that is one word of 64
 * bytes. */
static inline unsigned
plain_run(uint64_t mask, unsigned at)
{
	uint64_t clear = ~(mask >> at);

	return clear ? (unsigned)__builtin_ctzll(clear) : PLAIN_SPAN;
}

/* How many bits in a row are set up to bit `end`, exclusive. */
static inline unsigned
plain_run_before(uint64_t mask, unsigned end)
{
	uint64_t clear = ~mask & plain_below(end);

	return clear ? end - 64 + (unsigned)__builtin_clzll(clear) : end;
}

/* A word of at most PLAIN_KEY bytes in small letters, blanks behind it. */
union plain_key {
	find_bytes bytes;
	uint64_t half[2];
};

/* word: PLAIN_KEY bytes can be read. */
static inline union plain_key
plain_key(const char *word, size_t len)
{
	static const unsigned char ones[2 * PLAIN_KEY] = { 255, 255, 255, 255, 255, 255, 255,
		255, 255, 255, 255, 255, 255, 255, 255, 255 };
	union plain_key key;
	find_bytes mask;

	memcpy(&key.bytes, word, sizeof(key.bytes));
	memcpy(&mask, ones + PLAIN_KEY - len, sizeof(mask));
	/* of letters and digits only capitals lack the bit of a blank */
	key.bytes = (key.bytes & mask) | FIND_ALL(' ');
	return key;
}

static inline bool
plain_same(const union plain_key *a, const union plain_key *b)
{
	return a->half[0] == b->half[0] && a->half[1] == b->half[1];
}

/* Words that were seen, with what two readers know of them; forgotten where others want their
 * places: speed only. A word stands in one of two places side by side. */
#define PLAIN_BITS 15
#define PLAIN_NOTES (2u << PLAIN_BITS)
struct plain_note {
	union plain_key word; /* all zeros: a free place */
	/* all zeros: not known */
	uint16_t pieces[6]; /* for meaning/wordpiece.c */
	uint32_t term;      /* for rank/terms.c */
};

/* Those of the built-in vocabulary and of terms: what the one reader had to fetch from far memory
 * is near when the other comes. */
extern struct plain_note plain_seen[PLAIN_NOTES];

/* The first of the two places of a word. */
static inline struct plain_note *
plain_places(struct plain_note *notes, const union plain_key *word)
{
	uint64_t hash =
	    (word->half[0] ^ word->half[1] * 0x9E3779B97F4A7C15u) * 0xBF58476D1CE4E5B9u;

	return &notes[hash >> (64 - PLAIN_BITS) << 1];
}

/* The one that has the word, or NULL. */
static inline struct plain_note *
plain_find(struct plain_note *places, const union plain_key *word)
{
	if (plain_same(&places[0].word, word))
		return places;
	return plain_same(&places[1].word, word) ? places + 1 : NULL;
}

/* The same; a word that has none takes the place that was given away less lately. */
static inline struct plain_note *
plain_place(struct plain_note *places, const union plain_key *word)
{
	struct plain_note *n = plain_find(places, word);

	if (n)
		return n;
	places[1] = places[0];
	places[0] = (struct plain_note){ .word = *word };
	return places;
}

#endif
