/* SPDX-License-Identifier: MIT */
/* A word as a term, byte by byte. */
#include "rank/terms.h"

#include "base/ascii.h"

#define TERM_BYTES 40 /* a longer word counts by its first bytes and its length */

/* An ASCII letter or digit. */
static inline bool
term_byte(unsigned char c)
{
	return (unsigned)((c | 0x20) - 'a') < 26 || (unsigned)(c - '0') < 10;
}

/* What stands at p, not ASCII: bytes of it in *n; true if it is part of a word, *alone if it is
 * one by itself. */
static bool
wide_letter(const unsigned char *p, const unsigned char *end, size_t *n, bool *alone)
{
	size_t left = (size_t)(end - p);

	*n = p[0] < 0xC0 ? 1 : p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;
	if (*n > left)
		*n = left;
	*alone = false;
	if (*n == 2)
		return p[0] != 0xC2;
	if (*n == 3) {
		if (p[0] == 0xE2 || (p[0] == 0xE3 && p[1] == 0x80) || p[0] == 0xEF)
			return false;
		*alone = p[0] >= 0xE3 && p[0] <= 0xE9;
		return true;
	}
	return *n == 4;
}

/* Small letter of a two-byte capital, in place. */
static void
lower_wide(unsigned char *p)
{
	if (p[0] == 0xC3 && p[1] >= 0x80 && p[1] <= 0x9E)
		p[1] |= 0x20;
	else if (p[0] == 0xCE && p[1] >= 0x91 && p[1] <= 0x9F)
		p[1] += 0x20;
	else if (p[0] == 0xCE && p[1] >= 0xA0 && p[1] <= 0xA9)
		p[0] = 0xCF, p[1] -= 0x20;
	else if (p[0] == 0xD0 && p[1] >= 0x90 && p[1] <= 0x9F)
		p[1] += 0x20;
	else if (p[0] == 0xD0 && p[1] >= 0xA0 && p[1] <= 0xAF)
		p[0] = 0xD1, p[1] -= 0x20;
}

static bool
has_vowel(const unsigned char *w, size_t n)
{
	static const unsigned vowels =
	    1u << 0 | 1u << 4 | 1u << 8 | 1u << 14 | 1u << 20 | 1u << 24;

	for (size_t i = 0; i < n; i++)
		if (w[i] >= 'a' && w[i] <= 'z' && (vowels >> (w[i] - 'a') & 1))
			return true;
	return false;
}

static bool
ends(const unsigned char *w, size_t n, const char *tail, size_t k)
{
	return n > k + 2 && w[n - 1] == (unsigned char)tail[k - 1] &&
	       memcmp(w + n - k, tail, k) == 0 && has_vowel(w, n - k);
}

/* Length of the stem of a word in small letters; may change a letter. */
static size_t
stem(unsigned char *w, size_t n)
{
	/* the last letters of what goes: s d y g n r e */
	static const unsigned ending =
	    1u << 18 | 1u << 3 | 1u << 24 | 1u << 6 | 1u << 13 | 1u << 17 | 1u << 4;

	if (n < 4 || w[n - 1] < 'a' || w[n - 1] > 'z' || !(ending >> (w[n - 1] - 'a') & 1))
		return n;
	if (n > 3 && w[n - 1] == 's' && w[n - 2] != 's' && w[n - 2] != 'u') {
		n--;
		if (n > 4 && w[n - 1] == 'e' && w[n - 2] == 'i') {
			w[n - 2] = 'y';
			n--;
		} else if (n > 4 && w[n - 1] == 'e' && memchr("sxzh", w[n - 2], 4)) {
			n--;
		}
	} else if (n > 4 && memcmp(w + n - 3, "ied", 3) == 0) {
		n -= 2;
		w[n - 1] = 'y';
	}
	if (ends(w, n, "ly", 2))
		n -= 2;
	if (ends(w, n, "ing", 3) || ends(w, n, "ion", 3))
		n -= 3;
	else if (ends(w, n, "ed", 2) || ends(w, n, "er", 2) || ends(w, n, "or", 2))
		n -= 2;
	else
		goto last;
	if (n > 3 && w[n - 1] == w[n - 2] && !memchr("lsz", w[n - 1], 3))
		n--;
last:
	if (n > 3 && w[n - 1] == 'e')
		n--;
	if (n > 3 && w[n - 1] == 'y')
		w[n - 1] = 'i';
	return n;
}

static uint64_t
mix(const unsigned char *w, size_t n)
{
	uint64_t h = 0x9E3779B97F4A7C15u ^ n, v;

	for (; n >= 8; n -= 8, w += 8) {
		memcpy(&v, w, 8);
		h = (h ^ v) * 0xD6E8FEB86659FD93u;
		h ^= h >> 32;
	}
	v = 0;
	memcpy(&v, w, n);
	h = (h ^ v) * 0xD6E8FEB86659FD93u;
	h ^= h >> 32;
	h *= 0xD6E8FEB86659FD93u;
	h ^= h >> 29;
	return h ? h : 1;
}

uint64_t
term_next(struct slice *rest, struct slice *word)
{
	const unsigned char *p = (const unsigned char *)rest->ptr, *end = p + rest->len, *from;
	unsigned char w[TERM_BYTES + 8];
	size_t n = 0, k;
	bool ascii = true, letters = false, alone = false;

	for (; p < end && !term_byte(*p); p += *p < 0x80 ? 1 : k)
		if (*p >= 0x80 && wide_letter(p, end, &k, &alone))
			break;
	from = p;
	for (; p < end; p += k) {
		bool one;

		for (; p < end && term_byte(*p); p++) { /* the common case */
			letters |= *p > '9';
			if (n < TERM_BYTES)
				w[n++] = *p | 0x20; /* which digits have as they are */
		}
		if (p == end)
			break;
		k = 1;
		if (*p < 0x80 || !wide_letter(p, end, &k, &one) || (one && p > from))
			break;
		ascii = false;
		if (n + k <= TERM_BYTES) {
			memcpy(w + n, p, k);
			if (k == 2)
				lower_wide(w + n);
			n += k;
		}
		if (one) {
			p += k;
			break;
		}
	}
	*word = slice_of((const char *)from, (size_t)(p - from));
	*rest = slice_of((const char *)p, (size_t)(end - p));
	if (p == from)
		return 0;
	if (ascii && letters && word->len <= TERM_BYTES)
		n = stem(w, n);
	return mix(w, n) ^ (word->len > TERM_BYTES ? word->len : 0);
}
