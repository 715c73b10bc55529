/* SPDX-License-Identifier: MIT */
/* Byte-pair encoding by a list of merges, whose order is their rank, with ids of any order: as
 * PyPI tokenizers does it.
 *
 * Whatever the text, a token is always made by the same last merge: the one that makes it out
 * of its own bytes. The tables of vocab.h hold these, found by ranks alone. Where each is in
 * the list, and the list has the merges of one token side by side, both make the same merges at
 * every step, and the tables cut, in linear time. Else a heap does, in n log n and with some 30
 * bytes of memory a byte of the piece. */
#ifndef TOKENS_BPE_H
#define TOKENS_BPE_H

#include "base/hash.h"
#include "tokens/encoding_parts.h"
#include "tokens/refusal.h"

#define BPE_ID_MOST 1048575

struct bpe {
	/* the tokens, by index in order of appearance; keys are their bytes */
	struct hash_map names;
	uint32_t *id;
	struct bpe_name *name; /* the short ones again, while merges are added */
	uint32_t name_slots;
	uint32_t byte[256]; /* index of each byte's token */
	struct bpe_pair *pair;
	uint32_t pairs, merges; /* slots, and how many are used */
	uint32_t ranks;         /* of the next merge */
	uint32_t *order;        /* lowest rank of the merges that make a token, or VOCAB_NONE */
	uint32_t made;          /* the token of the last merge */
	bool scattered;         /* merges of one token are apart, or one stands twice */
	bool whole;             /* a piece that is a token is that token, reached or not */
	/* by rank, where the tables of vocab.h do */
	void *memory;
	struct vocab vocab;
	uint32_t *index;
	struct slice *spelled; /* bytes by id */
	uint32_t ids;
};

/* A zeroed struct is empty. Adds a token, whose bytes are copied; false, and the reason, where
 * its bytes or its id stand twice (the latter is seen by bpe_finish). */
bool bpe_add(struct bpe *b, struct slice bytes, uint32_t id, struct refusal *why);
/* Adds the next merge; all tokens are there. */
bool bpe_merge(struct bpe *b, struct slice left, struct slice right, struct refusal *why);
/* Adds, instead, what ranks alone mean: any two tokens that make a third merge to it, in the
 * order in which the third tokens were added. */
void bpe_merge_all(struct bpe *b);
/* After the last merge: false, and the reason, where a byte has no token. */
bool bpe_finish(struct bpe *b, bool whole, struct refusal *why);
/* Bytes of an id that no piece gives, for bpe_bytes alone. They must live as long. */
void bpe_spell(struct bpe *b, uint32_t id, struct slice bytes);
/* Sets the piece, bytes, bpe, vocab and ranks of an encoding, which must not outlive b. */
void bpe_parts(const struct bpe *b, struct encoding *e);
void bpe_free(struct bpe *b);

#endif
