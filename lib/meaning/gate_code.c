/* SPDX-License-Identifier: MIT */
#include <ctype.h>

#include "meaning/gate_parts.h"

#define UNSPACED_MOST 4 /* signs of a word that is known in a script without blanks */

bool
gate_word_byte(char c)
{
	return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

bool
gate_is_mixed(struct slice s)
{
	bool letter = false, digit = false;

	for (size_t i = 0; i < s.len; i++) {
		letter |= isalpha((unsigned char)s.ptr[i]) != 0;
		digit |= isdigit((unsigned char)s.ptr[i]) != 0;
	}
	return letter && digit;
}

bool
gate_has(struct slice s, const char *what)
{
	struct slice w = slice_z(what);

	return s.len >= w.len && memmem(s.ptr, s.len, w.ptr, w.len);
}

/* What stands behind the bracket of "day(s)". */
static bool
is_plural(struct slice s)
{
	while (s.len && !isalpha((unsigned char)s.ptr[s.len - 1]))
		s.len--;
	return slice_eqz(s, "s") || slice_eqz(s, "es") || s.len == 0;
}

/* Does a chunk look like code, an address, a path, an identifier? */
bool
gate_is_code(struct slice s)
{
	static const char *const signs[] = { "://", "()", "::", "->", "=>",
		"==", "!=", "<=", ">=", "&&", "||", "\\", "{", "}", "</", "/>", "+=", "[]",
		"$(", "#!" };
	bool small = false;

	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
		if (gate_has(s, signs[i]))
			return true;
	if (s.len > 2 && s.ptr[0] == '-' &&
	    (s.ptr[1] == '-' || isalpha((unsigned char)s.ptr[1])))
		return true;
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i], next = i + 1 < s.len ? s.ptr[i + 1] : ' ';

		if ((c == '_' || c == '@' || c == '=' || c == '<' || c == '>') && s.len > 1)
			return true;
		/* name.txt, but no sentence without a blank behind it.Like this */
		if (c == '.' && i && gate_word_byte(s.ptr[i - 1]) &&
		    isalpha((unsigned char)next) && s.len > 4 &&
		    !(isupper((unsigned char)next) && islower((unsigned char)s.ptr[i - 1])))
			return true;
		if (c == '(' && i && gate_word_byte(s.ptr[i - 1]) &&
		    !is_plural(slice_drop(s, i + 1)))
			return true;
		if (c == '/' && (i == 0 || next == '.') && s.len > 2)
			return true;
		/* camelCase, but McDonald and iPhone are names */
		small |= islower((unsigned char)c) != 0;
		if (i > 2 && small && islower((unsigned char)s.ptr[i - 1]) &&
		    isupper((unsigned char)c) && islower((unsigned char)s.ptr[0]))
			return true;
	}
	return s.len > 1 && (s.ptr[s.len - 1] == '+' || s.ptr[s.len - 1] == '#') &&
	       isalpha((unsigned char)s.ptr[0]);
}

/* A quoted run at the front: its inside, and how many bytes it takes; 0 if there is none. */
size_t
gate_quoted(struct slice s, bool after_blank, struct slice *inside)
{
	static const char *const marks[][2] = { { "\"", "\"" },
		{ "\xe2\x80\x9c", "\xe2\x80\x9d" }, { "\xe2\x80\x9e", "\xe2\x80\x9c" },
		{ "\xc2\xab", "\xc2\xbb" }, { "'", "'" }, { "\xe2\x80\x98", "\xe2\x80\x99" } };

	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
		struct slice open = slice_z(marks[i][0]), close = slice_z(marks[i][1]);
		struct slice rest;

		if (!slice_starts(s, open) || (i >= 4 && !after_blank))
			continue;
		rest = slice_drop(s, open.len);
		for (size_t n = 1; n < rest.len && n < 2000; n++) {
			struct slice tail = slice_drop(rest, n);
			char next = tail.len > close.len ? tail.ptr[close.len] : ' ';

			if (slice_starts(tail, close) && (i < 4 || !gate_word_byte(next))) {
				*inside = slice_take(rest, n);
				return open.len + n + close.len;
			}
		}
	}
	return 0;
}

size_t
gate_code_span(struct slice s, struct slice *inside)
{
	size_t ticks = 0;

	while (ticks < s.len && s.ptr[ticks] == '`')
		ticks++;
	if (ticks == 0)
		return 0;
	for (size_t n = ticks; n + ticks <= s.len; n++)
		if (memcmp(s.ptr + n, s.ptr, ticks) == 0) {
			*inside = slice_trim(slice_of(s.ptr + ticks, n - ticks));
			return n + ticks;
		}
	return 0;
}

/* Bytes of the first sign where it is of a script that sets no blanks between words. */
static size_t
unspaced(struct slice s)
{
	unsigned char c = s.len ? (unsigned char)s.ptr[0] : 0;

	if (c >= 0xe3 && c <= 0xe9 && s.len >= 3)
		return 3;
	return c == 0xf0 && s.len >= 4 && (unsigned char)s.ptr[1] >= 0xa0 ? 4 : 0;
}

size_t
gate_mark(struct slice s)
{
	if (slice_starts(s, SLICE("\xe2\x80")) || slice_starts(s, SLICE("\xe3\x80")))
		return s.len < 3 ? s.len : 3;
	if (s.len > 1 && s.ptr[0] == '\xc2' && strchr("\xa1\xab\xbb\xbf", s.ptr[1]))
		return 2;
	return 0;
}

size_t
gate_chunk(struct slice s)
{
	size_t n = 0, ends[UNSPACED_MOST], signs = 0;

	while (signs < UNSPACED_MOST && unspaced(slice_drop(s, n)))
		n = ends[signs++] = n + unspaced(slice_drop(s, n));
	while (signs > 1 && !gate_is_known(slice_take(s, ends[signs - 1])))
		signs--;
	if (signs)
		return ends[signs - 1];
	while (n < s.len && !isspace((unsigned char)s.ptr[n]) &&
	       (n == 0 || (s.ptr[n] != '`' && !unspaced(slice_drop(s, n)) &&
			      !gate_mark(slice_drop(s, n)))))
		n++;
	return n;
}
