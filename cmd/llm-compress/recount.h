/* SPDX-License-Identifier: MIT */
/* The tokens of a text after small changes, counted around them alone.
 *
 * The compiled-in encodings cut every text before a blank that stands alone between two visible
 * characters of ASCII, whatever stands around them; from one such place to the next the tokens
 * of a stretch are its own. */
#ifndef LLM_COMPRESS_RECOUNT_H
#define LLM_COMPRESS_RECOUNT_H

#include "cmd/llm-compress/work.h"

/* `len` bytes at offset `at` of the old text, and what stands for them in the new one. */
struct change {
	size_t at, len, new_at, new_len;
};

/* Whether the record's model has such an encoding. */
bool recount_can(const struct work *w);
/* Whether a text is cut before the byte at offset i. */
bool recount_cuts(struct slice text, size_t i);
/* work_count() of `now`, which became of `old` with so many tokens by these changes, in reading
 * order and without overlap. */
uint64_t recount(const struct work *w, struct slice old, uint64_t tokens, struct slice now,
    const struct change *list, size_t count);

#endif
