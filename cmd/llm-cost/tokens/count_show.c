/* SPDX-License-Identifier: MIT */
/* Pieces of text and places in records, for eyes. */
#include <stdio.h>

#include "count.h"

#include "json/bytes.h"
#include "text/unicode.h"

/* Selectors that no font shows and in which text can be hidden. */
static bool
is_hidden_mark(uint32_t c)
{
	return (c >= 0xE0100 && c <= 0xE01EF) || (c >= 0xFE00 && c <= 0xFE0E) || c == 0x34F;
}

/* What is not in the text itself, and so in a colour of its own where there are colours. */
static void
show_aside(struct buf *out, bool colours, const char *text)
{
	if (colours)
		buf_printf(out, "\033[38;5;%um", text[0] == '\\' ? 124U : 242U);
	buf_add(out, slice_z(text));
	if (colours)
		buf_add(out, SLICE("\033[38;5;16m"));
}

static void
show_byte(struct buf *out, bool colours, char c)
{
	char text[16];

	snprintf(text, sizeof(text), "\\x%02x", (unsigned)(unsigned char)c);
	show_aside(out, colours, text);
}

static void
show_point(struct buf *out, bool colours, uint32_t c)
{
	char text[16];

	snprintf(text, sizeof(text), "\\u{%x}", (unsigned)c);
	show_aside(out, colours, text);
}

static void
show_character(struct buf *out, struct slice character, bool first, bool colours)
{
	struct slice rest = character;
	uint32_t c = unicode_next(&rest);
	enum unicode_class class = unicode_class(c);

	if (class == UNICODE_OTHER || class == UNICODE_SPACE || is_hidden_mark(c)) {
		show_point(out, colours, c);
		return;
	}
	/* a mark would sit on what stands before the piece */
	if (class == UNICODE_MARK && first)
		show_aside(out, colours, "\u25CC");
	buf_add(out, character);
}

static void
show_ascii(struct buf *out, char c, bool colours)
{
	static const struct {
		char c;
		const char *sign, *escape;
	} special[] = { { ' ', "\u00B7", " " }, { '\n', "\u21B5", "\\n" },
		{ '\t', "\u2192", "\\t" }, { '\r', "\\r", "\\r" } };

	for (size_t i = 0; i < sizeof(special) / sizeof(*special); i++)
		if (special[i].c == c) {
			show_aside(out, colours, colours ? special[i].sign : special[i].escape);
			return;
		}
	if (c < ' ' || c == 0x7F)
		show_byte(out, colours, c);
	else if (c == '\\' && !colours)
		buf_add(out, SLICE("\\\\"));
	else
		buf_add_byte(out, c);
}

void
show_piece(struct buf *out, struct slice piece, bool colours)
{
	for (bool first = true; piece.len; first = false) {
		size_t n = bytes_character(piece.ptr, piece.len);

		if (n == 1)
			show_ascii(out, piece.ptr[0], colours);
		else if (n)
			show_character(out, slice_take(piece, n), first, colours);
		else
			show_byte(out, colours, piece.ptr[n++]);
		piece = slice_drop(piece, n);
	}
}

static bool
is_word(struct slice name)
{
	if (!name.len || (name.ptr[0] >= '0' && name.ptr[0] <= '9'))
		return false;
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			(c >= '0' && c <= '9') || c == '_'))
			return false;
	}
	return true;
}

/* v is child, or stands inside it. */
static bool
holds(struct value child, struct value v)
{
	struct slice outer = json_raw(child), inner = json_raw(v);

	return inner.ptr >= outer.ptr && inner.ptr < outer.ptr + outer.len;
}

/* The member or item of container that holds v, whose step is written. */
static struct value
step(struct buf *out, struct value container, struct value v)
{
	bool object = json_type(container) == JSON_OBJECT;
	size_t index = 0;

	for (struct value k = json_first(container); json_type(k); k = json_next(k), index++) {
		struct value child = object ? json_member_value(k) : k;
		struct slice name = object ? json_string_raw(k) : slice_of("", 0);

		if (!holds(child, v))
			continue;
		if (!object)
			buf_printf(out, "[%zu]", index);
		else if (is_word(name))
			buf_printf(out, ".%.*s", SLICE_ARG(name));
		else
			buf_printf(out, ".\"%.*s\"", SLICE_ARG(name));
		return child;
	}
	return (struct value){ 0 };
}

void
show_path(struct buf *out, struct value root, struct value v)
{
	for (struct value at = root; json_type(at) && at.entry != v.entry;)
		at = step(out, at, v);
}
