/* SPDX-License-Identifier: MIT */
/* A prompt as the provider's cache sees it: a chain of links, each of which a cached prefix may
 * end behind. */
#ifndef PROMPT_CACHE_CHAIN_H
#define PROMPT_CACHE_CHAIN_H

#include "model/request.h"
#include "tokens/tokens.h"

enum link_kind { LINK_TOOL, LINK_SYSTEM, LINK_MESSAGE };
struct link {
	enum link_kind kind;
	struct value at;   /* what it is the text of */
	struct slice text; /* decoded where it is a string, else the JSON */
	uint64_t print;    /* of the model and all up to its end */
	uint64_t tokens;   /* of all up to its end */
};
struct chain {
	struct link *link;
	size_t count;
};

/* Tools, system and messages in the order in which they are cached; in the arena. Texts longer
 * than 512 bytes are several links if fine: OpenAI's kind caches in steps of 128 tokens. */
void chain_of(
    const struct request *r, struct slice model, bool fine, struct arena *a, struct chain *c);

/* Least tokens of a prefix for this model, from the table of rules; 1,024 where it has no row.
 */
uint64_t chain_minimum(struct slice model);

#endif
