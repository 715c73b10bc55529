/* SPDX-License-Identifier: MIT */
/* Bytes with a length: borrowed, never NUL-ended, NUL bytes allowed inside. */
#ifndef BASE_SLICE_H
#define BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/ascii.h"

struct slice {
	const char *ptr; /* NULL only where a function says "absent" */
	size_t len;
};

/* The bytes of a string literal, without its NUL. */
#define SLICE(literal) ((struct slice){ "" literal, sizeof(literal) - 1 })
/* For printf: ("%.*s", SLICE_ARG(s)); the text is cut at INT_MAX and at a NUL. */
#define SLICE_ARG(s) (int)((s).len > INT32_MAX ? INT32_MAX : (s).len), (s).ptr ? (s).ptr : ""

static inline struct slice
slice_of(const char *ptr, size_t len)
{
	return (struct slice){ ptr, len };
}

/* The bytes of a C string; NULL gives the absent slice. */
static inline struct slice
slice_z(const char *z)
{
	return (struct slice){ z, z ? strlen(z) : 0 };
}

static inline bool
slice_eq(struct slice a, struct slice b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static inline bool
slice_eqz(struct slice a, const char *z)
{
	return slice_eq(a, slice_z(z));
}

static inline bool
slice_starts(struct slice s, struct slice head)
{
	return s.len >= head.len && (head.len == 0 || memcmp(s.ptr, head.ptr, head.len) == 0);
}

static inline bool
slice_ends(struct slice s, struct slice tail)
{
	return s.len >= tail.len &&
	       (tail.len == 0 || memcmp(s.ptr + s.len - tail.len, tail.ptr, tail.len) == 0);
}

static inline bool
slice_has(struct slice s, struct slice part)
{
	return s.len >= part.len &&
	       (part.len == 0 || memmem(s.ptr, s.len, part.ptr, part.len) != NULL);
}

/* Without the first n bytes (all of them if there are fewer). */
static inline struct slice
slice_drop(struct slice s, size_t n)
{
	n = n > s.len ? s.len : n;
	/* even nothing may not be added to a null pointer */
	return (struct slice){ n ? s.ptr + n : s.ptr, s.len - n };
}

/* The first n bytes (all of them if there are fewer). */
static inline struct slice
slice_take(struct slice s, size_t n)
{
	return (struct slice){ s.ptr, n > s.len ? s.len : n };
}

/* At most the first n bytes, and no part of a UTF-8 character at the end. */
static inline struct slice
slice_head(struct slice s, size_t n)
{
	if (n >= s.len)
		return s;
	while (n && ((unsigned char)s.ptr[n] & 0xC0) == 0x80)
		n--;
	return slice_take(s, n);
}

/* At most the last n bytes, and no part of a UTF-8 character at the begin. */
static inline struct slice
slice_tail(struct slice s, size_t n)
{
	size_t at = n < s.len ? s.len - n : 0;

	while (at && at < s.len && ((unsigned char)s.ptr[at] & 0xC0) == 0x80)
		at++;
	return slice_drop(s, at);
}

/* Byte order, a prefix before what it begins: -1, 0 or 1. */
static inline int
slice_cmp(struct slice a, struct slice b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int c = n ? memcmp(a.ptr, b.ptr, n) : 0;

	if (c)
		return c < 0 ? -1 : 1;
	return a.len == b.len ? 0 : a.len < b.len ? -1 : 1;
}

/* Offset of the first byte c, or s.len. */
static inline size_t
slice_find(struct slice s, char c)
{
	const char *p = s.len ? memchr(s.ptr, c, s.len) : NULL;

	return p ? (size_t)(p - s.ptr) : s.len;
}

/* Where `what` stands first; s.len: nowhere. For what begins with a byte that is rare. */
static inline size_t
slice_search(struct slice s, struct slice what)
{
	for (size_t i = 0; what.len <= s.len - i; i++) {
		i += slice_find(slice_of(s.ptr + i, s.len - i), what.ptr[0]);
		if (what.len <= s.len - i && memcmp(s.ptr + i, what.ptr, what.len) == 0)
			return i;
		if (i == s.len)
			break;
	}
	return s.len;
}

/* Without blanks (space, tab, CR, LF) at both ends. */
static inline struct slice
slice_trim(struct slice s)
{
	while (s.len && ascii_blank(s.ptr[0]))
		s = slice_drop(s, 1);
	while (s.len && ascii_blank(s.ptr[s.len - 1]))
		s.len--;
	return s;
}

#endif
