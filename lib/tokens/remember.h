/* SPDX-License-Identifier: MIT */
/* What an encoding remembers of the pieces that it merged: bounded, for as long as the run. */
#ifndef TOKENS_REMEMBER_H
#define TOKENS_REMEMBER_H

#include "tokens/encoding_parts.h"
#include "tokens/table.h"

#define MEMO_ROOMS 3 /* of pieces by length */
struct memo {
	struct table now; /* to look in */
	size_t misses;
	unsigned shift;         /* as in struct table; 0: nothing is remembered yet */
	struct table_line *own; /* what was learned, and once there are many lines all else */
	char *longs[MEMO_ROOMS];
	char *memory; /* of both */
};

/* Begins with the table of a vocabulary, whose tokens are one token each as pieces; NULL: with
 * nothing. */
struct memo *remember_open(const struct vocab *v);
/* Pieces that the table did not have, to be counted together. Set count to 0 to begin. */
#define LATER_MOST 64
struct later {
	size_t count;
	struct {
		struct slice piece;
		struct table_key key;
		void *place;
	} item[LATER_MOST];
};
/* Adds a piece, which must live until the next remember_all; returns the tokens of others that
 * it counted to make room. */
uint64_t remember_later(const struct encoding *e, struct later *l, struct slice piece);
/* The tokens of all pieces added. */
uint64_t remember_all(const struct encoding *e, struct later *l);

static inline const struct table *
remember_table(const struct encoding *e)
{
	return &e->memo->now;
}

#endif
