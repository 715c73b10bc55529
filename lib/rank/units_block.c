/* SPDX-License-Identifier: MIT */
/* What is more than a line: code, tags, tables. */
#include "base/ascii.h"
#include "rank/units_parts.h"

/* From the opening fence to the closing one, or to the end. */
void
cut_fence(struct cutter *c, struct slice line, char mark)
{
	size_t at = cut_behind(c->text, line);

	while (at < c->text.len) {
		struct slice next = cut_line_at(c->text, at);
		char closing;

		at = cut_behind(c->text, next);
		if (look_fence(next, &closing) && closing == mark)
			break;
	}
	cut_push(c, cut_stretch(c, slice_drop(line, 0), at), UNIT_CODE, true);
	c->at = at;
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
	bool section = true;

	if (slice_starts(second, SLICE("|-")) || slice_starts(second, SLICE("| -")) ||
	    slice_starts(second, SLICE("|:")) || slice_starts(second, SLICE("| :"))) {
		at = cut_behind(c->text, cut_line_at(c->text, at));
		cut_push(c, cut_stretch(c, line, at), UNIT_HEADING, true);
		head = (uint32_t)c->u->count - 1;
		line = cut_line_at(c->text, at);
	}
	while (slice_starts(slice_trim(line), SLICE("|"))) {
		struct unit *row = cut_push(c, slice_trim(line), UNIT_ROW, section);

		if (head != UNITS_NONE)
			row->heading = head;
		section = false;
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
	for (bool section = true; rows-- && at < c->text.len; section = false) {
		line = cut_line_at(c->text, at);
		if (slice_trim(line).len)
			cut_push(c, slice_trim(line), UNIT_ROW, section)->heading = head;
		at = cut_behind(c->text, line);
	}
	c->at = at;
	return true;
}
