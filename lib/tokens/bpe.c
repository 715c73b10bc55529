/* SPDX-License-Identifier: MIT */
#include "tokens/bpe.h"

#include <stdlib.h>

#include "base/mem.h"
#include "tokens/bpe_reduce.h"
#include "tokens/bpe_tables.h"

bool
bpe_add(struct bpe *b, struct slice bytes, uint32_t id, struct refusal *why)
{
	bool added;
	size_t i;

	if (id > BPE_ID_MOST)
		return refuse(why, "has an id above %d", BPE_ID_MOST);
	i = hash_map_add(&b->names, bytes, &added);
	if (!added)
		return refuse(why, "has a token twice, as %u and %u", b->id[i], id);
	if ((i & (i - 1)) == 0) /* doubled at each power of two */
		b->id = mem_grow(b->id, i * 2 + 1, sizeof *b->id);
	b->id[i] = id;
	return true;
}

#define NAME_MOST 11

/* A token of few bytes, zeros behind them: four to a cache line, for the million look-ups that
 * a list of merges takes. */
struct bpe_name {
	char bytes[NAME_MOST];
	uint8_t len; /* 0: free */
	uint32_t index;
};

/* The slot of a short token, or the free one where it belongs. */
static struct bpe_name *
name_slot(const struct bpe *b, struct slice bytes)
{
	struct bpe_name want = { .len = (uint8_t)bytes.len };
	uint64_t key[2];
	uint32_t at;

	memcpy(want.bytes, bytes.ptr, bytes.len);
	memcpy(key, &want, sizeof key);
	at = (uint32_t)(vocab_hash(key[0], key[1]) >> 32) & (b->name_slots - 1);
	while (b->name[at].len && memcmp(&b->name[at], &want, NAME_MOST + 1) != 0)
		at = (at + 1) & (b->name_slots - 1);
	return &b->name[at];
}

static void
index_names(struct bpe *b)
{
	b->name_slots = 1024;
	while (b->name_slots < 2 * b->names.count)
		b->name_slots *= 2;
	b->name = mem_zero(b->name_slots * sizeof *b->name);
	for (uint32_t i = 0; i < b->names.count; i++) {
		struct slice bytes = b->names.keys[i];
		struct bpe_name *slot;

		if (!bytes.len || bytes.len > NAME_MOST)
			continue;
		slot = name_slot(b, bytes);
		memcpy(slot->bytes, bytes.ptr, bytes.len);
		slot->len = (uint8_t)bytes.len;
		slot->index = i;
	}
}

/* The token of these bytes, which are some, or SIZE_MAX. */
static size_t
find_name(const struct bpe *b, struct slice bytes)
{
	const struct bpe_name *slot;

	if (bytes.len > NAME_MOST)
		return hash_map_find(&b->names, bytes);
	slot = name_slot(b, bytes);
	return slot->len ? slot->index : SIZE_MAX;
}

static void
place_pair(struct bpe *b, struct bpe_pair pair)
{
	struct bpe_pair *slot = bpe_slot(b, pair.left, pair.right);

	b->scattered |= slot->token != VOCAB_NONE;
	b->merges += slot->token == VOCAB_NONE;
	*slot = pair;
}

static void
enlarge(struct bpe *b)
{
	uint32_t size = b->pairs ? b->pairs * 2 : 1024, old_size = b->pairs;
	struct bpe_pair *old = b->pair;

	b->pair = mem_grow(NULL, size, sizeof *b->pair);
	b->pairs = size;
	b->merges = 0;
	for (uint32_t i = 0; i < size; i++)
		b->pair[i].token = VOCAB_NONE;
	for (uint32_t i = 0; i < old_size; i++)
		if (old[i].token != VOCAB_NONE)
			place_pair(b, old[i]);
	free(old);
}

static void
note_order(struct bpe *b, uint32_t token)
{
	if (!b->order) {
		b->order = mem_grow(NULL, b->names.count, sizeof *b->order);
		for (size_t i = 0; i < b->names.count; i++)
			b->order[i] = VOCAB_NONE;
	}
	if (b->order[token] == VOCAB_NONE)
		b->order[token] = b->ranks;
	else
		b->scattered |= token != b->made;
	b->made = token;
}

bool
bpe_merge(struct bpe *b, struct slice left, struct slice right, struct refusal *why)
{
	size_t l, r, both, len = left.len + right.len;
	char few[512], *joined = few;

	if (!b->name)
		index_names(b);
	l = find_name(b, left);
	r = find_name(b, right);
	if (l == SIZE_MAX || r == SIZE_MAX)
		return refuse(why, "is of a token that the vocabulary lacks");
	if (len > sizeof few)
		joined = mem_alloc(len);
	memcpy(joined, left.ptr, left.len);
	memcpy(joined + left.len, right.ptr, right.len);
	both = find_name(b, slice_of(joined, len));
	if (joined != few)
		free(joined);
	if (both == SIZE_MAX)
		return refuse(why, "makes a token that the vocabulary lacks");
	if (b->merges >= b->pairs / 10 * 7)
		enlarge(b);
	note_order(b, (uint32_t)both);
	/* of a merge that stands twice the later rank counts, as in the reference */
	place_pair(
	    b, (struct bpe_pair){ (uint32_t)l, (uint32_t)r, b->ranks++, (uint32_t)both });
	return true;
}

