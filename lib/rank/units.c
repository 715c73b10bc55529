/* SPDX-License-Identifier: MIT */
#include "rank/units_parts.h"

struct unit *
units_push(struct units *u, struct slice text, enum unit_kind kind, bool section)
{
	struct unit *n;

	u->list = arena_more(u->arena, u->list, u->count, &u->room, sizeof(*u->list));
	if (section || !u->sections)
		u->sections++;
	n = &u->list[u->count++];
	*n = (struct unit){
		.text = text, .section = u->sections - 1, .heading = UNITS_NONE, .kind = kind
	};
	return n;
}

struct slice
cut_line_at(struct slice text, size_t at)
{
	struct slice rest = slice_drop(text, at);

	return slice_take(rest, slice_find(rest, '\n'));
}

size_t
cut_behind(struct slice text, struct slice line)
{
	size_t end = (size_t)(line.ptr - text.ptr) + line.len;

	return end < text.len ? end + 1 : end;
}

/* The nearest heading over what comes next, among levels below `level`. */
uint32_t
cut_heading_over(const struct cutter *c, size_t level)
{
	uint32_t best = c->tags ? c->tag[c->tags - 1].unit : UNITS_NONE;

	while (level--)
		if (c->heading[level] != UNITS_NONE)
			return best == UNITS_NONE || c->heading[level] > best
				   ? c->heading[level]
				   : best;
	return best;
}

struct unit *
cut_push(struct cutter *c, struct slice text, enum unit_kind kind, bool section)
{
	struct unit *n = units_push(c->u, text, kind, section);

	n->heading = cut_heading_over(c, LEVELS);
	n->dialogue = c->dialogue;
	return n;
}

void
cut_heading(struct cutter *c, struct slice text, size_t level)
{
	uint32_t over = cut_heading_over(c, level);

	units_push(c->u, text, UNIT_HEADING, true)->heading = over;
	c->heading[level] = (uint32_t)c->u->count - 1;
	for (size_t i = level + 1; i < LEVELS; i++)
		c->heading[i] = UNITS_NONE;
}

struct slice
cut_stretch(const struct cutter *c, struct slice first, size_t end)
{
	struct slice s = slice_of(first.ptr, (size_t)(c->text.ptr + end - first.ptr));

	while (s.len && ascii_blank(s.ptr[s.len - 1]))
		s.len--;
	return s;
}

/* The lines of a list item or a turn: as long as they are indented deeper (item), or begin no
 * turn (dialogue), and none is empty. */
static size_t
continued(const struct cutter *c, struct slice line, bool turn)
{
	size_t at = cut_behind(c->text, line), indent = look_indent(line);

	while (at < c->text.len) {
		struct slice next = cut_line_at(c->text, at), bare = slice_trim(next);
		char mark;

		if (!bare.len || look_fence(next, &mark))
			break;
		if (turn ? look_speaker(bare) > 0
			 : look_indent(next) <= indent || look_item(bare))
			break;
		at = cut_behind(c->text, next);
	}
	return at;
}

/* A stretch of prose as sentences; the first opens a section where `section`. */
void
cut_sentences(struct cutter *c, struct slice s, enum unit_kind kind, bool section)
{
	for (s = slice_trim(s); s.len; section = false) {
		size_t n = sentence_length(s);

		cut_push(c, slice_take(s, n), kind, section);
		s = slice_trim(slice_drop(s, n));
	}
}

/* Prose up to an empty line or one of another kind. */
static void
cut_paragraph(struct cutter *c, struct slice line)
{
	size_t at = cut_behind(c->text, line), head;
	struct slice all;

	while (at < c->text.len) {
		struct slice next = cut_line_at(c->text, at), bare = slice_trim(next);
		char mark;

		if (!bare.len || bare.ptr[0] == '#' || bare.ptr[0] == '|' ||
		    bare.ptr[0] == '<' || look_item(bare) || look_fence(next, &mark) ||
		    look_passage(bare) || look_asked(bare))
			break;
		at = cut_behind(c->text, next);
	}
	all = slice_trim(cut_stretch(c, line, at));
	head = look_passage(all);
	if (head && head < all.len) {
		cut_heading(c, slice_take(all, head), LOOK_LEVEL);
		all = slice_drop(all, head);
	}
	c->at = at;
	if (!head && cut_markup(c, all))
		return;
	if (!head && look_mail(all))
		cut_heading(c, all, LOOK_LEVEL);
	else if (!head && look_lines(all))
		cut_lines(c, cut_stretch(c, line, at));
	else
		cut_sentences(c, all, UNIT_SENTENCE, true);
}

static void
cut_line(struct cutter *c, struct slice line)
{
	struct slice bare = slice_trim(line);
	size_t behind = cut_behind(c->text, line), level = 0;
	char mark;

	while (level < bare.len && level < 7 && bare.ptr[level] == '#')
		level++;
	c->at = behind;
	if (look_fence(line, &mark)) {
		cut_fence(c, line, mark);
	} else if (c->dialogue) {
		c->at = continued(c, line, true);
		cut_push(c, slice_trim(cut_stretch(c, line, c->at)), UNIT_TURN, true);
	} else if (level && level < 7 && level < bare.len && bare.ptr[level] == ' ') {
		cut_heading(c, bare, level);
	} else if (look_asked(bare) && look_answered(slice_drop(c->text, behind))) {
		cut_heading(c, bare, LOOK_LEVEL);
	} else if (bare.ptr[0] == '<' && cut_tag(c, bare)) {
		return;
	} else if (bare.ptr[0] == '[' && cut_rows(c, line)) {
		return;
	} else if (bare.ptr[0] == '|') {
		cut_table(c, line);
	} else if (look_item(bare)) {
		c->at = continued(c, line, false);
		cut_push(c, slice_trim(cut_stretch(c, line, c->at)), UNIT_ITEM, c->fresh);
	} else if (c->fresh && look_indent(line) >= 4) {
		cut_indented(c, line);
	} else if (look_title(c, bare, behind)) {
		cut_heading(c, bare, LOOK_LEVEL);
	} else {
		cut_paragraph(c, line);
	}
}

void
units_add(struct units *u, struct slice text)
{
	struct cutter c = {
		.u = u, .text = text, .dialogue = look_dialogue(text), .fresh = true
	};

	for (size_t i = 0; i < LEVELS; i++)
		c.heading[i] = UNITS_NONE;
	while (c.at < text.len) {
		struct slice line = cut_line_at(text, c.at);

		if (slice_trim(line).len) {
			cut_line(&c, line);
			c.fresh = false;
		} else {
			c.at = cut_behind(text, line);
			c.fresh = true;
		}
	}
}
