/* SPDX-License-Identifier: MIT */
#include "rank/units.h"

#define TAGS 16        /* open tags that are remembered */
#define LEVELS 8       /* # to ######, tags and titles by their look */
#define LOOK_LEVEL 7   /* the level of a title by its look */
#define TITLE_BYTES 90 /* its most bytes and words */
#define TITLE_WORDS 12

struct cutter {
	struct units *u;
	struct slice text;
	size_t at; /* offset of the line that comes next */
	uint32_t heading[LEVELS];
	struct {
		struct slice name;
		uint32_t unit;
	} tag[TAGS];
	size_t tags;
	bool dialogue;
	bool fresh; /* the line before was blank, or there is none */
};

struct unit *
units_push(struct units *u, struct slice text, enum unit_kind kind, bool section)
{
	struct unit *n;

	if (u->count == u->room) {
		u->room = u->room ? 2 * u->room : 64;
		n = arena_alloc(u->arena, u->room * sizeof(*n));
		if (u->count)
			memcpy(n, u->list, u->count * sizeof(*n));
		u->list = n;
	}
	if (section || !u->sections)
		u->sections++;
	n = &u->list[u->count++];
	*n = (struct unit){
		.text = text, .section = u->sections - 1, .heading = UNITS_NONE, .kind = kind
	};
	return n;
}

static struct slice
line_at(struct slice text, size_t at)
{
	struct slice rest = slice_drop(text, at);

	return slice_take(rest, slice_find(rest, '\n'));
}

static size_t
behind_line(struct slice text, struct slice line)
{
	size_t end = (size_t)(line.ptr - text.ptr) + line.len;

	return end < text.len ? end + 1 : end;
}

