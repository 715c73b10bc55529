/* SPDX-License-Identifier: MIT */
/* What is more than a line: code, tags, tables. */
#include "base/ascii.h"
#include "rank/units_parts.h"

#define CODE_BYTES 1200 /* a block of code of no more is one unit */

/* What tells where the code may be cut. */
struct code_look {
	size_t indent; /* the least of a line behind the first */
	bool empty;    /* a line is empty */
};

static struct code_look
look_code(struct slice code)
{
	struct code_look look = { SIZE_MAX, false };

	for (code = slice_drop(code, slice_find(code, '\n') + 1); code.len;) {
		struct slice line = slice_take(code, slice_find(code, '\n'));

		if (!slice_trim(line).len)
			look.empty = true;
		else if (look_indent(line) < look.indent)
			look.indent = look_indent(line);
		code = slice_drop(code, line.len + 1);
	}
	return look;
}

/* Bytes of the code before the first line of the least indentation that an empty line stands
 * before, or, where none is empty, that neither opens nor closes a block; else code.len. */
static size_t
piece_length(struct slice code, struct code_look look)
{
	bool empty = false;

	for (size_t at = slice_find(code, '\n') + 1, n; at < code.len; at += n + 1) {
		struct slice rest = slice_drop(code, at), bare;

		n = slice_find(rest, '\n');
		bare = slice_trim(slice_take(rest, n));
		if (bare.len && look_indent(rest) <= look.indent &&
		    (look.empty ? empty : !memchr(")]}{", bare.ptr[0], 4)))
			return at;
		empty = !bare.len;
	}
	return code.len;
}

static void
push_code(struct cutter *c, struct slice code, uint32_t fence)
{
	while (code.len && ascii_blank(code.ptr[code.len - 1]))
		code.len--;
	while (code.len && (code.ptr[0] == '\n' || code.ptr[0] == '\r'))
		code = slice_drop(code, 1);
	if (code.len)
		cut_push(c, code, UNIT_CODE, true)->heading = fence;
}

#define NESTED 8 /* levels of indentation that are cut at */

/* Code in pieces that begin at its least indentation; long ones are cut at their empty lines. */
static void
cut_code(struct cutter *c, struct slice code, uint32_t fence, size_t level)
{
	struct code_look look = look_code(code);
	size_t whole = code.len;

	if (level && !look.empty) {
		push_code(c, code, fence);
		return;
	}
	while (code.len) {
		struct slice piece = slice_take(code, piece_length(code, look));

		code = slice_drop(code, piece.len);
		if (piece.len > CODE_BYTES && piece.len < whole && level < NESTED)
			cut_code(c, piece, fence, level + 1);
		else
			push_code(c, piece, fence);
	}
}

/* From the opening fence to the closing one, or to the end. */
void
cut_fence(struct cutter *c, struct slice line, char mark)
{
	size_t body = cut_behind(c->text, line), at = body, end = body;
	struct slice closing = { NULL, 0 };
	uint32_t fence;

	while (at < c->text.len && !closing.ptr) {
		struct slice next = cut_line_at(c->text, at);
		char other;

		end = at;
		at = cut_behind(c->text, next);
		if (look_fence(next, &other) && other == mark)
			closing = slice_trim(next);
	}
	c->at = at;
	if (at - body <= CODE_BYTES) {
		cut_push(c, cut_stretch(c, line, at), UNIT_CODE, true);
		return;
	}
	cut_push(c, slice_trim(line), UNIT_HEADING, true);
	fence = (uint32_t)c->u->count - 1;
	cut_code(c, slice_of(c->text.ptr + body, (closing.ptr ? end : at) - body), fence, 0);
	if (closing.ptr)
		cut_push(c, closing, UNIT_END, true)->heading = fence;
}

/* Indented code: lines of four and more blanks, empty ones between them. */
void
cut_indented(struct cutter *c, struct slice line)
{
	size_t at = cut_behind(c->text, line), end = at;

	while (at < c->text.len) {
		struct slice next = cut_line_at(c->text, at);

		if (slice_trim(next).len && look_indent(next) < 4)
			break;
		at = cut_behind(c->text, next);
		if (slice_trim(next).len)
			end = at;
	}
	cut_push(c, cut_stretch(c, line, end), UNIT_CODE, true);
	c->at = end;
}

#define RECORD_LINES 24

/* The offset behind the closing tag where there are but elements of one line before it, which
 * make a record; 0: it is none. */