void
bpe_merge_all(struct bpe *b)
{
	index_names(b);
	for (size_t both = 0; both < b->names.count; both++) {
		struct slice bytes = b->names.keys[both];

		for (size_t cut = 1; cut < bytes.len; cut++) {
			size_t l = find_name(b, slice_take(bytes, cut));
			size_t r = find_name(b, slice_drop(bytes, cut));

			if (l == SIZE_MAX || r == SIZE_MAX)
				continue;
			if (b->merges >= b->pairs / 10 * 7)
				enlarge(b);
			place_pair(b, (struct bpe_pair){ (uint32_t)l, (uint32_t)r,
					  (uint32_t)both, (uint32_t)both });
		}
	}
	b->scattered = true;
}

static bool
find_bytes(struct bpe *b, struct refusal *why)
{
	for (int i = 0; i < 256; i++) {
		char c = (char)i;
		size_t at = hash_map_find(&b->names, slice_of(&c, 1));

		if (at == SIZE_MAX)
			return refuse(why, "has no token for the byte 0x%02x", i);
		b->byte[i] = (uint32_t)at;
	}
	return true;
}

void
bpe_spell(struct bpe *b, uint32_t id, struct slice bytes)
{
	if (id >= b->ids) {
		uint32_t room = (id + 1) * 5 / 4;

		b->spelled = mem_grow(b->spelled, room, sizeof *b->spelled);
		while (b->ids < room)
			b->spelled[b->ids++] = slice_of(NULL, 0);
	}
	b->spelled[id] = bytes;
}

static bool
spell_all(struct bpe *b, struct refusal *why)
{
	uint32_t most = 0;

	for (size_t i = 0; i < b->names.count; i++)
		most = b->id[i] > most ? b->id[i] : most;
	bpe_spell(b, most, slice_of(NULL, 0));
	for (size_t i = 0; i < b->names.count; i++) {
		if (b->spelled[b->id[i]].ptr)
			return refuse(why, "has the id %u twice", b->id[i]);
		b->spelled[b->id[i]] = b->names.keys[i];
	}
	return true;
}

bool
bpe_finish(struct bpe *b, bool whole, struct refusal *why)
{
	if (!find_bytes(b, why) || !spell_all(b, why))
		return false;
	b->whole = whole;
	bpe_try_tables(b);
	free(b->order);
	free(b->name);
	b->order = NULL;
	b->name = NULL;
	return true;
}

static void
find_ids(const struct bpe *b, struct merge *m)
{
	for (size_t i = 0; i < m->count; i++)
		m->id[i] = b->id[m->id[i]];
}

static void
vocab_piece(const void *bpe, struct slice piece, struct merge *m)
{
	const struct bpe *b = bpe;
	uint32_t rank = vocab_find(&b->vocab, piece);
	size_t whole =
	    rank == VOCAB_NONE && b->whole ? hash_map_find(&b->names, piece) : SIZE_MAX;

	if (whole != SIZE_MAX) {
		merge_set(m, b->id[whole]);
		return;
	}
	if (rank != VOCAB_NONE)
		merge_set(m, rank);
	else
		merge_piece(&b->vocab, piece, m);
	for (size_t i = 0; i < m->count; i++)
		m->id[i] = b->id[b->index[m->id[i]]];
}

static void
heap_piece(const void *bpe, struct slice piece, struct merge *m)
{
	const struct bpe *b = bpe;
	size_t whole = b->whole ? hash_map_find(&b->names, piece) : SIZE_MAX;
	struct bpe_pair last;

	if (whole != SIZE_MAX)
		merge_set(m, (uint32_t)whole);
	else
		bpe_reduce(b, piece, m, &last);
	find_ids(b, m);
}

static struct slice
spelled_bytes(const void *bpe, uint32_t id)
{
	const struct bpe *b = bpe;

	return id < b->ids ? b->spelled[id] : slice_of(NULL, 0);
}

void
bpe_parts(const struct bpe *b, struct encoding *e)
{
	e->piece = b->memory ? vocab_piece : heap_piece;
	e->bytes = spelled_bytes;
	e->bpe = b;
	e->vocab = b->memory ? &b->vocab : NULL;
	e->ranks = b->whole ? NULL : e->vocab;
	e->ranks = b->whole ? NULL : e->vocab;
}

void
bpe_free(struct bpe *b)
{
	hash_map_free(&b->names);
	free(b->id);
	free(b->name);
	free(b->pair);
	free(b->order);
	free(b->memory);
	free(b->index);
	free(b->spelled);
	*b = (struct bpe){ .pairs = 0 };
}
