/* SPDX-License-Identifier: MIT */
/* The next byte of a set, sixteen at a time: a look before a step's real work. */
#ifndef LLM_TEXT_FIND_H
#define LLM_TEXT_FIND_H

#include "base/slice.h"

typedef unsigned char find_bytes __attribute__((vector_size(16)));
typedef signed char find_mask __attribute__((vector_size(16)));

/* All bits of a byte are set where x, with the byte y behind it (0 at the end), is in the set.
 */
typedef find_mask find_set(find_bytes x, find_bytes y);

#define FIND_ALL(c) ((find_bytes){ c, c, c, c, c, c, c, c, c, c, c, c, c, c, c, c })
/* Where the bytes of v are the character c. */
#define FIND_IS(v, c) ((find_mask)((v) == FIND_ALL((unsigned char)(c))))

/* The set of ASCII digits. */
static inline find_mask
find_digits(find_bytes x, find_bytes y)
{
	(void)y;
	return (find_mask)(x - FIND_ALL('0') < FIND_ALL(10));
}

/* Bit i: byte i of m. */
static inline unsigned
find_bits(find_mask m)
{
#ifdef __SSE2__
	typedef char chars __attribute__((vector_size(16)));

	return (unsigned)__builtin_ia32_pmovmskb128((chars)m);
#else
	uint64_t half[2];
	unsigned bits = 0;

	memcpy(half, &m, sizeof(half));
	for (unsigned i = 0; half[0] | half[1] && i < 16; i++)
		bits |= (m[i] & 1u) << i;
	return bits;
#endif
}

/* Bits of the bytes of s from i on, at most sixteen; i < s.len. */
static inline __attribute__((always_inline)) unsigned
find_at(struct slice s, size_t i, find_set *set)
{
	size_t left = s.len - i;
	find_bytes x, y;

	if (left > 16) {
		memcpy(&x, s.ptr + i, sizeof(x));
		memcpy(&y, s.ptr + i + 1, sizeof(y));
		return find_bits(set(x, y));
	} else {
		char end[32] = { 0 };

		memcpy(end, s.ptr + i, left);
		memcpy(&x, end, sizeof(x));
		memcpy(&y, end + 1, sizeof(y));
		return find_bits(set(x, y)) & ((1u << left) - 1);
	}
}

/* The first byte of the set from i on; s.len if there is none. */
static inline __attribute__((always_inline)) size_t
find_next(struct slice s, size_t i, find_set *set)
{
	for (; i < s.len; i += 16) {
		unsigned bits = find_at(s, i, set);

		if (bits)
			return i + (size_t)__builtin_ctz(bits);
	}
	return s.len;
}

/* How many bytes of s are in the set. */
static inline __attribute__((always_inline)) size_t
find_count(struct slice s, find_set *set)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i += 16)
		n += (size_t)__builtin_popcount(find_at(s, i, set));
	return n;
}

#endif
