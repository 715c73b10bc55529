/* SPDX-License-Identifier: MIT */
/* Rank files as OpenAI publishes them. */
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"
#include "tokens/encoding_parts.h"

static char reason[200];

/* The ranks of a file while they are read. */
struct ranks {
	struct slice *tokens; /* by rank, into bytes */
	uint32_t count;
	struct buf bytes;
};

/* The two compiled-in patterns; a file says nothing of its own, so its size must tell. */
static const struct {
	uint32_t count;
	const char *name;
	split_fn *split;
} patterns[] = { { 199998, "o200k_base", split_o200k },
	{ 100256, "cl100k_base", split_cl100k } };

static int
value_of(char c)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = c ? memchr(digits, c, 64) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* Base 64 with its padding, appended to out. False if it is none. */
static bool
decode(struct slice text, struct buf *out)
{
	uint32_t bits = 0;
	unsigned held = 0;

	if (text.len % 4 || text.len == 0)
		return false;
	while (text.len && text.ptr[text.len - 1] == '=' && held++ < 2)
		text.len--;
	held = 0;
	for (size_t i = 0; i < text.len; i++) {
		int value = value_of(text.ptr[i]);

		if (value < 0)
			return false;
		bits = bits << 6 | (uint32_t)value;
		held += 6;
		if (held >= 8) {
			held -= 8;
			buf_add_byte(out, (char)(bits >> held & 0xff));
		}
	}
	return text.len > 0;
}

static bool
read_rank(struct slice text, uint32_t *rank)
{
	uint32_t n = 0;

	if (!text.len || text.len > 7)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return false;
		n = n * 10 + (uint32_t)(text.ptr[i] - '0');
	}
	*rank = n;
	return true;
}

/* One line; NULL, or what is wrong with it. Lengths only: bytes may still move. */
static const char *
read_line(struct slice line, struct ranks *r)
{
	size_t blank = slice_find(line, ' '), before = r->bytes.len;
	uint32_t rank;

	if (blank == line.len || !read_rank(slice_drop(line, blank + 1), &rank))
		return "is no token in base 64, a blank and a rank";
	if (!decode(slice_take(line, blank), &r->bytes))
		return "has no token in base 64";
	if (rank < r->count)
		return "has a rank that stands before";
	if (rank > r->count)
		return "leaves out a rank";
	if (rank >= VOCAB_MOST - 1)
		return "has more ranks than there may be";
	if ((r->count & (r->count - 1)) == 0) /* doubled at each power of two */
		r->tokens = mem_grow(r->tokens, (size_t)r->count * 2 + 1, sizeof *r->tokens);
	r->tokens[r->count++] = slice_of(NULL, r->bytes.len - before);
	return NULL;
}

static bool
read_all(struct slice file, struct ranks *r)
{
	size_t number = 0, at = 0;

	while (file.len) {
		struct slice line = slice_take(file, slice_find(file, '\n'));
		const char *wrong;

		file = slice_drop(file, line.len + 1);
		if (line.len && line.ptr[line.len - 1] == '\r')
			line.len--;
		number++;
		wrong = read_line(line, r);
		if (wrong) {
			snprintf(reason, sizeof reason, "line %zu: %s", number, wrong);
			return false;
		}
	}
	for (uint32_t i = 0; i < r->count; i++) {
		r->tokens[i].ptr = r->bytes.data + at;
		at += r->tokens[i].len;
	}
	return true;
}

static const struct encoding *
make(const struct ranks *r)
{
	struct slice image;
	const char *wrong;
	uint32_t which;
	void *memory;
	size_t i = 0;

	while (i < 2 && patterns[i].count != r->count)
		i++;
	if (i == 2) {
		snprintf(reason, sizeof reason,
		    "has %u ranks: only the patterns of 199998 (o200k_base) and 100256 "
		    "(cl100k_base) are known, and a guess would count wrong",
		    r->count);
		return NULL;
	}
	if (!vocab_build(r->tokens, r->count, &memory, &image, &wrong, &which)) {
		if (which == VOCAB_NONE)
			snprintf(reason, sizeof reason, "%s", wrong);
		else
			snprintf(
			    reason, sizeof reason, "line %u: the token %s", which + 1, wrong);
		return NULL;
	}
	return encoding_of_image(patterns[i].name, patterns[i].split, image);
}

const struct encoding *
encoding_of_ranks(struct slice file, const char **why)
{
	struct ranks r = { 0 };
	const struct encoding *e = read_all(file, &r) ? make(&r) : NULL;

	free(r.tokens);
	buf_free(&r.bytes);
	*why = reason;
	return e;
}
