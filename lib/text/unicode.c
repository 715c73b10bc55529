/* SPDX-License-Identifier: MIT */
#include "text/unicode.h"

#include <stdio.h>
#include <utf8proc.h>

#define REPLACEMENT 0xFFFDu

uint32_t
unicode_next(struct slice *rest)
{
	utf8proc_int32_t c;
	utf8proc_ssize_t n;
	unsigned char first = (unsigned char)rest->ptr[0];

	if (first < 0x80) {
		*rest = slice_drop(*rest, 1);
		return first;
	}
	n = utf8proc_iterate(
	    (const utf8proc_uint8_t *)rest->ptr, (utf8proc_ssize_t)rest->len, &c);
	if (n <= 0) {
		*rest = slice_drop(*rest, 1);
		return REPLACEMENT;
	}
	*rest = slice_drop(*rest, (size_t)n);
	return (uint32_t)c;
}

size_t
unicode_put(uint32_t c, char *out)
{
	return (size_t)utf8proc_encode_char((utf8proc_int32_t)c, (utf8proc_uint8_t *)out);
}

bool
unicode_valid(struct slice text)
{
	utf8proc_int32_t c;

	while (text.len) {
		utf8proc_ssize_t n = utf8proc_iterate(
		    (const utf8proc_uint8_t *)text.ptr, (utf8proc_ssize_t)text.len, &c);

		if (n <= 0)
			return false;
		text = slice_drop(text, (size_t)n);
	}
	return true;
}

enum unicode_class
unicode_class(uint32_t c)
{
	switch (utf8proc_category((utf8proc_int32_t)c)) {
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LL:
	case UTF8PROC_CATEGORY_LT:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_LO: return UNICODE_LETTER;
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_MC:
	case UTF8PROC_CATEGORY_ME: return UNICODE_MARK;
	case UTF8PROC_CATEGORY_ND:
	case UTF8PROC_CATEGORY_NL:
	case UTF8PROC_CATEGORY_NO: return UNICODE_NUMBER;
	case UTF8PROC_CATEGORY_PC:
	case UTF8PROC_CATEGORY_PD:
	case UTF8PROC_CATEGORY_PS:
	case UTF8PROC_CATEGORY_PE:
	case UTF8PROC_CATEGORY_PI:
	case UTF8PROC_CATEGORY_PF:
	case UTF8PROC_CATEGORY_PO: return UNICODE_PUNCTUATION;
	case UTF8PROC_CATEGORY_SM:
	case UTF8PROC_CATEGORY_SC:
	case UTF8PROC_CATEGORY_SK:
	case UTF8PROC_CATEGORY_SO: return UNICODE_SYMBOL;
	case UTF8PROC_CATEGORY_ZS:
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP: return UNICODE_SPACE;
	default: return UNICODE_OTHER;
	}
}

static bool
is_ascii(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.ptr[i] >= 0x80)
			return false;
	return true;
}

/* utf8proc's own mapping calls malloc; here the arena gives the room, one int32 a code point.
 */
static struct slice
map(struct slice text, utf8proc_option_t options, struct arena *a)
{
	const utf8proc_uint8_t *bytes = (const utf8proc_uint8_t *)text.ptr;
	utf8proc_ssize_t len = (utf8proc_ssize_t)text.len, room, n;
	utf8proc_int32_t *points;

	room = utf8proc_decompose(bytes, len, NULL, 0, options);
	if (room < 0)
		return text;
	points = arena_alloc(a, ((size_t)room + 1) * sizeof(*points));
	n = utf8proc_decompose(bytes, len, points, room, options);
	if (n < 0 || n > room)
		return text;
	n = utf8proc_reencode(points, n, options);
	return n < 0 ? text : slice_of((const char *)points, (size_t)n);
}

struct slice
unicode_nfc(struct slice text, struct arena *a)
{
	return is_ascii(text) ? text : map(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE, a);
}

struct slice
unicode_nfkc(struct slice text, struct arena *a)
{
	if (is_ascii(text))
		return text;
	return map(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT, a);
}

struct slice
unicode_fold(struct slice text, struct arena *a)
{
	char *out;

	if (!is_ascii(text))
		return map(text,
		    UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD |
			UTF8PROC_IGNORE,
		    a);
	out = arena_alloc(a, text.len + 1);
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		out[i] = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
	}
	return slice_of(out, text.len);
}

static bool
in_word(uint32_t c)
{
	if (c < 0x80)
		return (c | 0x20) - 'a' < 26 || c - '0' < 10 || c == '_';
	return unicode_class(c) <= UNICODE_NUMBER;
}

static bool
apostrophe(uint32_t c)
{
	return c == '\'' || c == 0x2019;
}

/* What stands behind the word that begins at the start of text. */
static struct slice
behind_word(struct slice text)
{
	while (text.len) {
		struct slice next = text;
		uint32_t c = unicode_next(&next);

		if (apostrophe(c) && next.len) {
			struct slice after = next;

			if (!in_word(unicode_next(&after)))
				break;
		} else if (!in_word(c)) {
			break;
		}
		text = next;
	}
	return text;
}

bool
unicode_word(struct slice *rest, struct slice *word)
{
	while (rest->len) {
		struct slice next = *rest;

		if (in_word(unicode_next(&next))) {
			struct slice end = behind_word(next);

			*word = slice_of(rest->ptr, rest->len - end.len);
			*rest = end;
			return true;
		}
		*rest = next;
	}
	return false;
}

size_t
unicode_words(struct slice text)
{
	struct slice word;
	size_t n = 0;

	while (unicode_word(&text, &word))
		n++;
	return n;
}

size_t
unicode_grapheme(struct slice text)
{
	struct slice rest = text, next;
	utf8proc_int32_t state = 0;
	uint32_t before;

	if (!text.len)
		return 0;
	before = unicode_next(&rest);
	while (rest.len) {
		uint32_t c;

		next = rest;
		c = unicode_next(&next);
		if (utf8proc_grapheme_break_stateful(
			(utf8proc_int32_t)before, (utf8proc_int32_t)c, &state))
			break;
		before = c;
		rest = next;
	}
	return text.len - rest.len;
}

const char *
unicode_version(void)
{
	static char text[32];

	snprintf(text, sizeof(text), "utf8proc %s", utf8proc_version());
	return text;
}
