/* SPDX-License-Identifier: MIT */
/* Steps over runs of bytes that need no look, and over one UTF-8 character. */
#ifndef JSON_BYTES_H
#define JSON_BYTES_H

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/slice.h"

/* n bytes at p, at most eight, as a number; the order is the machine's. */
static inline uint64_t
bytes_load(const char *p, size_t n)
{
	uint64_t v = 0;

	memcpy(&v, p, n);
	return v;
}

/* The n bytes before end, the first the lowest, below them as many '0' as make eight of them; n
 * is 1 to 8, and eight bytes must be there to be read. */
static inline uint64_t
bytes_eight_before(const char *end, size_t n)
{
	uint64_t x = bytes_load(end - 8, 8);
	unsigned unused = 64 - 8 * (unsigned)n;

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	x = __builtin_bswap64(x);
#endif
	if (!unused)
		return x;
	return (x & UINT64_MAX << unused) | (UINT64_MAX / 255 * '0' >> 8 * n);
}

#ifdef __SSE2__
/* Which of 16 bytes differ, the first in the lowest bit. */
static inline unsigned
bytes_differ_16(const char *a, const char *b)
{
	__m128i x = _mm_loadu_si128((const __m128i *)(const void *)a),
		y = _mm_loadu_si128((const __m128i *)(const void *)b);

	return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(x, y)) ^ 0xFFFF;
}
#endif

/* memcmp for names, of which most have 4 to 16 bytes. */
static inline bool
bytes_same(const char *a, const char *b, size_t n)
{
#ifdef __SSE2__
	for (; n > 16; n -= 16, a += 16, b += 16)
		if (bytes_differ_16(a, b))
			return false;
#endif
	for (; n > 16; n -= 8, a += 8, b += 8)
		if (bytes_load(a, 8) != bytes_load(b, 8))
			return false;
	if (n >= 8)
		return bytes_load(a, 8) == bytes_load(b, 8) &&
		       bytes_load(a + n - 8, 8) == bytes_load(b + n - 8, 8);
	if (n >= 4)
		return bytes_load(a, 4) == bytes_load(b, 4) &&
		       bytes_load(a + n - 4, 4) == bytes_load(b + n - 4, 4);
	return !n || (a[0] == b[0] && a[n - 1] == b[n - 1] && (n < 3 || a[1] == b[1]));
}

/* Are the n bytes before end digits? n is 1 to 8; eight bytes must be there to be read. */
static inline bool
bytes_digits(const char *end, size_t n)
{
	const uint64_t ones = UINT64_MAX / 255;
	uint64_t x = bytes_eight_before(end, n);

	return ((x & ones * 0xF0) | ((x + ones * 6) & ones * 0xF0) >> 4) == ones * 0x33;
}

/* What they are as a number. */
static inline uint64_t
bytes_number(const char *end, size_t n)
{
	uint64_t x = bytes_eight_before(end, n) - UINT64_MAX / 255 * '0';

	/* pairs, then fours, then all eight */
	x = x * 10 + (x >> 8);
	x = (x & 0x000000FF000000FF) * 0x000F424000000064 +
	    (x >> 16 & 0x000000FF000000FF) * 0x0000271000000001;
	return x >> 32;
}

/* The upper bit of the bytes that are no plain ones, see bytes_plain; the lowest is right. */
static inline uint64_t
bytes_marks(uint64_t x)
{
	const uint64_t ones = UINT64_MAX / 255;

	return (x | (x - ones * 0x20) | ((x ^ ones * '"') - ones) |
		   ((x ^ ones * '\\') - ones)) &
	       ones * 0x80;
}

/* How many of the eight bytes at p, from the first on, are neither a control character nor a
 * quote, a backslash or outside ASCII. A borrow in the subtractions can only come from a byte
 * that is one of these itself, so the lowest mark is right. */
static inline size_t
bytes_plain(const char *p)
{
	uint64_t x = bytes_load(p, 8), marks;

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	x = __builtin_bswap64(x);
#endif
	marks = bytes_marks(x);
	return marks ? (size_t)__builtin_ctzll(marks) / 8 : 8;
}

/* The first byte from p on that is none of these, or end. */
static inline const char *
bytes_plain_end(const char *p, const char *end)
{
	size_t n;

#ifdef __SSE2__
	for (; end - p >= 16; p += 16) {
		__m128i x = _mm_loadu_si128((const __m128i *)(const void *)p);
		/* signed: bytes outside ASCII are below a blank too */
		__m128i odd = _mm_or_si128(_mm_cmplt_epi8(x, _mm_set1_epi8(' ')),
		    _mm_or_si128(_mm_cmpeq_epi8(x, _mm_set1_epi8('"')),
			_mm_cmpeq_epi8(x, _mm_set1_epi8('\\'))));
		unsigned marks = (unsigned)_mm_movemask_epi8(odd);

		if (marks)
			return p + __builtin_ctz(marks);
	}
#endif
	for (; end - p >= 8; p += 8)
		if ((n = bytes_plain(p)) < 8)
			return p + n;
	while (p < end && (unsigned char)*p >= ' ' && (unsigned char)*p < 0x80 && *p != '"' &&
	       *p != '\\')
		p++;
	return p;
}

