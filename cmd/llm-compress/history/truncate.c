/* SPDX-License-Identifier: MIT */
/* The last rung: the longest texts lose their middle. */
#include <stdlib.h>

#include "base/ascii.h"
#include "cmd/llm-compress/history/history.h"
#include "cmd/llm-compress/log/log.h"
#include "cmd/llm-compress/marks.h"

#define LEAST 64     /* tokens that a text keeps */
#define TAIL_SHARE 3 /* one third of what stays is the end */

static bool
is_structured(struct slice text)
{
	struct slice s = slice_trim(text);

	return (s.len && (s.ptr[0] == '{' || s.ptr[0] == '[')) ||
	       memmem(text.ptr, text.len, "```", 3) || memmem(text.ptr, text.len, "~~~", 3);
}

static bool
may_cut(struct work *w, struct piece *p)
{
	bool last = p->part.kind == PART_USER && (!w->message_count || p->message == w->last);

	return !last && work_may_cut(w, p) && p->part.kind != PART_SYSTEM && p->now.len &&
	       !is_structured(p->now) && !work_protected(p->now);
}

/* The end of the last line that ends at most n bytes from the start; of the last word where
 * no line does in the second half of them. */
static size_t
head_end(struct slice text, size_t n)
{
	size_t line = n, word = n;

	while (line > n / 2 && text.ptr[line] != '\n')
		line--;
	if (line > n / 2)
		return line;
	while (word && !ascii_blank(text.ptr[word]))
		word--;
	return word;
}

/* The start of a line or word at most n bytes from the end. */
static size_t
tail_start(struct slice text, size_t n)
{
	size_t from = text.len - n, line = from, word = from;

	while (line < from + n / 2 && text.ptr[line - 1] != '\n')
		line++;
	if (line < from + n / 2)
		return line;
	while (word < text.len && !ascii_blank(text.ptr[word]))
		word++;
	return word;
}

static struct slice
cut(struct work *w, struct slice text, uint64_t tokens, uint64_t keep)
{
	size_t bytes = (size_t)((unsigned __int128)text.len * keep / tokens);
	size_t tail = bytes / TAIL_SHARE, head = bytes - tail, from;
	struct buf b = { 0 };

	if (!tail || head >= text.len || bytes >= text.len)
		return text;
	head = head_end(text, head);
	from = tail_start(text, tail);
	if (from <= head)
		return text;
	buf_add(&b, slice_take(text, head));
	buf_add(&b, SLICE("\n" MARK_CUT "\n"));
	buf_add(&b, slice_trim(slice_drop(text, from)));
	return work_keep(w, &b);
}

static int
longer(const void *a, const void *b)
{
	const struct piece *x = *(struct piece *const *)a, *y = *(struct piece *const *)b;

	if (x->tokens != y->tokens)
		return x->tokens > y->tokens ? -1 : 1;
	return x < y ? -1 : x > y;
}

void
truncate_run(struct work *w)
{
	struct piece **order = arena_alloc(w->arena, (w->count + 1) * sizeof(*order));
	size_t n = 0;

	for (size_t i = 0; i < w->count; i++)
		if (may_cut(w, &w->pieces[i]) &&
		    work_piece_tokens(w, &w->pieces[i]) > 2 * LEAST)
			order[n++] = &w->pieces[i];
	qsort(order, n, sizeof(*order), longer);
	for (size_t i = 0; i < n && work_excess(w); i++) {
		struct piece *p = order[i];
		uint64_t keep =
		    p->tokens > work_excess(w) + LEAST ? p->tokens - work_excess(w) : LEAST;
		struct slice text = log_plain(w, p->now);
		uint64_t tokens = text.ptr == p->now.ptr ? p->tokens : work_count(w, text);

		work_offer(w, p, cut(w, text, tokens, keep - keep / 16 - 4));
	}
}
