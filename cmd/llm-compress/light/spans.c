/* SPDX-License-Identifier: MIT */
#include "cmd/llm-compress/light/spans.h"

#include "text/find.h"
#include "text/lines.h"
#include "text/quotes.h"
#include "cmd/llm-compress/work.h"

struct reading {
	struct spans out;
	size_t room;
	struct arena *arena;
	char quote; /* what closes the quote that is open in this paragraph; 0: none */
};

static void
add(struct reading *r, struct slice text, struct slice line)
{
	if (!text.len)
		return;
	r->out.list =
	    arena_more(r->arena, r->out.list, r->out.count, &r->room, sizeof(*r->out.list));
	r->out.list[r->out.count++] = (struct span){ text, line };
}

/* An address or a path goes on to the next blank. */
static size_t
address_length(struct slice s)
{
	size_t n = 0;

	if (!slice_starts(s, SLICE("http://")) && !slice_starts(s, SLICE("https://")) &&
	    !slice_starts(s, SLICE("www.")))
		return 0;
	while (n < s.len && s.ptr[n] != ' ' && s.ptr[n] != '\t')
		n++;
	return n;
}

/* Where a quote, a literal or an address may begin or end. */
static inline find_mask
matters(find_bytes x, find_bytes y)
{
	return FIND_IS(x, '"') | FIND_IS(x, '`') | FIND_IS(x, '\'') | FIND_IS(x, '\\') |
	       FIND_IS(x, 0xC2) | FIND_IS(x, 0xE2) | (FIND_IS(x, 'h') & FIND_IS(y, 't')) |
	       (FIND_IS(x, 'w') & FIND_IS(y, 'w'));
}

static void
read_line(struct reading *r, struct slice s)
{
	size_t i = 0, start = 0, n;
	bool literals = true;

	while ((i = find_next(s, i, matters)) < s.len) {
		char kind = 0;

		if ((n = quote_mark(s.ptr + i, s.len - i, &kind)) != 0) {
			bool closes = r->quote && kind == r->quote;

			if (!r->quote)
				add(r, slice_of(s.ptr + start, i - start), s);
			if (kind)
				r->quote = !r->quote ? kind : closes ? 0 : r->quote;
			i += n;
			start = i;
		} else if (r->quote) {
			start = ++i;
		} else if ((literals && s.ptr[i] == '\'' && (n = quote_single(s, i)) != 0) ||
			   (n = address_length(slice_drop(s, i))) != 0) {
			literals = n != SIZE_MAX;
			if (!literals) {
				i++;
				continue;
			}
			add(r, slice_of(s.ptr + start, i - start), s);
			start = i += n;
		} else {
			i++;
		}
	}
	if (!r->quote)
		add(r, slice_of(s.ptr + start, s.len - start), s);
}

struct spans
spans_read(struct slice text, struct arena *a)
{
	struct reading r = { .arena = a };
	struct lines lines = lines_read(text, a);

	for (size_t i = 0; i < lines.count; i++) {
		const struct line *l = &lines.list[i];

		if (l->flags & (LINE_BLANK | LINE_HELD))
			r.quote = 0;
		if (l->flags & (LINE_BLANK | LINE_HELD | LINE_LITERAL) ||
		    work_protected(l->text))
			continue;
		read_line(&r, l->text);
	}
	return r.out;
}
