/* SPDX-License-Identifier: MIT */
/* Encodings by the tables of ranks whose ids are not the ranks. */
#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"
#include "tokens/encoding_parts.h"

struct numbered {
	struct vocab v;
	const uint32_t *id; /* by rank */
	uint32_t *rank;     /* by id; VOCAB_NONE: none */
	uint32_t ids;
};

static void
numbered_piece(const void *bpe, struct slice piece, struct merge *m)
{
	const struct numbered *n = bpe;
	uint32_t rank = vocab_find(&n->v, piece);

	if (rank != VOCAB_NONE)
		merge_set(m, rank);
	else
		merge_piece(&n->v, piece, m);
	for (size_t i = 0; i < m->count; i++)
		m->id[i] = n->id[m->id[i]];
}

static struct slice
numbered_bytes(const void *bpe, uint32_t id)
{
	const struct numbered *n = bpe;

	return vocab_bytes(&n->v, id < n->ids ? n->rank[id] : VOCAB_NONE);
}

static void
index_ids(struct numbered *n)
{
	for (uint32_t i = 0; i < n->v.head.tokens; i++)
		if (n->id[i] >= n->ids)
			n->ids = n->id[i] + 1;
	n->rank = mem_grow(NULL, n->ids, sizeof *n->rank);
	for (uint32_t i = 0; i < n->ids; i++)
		n->rank[i] = VOCAB_NONE;
	for (uint32_t i = 0; i < n->v.head.tokens; i++)
		n->rank[n->id[i]] = i;
}

void
encoding_number(struct encoding *e, struct slice image, const uint32_t *id)
{
	struct numbered *n = mem_zero(sizeof *n);
	bool good = vocab_open(&n->v, image);

	assert(good);
	n->id = id;
	index_ids(n);
	e->piece = numbered_piece;
	e->bytes = numbered_bytes;
	e->bpe = n;
	e->vocab = e->ranks = &n->v;
}

void
encoding_unnumber(struct encoding *e)
{
	struct numbered *n = (struct numbered *)(uintptr_t)e->bpe;

	free(n->rank);
	free(n);
	e->bpe = NULL;
}
