/* SPDX-License-Identifier: MIT */
/* Tokens of one request that carry nothing: blanks that no reader needs, and paragraphs that
 * stood before. The same three steps as llm-compress without options, taken no further. */
#ifndef COST_AUDIT_BLANK_H
#define COST_AUDIT_BLANK_H

#include "base/arena.h"
#include "tokens/tokens.h"

/* The paragraphs of one request so far. Zeroed but for the arena at its start. */
struct blanks {
	struct arena *arena;
	struct slice *seen;
	size_t count, room;
};
/* Tokens that the text, next in the request, would lose. */
uint64_t blanks_in(
    struct blanks *b, const struct tokenizer *t, struct slice text, struct arena *a);
/* Its shorter form, or the text itself; for tests and for audit --prompt. */
struct slice blanks_fold(struct blanks *b, struct slice text, struct arena *a);

#endif