static size_t
record_end(const struct cutter *c, struct slice name)
{
	size_t at = c->at;

	for (size_t n = 0; n < RECORD_LINES && at < c->text.len; n++) {
		struct slice line = cut_line_at(c->text, at), bare = slice_trim(line);

		at = cut_behind(c->text, line);
		if (slice_starts(bare, SLICE("</")))
			return n && slice_eq(look_tag(bare), name) ? at : 0;
		if (!slice_starts(bare, SLICE("<")) || !slice_ends(bare, SLICE(">")) ||
		    !(memmem(bare.ptr, bare.len, "</", 2) || slice_ends(bare, SLICE("/>"))))
			return 0;
	}
	return 0;
}

/* A line that is one tag, <document index="1"> or </document>. */
bool
cut_tag(struct cutter *c, struct slice bare)
{
	struct slice name;

	if (bare.len < 3 || bare.ptr[0] != '<' || bare.ptr[bare.len - 1] != '>' ||
	    slice_find(slice_drop(bare, 1), '<') < bare.len - 1)
		return false;
	name = look_tag(bare);
	if (!name.len || bare.ptr[1] == '!' || bare.ptr[1] == '?' ||
	    bare.ptr[bare.len - 2] == '/')
		return false;
	if (bare.ptr[1] != '/') {
		uint32_t over = cut_heading_over(c, LEVELS);
		size_t end = record_end(c, name);

		if (end) {
			cut_push(c, cut_stretch(c, bare, end), UNIT_ITEM, true);
			c->at = end;
			return true;
		}
		units_push(c->u, bare, UNIT_HEADING, true)->heading = over;
		if (c->tags < TAGS) {
			c->tag[c->tags].name = name;
			c->tag[c->tags++].unit = (uint32_t)c->u->count - 1;
		}
		return true;
	}
	for (size_t i = c->tags; i--;) {
		if (!slice_eq(c->tag[i].name, name))
			continue;
		units_push(c->u, bare, UNIT_END, true)->heading = c->tag[i].unit;
		for (size_t k = 0; k < LEVELS; k++) /* titles inside it end with it */
			if (c->heading[k] != UNITS_NONE && c->heading[k] > c->tag[i].unit)
				c->heading[k] = UNITS_NONE;
		c->tags = i;
		return true;
	}
	return false;
}

/* Rows of a table; the head and the line of dashes under it are a heading. */
void
cut_table(struct cutter *c, struct slice line)
{
	struct slice second = slice_trim(cut_line_at(c->text, cut_behind(c->text, line)));
	size_t at = cut_behind(c->text, line);
	uint32_t head = UNITS_NONE;

	if (slice_starts(second, SLICE("|-")) || slice_starts(second, SLICE("| -")) ||
	    slice_starts(second, SLICE("|:")) || slice_starts(second, SLICE("| :"))) {
		at = cut_behind(c->text, cut_line_at(c->text, at));
		cut_push(c, cut_stretch(c, line, at), UNIT_HEADING, true);
		head = (uint32_t)c->u->count - 1;
		line = cut_line_at(c->text, at);
	}
	while (slice_starts(slice_trim(line), SLICE("|"))) {
		struct unit *row = cut_push(c, slice_trim(line), UNIT_ROW, true);

		if (head != UNITS_NONE)
			row->heading = head;
		at = cut_behind(c->text, line);
		line = cut_line_at(c->text, at);
	}
	c->at = at;
}

/* "[12 rows as a table; …]", a line of names and the rows (llm-compress(1), rows); false: none.
 */
bool
cut_rows(struct cutter *c, struct slice line)
{
	size_t at = cut_behind(c->text, line), rows = 0;
	uint32_t head;

	if (!memmem(line.ptr, line.len, " rows as a table; ", 18))
		return false;
	for (size_t i = 1; i < 12 && i < line.len && ascii_digit(line.ptr[i]); i++)
		rows = rows * 10 + (size_t)(line.ptr[i] - '0');
	at = cut_behind(c->text, cut_line_at(c->text, at));
	cut_push(c, cut_stretch(c, line, at), UNIT_HEADING, true);
	head = (uint32_t)c->u->count - 1;
	while (rows-- && at < c->text.len) {
		line = cut_line_at(c->text, at);
		if (slice_trim(line).len)
			cut_push(c, slice_trim(line), UNIT_ROW, true)->heading = head;
		at = cut_behind(c->text, line);
	}
	c->at = at;
	return true;
}
