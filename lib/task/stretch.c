/* SPDX-License-Identifier: MIT */
#include "task/stretch.h"

#include <string.h>
#include <strings.h>

/* Not those that prompts put their instructions in: task, instructions, rules, format. */
static const char *const papers[] = { "document", "documents", "doc", "text", "context",
	"article", "email", "mail", "transcript", "conversation", "history", "source", "data",
	"log", "logs", "file", "code", "quote", "passage", "excerpt", "paper", "report",
	"page" };
#define PAPERS (sizeof(papers) / sizeof(*papers))

struct stretches
stretches_of(struct slice text)
{
	struct slice quoted = slice_drop(text, slice_find(text, '"')); /* most have none */

	return (struct stretches){ .rest = text,
		.quotes = quoted.len >= 6 && memmem(quoted.ptr, quoted.len, "\"\"\"", 3) };
}

/* From `from` on, or SIZE_MAX. */
static size_t
find(struct slice text, size_t from, struct slice what)
{
	const char *at = from <= text.len
			     ? memmem(text.ptr + from, text.len - from, what.ptr, what.len)
			     : NULL;

	return at ? (size_t)(at - text.ptr) : SIZE_MAX;
}

/* Which of the papers opens at the beginning of the text, or PAPERS. */
static size_t
paper_at(struct slice text)
{
	size_t n = 1;

	if (!text.len || text.ptr[0] != '<')
		return PAPERS;
	while (n < text.len && ((text.ptr[n] | 0x20) >= 'a' && (text.ptr[n] | 0x20) <= 'z'))
		n++;
	if (n == text.len || (text.ptr[n] != '>' && text.ptr[n] != ' '))
		return PAPERS;
	for (size_t i = 0; i < PAPERS; i++)
		if (strlen(papers[i]) == n - 1 &&
		    strncasecmp(papers[i], text.ptr + 1, n - 1) == 0)
			return i;
	return PAPERS;
}

/* Leaves out what stands from here to the end of the tag that opens here. */
static bool
skip_paper(struct stretches *s, struct slice begin)
{
	size_t paper = paper_at(begin), n, end;
	char close[20] = "</";

	if (paper == PAPERS || (s->unclosed & 1u << paper))
		return false;
	n = strlen(papers[paper]);
	memcpy(close + 2, begin.ptr + 1, n);
	close[n + 2] = '>';
	end = find(begin, n, slice_of(close, n + 3));
	if (end == SIZE_MAX) {
		s->unclosed |= 1u << paper;
		return false;
	}
	s->rest = slice_drop(begin, end + n + 3);
	return true;
}

/* Cuts the line before three quotes that are closed, and leaves out what they hold. */
static void
skip_quotes(struct stretches *s, struct slice *line)
{
	struct slice quotes = SLICE("\"\"\""),
		     all = slice_of(line->ptr,
			 line->len + s->rest.len + (s->rest.ptr > line->ptr + line->len));
	size_t open = find(*line, 0, quotes), close;

	if (open == SIZE_MAX)
		return;
	close = find(all, open + 3, quotes);
	s->quotes = close != SIZE_MAX;
	if (!s->quotes)
		return;
	*line = slice_take(*line, open);
	s->rest = slice_drop(all, close + 3);
}

static bool
is_fence(struct slice begin, char c)
{
	return begin.len >= 3 && begin.ptr[0] == c && begin.ptr[1] == c && begin.ptr[2] == c;
}

bool
stretch_next(struct stretches *s, struct slice *line)
{
	while (s->rest.len) {
		struct slice all = s->rest, begin;
		size_t n = slice_find(all, '\n');

		*line = begin = slice_take(all, n);
		s->rest = slice_drop(all, n + 1);
		while (begin.len && (begin.ptr[0] == ' ' || begin.ptr[0] == '\t'))
			begin = slice_drop(begin, 1);
		if (s->fence) {
			s->fence = is_fence(begin, s->fence) ? 0 : s->fence;
			continue;
		}
		if (is_fence(begin, '`') || is_fence(begin, '~')) {
			s->fence = begin.ptr[0];
			continue;
		}
		if (begin.len && begin.ptr[0] == '>')
			continue;
		if (skip_paper(s, slice_drop(all, (size_t)(begin.ptr - all.ptr))))
			continue;
		if (s->quotes)
			skip_quotes(s, line);
		return true;
	}
	return false;
}
