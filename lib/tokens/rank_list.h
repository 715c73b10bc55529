/* SPDX-License-Identifier: MIT */
/* Ranks as files list them: in any order, and checked. */
#ifndef TOKENS_RANK_LIST_H
#define TOKENS_RANK_LIST_H

#include "base/buf.h"
#include "tokens/refusal.h"

struct rank {
	struct slice token; /* without its place until rank_list_sort */
	uint32_t rank;
	uint32_t line; /* or entry: where it stands, from 1 on */
};

/* A zeroed one is empty. */
struct rank_list {
	struct rank *item;
	size_t count;
	struct buf bytes;
};

/* Adds a token in base 64 with its padding. NULL, or what is wrong. */
const char *rank_list_add(
    struct rank_list *list, struct slice base64, uint32_t rank, uint32_t line);
/* By rank. False, and the reason with the line, where a rank stands twice. */
bool rank_list_sort(struct rank_list *list, const char *line, struct refusal *why);
/* The index of the first rank that does not follow the one before; count if there is none. */
size_t rank_list_gap(const struct rank_list *list);
/* SHA-256 of ranks and tokens, whatever way they were written, in hexadecimal. */
void rank_list_digest(const struct rank_list *list, char hex[65]);
void rank_list_free(struct rank_list *list);

#endif
