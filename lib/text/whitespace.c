/* SPDX-License-Identifier: MIT */
#include "text/whitespace.h"

#include "text/find.h"
#include "text/lines.h"
#include "text/quotes.h"

struct writer_state {
	char *out;
	size_t len;
	char quote; /* first byte of the quote that is open in this paragraph; 0: none */
};

static inline find_mask
may_go(find_bytes x, find_bytes y)
{
	find_mask blank = FIND_IS(x, ' ') | FIND_IS(x, '\t') | FIND_IS(x, '\r');

	return (blank & FIND_IS(y, '\n')) | (FIND_IS(x, ' ') & FIND_IS(y, ' ')) |
	       (FIND_IS(x, '\n') & FIND_IS(y, '\n'));
}

/* Whether any of the three kinds can stand in the text at all: most texts have none. */
static bool
worth_a_look(struct slice s)
{
	char last = s.len ? s.ptr[s.len - 1] : 'x';

	if (last == ' ' || last == '\t' || last == '\r')
		return true; /* a carriage return may have blanks before it */
	for (size_t i = 0; (i = find_next(s, i, may_go)) < s.len; i++)
		if (s.ptr[i] != '\n' || (i + 2 < s.len && s.ptr[i + 2] == '\n'))
			return true;
	return false;
}

static void
add(struct writer_state *w, const char *ptr, size_t len)
{
	memcpy(w->out + w->len, ptr, len);
	w->len += len;
}

/* Length of indent and list marker with the blanks behind it. */
static size_t
head_length(struct slice s)
{
	size_t i = 0, digits;

	while (i < s.len && s.ptr[i] == ' ')
		i++;
	digits = i;
	while (digits < s.len && s.ptr[digits] >= '0' && s.ptr[digits] <= '9')
		digits++;
	if (digits > i && digits < s.len && (s.ptr[digits] == '.' || s.ptr[digits] == ')'))
		i = digits + 1;
	else if (i < s.len && (s.ptr[i] == '-' || s.ptr[i] == '*' || s.ptr[i] == '+'))
		i++;
	while (i < s.len && s.ptr[i] == ' ')
		i++;
	return i;
}

/* Where what follows has more to do than go on. */
static inline find_mask
matters(find_bytes x, find_bytes y)
{
	return FIND_IS(x, '"') | FIND_IS(x, '`') | FIND_IS(x, '\'') | FIND_IS(x, '\\') |
	       FIND_IS(x, 0xC2) | FIND_IS(x, 0xE2) | (FIND_IS(x, ' ') & FIND_IS(y, ' '));
}

/* The inside of a line, with runs of spaces outside quotes folded to one. */
static void
fold_inside(struct writer_state *w, struct slice s)
{
	size_t i = w->quote ? 0 : head_length(s), start = 0, n;
	bool literals = true;

	while ((i = find_next(s, i, matters)) < s.len) {
		char kind = 0;

		if ((n = quote_mark(s.ptr + i, s.len - i, &kind)) != 0) {
			if (!w->quote && kind)
				w->quote = kind;
			else if (kind && w->quote == kind)
				w->quote = 0;
			i += n;
		} else if (!w->quote && literals && s.ptr[i] == '\'') {
			n = quote_single(s, i);
			literals = n != SIZE_MAX;
			i += n && literals ? n : 1;
		} else if (!w->quote && s.ptr[i] == ' ') {
			add(w, s.ptr + start, i + 1 - start);
			while (i < s.len && s.ptr[i] == ' ')
				i++;
			start = i;
		} else {
			i++;
		}
	}
	add(w, s.ptr + start, s.len - start);
}

/* A line that nobody holds. next: the line behind it or NULL. */
static void
fold_line(struct writer_state *w, const struct line *l, const struct line *next)
{
	struct slice s = l->text;
	size_t tail = 0;
	bool spaces = true;

	while (s.len && (s.ptr[s.len - 1] == ' ' || s.ptr[s.len - 1] == '\t')) {
		spaces &= s.ptr[s.len - 1] == ' ';
		s.len--;
		tail++;
	}
	if (s.len &&
	    s.ptr[s.len - 1] == '\r') { /* a carriage return would become part of the end */
		s.len += tail;
		tail = 0;
	}
	if (l->signs & (SEEN_WIDE | SEEN_QUOTE))
		fold_inside(w, s);
	else
		add(w, s.ptr, s.len);
	if (w->quote)
		add(w, s.ptr + s.len, tail); /* inside a literal that goes on */
	else if (tail >= 2 && spaces && next && !(next->flags & LINE_BLANK))
		add(w, "  ", 2);
}

/* Blank lines from i to end: one empty line is enough, except beside code. */
static void
fold_blank(struct writer_state *w, const struct lines *lines, size_t i, size_t end)
{
	const struct line *list = lines->list;
	const struct line *last = &list[end - 1];
	unsigned around =
	    (i ? list[i - 1].flags : 0) | (end < lines->count ? list[end].flags : 0);

	for (size_t k = i; k < end; k++)
		around |= list[k].flags;
	if (around & LINE_CODE) {
		for (size_t k = i; k < end; k++)
			add(w, list[k].text.ptr, list[k].text.len + list[k].end);
		return;
	}
	add(w, last->text.ptr + last->text.len, last->end);
}

static struct slice
fold(struct slice text, struct arena *a)
{
	struct lines lines = lines_read(text, a);
	struct writer_state w = { arena_alloc(a, text.len + 1), 0, 0 };

	for (size_t i = 0; i < lines.count;) {
		const struct line *l = &lines.list[i];
		size_t end = i + 1;

		if (l->flags & LINE_FENCED) {
			add(&w, l->text.ptr, l->text.len + l->end);
			w.quote = 0;
		} else if (l->flags & LINE_BLANK) {
			while (end < lines.count && lines.list[end].flags & LINE_BLANK &&
			       !(lines.list[end].flags & LINE_FENCED))
				end++;
			fold_blank(&w, &lines, i, end);
			w.quote = 0;
		} else if (l->flags & LINE_HELD) {
			struct writer_state dry = w; /* quotes that open here may close below */

			if (l->signs & SEEN_QUOTE)
				fold_inside(&dry, l->text);
			w.quote = dry.quote;
			add(&w, l->text.ptr, l->text.len + l->end);
		} else {
			fold_line(&w, l, end < lines.count ? &lines.list[end] : NULL);
			add(&w, l->text.ptr + l->text.len, l->end);
		}
		i = end;
	}
	return slice_of(w.out, w.len);
}

struct slice
whitespace_fold(struct slice text, bool keep_tail, struct arena *a)
{
	size_t tail = 0;
	struct slice head, out;

	if (!text.len || !worth_a_look(text))
		return text;
	while (keep_tail && tail < text.len &&
	       strchr(" \t\r\n", text.ptr[text.len - 1 - tail]) &&
	       text.ptr[text.len - 1 - tail])
		tail++;
	head = slice_take(text, text.len - tail);
	out = fold(head, a);
	if (out.len == head.len)
		return text;
	if (tail) {
		char *whole = arena_alloc(a, out.len + tail);

		memcpy(whole, out.ptr, out.len);
		memcpy(whole + out.len, text.ptr + head.len, tail);
		out = slice_of(whole, out.len + tail);
	}
	return out;
}
