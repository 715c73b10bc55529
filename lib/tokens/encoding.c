/* SPDX-License-Identifier: MIT */
#include "tokens/encoding.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"
#include "tokens/encoding_parts.h"
#include "tokens/count.h"
#include "tokens/path.h"
#include "tokens/remember.h"
#include "tokens/utf8.h"

extern const char tokens_o200k[], tokens_cl100k[], tokens_r50k[], tokens_p50k[]; /* tables.S */
extern const uint64_t tokens_o200k_size, tokens_cl100k_size, tokens_r50k_size, tokens_p50k_size;

static struct encoding compiled[] = {
	{ .name = "o200k_base", .split = split_o200k },
	{ .name = "cl100k_base", .split = split_cl100k },
	{ .name = "r50k_base", .split = split_gpt2 },
};

/* p50k_base is r50k_base and runs of blanks, behind the id of a special token. */
#define P50K_HOLE 50256

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
	e->bpe = e->vocab = e->ranks = v;
	e->memo = remember_open(e->vocab);
}

static const struct encoding *
open_compiled(struct encoding *e, const char *image, uint64_t size)
{
	if (!e->memo)
		open_image(e, slice_of(image, size));
	return e;
}

static const struct encoding *
open_p50k(void)
{
	static const struct encoding *p50k;
	struct encoding parts = { .name = "p50k_base", .split = split_gpt2 };
	uint32_t *id, count;
	struct vocab v;
	struct slice image = slice_of(tokens_p50k, tokens_p50k_size);

	if (p50k)
		return p50k;
	if (!vocab_open(&v, image))
		return NULL;
	count = v.head.tokens;
	id = mem_grow(NULL, count, sizeof *id);
	for (uint32_t i = 0; i < count; i++)
		id[i] = i + (i >= P50K_HOLE);
	encoding_number(&parts, image, id);
	return p50k = encoding_make(&parts);
}

const struct encoding *
encoding_find(struct slice name)
{
	if (slice_eqz(name, "o200k_base") || slice_eqz(name, "o200k_harmony"))
		return open_compiled(&compiled[0], tokens_o200k, tokens_o200k_size);
	if (slice_eqz(name, "cl100k_base"))
		return open_compiled(&compiled[1], tokens_cl100k, tokens_cl100k_size);
	if (slice_eqz(name, "r50k_base") || slice_eqz(name, "gpt2"))
		return open_compiled(&compiled[2], tokens_r50k, tokens_r50k_size);
	if (slice_eqz(name, "p50k_base") || slice_eqz(name, "p50k_edit"))
		return open_p50k();
	return NULL;
}

struct encoding *
encoding_make(const struct encoding *parts)
{
	struct encoding *e = mem_zero(sizeof *e);

	*e = *parts;
	e->memo = remember_open(e->vocab);
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

/* The tokens of the parts of a text, added up. */
struct adding {
	const struct encoding *e;
	uint64_t count;
	uint32_t *ids;
	size_t room;
};

static void
add_count(void *context, struct slice part, uint32_t id)
{
	struct adding *a = context;

	a->count += id != VOCAB_NONE ? 1 : count_text(a->e, part);
}

static void
add_ids(void *context, struct slice part, uint32_t id)
{
	struct adding *a = context;
	size_t done = a->count < a->room ? a->count : a->room;

	if (id == VOCAB_NONE) {
		/* even nothing may not be added to a null pointer */
		a->count +=
		    ids_of_valid(a->e, part, a->ids ? a->ids + done : NULL, a->room - done);
		return;
	}
	if (done < a->room)
		a->ids[done] = id;
	a->count++;
}

static uint64_t
count_parts(const struct encoding *e, struct slice text)
{
	struct adding a = { .e = e };

	if (!e->parts)
		return count_text(e, text);
	e->parts(e->rules, text, add_count, &a);
	return a.count;
}

static size_t
ids_of_parts(const struct encoding *e, struct slice text, uint32_t *ids, size_t room)
{
	struct adding a = { e, 0, ids, room };

	if (!e->parts)
		return ids_of_valid(e, text, ids, room);
	e->parts(e->rules, text, add_ids, &a);
	return a.count;
}

uint64_t
encoding_count(const struct encoding *e, struct slice text)
{
	struct buf decoded = { 0 };
	uint64_t count;

	if (!text.len)
		return 0;
	if (path_utf8(text))
		return count_parts(e, text);
	utf8_lossy(text, &decoded);
	count = count_parts(e, buf_slice(&decoded));
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
	if (path_utf8(text))
		return ids_of_parts(e, text, ids, room);
	utf8_lossy(text, &decoded);
	count = ids_of_parts(e, buf_slice(&decoded), ids, room);
	buf_free(&decoded);
	return count;
}
