/* SPDX-License-Identifier: MIT */
#include "blank.h"

#include "base/buf.h"
#include "json/scan.h"
#include "text/whitespace.h"

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

/* Most texts have none of what the folding looks for. */
static bool
may_fold(struct slice text)
{
	return memmem(text.ptr, text.len, "  ", 2) || memmem(text.ptr, text.len, " \n", 2) ||
	       memmem(text.ptr, text.len, "\n\n", 2) || memchr(text.ptr, '\t', text.len) ||
	       text.ptr[0] == '{' || text.ptr[0] == '[' || text.len >= BLOCK_BYTES;
}

/* Its shorter form, or the text itself. */
static struct slice
fold(struct blanks *b, struct slice text)
{
	struct buf out = { 0 };

	if (!text.len || !may_fold(text))
		return text;
	if (!is_json(text)) {
		if (!b->blocks)
			b->blocks = blocks_new(b->arena);
		return blocks_fold(b->blocks, whitespace_fold(text, false, b->arena));
	}
	fold_json(text, &out);
	if (out.len < text.len)
		text = arena_copy(b->arena, buf_slice(&out));
	buf_free(&out);
	return text;
}

uint64_t
blanks_in(struct blanks *b, const struct tokenizer *t, struct slice text)
{
	struct slice folded = fold(b, text);
	uint64_t before, after;

	if (folded.len == text.len)
		return 0;
	before = tokens_text(t, text).count;
	after = tokens_text(t, folded).count;
	return before > after ? before - after : 0;
}
