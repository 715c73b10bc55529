/* SPDX-License-Identifier: MIT */
#include "tokens/bpe_tables.h"

#include <stdlib.h>

#include "base/mem.h"
#include "tokens/bpe_reduce.h"

/* A token and the rank of its merges. */
struct ranked {
	uint32_t order, token;
};

static int
by_order(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (x->order != y->order)
		return x->order < y->order ? -1 : 1;
	return x->token < y->token ? -1 : x->token > y->token;
}

/* The tokens that merges make: bytes first, then in the order of the merges. */
static uint32_t
sort_reached(const struct bpe *b, struct ranked *reached)
{
	uint32_t count = 256;

	for (uint32_t i = 0; i < 256; i++)
		reached[i] = (struct ranked){ i, b->byte[i] };
	for (uint32_t i = 0; b->order && i < b->names.count; i++)
		if (b->order[i] != VOCAB_NONE)
			reached[count++] = (struct ranked){ b->order[i], i };
	qsort(reached + 256, count - 256, sizeof *reached, by_order);
	return count;
}

/* True where each last merge of the tables is in the list. */
static bool
are_listed(const struct bpe *b)
{
	for (uint32_t rank = 0; rank < b->vocab.head.tokens; rank++) {
		uint32_t left = b->vocab.left[rank], right = b->vocab.right[rank];

		if (left != VOCAB_NONE &&
		    bpe_slot(b, b->index[left], b->index[right])->token != b->index[rank])
			return false;
	}
	return true;
}

/* Tokens that no merge makes out of their own bytes are left out next time, unless a piece may
 * be one. True where there are any. */
static bool
leave_out_unreached(struct bpe *b)
{
	bool any = false;

	for (uint32_t rank = 0; !b->whole && rank < b->vocab.head.tokens; rank++) {
		if (b->vocab.left[rank] == VOCAB_NONE && vocab_bytes(&b->vocab, rank).len > 1) {
			b->order[b->index[rank]] = VOCAB_NONE;
			any = true;
		}
	}
	return any;
}

/* Makes the tables of vocab.h, or leaves memory NULL. Returns how many tokens they have. */
static uint32_t
build(struct bpe *b)
{
	struct ranked *reached = mem_grow(NULL, b->names.count + 256, sizeof *reached);
	uint32_t count = sort_reached(b, reached), which;
	struct slice *tokens = mem_grow(NULL, count, sizeof *tokens), image;
	const char *wrong;

	b->index = mem_grow(b->index, count, sizeof *b->index);
	for (uint32_t i = 0; i < count; i++) {
		b->index[i] = reached[i].token;
		tokens[i] = b->names.keys[b->index[i]];
	}
	if (vocab_build(tokens, count, &b->memory, &image, &wrong, &which) &&
	    !(vocab_open(&b->vocab, image) && are_listed(b))) {
		free(b->memory);
		b->memory = NULL;
	}
	free(tokens);
	free(reached);
	return count;
}

void
bpe_try_tables(struct bpe *b)
{
	uint32_t count;

	if (b->scattered || !b->pairs)
		return;
	count = build(b);
	while (b->memory && leave_out_unreached(b)) {
		free(b->memory);
		b->memory = NULL;
		count = build(b);
	}
	if (!b->memory)
		return;
	/* where merges make all, none is to be looked for besides */
	b->whole &= count < b->names.count;
	free(b->pair);
	b->pair = NULL;
	b->pairs = 0;
}
