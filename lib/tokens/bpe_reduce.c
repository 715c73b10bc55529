/* SPDX-License-Identifier: MIT */
#include "tokens/bpe_reduce.h"

#include <stdlib.h>

#include "base/mem.h"

#define SHORT 32 /* bytes up to which all pairs are looked at again and again */

struct bpe_pair *
bpe_slot(const struct bpe *b, uint32_t left, uint32_t right)
{
	uint32_t at = (uint32_t)(vocab_pair_hash(left, right) >> 32) & (b->pairs - 1);

	while (b->pair[at].token != VOCAB_NONE &&
	       (b->pair[at].left != left || b->pair[at].right != right))
		at = (at + 1) & (b->pairs - 1);
	return &b->pair[at];
}

static const struct bpe_pair *
find(const struct bpe *b, uint32_t left, uint32_t right)
{
	static const struct bpe_pair none = { .rank = VOCAB_NONE, .token = VOCAB_NONE };
	const struct bpe_pair *pair = b->pairs ? bpe_slot(b, left, right) : &none;

	return pair->token != VOCAB_NONE ? pair : &none;
}

static void
make_room(struct merge *m, size_t count)
{
	m->count = 0;
	if (count <= m->room)
		return;
	m->id = mem_grow(m->id == m->few ? NULL : m->id, count, sizeof *m->id);
	m->room = count;
}

static void
reduce_short(const struct bpe *b, struct slice piece, struct merge *m, struct bpe_pair *last)
{
	const struct bpe_pair *pair[SHORT]; /* of a symbol and the next */
	size_t n = piece.len;

	for (size_t i = 0; i < n; i++)
		m->id[i] = b->byte[(uint8_t)piece.ptr[i]];
	for (size_t i = 0; i + 1 < n; i++)
		pair[i] = find(b, m->id[i], m->id[i + 1]);
	while (n > 1) {
		size_t best = 0;

		for (size_t i = 1; i + 1 < n; i++)
			if (pair[i]->rank < pair[best]->rank)
				best = i;
		if (pair[best]->token == VOCAB_NONE)
			break;
		*last = *pair[best];
		m->id[best] = last->token;
		n--;
		memmove(&m->id[best + 1], &m->id[best + 2], (n - best - 1) * sizeof *m->id);
		if (best + 1 < n) {
			memmove(&pair[best + 1], &pair[best + 2],
			    (n - best - 2) * sizeof(struct bpe_pair *));
			pair[best] = find(b, m->id[best], m->id[best + 1]);
		}
		if (best)
			pair[best - 1] = find(b, m->id[best - 1], m->id[best]);
	}
	m->count = n;
}

/* A merge that can be made at a symbol, unless one of its symbols has changed meanwhile. */
struct chance {
	uint32_t rank, at, right;
	uint32_t token;
};

struct heap {
	struct chance *chance;
	size_t count, room;
};

static bool
is_before(const struct chance *a, const struct chance *b)
{
	return a->rank != b->rank ? a->rank < b->rank : a->at < b->at;
}

static void
push(struct heap *h, struct chance c)
{
	size_t i = h->count++;

	if (i == h->room) {
		h->room = h->room * 2 + 64;
		h->chance = mem_grow(h->chance, h->room, sizeof *h->chance);
	}
	while (i && is_before(&c, &h->chance[(i - 1) / 2])) {
		h->chance[i] = h->chance[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	h->chance[i] = c;
}

static struct chance
pop(struct heap *h)
{
	struct chance first = h->chance[0], c = h->chance[--h->count];
	size_t i = 0, next;

	while ((next = 2 * i + 1) < h->count) {
		if (next + 1 < h->count && is_before(&h->chance[next + 1], &h->chance[next]))
			next++;
		if (!is_before(&h->chance[next], &c))
			break;
		h->chance[i] = h->chance[next];
		i = next;
	}
	h->chance[i] = c;
	return first;
}

/* The symbols of a piece, at the offsets where they begin; gone: part of one before it. */
struct symbol {
	uint32_t token; /* VOCAB_NONE: gone */
	uint32_t before, next;
};

static void
offer(const struct bpe *b, const struct symbol *s, uint32_t at, struct heap *h)
{
	const struct bpe_pair *pair;

	if (at == VOCAB_NONE || s[at].next == VOCAB_NONE)
		return;
	pair = find(b, s[at].token, s[s[at].next].token);
	if (pair->token != VOCAB_NONE)
		push(h, (struct chance){ pair->rank, at, s[at].next, pair->token });
}

static bool
still_there(const struct bpe *b, const struct symbol *s, const struct chance *c)
{
	return s[c->at].token != VOCAB_NONE && s[c->at].next == c->right &&
	       find(b, s[c->at].token, s[c->right].token)->token == c->token;
}

static void
reduce_long(const struct bpe *b, struct slice piece, struct merge *m, struct bpe_pair *last)
{
	struct symbol *s = mem_grow(NULL, piece.len, sizeof *s);
	uint32_t len = (uint32_t)piece.len;
	struct heap h = { 0 };

	for (uint32_t i = 0; i < len; i++)
		s[i] = (struct symbol){ b->byte[(uint8_t)piece.ptr[i]], i ? i - 1 : VOCAB_NONE,
			i + 1 < len ? i + 1 : VOCAB_NONE };
	for (uint32_t i = 0; i < len; i++)
		offer(b, s, i, &h);
	while (h.count) {
		struct chance c = pop(&h);

		if (!still_there(b, s, &c))
			continue;
		*last = *find(b, s[c.at].token, s[c.right].token);
		s[c.at].token = c.token;
		s[c.right].token = VOCAB_NONE;
		s[c.at].next = s[c.right].next;
		if (s[c.at].next != VOCAB_NONE)
			s[s[c.at].next].before = c.at;
		offer(b, s, s[c.at].before, &h);
		offer(b, s, c.at, &h);
	}
	for (uint32_t i = 0; i != VOCAB_NONE; i = s[i].next)
		m->id[m->count++] = s[i].token;
	free(h.chance);
	free(s);
}

void
bpe_reduce(const struct bpe *b, struct slice piece, struct merge *m, struct bpe_pair *last)
{
	make_room(m, piece.len);
	if (piece.len <= SHORT)
		reduce_short(b, piece, m, last);
	else
		reduce_long(b, piece, m, last);
}
