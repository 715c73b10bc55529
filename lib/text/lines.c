/* SPDX-License-Identifier: MIT */
#include "text/lines.h"

#include "text/find.h"

static bool
blank(char c)
{
	return c == ' ' || c == '\t';
}

static struct slice
without_indent(struct slice s)
{
	while (s.len && blank(s.ptr[0]))
		s = slice_drop(s, 1);
	return s;
}

static struct slice
without_tail(struct slice s)
{
	while (s.len && blank(s.ptr[s.len - 1]))
		s.len--;
	return s;
}

static bool
contains(struct slice s, const char *z)
{
	return s.len && memmem(s.ptr, s.len, z, strlen(z)) != NULL;
}

/* How many times the first character stands at the start. */
static size_t
run_length(struct slice s)
{
	size_t n = 1;

	while (n < s.len && s.ptr[n] == s.ptr[0])
		n++;
	return s.len ? n : 0;
}

/* Where a sign may begin. */
static inline find_mask
may_be_sign(find_bytes x, find_bytes y)
{
	find_mask alone = FIND_IS(x, '\t') | FIND_IS(x, '|') | FIND_IS(x, '"') |
			  FIND_IS(x, '`') | FIND_IS(x, '<') | FIND_IS(x, 0xC2) |
			  FIND_IS(x, 0xE2) | FIND_IS(y, '=') | FIND_IS(y, '>');
	find_mask twice =
	    (find_mask)(x == y) & ((find_mask)(x < FIND_ALL('0')) | FIND_IS(x, ':'));
	find_mask pairs = (FIND_IS(x, '(') & FIND_IS(y, ')')) |
			  (FIND_IS(x, '/') & FIND_IS(y, '*')) |
			  (FIND_IS(x, '*') & FIND_IS(y, '/'));

	return alone | twice | pairs;
}

/* The signs that begin at p. */
static unsigned
sign_at(const char *p, size_t left)
{
	char next = left > 1 ? p[1] : '\0';

	switch (*p) {
	case ' ':
		return next == ' '                              ? SEEN_WIDE
		       : next == '=' && left > 2 && p[2] == ' ' ? SEEN_CODE
								: 0;
	case '\t': return SEEN_TAB;
	case '|': return SEEN_BAR;
	case '"':
	case '`':
	case '\xC2':
	case '\xE2': return SEEN_QUOTE;
	case '\'': return next == '\'' ? SEEN_QUOTE : 0;
	case '=': return next == '=' || next == '>' ? SEEN_CODE : 0;
	case '!':
	case '+': return next == '=' ? SEEN_CODE : 0;
	case '-': return next == '>' ? SEEN_CODE : 0;
	case '&':
	case ':': return next == *p ? SEEN_CODE : 0;
	case '(': return next == ')' ? SEEN_CODE : 0;
	case '/': return next == '*' ? SEEN_CODE : 0;
	case '*': return next == '/' ? SEEN_CODE : 0;
	case '<':
		return next == '<'                                 ? SEEN_CODE
		       : next == 'p' || next == 'c' || next == '/' ? SEEN_TAG
								   : 0;
	default: return 0;
	}
}

static unsigned char
look_at(struct slice s)
{
	unsigned seen = 0;

	for (size_t i = 0; (i = find_next(s, i, may_be_sign)) < s.len; i++) {
		unsigned one = sign_at(s.ptr + i, s.len - i);

		if (one & SEEN_BAR & seen)
			one |= SEEN_BARS;
		seen |= one;
	}
	return (unsigned char)seen;
}

static void
split(struct slice text, struct lines *out, struct arena *a)
{
	size_t room = 1;

	for (struct slice s = text; s.len; s = slice_drop(s, slice_find(s, '\n') + 1))
		room++;
	out->list = arena_alloc(a, room * sizeof(*out->list));
	out->count = 0;
	while (text.len) {
		size_t n = slice_find(text, '\n');
		struct line *l = &out->list[out->count++];

		*l = (struct line){ slice_take(text, n), n < text.len, 0, 0 };
		if (l->end && n && text.ptr[n - 1] == '\r') {
			l->text.len--;
			l->end = 2;
		}
		l->signs = look_at(l->text);
		if (!without_indent(l->text).len)
			l->flags = LINE_BLANK;
		text = slice_drop(text, n + 1);
	}
}

