/* SPDX-License-Identifier: MIT */
/* Where the prompts of a group stop being the same: the first difference to its first prompt.
 */
#ifndef BREAKER_H
#define BREAKER_H

#include "prompt_cache/chain.h"

struct breaker {
	/* the first prompt: its texts, each whole, up to 1 MiB in all */
	struct kept {
		enum link_kind kind;
		char *text;
		size_t len;
	} * kept;
	size_t count;
	bool cut;        /* of the last one only the beginning is kept */
	uint64_t tokens; /* of the prompt; where it is broken, of what stands before */
	/* the earliest difference so far */
	bool broken;
	size_t part; /* index in kept */
	size_t byte; /* in that text */
	char *path;  /* of the value there */
	const char *kind;
};

/* A prompt of the group: kept if it is the first, else compared. root is the record's. */
void breaker_see(struct breaker *b, const struct chain *c, struct value root);
/* Tokens of tools and system that could be read if what differs in them stood behind them: the
 * shared beginnings and ends of their texts. */
uint64_t breaker_possible(const struct breaker *b, const struct chain *c);
void breaker_free(struct breaker *b);
/* Does the text hold a time, a date or a random id, so that each request has another? */
bool breaker_changes(struct slice text);

#endif
