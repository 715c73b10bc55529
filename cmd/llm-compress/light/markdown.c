/* SPDX-License-Identifier: MIT */
/* Signs of Markdown that a model reads past: emphasis by asterisks, the signs of headings. */
#include "cmd/llm-compress/light/light.h"
#include "cmd/llm-compress/light/rewrite.h"
#include "cmd/llm-compress/light/spans.h"

struct seen {
	uint64_t emphasis, headings;
};

static bool
is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (unsigned char)c >= 0x80;
}

static size_t
stars(struct slice s)
{
	size_t n = 0;

	while (n < s.len && s.ptr[n] == '*')
		n++;
	return n;
}

static bool
may_open(struct slice span, size_t i, size_t n)
{
	return n <= 3 && i + n < span.len && is_name(span.ptr[i + n]) &&
	       (!i || strchr(" \t([,;:-", span.ptr[i - 1]));
}

static bool
may_close(struct slice span, size_t i, size_t n)
{
	char before = span.ptr[i - 1];
	bool ends = i + n == span.len || strchr(" \t.,;:!?)]-", span.ptr[i + n]);

	/* behind a full stop a word means a file name, not the end of a sentence */
	if (i + n + 1 < span.len && strchr(".,;:-", span.ptr[i + n]) &&
	    span.ptr[i + n + 1] != ' ' && span.ptr[i + n + 1] != '*')
		return false;
	return ends && (is_name(before) || strchr(".:!?)", before));
}

/* Where the emphasis that opens at i with n stars closes; 0 if it does not. */
static size_t
closes(struct slice span, size_t i, size_t n)
{
	for (size_t k = i + n + 1; k < span.len; k++) {
		size_t found = stars(slice_drop(span, k));

		if (!found)
			continue;
		return found == n && may_close(span, k, n) ? k : 0;
	}
	return 0;
}

static void
strip_emphasis(struct rewrite *r, struct slice text, struct slice span, struct seen *seen)
{
	for (size_t i = 0; (i += slice_find(slice_drop(span, i), '*')) < span.len;) {
		size_t n = stars(slice_drop(span, i)), end;

		end = may_open(span, i, n) ? closes(span, i, n) : 0;
		if (end) {
			rewrite_put(r, text, span.ptr + i, n, SLICE(""));
			rewrite_put(r, text, span.ptr + end, n, SLICE(""));
			seen->emphasis++;
			i = end + n;
		} else {
			i += n;
		}
	}
}

/* Bytes of `## ` at the begin of a line. */
static size_t
heading(const struct span *s)
{
	size_t n = 0;

	if (s->text.ptr != s->line.ptr)
		return 0;
	while (n < s->text.len && s->text.ptr[n] == '#')
		n++;
	return n && n <= 6 && n + 1 < s->text.len && s->text.ptr[n] == ' ' ? n + 1 : 0;
}

static struct slice
strip(struct work *w, struct slice text, bool headings, struct seen *seen)
{
	struct spans spans = spans_read(text, w->arena);
	struct rewrite r = { .any = false };

	for (size_t i = 0; i < spans.count; i++) {
		struct slice span = spans.list[i].text;
		size_t n = headings ? heading(&spans.list[i]) : 0;

		if (n) {
			rewrite_put(&r, text, span.ptr, n, SLICE(""));
			seen->headings++;
			span = slice_drop(span, n);
		}
		strip_emphasis(&r, text, span, seen);
	}
	return rewrite_end(&r, text, w);
}

static bool
has_signs(struct slice text, bool headings)
{
	return memchr(text.ptr, '*', text.len) || (headings && memchr(text.ptr, '#', text.len));
}

/* With a size to come to, later steps choose by headings: they stay. */
void
markdown_run(struct work *w)
{
	bool headings = w->target == UINT64_MAX;

	for (size_t i = 0; i < w->count; i++) {
		struct piece *p = &w->pieces[i];
		struct seen seen = { 0 };
		uint64_t before;

		if (!rewrite_may(w, p) || !has_signs(p->now, headings))
			continue;
		before = work_piece_tokens(w, p);
		if (!work_offer(w, p, strip(w, p->now, headings, &seen)))
			continue;
		before -= p->tokens;
		/* the signs of a heading are one token, what is left are stars */
		if (seen.headings)
			work_rule(w, SLICE("headings"), seen.headings,
			    seen.emphasis && seen.headings < before ? seen.headings : before);
		if (seen.emphasis)
			work_rule(w, SLICE("emphasis"), seen.emphasis,
			    seen.headings
				? (seen.headings < before ? before - seen.headings : 0)
				: before);
	}
}
