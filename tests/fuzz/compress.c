/* SPDX-License-Identifier: MIT */
/* The steps of llm-compress on any text: smaller or equal, nothing more the second time, and
 * what can be undone comes back. */
#include <stdio.h>
#include <stdlib.h>

#include "cmd/llm-compress/fold.c"
#include "text/blocks.h"
#include "text/lines.h"
#include "text/quotes.h"
#include "text/whitespace.h"
#include "json/canon.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static struct arena arena;
static struct json json, other;

static void
must(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "compress: %s\n", what);
	abort();
}

/* Without spaces, tabs and line ends. */
static struct slice
bare(struct slice s)
{
	char *out = arena_alloc(&arena, s.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		if (!strchr(" \t\r\n", s.ptr[i]) || !s.ptr[i])
			out[n++] = s.ptr[i];
	return slice_of(out, n);
}

static void
check_whitespace(struct slice text, bool keep_tail)
{
	struct slice once = whitespace_fold(text, keep_tail, &arena);

	must(once.len <= text.len, "blanks only go");
	must(slice_eq(bare(once), bare(text)), "only blanks go");
	must(slice_eq(whitespace_fold(once, keep_tail, &arena), once), "blanks: a second pass");
}

static void
check_blocks(struct slice text)
{
	struct blocks *b = blocks_new(&arena), *back = blocks_new(&arena);
	struct slice half = slice_take(text, text.len / 2), one, two, out;

	if (blocks_referred(text) || blocks_referred(half))
		return;
	one = blocks_fold(b, text);
	two = blocks_fold(b, half);
	must(one.len <= text.len && two.len <= half.len, "references are shorter");
	must(blocks_expand(back, one, &out) && slice_eq(out, text), "references come back");
	must(blocks_expand(back, two, &out) && slice_eq(out, half), "and in the next text");
}

static void
canon(struct slice text, struct json *j, struct buf *out)
{
	const char *why;
	size_t where;

	must(json_scan(j, text, &why, &where), "the result is JSON");
	canon_write(json_root(j), NULL, NULL, &arena, out);
}

static void
check_json(struct slice text)
{
	struct buf folded = { 0 }, undone = { 0 }, a = { 0 }, b = { 0 };
	const char *why;
	size_t where;

	if (!json_scan(&json, text, &why, &where) || !json_check_unique(json_root(&json)) ||
	    json.twice.ptr || fold_has_table(json_root(&json)))
		return;
	fold_write(json_root(&json), true, &arena, &folded);
	must(json_scan(&other, buf_slice(&folded), &why, &where), "a table is JSON");
	fold_undo(json_root(&other), &arena, &undone);
	canon(text, &json, &a);
	canon(buf_slice(&undone), &other, &b);
	must(slice_eq(buf_slice(&a), buf_slice(&b)), "the values come back");
	buf_free(&folded);
	buf_free(&undone);
	buf_free(&a);
	buf_free(&b);
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct slice text = slice_of((const char *)data, size), found;
	struct json_search search;

	check_whitespace(text, false);
	check_whitespace(text, true);
	check_blocks(text);
	check_json(text);
	if (fold_search(&search, text, &arena))
		while (fold_find(&search, &found))
			must(found.len && found.ptr >= text.ptr &&
				 found.ptr + found.len <= text.ptr + text.len,
			    "what is found lies inside");
	arena_reset(&arena);
	return 0;
}