static size_t
indent_of(struct slice line)
{
	size_t n = 0;

	for (size_t i = 0; i < line.len && (line.ptr[i] == ' ' || line.ptr[i] == '\t'); i++)
		n += line.ptr[i] == '\t' ? 4 : 1;
	return n;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static size_t
word_count(struct slice s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		n += s.ptr[i] != ' ' && s.ptr[i] != '\t' &&
		     (i == 0 || s.ptr[i - 1] == ' ' || s.ptr[i - 1] == '\t');
	return n;
}

/* The nearest heading over what comes next, among levels below `level`. */
static uint32_t
heading_over(const struct cutter *c, size_t level)
{
	uint32_t best = c->tags ? c->tag[c->tags - 1].unit : UNITS_NONE;

	while (level--)
		if (c->heading[level] != UNITS_NONE)
			return best == UNITS_NONE || c->heading[level] > best
				   ? c->heading[level]
				   : best;
	return best;
}

static struct unit *
push(struct cutter *c, struct slice text, enum unit_kind kind, bool section)
{
	struct unit *n = units_push(c->u, text, kind, section);

	n->heading = heading_over(c, LEVELS);
	n->dialogue = c->dialogue;
	return n;
}

static void
push_heading(struct cutter *c, struct slice text, size_t level)
{
	uint32_t over = heading_over(c, level);

	units_push(c->u, text, UNIT_HEADING, true)->heading = over;
	c->heading[level] = (uint32_t)c->u->count - 1;
	for (size_t i = level + 1; i < LEVELS; i++)
		c->heading[i] = UNITS_NONE;
}

/* Bytes of the marker of a list item; 0: it is none. */
static size_t
item_marker(struct slice line)
{
	size_t i = 0;

	if (line.len > 2 && memchr("-*+", line.ptr[0], 3) && line.ptr[1] == ' ')
		return 2;
	if (slice_starts(line, SLICE("\xE2\x80\xA2")))
		return 3;
	while (i < line.len && i < 4 && is_digit(line.ptr[i]))
		i++;
	return i && i + 1 < line.len && (line.ptr[i] == '.' || line.ptr[i] == ')') &&
		       line.ptr[i + 1] == ' '
		   ? i + 2
		   : 0;
}

/* Bytes of the speaker of a turn with its colon; 0: the line begins none. */
static size_t
speaker(struct slice line)
{
	size_t colon = slice_find(slice_take(line, 48), ':');
	struct slice name = slice_take(line, colon);

	if (colon == 0 || colon >= 48 || colon >= line.len ||
	    (colon + 1 < line.len && line.ptr[colon + 1] != ' ' && line.ptr[colon + 1] != '\t'))
		return 0;
	if (!(is_upper(name.ptr[0]) || name.ptr[0] == '[' ||
		(unsigned char)name.ptr[0] >= 0x80 ||
		(name.ptr[0] >= 'a' && name.ptr[0] <= 'z')) ||
	    word_count(name) > 5)
		return 0;
	for (size_t i = 0; i < name.len; i++)
		if (memchr("{}\"=<>|/\\", name.ptr[i], 9))
			return 0;
	return colon + 1;
}

/* Most lines begin with a name and a colon, and names come again. */
static bool
is_dialogue(struct slice text)
{
	size_t lines = 0, turns = 0, again = 0;
	struct slice seen[4] = { { 0 } };

	for (size_t at = 0; at < text.len && lines < 200;) {
		struct slice line = line_at(text, at), name;

		at = behind_line(text, line);
		line = slice_trim(line);
		if (!line.len)
			continue;
		lines++;
		name = slice_take(line, speaker(line));
		if (!name.len)
			continue;
		for (size_t i = 0; i < 4; i++)
			if (seen[i].len && slice_eq(seen[i], name)) {
				again++;
				break;
			}
		seen[turns++ % 4] = name;
	}
	return turns >= 4 && turns * 5 >= lines * 3 && again * 3 >= turns;
}

static bool
is_fence(struct slice line, char *mark)
{
	line = slice_trim(line);
	*mark = line.len ? line.ptr[0] : 0;
	return slice_starts(line, SLICE("```")) || slice_starts(line, SLICE("~~~"));
}

static struct slice
stretch(const struct cutter *c, struct slice first, size_t end)
{
	struct slice s = slice_of(first.ptr, (size_t)(c->text.ptr + end - first.ptr));

	while (s.len && memchr(" \t\r\n", s.ptr[s.len - 1], 4))
		s.len--;
	return s;
}

/* From the opening fence to the closing one, or to the end. */
static void
cut_fence(struct cutter *c, struct slice line, char mark)
{
	size_t at = behind_line(c->text, line);

	while (at < c->text.len) {
		struct slice next = line_at(c->text, at);
		char closing;

		at = behind_line(c->text, next);
		if (is_fence(next, &closing) && closing == mark)
			break;
	}
	push(c, stretch(c, slice_drop(line, 0), at), UNIT_CODE, true);
	c->at = at;
}

/* Indented code: lines of four and more blanks, empty ones between them. */
static void
cut_indented(struct cutter *c, struct slice line)
{
	size_t at = behind_line(c->text, line), end = at;

	while (at < c->text.len) {
		struct slice next = line_at(c->text, at);

		if (slice_trim(next).len && indent_of(next) < 4)
			break;
		at = behind_line(c->text, next);
		if (slice_trim(next).len)
			end = at;
	}
	push(c, stretch(c, line, end), UNIT_CODE, true);
	c->at = end;
}

/* The lines of a list item or a turn: as long as they are indented deeper (item), or begin no
 * turn (dialogue), and none is empty. */
static size_t
continued(const struct cutter *c, struct slice line, bool turn)
{
	size_t at = behind_line(c->text, line), indent = indent_of(line);

	while (at < c->text.len) {
		struct slice next = line_at(c->text, at), bare = slice_trim(next);
		char mark;

		if (!bare.len || is_fence(next, &mark))
			break;
		if (turn ? speaker(bare) > 0 : indent_of(next) <= indent || item_marker(bare))
			break;
		at = behind_line(c->text, next);
	}
	return at;
}

/* A stretch of prose as sentences; the first opens a section where `section`. */
static void
cut_sentences(struct cutter *c, struct slice s, enum unit_kind kind, bool section)
{
	for (s = slice_trim(s); s.len; section = false) {
		size_t n = sentence_length(s);

		push(c, slice_take(s, n), kind, section);
		s = slice_trim(slice_drop(s, n));
	}
}

static struct slice
tag_name(struct slice tag)
{
	size_t n = 0;

	tag = slice_drop(tag, 1);
	if (tag.len && tag.ptr[0] == '/')
		tag = slice_drop(tag, 1);
	while (n < tag.len && !memchr(" \t>/", tag.ptr[n], 4))
		n++;
	return slice_take(tag, n);
}

/* A line that is one tag, <document index="1"> or </document>. */
static bool
cut_tag(struct cutter *c, struct slice bare)
{
	struct slice name;

	if (bare.len < 3 || bare.ptr[0] != '<' || bare.ptr[bare.len - 1] != '>' ||
	    slice_find(slice_drop(bare, 1), '<') < bare.len - 1)
		return false;
	name = tag_name(bare);
	if (!name.len || bare.ptr[1] == '!' || bare.ptr[1] == '?' ||
	    bare.ptr[bare.len - 2] == '/')
		return false;
	if (bare.ptr[1] != '/') {
		uint32_t over = heading_over(c, LEVELS);

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

/* Bytes of what heads a passage and stands before its text on the same line:
 * "Document [3](Title: X)", "Passage 3:", "[3]"; 0: nothing. */
static size_t
passage_head(struct slice s)
{
	static const char *const words[] = { "Document", "Passage", "Source", "Chunk", "Result",
		"Doc", "Context", "Snippet", "Article" };
	size_t i = 0;

	for (size_t k = 0; k < sizeof(words) / sizeof(words[0]) && !i; k++)
		if (slice_starts(s, slice_z(words[k])))
			i = strlen(words[k]);
	while (i < s.len && (s.ptr[i] == ' ' || s.ptr[i] == '#' || s.ptr[i] == '['))
		i++;
	if (i >= s.len || !is_digit(s.ptr[i]))
		return 0;
	while (i < s.len && (is_digit(s.ptr[i]) || s.ptr[i] == ']'))
		i++;
	while (i < s.len && s.ptr[i] == ' ')
		i++;
	if (i < s.len && s.ptr[i] == '(') {
		size_t depth = 0;

		for (; i < s.len && i < 300; i++) {
			depth += s.ptr[i] == '(';
			if (s.ptr[i] == ')' && --depth == 0)
				return i + 1;
		}
		return 0;
	}
	return i < s.len && s.ptr[i] == ':' ? i + 1 : 0;
}

/* A title by its look: a short line behind an empty one, no end of a sentence, and text below.
 */
static bool
is_title(const struct cutter *c, struct slice bare, size_t behind)
{
	struct slice next;
	bool gap = false;

	if (!c->fresh || bare.len > TITLE_BYTES || word_count(bare) > TITLE_WORDS ||
	    memchr(".!?,;", bare.ptr[bare.len - 1], 5) || memchr("{}[]<|", bare.ptr[0], 6))
		return false;
	next = line_at(c->text, behind);
	while (behind < c->text.len && !slice_trim(next).len) {
		gap = true;
		behind = behind_line(c->text, next);
		next = line_at(c->text, behind);
	}
	next = slice_trim(next);
	if (next.len < 60 || next.len < 2 * bare.len)
		return false;
	return !gap || bare.ptr[bare.len - 1] == ':' || is_upper(bare.ptr[0]) ||
	       is_digit(bare.ptr[0]);
}

/* Prose up to an empty line or one of another kind. */
static void
cut_paragraph(struct cutter *c, struct slice line)
{
	size_t at = behind_line(c->text, line), head;
	struct slice all;

	while (at < c->text.len) {
		struct slice next = line_at(c->text, at), bare = slice_trim(next);
		char mark;

		if (!bare.len || bare.ptr[0] == '#' || bare.ptr[0] == '|' ||
		    bare.ptr[0] == '<' || item_marker(bare) || is_fence(next, &mark) ||
		    passage_head(bare))
			break;
		at = behind_line(c->text, next);
	}
	all = slice_trim(stretch(c, line, at));
	head = passage_head(all);
	if (head && head < all.len) {
		push_heading(c, slice_take(all, head), LOOK_LEVEL);
		all = slice_drop(all, head);
	}
	cut_sentences(c, all, UNIT_SENTENCE, true);
	c->at = at;
}

/* Rows of a table; the head and the line of dashes under it are a heading. */
static void
cut_table(struct cutter *c, struct slice line)
{
	struct slice second = slice_trim(line_at(c->text, behind_line(c->text, line)));
	size_t at = behind_line(c->text, line);
	uint32_t head = UNITS_NONE;
	bool section = true;

	if (slice_starts(second, SLICE("|-")) || slice_starts(second, SLICE("| -")) ||
	    slice_starts(second, SLICE("|:")) || slice_starts(second, SLICE("| :"))) {
		at = behind_line(c->text, line_at(c->text, at));
		push(c, stretch(c, line, at), UNIT_HEADING, true);
		head = (uint32_t)c->u->count - 1;
		line = line_at(c->text, at);
	}
	while (slice_starts(slice_trim(line), SLICE("|"))) {
		struct unit *row = push(c, slice_trim(line), UNIT_ROW, section);

		if (head != UNITS_NONE)
			row->heading = head;
		section = false;
		at = behind_line(c->text, line);
		line = line_at(c->text, at);
	}
	c->at = at;
}

/* "[12 rows as a table; …]", a line of names and the rows (llm-compress(1), rows); false: none.
 */
static bool
cut_rows(struct cutter *c, struct slice line)
{
	size_t at = behind_line(c->text, line), rows = 0;
	uint32_t head;

	if (!memmem(line.ptr, line.len, " rows as a table; ", 18))
		return false;
	for (size_t i = 1; i < 12 && i < line.len && is_digit(line.ptr[i]); i++)
		rows = rows * 10 + (size_t)(line.ptr[i] - '0');
	at = behind_line(c->text, line_at(c->text, at));
	push(c, stretch(c, line, at), UNIT_HEADING, true);
	head = (uint32_t)c->u->count - 1;
	for (bool section = true; rows-- && at < c->text.len; section = false) {
		line = line_at(c->text, at);
		if (slice_trim(line).len)
			push(c, slice_trim(line), UNIT_ROW, section)->heading = head;
		at = behind_line(c->text, line);
	}
	c->at = at;
	return true;
}

static void
cut_line(struct cutter *c, struct slice line)
{
	struct slice bare = slice_trim(line);
	size_t behind = behind_line(c->text, line), level = 0;
	char mark;

	while (level < bare.len && level < 7 && bare.ptr[level] == '#')
		level++;
	c->at = behind;
	if (is_fence(line, &mark)) {
		cut_fence(c, line, mark);
	} else if (c->dialogue) {
		c->at = continued(c, line, true);
		push(c, slice_trim(stretch(c, line, c->at)), UNIT_TURN, true);
	} else if (level && level < 7 && level < bare.len && bare.ptr[level] == ' ') {
		push_heading(c, bare, level);
	} else if (bare.ptr[0] == '<' && cut_tag(c, bare)) {
		return;
	} else if (bare.ptr[0] == '[' && cut_rows(c, line)) {
		return;
	} else if (bare.ptr[0] == '|') {
		cut_table(c, line);
	} else if (item_marker(bare)) {
		c->at = continued(c, line, false);
		push(c, slice_trim(stretch(c, line, c->at)), UNIT_ITEM, c->fresh);
	} else if (c->fresh && indent_of(line) >= 4) {
		cut_indented(c, line);
	} else if (is_title(c, bare, behind)) {
		push_heading(c, bare, LOOK_LEVEL);
	} else {
		cut_paragraph(c, line);
	}
}

void
units_add(struct units *u, struct slice text)
{
	struct cutter c = {
		.u = u, .text = text, .dialogue = is_dialogue(text), .fresh = true
	};

	for (size_t i = 0; i < LEVELS; i++)
		c.heading[i] = UNITS_NONE;
	while (c.at < text.len) {
		struct slice line = line_at(text, c.at);

		if (slice_trim(line).len) {
			cut_line(&c, line);
			c.fresh = false;
		} else {
			c.at = behind_line(text, line);
			c.fresh = true;
		}
	}
}