/* Fences of Markdown, and <pre> and <code> that span lines. */
static void
mark_fences(struct lines *lines)
{
	size_t length = 0; /* of the open fence */
	char kind = 0;     /* its character; '<' for a tag */

	for (size_t i = 0; i < lines->count; i++) {
		struct line *l = &lines->list[i];
		struct slice s = without_indent(l->text);
		bool may = s.len && (s.ptr[0] == '`' || s.ptr[0] == '~');
		size_t n = may ? run_length(s) : 0;
		bool fence = n >= 3;

		if (kind == '<') {
			l->flags |= LINE_FENCED;
			if (l->signs & SEEN_TAG &&
			    (contains(s, "</pre>") || contains(s, "</code>")))
				kind = 0;
		} else if (kind) {
			l->flags |= LINE_FENCED;
			if (fence && s.ptr[0] == kind && n >= length &&
			    !without_tail(slice_drop(s, n)).len)
				kind = 0;
		} else if (fence) {
			l->flags |= LINE_FENCED;
			kind = s.ptr[0];
			length = n;
		} else if (l->signs & SEEN_TAG &&
			   (contains(s, "<pre") || contains(s, "<code"))) {
			l->flags |= LINE_FENCED;
			if (!contains(s, "</pre>") && !contains(s, "</code>"))
				kind = '<';
		}
	}
}

static bool
starts_diff(const struct lines *lines, size_t i)
{
	struct slice s = lines->list[i].text;

	return slice_starts(s, SLICE("@@ -")) || slice_starts(s, SLICE("diff --git ")) ||
	       (slice_starts(s, SLICE("--- ")) && i + 1 < lines->count &&
		   slice_starts(lines->list[i + 1].text, SLICE("+++ ")));
}

static void
mark_diffs(struct lines *lines)
{
	bool inside = false;

	for (size_t i = 0; i < lines->count; i++) {
		struct line *l = &lines->list[i];

		if (l->flags & LINE_FENCED)
			continue;
		if (starts_diff(lines, i))
			inside = true;
		else if (inside && !(l->flags & LINE_BLANK) &&
			 (!memchr(" +-@\\", l->text.ptr[0], 5) &&
			     !slice_starts(l->text, SLICE("index "))))
			inside = false;
		if (inside)
			l->flags |= LINE_CODE;
	}
}

/* `key:` or `- key:` with a key of one word. */
static bool
looks_yaml(struct slice s)
{
	size_t i = 0;

	if (slice_starts(s, SLICE("- ")))
		s = without_indent(slice_drop(s, 2));
	while (i < s.len && s.ptr[i] != ':' && !blank(s.ptr[i]))
		i++;
	return i && i < s.len && s.ptr[i] == ':' && (i + 1 == s.len || blank(s.ptr[i + 1]));
}

static bool
looks_code(struct slice s)
{
	static const char *const starts[] = { "#include", "//", "$ ", ">", "@", "\\", NULL };
	char last;

	s = without_tail(s);
	last = s.len ? s.ptr[s.len - 1] : 'x';
	if (last == ';' || last == '{' || last == '}' || last == '\\')
		return true;
	if (!s.len || !memchr("#/$>@\\", s.ptr[0], 6))
		return false;
	for (size_t i = 0; starts[i]; i++)
		if (slice_starts(s, slice_z(starts[i])))
			return true;
	return false;
}

/* The place behind the next run of two or more spaces inside the line, from `at`; 0 if none. */
static size_t
run_end(struct slice s, size_t at)
{
	for (; at + 1 < s.len; at++) {
		if (s.ptr[at] != ' ' || s.ptr[at + 1] != ' ' || !at)
			continue;
		while (at < s.len && s.ptr[at] == ' ')
			at++;
		return at < s.len ? at : 0;
	}
	return 0;
}

/* Two lines whose wide blanks end in one column are a table without lines. */
static bool
aligned(struct slice a, struct slice b)
{
	size_t i = run_end(a, 0), k = run_end(b, 0);

	while (i && k && i != k) {
		if (i < k)
			i = run_end(a, i);
		else
			k = run_end(b, k);
	}
	return i && i == k;
}

static bool
many_runs(struct slice s)
{
	size_t at = run_end(s, 0), n = 0;

	for (; at && n < 3; n++)
		at = run_end(s, at);
	return n >= 3;
}

static void
mark_looks(struct lines *lines)
{
	for (size_t i = 0; i < lines->count; i++) {
		struct line *l = &lines->list[i];
		struct slice s = without_tail(l->text), inner = without_indent(s);

		if (l->flags & (LINE_FENCED | LINE_BLANK))
			continue;
		if (i && l->signs & lines->list[i - 1].signs & SEEN_WIDE &&
		    !(lines->list[i - 1].flags & LINE_FENCED) &&
		    aligned(without_tail(lines->list[i - 1].text), s)) {
			l->flags |= LINE_LAYOUT;
			lines->list[i - 1].flags |= LINE_LAYOUT;
		}
		if (s.len - inner.len >= 2 || s.ptr[0] == '\t' || l->signs & SEEN_CODE ||
		    looks_code(inner)) {
			l->flags |= LINE_CODE;
			continue;
		}
		if (l->signs & SEEN_BARS || looks_yaml(inner) ||
		    (l->signs & SEEN_TAB && memchr(s.ptr, '\t', s.len)) ||
		    (l->signs & SEEN_WIDE && many_runs(s)))
			l->flags |= LINE_LAYOUT;
	}
}

