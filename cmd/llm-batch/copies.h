/* SPDX-License-Identifier: MIT */
/* Answers of requests that have copies (llm.cache.collapsed), kept for these: by the key that
 * both carry, in a temporary file. 80 bytes of memory a key. */
#ifndef LLM_BATCH_COPIES_H
#define LLM_BATCH_COPIES_H

#include "answer.h"
#include "ids.h"
#include "spool.h"

struct copies {
	struct ids keys;
	struct cells kept; /* by index of keys */
	uint64_t memory;   /* of kept; 0: no bound */
	struct spool spool;
	struct buf text;
	struct json json;
};

/* What the tables may take, bytes; before the first answer. */
void copies_bound(struct copies *c, uint64_t memory);
/* The request with this key got this answer. */
void copies_keep(struct copies *c, struct slice key, const struct answer *x);
/* The answer of the request with this key, in the arena; false if none came. */
bool copies_get(struct copies *c, struct slice key, struct arena *a, struct answer *x);
void copies_close(struct copies *c);

#endif
