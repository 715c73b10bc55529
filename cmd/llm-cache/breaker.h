/* SPDX-License-Identifier: MIT */
/* Where the prompts of a group stop being the same: the first difference to its first prompt.
 */
#ifndef BREAKER_H
#define BREAKER_H

#include "prompt_cache/chain.h"

struct breaker {
	/* the first prompt: its texts up to 1 MiB, their kinds and paths */
	struct kept {
		enum link_kind kind;
		char *text, *path;
		size_t len;
		uint64_t tokens; /* of this text alone */
	} * kept;
	size_t count;
	bool whole; /* all of it is kept */
	/* the earliest difference so far */
	bool broken;
	size_t link;   /* index in kept; count: a prompt went on where the first ended */
	size_t byte;   /* in the text of that link */
	size_t before; /* bytes of the same value in links before it */
	char *path;    /* of the value there */
	const char *kind;
};

/* A prompt of the group: kept if it is the first, else compared. root is the record's. */
void breaker_see(struct breaker *b, const struct chain *c, struct value root);
/* Tokens of tools and system that could be read if what differs in them stood behind them: the
 * shared beginnings and ends of their texts. */
uint64_t breaker_possible(const struct breaker *b, const struct chain *c);
/* Tokens before the difference; all of the first prompt where there is none. */
uint64_t breaker_tokens(const struct breaker *b);
void breaker_free(struct breaker *b);
/* Does the text hold a time, a date or a random id, so that each request has another? */
bool breaker_changes(struct slice text);

#endif
