/* SPDX-License-Identifier: MIT */
/* What a line is, by its look. */
#include "base/ascii.h"
#include "rank/units_parts.h"

#define TITLE_BYTES 90 /* its most bytes and words */
#define TITLE_WORDS 12

size_t
look_indent(struct slice line)
{
	size_t n = 0;

	for (size_t i = 0; i < line.len && (line.ptr[i] == ' ' || line.ptr[i] == '\t'); i++)
		n += line.ptr[i] == '\t' ? 4 : 1;
	return n;
}

static bool
look_upper(char c)
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

/* Bytes of the marker of a list item; 0: it is none. */
size_t
look_item(struct slice line)
{
	size_t i = 0;

	if (line.len > 2 && memchr("-*+", line.ptr[0], 3) && line.ptr[1] == ' ')
		return 2;
	if (slice_starts(line, SLICE("\xE2\x80\xA2")))
		return 3;
	while (i < line.len && i < 4 && ascii_digit(line.ptr[i]))
		i++;
	return i && i + 1 < line.len && (line.ptr[i] == '.' || line.ptr[i] == ')') &&
		       line.ptr[i + 1] == ' '
		   ? i + 2
		   : 0;
}

size_t
look_colon(struct slice line, size_t *end)
{
	struct slice head = slice_take(line, NAME_BYTES);
	size_t colon = slice_find(head, ':');

	*end = colon + 1;
	if (colon < head.len)
		return colon;
	colon = slice_search(head, SLICE("\xEF\xBC\x9A"));
	*end = colon + 3;
	return colon < head.len ? colon : 0;
}

/* Bytes of the speaker of a turn with its colon; 0: the line begins none. */
size_t
look_speaker(struct slice line)
{
	size_t end, colon = look_colon(line, &end);
	struct slice name = slice_take(line, colon);

	if (!colon || (end == colon + 1 && end < line.len && line.ptr[end] != ' ' &&
			  line.ptr[end] != '\t'))
		return 0;
	if (!(look_upper(name.ptr[0]) || name.ptr[0] == '[' ||
		(unsigned char)name.ptr[0] >= 0x80 ||
		(name.ptr[0] >= 'a' && name.ptr[0] <= 'z')) ||
	    word_count(name) > 5)
		return 0;
	for (size_t i = 0; i < name.len; i++)
		if (memchr("{}\"=<>|/\\", name.ptr[i], 9))
			return 0;
	return end;
}

bool
look_asked(struct slice line)
{
	return line.len && line.ptr[0] == 'Q' &&
	       (slice_starts(line, SLICE("Q:")) || slice_starts(line, SLICE("Question:")));
}

bool
look_answered(struct slice text)
{
	text = slice_trim(text);
	return slice_starts(text, SLICE("A:")) || slice_starts(text, SLICE("Answer:"));
}

/* Most lines begin with a name and a colon, and names come again. */
bool
look_dialogue(struct slice text)
{
	size_t lines = 0, turns = 0, again = 0, asked = 0;
	struct slice seen[4] = { { 0 } };

	for (size_t at = 0; at < text.len && lines < 200;) {
		struct slice line = cut_line_at(text, at), name;

		at = cut_behind(text, line);
		line = slice_trim(line);
		if (!line.len)
			continue;
		lines++;
		asked += look_asked(line);
		name = slice_take(line, look_speaker(line));
		if (!name.len || look_mail_line(line))
			continue;
		for (size_t i = 0; i < 4; i++)
			if (seen[i].len && slice_eq(seen[i], name)) {
				again++;
				break;
			}
		seen[turns++ % 4] = name;
	}
	return asked * 3 < turns && turns >= 4 && turns * 5 >= lines * 3 && again * 3 >= turns;
}

bool
look_fence(struct slice line, char *mark)
{
	line = slice_trim(line);
	*mark = line.len ? line.ptr[0] : 0;
	return slice_starts(line, SLICE("```")) || slice_starts(line, SLICE("~~~"));
}

struct slice
look_tag(struct slice tag)
{
	size_t n = 0;

	tag = slice_drop(tag, 1);
	if (tag.len && tag.ptr[0] == '/')
		tag = slice_drop(tag, 1);
	while (n < tag.len && !memchr(" \t>/", tag.ptr[n], 4))
		n++;
	return slice_take(tag, n);
}

/* Bytes of what heads a passage and stands before its text on the same line:
 * "Document [3](Title: X)", "Passage 3:", "[3]"; 0: nothing. */
size_t
look_passage(struct slice s)
{
	static const char *const words[] = { "Document", "Passage", "Source", "Chunk", "Result",
		"Doc", "Context", "Snippet", "Article" };
	size_t i = 0;

	if (!s.len || (!ascii_digit(s.ptr[0]) && !memchr("DPSCRA #[", s.ptr[0], 9)))
		return 0;
	for (size_t k = 0; k < sizeof(words) / sizeof(words[0]) && !i; k++)
		if (slice_starts(s, slice_z(words[k])))
			i = strlen(words[k]);
	while (i < s.len && (s.ptr[i] == ' ' || s.ptr[i] == '#' || s.ptr[i] == '['))
		i++;
	if (i >= s.len || !ascii_digit(s.ptr[i]))
		return 0;
	while (i < s.len && (ascii_digit(s.ptr[i]) || s.ptr[i] == ']'))
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
bool
look_title(const struct cutter *c, struct slice bare, size_t behind)
{
	struct slice next;
	bool gap = false;

	if (!c->fresh || bare.len > TITLE_BYTES || word_count(bare) > TITLE_WORDS ||
	    memchr(".!?,;", bare.ptr[bare.len - 1], 5) || memchr("{}[]<|", bare.ptr[0], 6))
		return false;
	next = cut_line_at(c->text, behind);
	while (behind < c->text.len && !slice_trim(next).len) {
		gap = true;
		behind = cut_behind(c->text, next);
		next = cut_line_at(c->text, behind);
	}
	next = slice_trim(next);
	if (next.len < 60 || next.len < 2 * bare.len)
		return false;
	return !gap || bare.ptr[bare.len - 1] == ':' || look_upper(bare.ptr[0]) ||
	       ascii_digit(bare.ptr[0]);
}
