/* SPDX-License-Identifier: MIT */
#include "tokens/remember.h"

#include <stdlib.h>
#include <sys/mman.h>

#include "base/mem.h"
#include "tokens/merge_few.h"

/* A short run needs no memory of its own. After so many misses it has a few lines for what it
 * learns; to make many, with a copy of what the vocabulary has, takes as long as to count some
 * megabytes. */
#define FEW_AFTER 256
#define FEW_SHIFT (64 - 12) /* 2^12 lines: 256 KiB */
#define MANY_AFTER (1u << 14)
#define MANY_SHIFT (64 - 17) /* 8 MiB */

/* Longer pieces, by hash, stand in places of these sizes, of which two side by side are one
 * piece's. */
static const struct {
	unsigned size, bits;
} rooms[MEMO_ROOMS] = {
	{ 32, 17 },  /* where there are many lines: 4 MiB */
	{ 64, 16 },  /* 4 MiB */
	{ 128, 14 }, /* 2 MiB */
};
#define HUGE_PAGE (2u << 20)

/* The newer of two in one place wins. */
struct long_piece {
	uint8_t len; /* 0: free */
	uint8_t count;
	char bytes[];
};

/* Where a process without anything to share looks first: nothing is in it. */
static const struct table_line nothing[2];

struct memo *
remember_open(const struct vocab *v)
{
	struct memo *m = mem_zero(sizeof *m);

	m->now = (struct table){ nothing, 64 - 1 };
	if (v)
		m->now =
		    (struct table){ v->table, 64 - (unsigned)__builtin_ctz(v->head.table) };
	return m;
}

static unsigned
room_bits(const struct memo *m, size_t room)
{
	return rooms[room].bits - (m->shift - MANY_SHIFT);
}

static uint32_t
line_of(const struct memo *m, struct table_key plain)
{
	return (uint32_t)(table_hash(plain) >> m->shift);
}

/* A key goes to its line or, where that is full, to the one beside it; where both are, it takes
 * the place of one that came late. */
static void
put(struct memo *m, struct table_key k)
{
	struct table_key plain = { k.low, k.high & ~TABLE_TOKENS };
	uint32_t at = line_of(m, plain);

	if (!table_put(&m->own[at], k) && !table_put(&m->own[at ^ 1], k))
		m->own[at].key[2 + (m->misses & 1)] = k;
}

/* Begins anew with memory for so many lines, and for longer pieces in proportion. It begins on
 * a boundary of huge pages, which are asked for before the first touch. */
static void
open_lines(struct memo *m, unsigned shift)
{
	size_t lines = sizeof *m->own << (64 - shift), size = lines;
	char *at;

	m->shift = shift;
	for (size_t i = 0; i < MEMO_ROOMS; i++)
		size += (size_t)rooms[i].size << room_bits(m, i);
	free(m->memory);
	m->memory = mem_zero(size + HUGE_PAGE);
	at = m->memory + (HUGE_PAGE - (uintptr_t)m->memory % HUGE_PAGE) % HUGE_PAGE;
	madvise(at, size, MADV_HUGEPAGE);
	m->own = (struct table_line *)(void *)at;
	at += lines;
	for (size_t i = 0; i < MEMO_ROOMS; i++) {
		m->longs[i] = at;
		at += (size_t)rooms[i].size << room_bits(m, i);
	}
}

/* From now on one look finds what the vocabulary has and what was learned. */
static void
open_many(struct memo *m)
{
	size_t lines = (size_t)1 << (64 - m->now.shift);

	open_lines(m, MANY_SHIFT);
	for (size_t i = 0; i < lines; i++)
		for (int j = 0; j < 4 && m->now.line[i].key[j].high; j++)
			put(m, m->now.line[i].key[j]);
	m->now = (struct table){ m->own, MANY_SHIFT };
}

static uint64_t
merge_one(const struct encoding *e, struct slice piece)
{
	struct merge m;
	uint64_t count;

	if (e->ranks) {
		if (e->ranks->head.apart && vocab_find(e->ranks, piece) != VOCAB_NONE)
			return 1;
		return merge_count(e->ranks, piece);
	}
	m.id = m.few;
	m.room = MERGE_FEW;
	e->piece(e->bpe, piece, &m);
	count = m.count;
	merge_free(&m);
	return count;
}

