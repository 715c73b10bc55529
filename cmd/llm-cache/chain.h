/* SPDX-License-Identifier: MIT */
/* A prompt as the provider's cache sees it: a chain of links, each of which a cached prefix may
 * end behind. */
#ifndef CHAIN_H
#define CHAIN_H

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

/* When prefixes were sent last: what can be read of the next prompt. Holds a million of them;
 * later ones are not remembered. */
struct warm;
struct warm *warm_open(void);
/* Tokens of the longest prefix that was sent less than `life` milliseconds before; a prefix
 * that was sent in the very same millisecond is still being written. Prefixes under `minimum`
 * tokens are not cached. life INT64_MAX: always. */
uint64_t warm_read(
    const struct warm *w, const struct chain *c, int64_t when, int64_t life, uint64_t minimum);
/* The prompt was sent now. */
void warm_send(struct warm *w, const struct chain *c, int64_t when);
void warm_free(struct warm *w);

/* Least tokens of a prefix for this model, from the table of rules; 1,024 where it has no row.
 */
uint64_t chain_minimum(struct slice model);

#endif
