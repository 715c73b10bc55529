/* SPDX-License-Identifier: MIT */
/* Sentences that a text says again. */
#ifndef COST_AUDIT_AGAIN_H
#define COST_AUDIT_AGAIN_H

#include "base/hash.h"
#include "tokens/tokens.h"

#define SENTENCE_LEAST 24 /* bytes; shorter ones repeat by nature */

/* Tokens of those sentences of text that stand in seen already, or earlier in the text; a line
 * is one sentence at least. seen keeps slices of text. */
uint64_t sentences_again(struct hash_map *seen, const struct tokenizer *t, struct slice text);

#endif