#ifdef __SSE2__
/* How many of the 16 bytes at p, from the first on, are digits. */
static inline size_t
bytes_digit_run_16(const char *p)
{
	__m128i x =
	    _mm_sub_epi8(_mm_loadu_si128((const __m128i *)(const void *)p), _mm_set1_epi8('0'));
	__m128i digits = _mm_cmpeq_epi8(_mm_min_epu8(x, _mm_set1_epi8(9)), x);

	return (size_t)__builtin_ctz(~(unsigned)_mm_movemask_epi8(digits));
}
#endif

/* How many of the eight bytes at p, from the first on, are digits. */
static inline size_t
bytes_digit_run(const char *p)
{
	const uint64_t ones = UINT64_MAX / 255;
	uint64_t x = bytes_load(p, 8) ^ ones * '0', odd;

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	x = __builtin_bswap64(x);
#endif
	odd = (((x & ones * 0x7F) + ones * 0x76) | x) & ones * 0x80;
	return odd ? (size_t)__builtin_ctzll(odd) / 8 : 8;
}

/* Are all n bytes plain? n is 4 to 7. */
static inline bool
bytes_few_plain(const char *p, size_t n)
{
	uint32_t low, high;

	memcpy(&low, p, 4);
	memcpy(&high, p + n - 4, 4);
	return !bytes_marks((uint64_t)high << 32 | low);
}

/* The length of the UTF-8 character at p, which has left bytes (at least one); 0 if it is
 * none: cut, overlong, a surrogate or above U+10FFFF (RFC 3629 section 4). */
static inline size_t
bytes_character(const char *p, size_t left)
{
	unsigned char c = (unsigned char)p[0], second = left > 1 ? (unsigned char)p[1] : 0;
	size_t n = c < 0x80 ? 1 : c < 0xC2 ? 0 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : c < 0xF5 ? 4 : 0;
	unsigned char low = c == 0xE0 ? 0xA0 : c == 0xF0 ? 0x90 : 0x80;
	unsigned char high = c == 0xED ? 0x9F : c == 0xF4 ? 0x8F : 0xBF;

	if (n < 2)
		return n;
	if (n > left || second < low || second > high)
		return 0;
	for (size_t i = 2; i < n; i++)
		if (((unsigned char)p[i] & 0xC0) != 0x80)
			return 0;
	return n;
}

static inline bool
bytes_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* The value of a hexadecimal digit, or -1. */
static inline int
bytes_hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

#ifdef __SSE2__
#define BYTES_STEP 16
#else
#define BYTES_STEP 8
#endif
/* Copies BYTES_STEP bytes and returns how many of them stand before the first backslash. */
static inline size_t
bytes_copy_step(char *to, const char *from)
{
#ifdef __SSE2__
	__m128i x = _mm_loadu_si128((const __m128i *)(const void *)from);
	int marks = _mm_movemask_epi8(_mm_cmpeq_epi8(x, _mm_set1_epi8('\\')));

	_mm_storeu_si128((__m128i *)(void *)to, x);
	return marks ? (size_t)__builtin_ctz((unsigned)marks) : BYTES_STEP;
#else
	size_t n = 0;

	memcpy(to, from, BYTES_STEP);
	while (n < BYTES_STEP && from[n] != '\\')
		n++;
	return n;
#endif
}

/* What a backslash and c stand for; 0 for u, which takes more than one byte. */
static inline char
bytes_escaped(char c)
{
	static const char meant[128] = { ['"'] = '"',
		['\\'] = '\\',
		['/'] = '/',
		['b'] = '\b',
		['f'] = '\f',
		['n'] = '\n',
		['r'] = '\r',
		['t'] = '\t' };

	return meant[c & 127];
}

/* The length of the escape at p, where a backslash stands; 0 if it is none. */
static inline size_t
bytes_escaped_length(const char *p, const char *end)
{
	if (end - p < 2)
		return 0;
	if (p[1] != 'u')
		return (unsigned char)p[1] < 128 && bytes_escaped(p[1]) ? 2 : 0;
	for (size_t i = 2; i < 6; i++)
		if (p + i >= end || bytes_hex(p[i]) < 0)
			return 0;
	return 6;
}

/* Writes code point c, at most U+10FFFF, at p and returns its length, at most 4. A surrogate
 * is written by the same rule (as WTF-8 does), for comparisons only. */
static inline size_t
bytes_encode(uint32_t c, char *p)
{
	if (c < 0x80) {
		p[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		p[0] = (char)(0xC0 | c >> 6);
		p[1] = (char)(0x80 | (c & 0x3F));
		return 2;
	}
	if (c < 0x10000) {
		p[0] = (char)(0xE0 | c >> 12);
		p[1] = (char)(0x80 | (c >> 6 & 0x3F));
		p[2] = (char)(0x80 | (c & 0x3F));
		return 3;
	}
	p[0] = (char)(0xF0 | c >> 18);
	p[1] = (char)(0x80 | (c >> 12 & 0x3F));
	p[2] = (char)(0x80 | (c >> 6 & 0x3F));
	p[3] = (char)(0x80 | (c & 0x3F));
	return 4;
}

#endif
