/* SPDX-License-Identifier: MIT */
/* Things that cost tokens, added up over requests. */
#ifndef LLM_COMPRESS_FINDINGS_H
#define LLM_COMPRESS_FINDINGS_H

#include "base/arena.h"
#include "base/hash.h"
#include "money/usd.h"
#include "tokens/tokens.h"

/* A run of words, an instruction, a group, a tool. */
struct finding {
	struct slice text;
	uint64_t count;    /* how often it stands in the requests that were read */
	uint64_t requests; /* in how many of them */
	uint64_t tokens;   /* of all but the first: what repeating costs; of a tool: all */
	struct usd usd;
	struct slice *members; /* the wordings of a group */
	size_t member_count;
	size_t last; /* the request that had it last, counted from 1 */
};
struct findings {
	struct finding *list;
	size_t count;
};

/* Findings by their texts; all but arena zeroed is none. The list is the arena's. */
struct collection {
	struct arena *arena;
	struct findings out;
	struct hash_map map;
	size_t room;
};
/* That of this text, which it points to, once more in request number i (from 0, rising). The
 * pointer holds until the next call. */
struct finding *collection_count(struct collection *c, struct slice text, size_t request);
/* The dearest ones, see findings_sort; the collection is empty afterwards. */
struct findings collection_close(struct collection *c, size_t most);

/* Adds the tokens of text, at that price of one. */
void finding_cost(
    struct finding *f, const struct tokenizer *t, struct usd price, struct slice text);
/* Most tokens first, at most `most`; of equals by the text. Those without tokens go. */
void findings_sort(struct findings *f, size_t most);

#endif
