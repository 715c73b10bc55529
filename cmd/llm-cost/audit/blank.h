/* SPDX-License-Identifier: MIT */
/* Tokens of one request that carry nothing: blanks that no reader needs, and lines that
 * stood before. The same three steps as llm-compress without options, taken no further. */
#ifndef COST_AUDIT_BLANK_H
#define COST_AUDIT_BLANK_H

#include "base/arena.h"
#include "text/blocks.h"
#include "tokens/tokens.h"

/* The lines of one request so far. Zeroed but for the arena at its start; texts are kept until
 * it is reset. */
struct blanks {
	struct arena *arena;
	struct blocks *blocks;
};
/* Tokens that the text, next in the request, would lose. */
uint64_t blanks_in(struct blanks *b, const struct tokenizer *t, struct slice text);

#endif
