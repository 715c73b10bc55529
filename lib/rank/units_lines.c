/* SPDX-License-Identifier: MIT */
/* Lines that are each a thing of their own: of a log, of CSV, of settings. */
#include "base/ascii.h"
#include "rank/units_parts.h"

#define LEAST 6   /* lines */
#define NARROW 45 /* bytes: prose is wrapped at more */
#define STAMP 16  /* bytes in which the time or the number of a line begins */
#define DIFF "diff --git "
#define DEPTH 16  /* of the indentation that is followed */

static bool
has_digit(struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if (ascii_digit(s.ptr[i]))
			return true;
	return false;
}

/* Whether the line ends where the next begins, and no sentence runs on. */
static bool
is_apart(struct slice line, struct slice next)
{
	return line.len < NARROW || ascii_digit(next.ptr[0]) ||
	       memchr("[<{(|-*#\"", next.ptr[0], 9) ||
	       look_indent(line) != look_indent(next) ||
	       slice_eq(slice_take(line, 3), slice_take(next, 3)) ||
	       (has_digit(slice_take(line, STAMP)) && has_digit(slice_take(next, STAMP)));
}

static size_t
count_of(struct slice line, char sign)
{
	size_t n = 0;

	for (size_t i = 0; i < line.len; i++)
		n += line.ptr[i] == sign;
	return n;
}

/* What prose of short lines has in few of them. */
static bool
is_data(struct slice line)
{
	return has_digit(line) || memchr(line.ptr, '=', line.len) ||
	       memchr(line.ptr, ':', line.len) || memchr(line.ptr, '\t', line.len) ||
	       count_of(line, ',') > 1 || count_of(line, ';') > 1;
}

static struct slice
line_next(struct slice *rest)
{
	struct slice line = slice_take(*rest, slice_find(*rest, '\n'));

	*rest = slice_drop(*rest, line.len + 1);
	while (line.len && ascii_blank(line.ptr[line.len - 1]))
		line.len--;
	return line;
}

static bool
has_lines(struct slice text, size_t least)
{
	while (text.len && --least)
		text = slice_drop(text, slice_find(text, '\n') + 1);
	return text.len > 0;
}

bool
look_lines(struct slice text)
{
	size_t lines = 1, apart = 0, data;
	struct slice line;

	if (!has_lines(text, LEAST))
		return false;
	if (slice_starts(text, SLICE(DIFF)))
		return true;
	line = line_next(&text);
	for (data = is_data(line); text.len; lines++) {
		struct slice next = line_next(&text);

		apart += is_apart(line, next);
		data += is_data(next);
		line = next;
	}
	return apart * 10 >= (lines - 1) * 9 && data * 5 >= lines * 3;
}

bool
look_mail_line(struct slice line)
{
	static const char *const names[] = { "From:", "To:", "Cc:", "Bcc:", "Date:", "Sent:",
		"Subject:", "Reply-To:", "Message-ID:" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (slice_starts(line, slice_z(names[i])))
			return true;
	return false;
}

bool
look_mail(struct slice text)
{
	size_t lines = 0;

	for (; text.len; lines++)
		if (!look_mail_line(line_next(&text)))
			return false;
	return lines > 1;
}

/* Whether the first line names the columns of the others. */
static bool
has_head(struct slice text)
{
	struct slice head = line_next(&text);
	const char *sign = ",;\t";

	while (*sign && count_of(head, *sign) < 2)
		sign++;
	if (!*sign || has_digit(head))
		return false;
	while (text.len) {
		struct slice line = line_next(&text);

		if (count_of(line, *sign) < count_of(head, *sign) || !has_digit(line))
			return false;
	}
	return true;
}

static uint32_t
push(struct cutter *c, struct slice line, enum unit_kind kind, bool section, uint32_t over)
{
	cut_push(c, line, kind, section)->heading = over;
	return (uint32_t)c->u->count - 1;
}

void
cut_lines(struct cutter *c, struct slice text)
{
	size_t indent[DEPTH], depth = 0;
	uint32_t over[DEPTH], top = cut_heading_over(c, LEVELS);

	if (has_head(text))
		top = push(c, line_next(&text), UNIT_HEADING, true, top);
	while (text.len) {
		struct slice line = line_next(&text);
		size_t deep = look_indent(line);
		bool opens = look_indent(text) > deep && slice_ends(line, SLICE(":"));

		while (depth && indent[depth - 1] >= deep)
			depth--;
		if (slice_starts(line, SLICE(DIFF))) {
			top = push(c, line, UNIT_HEADING, true, cut_heading_over(c, LEVELS));
			continue;
		}
		over[depth] = push(c, line, opens ? UNIT_HEADING : UNIT_ROW, !depth,
		    depth ? over[depth - 1] : top);
		indent[depth] = deep;
		depth += depth + 1 < DEPTH;
	}
}