static inline find_mask
may_be_quote(find_bytes x, find_bytes y)
{
	return FIND_IS(x, '"') | FIND_IS(x, '`') | FIND_IS(x, 0xC2) | FIND_IS(x, 0xE2) |
	       (FIND_IS(x, '\\') & FIND_IS(y, '"')) | (FIND_IS(x, '\'') & FIND_IS(y, '\''));
}

void
quotes_count(struct slice s, size_t counts[QUOTE_KINDS])
{
	for (size_t i = 0; (i = find_next(s, i, may_be_quote)) < s.len; i++) {
		const char *p = s.ptr + i;
		size_t left = s.len - i;

		switch (*p) {
		case '\\': i += left > 1 && p[1] == '"'; break;
		case '"': counts[0]++; break;
		case '`': counts[1]++; break;
		case '\'':
			if (left > 2 && p[1] == '\'' && p[2] == '\'') {
				counts[2]++;
				i += 2;
			}
			break;
		case '\xE2': /* the double quotes U+201C to U+201E */
			counts[3] += left > 2 && p[1] == '\x80' && (p[2] & '\xFC') == '\x9C' &&
				     p[2] != '\x9F';
			break;
		case '\xC2': /* « and » */
			counts[4] += left > 1 && (p[1] == '\xAB' || p[1] == '\xBB');
			break;
		default: break;
		}
	}
}

/* A literal that spans paragraphs leaves an odd number of quotes in the first and in the last
 * of them. A stray quote does so too, and nobody can tell which is which: all that stands from
 * the first odd paragraph to the last is held. */
static void
mark_literals(struct lines *lines)
{
	size_t first[QUOTE_KINDS], last[QUOTE_KINDS];
	bool any[QUOTE_KINDS] = { false };

	for (size_t i = 0; i < lines->count;) {
		size_t counts[QUOTE_KINDS] = { 0 }, begin = i;

		while (i < lines->count && !(lines->list[i].flags & LINE_BLANK)) {
			if (lines->list[i].signs & SEEN_QUOTE &&
			    !(lines->list[i].flags & LINE_FENCED))
				quotes_count(lines->list[i].text, counts);
			i++;
		}
		for (size_t k = 0; k < QUOTE_KINDS; k++)
			if (counts[k] & 1) {
				first[k] = any[k] ? first[k] : begin;
				last[k] = i;
				any[k] = true;
			}
		while (i < lines->count && lines->list[i].flags & LINE_BLANK)
			i++;
	}
	for (size_t k = 0; k < QUOTE_KINDS; k++)
		for (size_t i = any[k] ? first[k] : SIZE_MAX; i < lines->count && i < last[k];
		     i++)
			lines->list[i].flags |= LINE_CODE | LINE_LITERAL;
}

/* What we wrote ourselves: "[12 rows as a table; an empty cell …" of the step "rows", "[12 log
 * lines as cells, …" of the step "log"; how many rows, 0: the line says neither. */
static size_t
rows_said(struct slice s)
{
	size_t rows = 0, i = 1;

	if (s.len < 40 || s.ptr[0] != '[')
		return 0;
	for (; i < 12 && s.ptr[i] >= '0' && s.ptr[i] <= '9'; i++)
		rows = rows * 10 + (size_t)(s.ptr[i] - '0');
	s = slice_drop(s, i);
	return slice_starts(s, SLICE(" rows as a table; an empty cell")) ||
		       slice_starts(s, SLICE(" log lines as cells, each up to "))
		   ? rows
		   : 0;
}

/* A line of a log stands for so many more: "*12". */
static size_t
more_lines(struct slice s)
{
	size_t n = 0;

	if (s.len < 2 || s.len > 9 || s.ptr[0] != '*')
		return 1;
	for (size_t i = 1; i < s.len; i++) {
		if (s.ptr[i] < '0' || s.ptr[i] > '9')
			return 1;
		n = n * 10 + (size_t)(s.ptr[i] - '0');
	}
	return n;
}

static void
mark_rows(struct lines *lines)
{
	for (size_t i = 0; i < lines->count; i++) {
		size_t rows = rows_said(lines->list[i].text), k = i;

		for (; rows && k < lines->count && k < i + 2; k++)
			lines->list[k].flags |= LINE_CODE;
		for (size_t n = 0; n < rows && k < lines->count; k++) {
			lines->list[k].flags |= LINE_CODE;
			n += more_lines(lines->list[k].text);
		}
		i = k > i ? k - 1 : i;
	}
}

struct lines
lines_read(struct slice text, struct arena *a)
{
	struct lines lines;

	split(text, &lines, a);
	mark_fences(&lines);
	mark_diffs(&lines);
	mark_looks(&lines);
	mark_rows(&lines);
	mark_literals(&lines);
	return lines;
}
