/* SPDX-License-Identifier: MIT */
/* Counts of texts that were counted a moment ago: a system prompt stands in each request. */
#ifndef PROMPT_CACHE_COUNTED_H
#define PROMPT_CACHE_COUNTED_H

#include "tokens/tokens.h"

/* Tokens of the text. print: a hash that no other text has that is counted in this
 * process. */
uint64_t counted_tokens(const struct tokenizer *tokenizer, struct slice text, uint64_t print);

#endif
