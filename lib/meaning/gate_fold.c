/* SPDX-License-Identifier: MIT */
#include "base/buf.h"
#include "meaning/gate_parts.h"
#include "text/unicode.h"

static bool
looks_like_code(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (strchr("`{};=\\", text.ptr[i]) ||
		    (text.ptr[i] == '\n' && i + 1 < text.len && strchr(" \t", text.ptr[i + 1])))
			return true;
	return false;
}

static bool
is_soft_mark(uint32_t c)
{
	return (c < 0x80 && strchr(".,;:!?\"'()[]", (int)c)) || (c >= 0x2018 && c <= 0x201f) ||
	       c == 0x2026 || c == 0xab || c == 0xbb || c == 0xbf || c == 0xa1 || c == 0x3002 ||
	       c == 0x3001;
}

static bool
is_blank(uint32_t c)
{
	return c == ' ' || (c >= 9 && c <= 13) || c == 0xa0 || c == 0x2028 || c == 0x2029 ||
	       c == 0x3000;
}

/* The chunk without soft marks at its edges, behind one blank. */
static void
fold_chunk(struct slice chunk, struct buf *out)
{
	struct slice rest = chunk, last;
	size_t begin = SIZE_MAX, end = 0;

	while (rest.len) {
		size_t at = (size_t)(rest.ptr - chunk.ptr);

		last = rest;
		if (!is_soft_mark(unicode_next(&rest))) {
			begin = begin == SIZE_MAX ? at : begin;
			end = (size_t)(last.ptr - chunk.ptr) + (last.len - rest.len);
		}
	}
	if (begin == SIZE_MAX)
		return;
	if (out->len)
		buf_add_byte(out, ' ');
	buf_add(out, slice_of(chunk.ptr + begin, end - begin));
}

struct slice
gate_straight(struct slice text, struct arena *a)
{
	static const char round[] = "\xe2\x80\x99";
	char *out = arena_alloc(a, text.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < text.len; i++)
		if (n && i + 3 < text.len && memcmp(text.ptr + i, round, 3) == 0 &&
		    gate_word_byte(text.ptr[i - 1]) && gate_word_byte(text.ptr[i + 3])) {
			out[n++] = '\'';
			i += 2;
		} else {
			out[n++] = text.ptr[i];
		}
	return slice_of(out, n);
}

struct slice
gate_fold(struct slice text, struct arena *a)
{
	struct buf out = { 0 };
	struct slice rest, chunk, result;

	if (looks_like_code(text))
		return arena_copy(a, slice_trim(text));
	for (rest = gate_straight(unicode_fold(text, a), a); rest.len;) {
		struct slice before = rest;

		chunk = slice_of(rest.ptr, 0);
		while (rest.len && !is_blank(unicode_next(&rest))) {
			chunk.len += before.len - rest.len;
			before = rest;
		}
		fold_chunk(chunk, &out);
	}
	result = arena_copy(a, buf_slice(&out));
	buf_free(&out);
	return result;
}
