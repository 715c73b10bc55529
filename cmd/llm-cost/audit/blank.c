/* SPDX-License-Identifier: MIT */
#include "blank.h"

#include "base/buf.h"
#include "json/scan.h"
#include "text/whitespace.h"

#define BLOCK_LINES 3
#define BLOCK_BYTES 160
#define BLOCKS_MOST 4096 /* paragraphs of one request that are compared */
#define REFERENCE SLICE("[same lines as above]")

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* JSON without the blanks between its tokens. */
static void
fold_json(struct slice text, struct buf *out)
{
	bool quoted = false;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (!quoted && (is_blank(c) || c == '\n' || c == '\r'))
			continue;
		buf_add_byte(out, c);
		if (quoted && c == '\\' && i + 1 < text.len)
			buf_add_byte(out, text.ptr[++i]);
		else if (c == '"')
			quoted = !quoted;
	}
}

static bool
is_json(struct slice text)
{
	static struct json json;
	const char *why;
	size_t where;

	text = slice_trim(text);
	return text.len > 2 && (text.ptr[0] == '{' || text.ptr[0] == '[') &&
	       json_scan(&json, text, &why, &where);
}

static bool
seen_before(struct blanks *b, struct slice block)
{
	for (size_t i = 0; i < b->count; i++)
		if (slice_eq(b->seen[i], block))
			return true;
	if (b->count == BLOCKS_MOST)
		return false;
	if (b->count == b->room) {
		size_t room = b->room ? 2 * b->room : 16;
		struct slice *grown = arena_alloc(b->arena, room * sizeof(*grown));

		if (b->count)
			memcpy(grown, b->seen, b->count * sizeof(*grown));
		b->seen = grown;
		b->room = room;
	}
	b->seen[b->count++] = block;
	return false;
}

/* Paragraphs of at least three lines that stood before become one line. */
static void
fold_blocks(struct blanks *b, struct slice text, struct buf *out)
{
	while (text.len) {
		const char *gap = memmem(text.ptr, text.len, "\n\n", 2);
		size_t len = gap ? (size_t)(gap - text.ptr) : text.len;
		struct slice block = slice_take(text, len);
		size_t lines = 1;

		for (size_t i = 0; i < block.len; i++)
			lines += block.ptr[i] == '\n';
		if (lines >= BLOCK_LINES && len >= BLOCK_BYTES && seen_before(b, block))
			buf_add(out, REFERENCE);
		else
			buf_add(out, block);
		if (gap)
			buf_add(out, SLICE("\n\n"));
		text = slice_drop(text, gap ? len + 2 : len);
	}
}

/* Most texts have none of what the folding looks for. */
static bool
may_fold(struct slice text)
{
	return memmem(text.ptr, text.len, "  ", 2) || memmem(text.ptr, text.len, " \n", 2) ||
	       memmem(text.ptr, text.len, "\n\n", 2) || memchr(text.ptr, '\t', text.len) ||
	       text.ptr[0] == '{' || text.ptr[0] == '[' || text.len >= BLOCK_BYTES;
}

struct slice
blanks_fold(struct blanks *b, struct slice text, struct arena *a)
{
	struct buf out = { 0 };
	struct slice result = text;

	if (!text.len || !may_fold(text))
		return text;
	if (is_json(text)) {
		fold_json(text, &out);
	} else {
		/* the paragraphs are remembered by what they point to */
		fold_blocks(b, arena_copy(b->arena, whitespace_fold(text, false, a)), &out);
	}
	if (out.len < text.len)
		result = arena_copy(a, buf_slice(&out));
	buf_free(&out);
	return result;
}

uint64_t
blanks_in(struct blanks *b, const struct tokenizer *t, struct slice text, struct arena *a)
{
	struct slice folded = blanks_fold(b, text, a);
	uint64_t before, after;

	if (folded.len == text.len)
		return 0;
	before = tokens_text(t, text).count;
	after = tokens_text(t, folded).count;
	return before > after ? before - after : 0;
}
