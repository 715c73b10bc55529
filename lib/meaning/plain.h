/* SPDX-License-Identifier: MIT */
/* Runs of ASCII letters and digits, 16 at most at a time. */
#ifndef LLM_MEANING_PLAIN_H
#define LLM_MEANING_PLAIN_H

#include "base/slice.h"
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#define PLAIN_MOST 16

struct plain {
	char byte[PLAIN_MOST]; /* lower-cased, zeros behind */
	uint32_t len;
};

static inline bool
plain_is(char c)
{
	char lower = (char)(c | 0x20);

	return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9');
}

#if defined(__SSE2__)
/* The bytes between two, which are ASCII. */
static inline __m128i
plain_between(__m128i v, char low, char high)
{
	return _mm_and_si128(_mm_cmpgt_epi8(v, _mm_set1_epi8((char)(low - 1))),
	    _mm_cmplt_epi8(v, _mm_set1_epi8((char)(high + 1))));
}

static inline void
plain_take16(const char *at, struct plain *p)
{
	static const char masks[2 * PLAIN_MOST] = { -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
		-1, -1, -1, -1, -1 };
	__m128i v = _mm_loadu_si128((const __m128i *)(const void *)at);
	__m128i lower = _mm_or_si128(v, _mm_set1_epi8(0x20));
	__m128i letter = plain_between(lower, 'a', 'z'), digit = plain_between(v, '0', '9');
	unsigned taken = (unsigned)_mm_movemask_epi8(_mm_or_si128(letter, digit));

	p->len = (uint32_t)__builtin_ctz(~taken | 1u << PLAIN_MOST);
	/* a digit has the bit of lower case as it is */
	_mm_storeu_si128((__m128i *)(void *)p->byte,
	    _mm_and_si128(lower,
		_mm_loadu_si128((const __m128i *)(const void *)(masks + PLAIN_MOST - p->len))));
}
#else
static inline void
plain_take16(const char *at, struct plain *p)
{
	memset(p->byte, 0, sizeof p->byte);
	for (p->len = 0; p->len < PLAIN_MOST && plain_is(at[p->len]); p->len++)
		p->byte[p->len] = (char)(at[p->len] | 0x20);
}
#endif

/* What text begins with: len 0 if that is nothing plain. */
static inline void
plain_take(struct slice text, struct plain *p)
{
	char last[PLAIN_MOST] = { 0 };

	if (text.len >= PLAIN_MOST) {
		plain_take16(text.ptr, p);
		return;
	}
	memcpy(last, text.ptr, text.len);
	plain_take16(last, p);
}

static inline uint32_t
plain_hash(const struct plain *p)
{
	uint64_t word[2];

	memcpy(word, p->byte, sizeof word);
	word[0] = (word[0] ^ (word[1] * 0x9e3779b97f4a7c15u)) * 0xbf58476d1ce4e5b9u;
	return (uint32_t)(word[0] >> 40);
}

static inline bool
plain_equal(const struct plain *a, const struct plain *b)
{
	uint64_t x[2], y[2];

	memcpy(x, a->byte, sizeof x);
	memcpy(y, b->byte, sizeof y);
	return x[0] == y[0] && x[1] == y[1];
}

#endif