/* Where a piece is remembered; NULL: nowhere. */
static void *
place_of(const struct memo *m, struct slice piece, struct table_key key)
{
	if (piece.len <= TABLE_BYTES)
		return &m->own[line_of(m, key) ^ 1];
	for (size_t i = 0; i < MEMO_ROOMS; i++)
		if (piece.len <= rooms[i].size - sizeof(struct long_piece))
			return m->longs[i] +
			       (vocab_hash_bytes(piece) >> (64 - room_bits(m, i))) *
				   rooms[i].size;
	return NULL;
}

uint64_t
remember_later(const struct encoding *e, struct later *l, struct slice piece)
{
	struct memo *m = e->memo;
	bool few = ++m->misses == FEW_AFTER, many = m->misses == MANY_AFTER;
	uint64_t sum = l->count == LATER_MOST || few || many ? remember_all(e, l) : 0;
	size_t i;

	if (few)
		open_lines(m, FEW_SHIFT);
	if (many)
		open_many(m);
	i = l->count++;
	l->item[i].piece = piece;
	l->item[i].key = table_key((const unsigned char *)piece.ptr, piece.len);
	l->item[i].place = m->own ? place_of(m, piece, l->item[i].key) : NULL;
	__builtin_prefetch(l->item[i].place);
	return sum;
}

/* The other of the two places of a long piece. */
static struct long_piece *
twin_of(const struct memo *m, void *place, size_t len)
{
	size_t i = 0;

	while (len > rooms[i].size - sizeof(struct long_piece))
		i++;
	return (struct long_piece *)(void *)(m->longs[i] +
					     (((char *)place - m->longs[i]) ^ rooms[i].size));
}

static bool
is_piece(const struct long_piece *l, struct slice piece)
{
	return l->len == piece.len && memcmp(l->bytes, piece.ptr, piece.len) == 0;
}

/* What is remembered of the piece, or 0. */
static uint32_t
recall(const struct memo *m, void *place, struct slice piece, struct table_key key)
{
	const struct long_piece *l = place;
	uint32_t count;

	if (!place)
		return 0;
	if (piece.len > TABLE_BYTES) {
		if (!is_piece(l, piece))
			l = twin_of(m, place, piece.len);
		return is_piece(l, piece) ? l->count : 0;
	}
	/* it stands beside its line, or was added since it was missed */
	count = table_line_find(place, key);
	return count ? count : table_line_find(&m->own[line_of(m, key)], key);
}

static void
keep(struct memo *m, void *place, struct slice piece, struct table_key key, uint64_t count)
{
	struct long_piece *l = place;

	if (!place || count == 0 || count > piece.len) /* more there is no room for */
		return;
	if (piece.len <= TABLE_BYTES) {
		key.high |= count << 56;
		put(m, key);
		return;
	}
	if (l->len && (m->misses & 1 || !twin_of(m, place, piece.len)->len))
		l = twin_of(m, place, piece.len);
	l->len = (uint8_t)piece.len;
	l->count = (uint8_t)count;
	memcpy(l->bytes, piece.ptr, piece.len);
}

uint64_t
remember_all(const struct encoding *e, struct later *l)
{
	struct few few[LATER_MOST];
	uint8_t which[LATER_MOST];
	uint64_t sum = 0;
	size_t n = 0;

	for (size_t i = 0; i < l->count; i++) {
		uint32_t count =
		    recall(e->memo, l->item[i].place, l->item[i].piece, l->item[i].key);

		few[n] = (struct few){ l->item[i].piece, 0 };
		which[n] = (uint8_t)i;
		n += count == 0;
		sum += count;
	}
	if (e->ranks && !e->ranks->head.apart)
		merge_side_by_side(e->ranks, few, n);
	for (size_t k = 0; k < n; k++) {
		uint64_t count = few[k].count ? few[k].count : merge_one(e, few[k].piece);
		size_t i = which[k];

		keep(e->memo, l->item[i].place, few[k].piece, l->item[i].key, count);
		sum += count;
	}
	l->count = 0;
	return sum;
}
