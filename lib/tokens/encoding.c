/* SPDX-License-Identifier: MIT */
#include "tokens/encoding.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"
#include "tokens/encoding_parts.h"
#include "tokens/merge.h"
#include "tokens/utf8.h"

/* Pieces that are no token, with their count: seen again, they are not merged again. One
 * entry a slot, the newer wins. */
#define MEMO_SLOTS (1u << 15)
struct memo {
	uint8_t len; /* 0: free */
	uint8_t count;
	char bytes[62];
};

extern const char tokens_o200k[], tokens_cl100k[]; /* tables.S */
extern const uint64_t tokens_o200k_size, tokens_cl100k_size;

static struct encoding compiled[] = {
	{ .name = "o200k_base", .split = split_o200k },
	{ .name = "cl100k_base", .split = split_cl100k },
};

static void
ranks_piece(const void *bpe, struct slice piece, struct merge *m)
{
	uint32_t id = vocab_find(bpe, piece);

	if (id != VOCAB_NONE)
		merge_set(m, id);
	else
		merge_piece(bpe, piece, m);
}

static struct slice
ranks_bytes(const void *bpe, uint32_t id)
{
	return vocab_bytes(bpe, id);
}

/* Fills the parts that an image gives. */
static void
open_image(struct encoding *e, struct slice image)
{
	struct vocab *v = mem_zero(sizeof *v);
	bool good = vocab_open(v, image);

	assert(good);
	e->piece = ranks_piece;
	e->bytes = ranks_bytes;
	e->bpe = e->vocab = v;
	e->memo = mem_zero(MEMO_SLOTS * sizeof *e->memo);
}

static const struct encoding *
open_compiled(struct encoding *e, const char *image, uint64_t size)
{
	if (!e->memo)
		open_image(e, slice_of(image, size));
	return e;
}

const struct encoding *
encoding_find(struct slice name)
{
	if (slice_eqz(name, "o200k_base") || slice_eqz(name, "o200k_harmony"))
		return open_compiled(&compiled[0], tokens_o200k, tokens_o200k_size);
	if (slice_eqz(name, "cl100k_base"))
		return open_compiled(&compiled[1], tokens_cl100k, tokens_cl100k_size);
	return NULL;
}

struct encoding *
encoding_make(const struct encoding *parts)
{
	struct encoding *e = mem_zero(sizeof *e);

	*e = *parts;
	e->memo = mem_zero(MEMO_SLOTS * sizeof *e->memo);
	return e;
}

struct encoding *
encoding_of_image(const char *name, split_fn *split, struct slice image)
{
	struct encoding *e = mem_zero(sizeof *e);

	e->name = name;
	e->split = split;
	open_image(e, image);
	return e;
}

const char *
encoding_name(const struct encoding *e)
{
	return e->name;
}

struct slice
encoding_bytes(const struct encoding *e, uint32_t id)
{
	return e->bytes(e->bpe, id);
}

/* The tokens of a piece that is none itself. */
static size_t
count_merged(const struct encoding *e, struct slice piece)
{
	struct merge m = { .id = m.few, .room = MERGE_FEW };
	struct memo *memo = NULL;
	size_t count;

	if (piece.len <= sizeof memo->bytes) {
		memo = &e->memo[vocab_hash_bytes(piece) >> 40 & (MEMO_SLOTS - 1)];
		if (memo->len == piece.len && memcmp(memo->bytes, piece.ptr, piece.len) == 0)
			return memo->count;
	}
	e->piece(e->bpe, piece, &m);
	count = m.count;
	if (memo) {
		memo->len = (uint8_t)piece.len;
		memo->count = (uint8_t)count;
		memcpy(memo->bytes, piece.ptr, piece.len);
	}
	merge_free(&m);
	return count;
}

/* The key of the first len bytes at p, at most 15; end is the end of the text. */
static inline void
key_at(const char *p, const char *end, size_t len, uint64_t *low, uint64_t *high)
{
	if (end - p < 16) {
		vocab_key(p, len, low, high);
		return;
	}
	memcpy(low, p, 8);
	memcpy(high, p + 8, 8);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	if (len < 8) {
		*low &= ((uint64_t)1 << len * 8) - 1;
		*high = 0;
	} else {
		*high &= ((uint64_t)1 << (len - 8) * 8) - 1;
	}
	*high |= (uint64_t)len << 56;
#else
	vocab_key(p, len, low, high);
#endif
}

/* Pieces are cut and their lines of the table asked for some time before they are read. */
#define AHEAD 32
struct ahead {
	const char *ptr;
	size_t len;
	uint64_t low, high;
	uint32_t line;
};

static size_t
cut_ahead(const struct encoding *e, struct slice text, size_t *from, struct ahead *ahead)
{
	size_t ends[AHEAD], n = e->split(e->pattern, text, *from, ends, AHEAD);

	for (size_t i = 0; i < n; i++) {
		struct ahead *a = &ahead[i];

		a->ptr = text.ptr + *from;
		a->len = ends[i] - *from;
		if (a->len <= VOCAB_INLINE && e->vocab) {
			key_at(a->ptr, text.ptr + text.len, a->len, &a->low, &a->high);
			a->line = vocab_line_of(e->vocab, a->low, a->high);
			__builtin_prefetch(&e->vocab->line[a->line]);
		}
		*from = ends[i];
	}
	return n;
}

static uint32_t
whole(const struct encoding *e, const struct ahead *a)
{
	if (!e->vocab)
		return VOCAB_NONE;
	return a->len > VOCAB_INLINE ? vocab_find(e->vocab, slice_of(a->ptr, a->len))
				     : vocab_find_key(e->vocab, a->line, a->low, a->high);
}

static uint64_t
count_valid(const struct encoding *e, struct slice text)
{
	struct ahead ahead[AHEAD];
	uint64_t count = 0;
	size_t n, from = 0;

	while ((n = cut_ahead(e, text, &from, ahead)) > 0) {
		for (const struct ahead *a = ahead; a < ahead + n; a++)
			count += whole(e, a) != VOCAB_NONE
				     ? 1
				     : count_merged(e, slice_of(a->ptr, a->len));
	}
	return count;
}

static size_t
ids_of_valid(const struct encoding *e, struct slice text, uint32_t *ids, size_t room)
{
	struct merge m = { .id = m.few, .room = MERGE_FEW };
	size_t count = 0, from = 0, end;

	while (e->split(e->pattern, text, from, &end, 1)) {
		e->piece(e->bpe, slice_of(text.ptr + from, end - from), &m);
		for (size_t i = 0; i < m.count; i++, count++)
			if (count < room)
				ids[count] = m.id[i];
		from = end;
	}
	merge_free(&m);
	return count;
}

uint64_t
encoding_count(const struct encoding *e, struct slice text)
{
	struct buf decoded = { 0 };
	uint64_t count;

	if (!text.len)
		return 0;
	if (utf8_valid(text) == text.len)
		return count_valid(e, text);
	utf8_lossy(text, &decoded);
	count = count_valid(e, buf_slice(&decoded));
	buf_free(&decoded);
	return count;
}

size_t
encoding_ids(const struct encoding *e, struct slice text, uint32_t *ids, size_t room)
{
	struct buf decoded = { 0 };
	size_t count;

	if (!text.len)
		return 0;
	if (utf8_valid(text) == text.len)
		return ids_of_valid(e, text, ids, room);
	utf8_lossy(text, &decoded);
	count = ids_of_valid(e, buf_slice(&decoded), ids, room);
	buf_free(&decoded);
	return count;
}
