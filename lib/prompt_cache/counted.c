/* SPDX-License-Identifier: MIT */
#include "prompt_cache/counted.h"

#define MEMO 4096

static struct {
	const struct tokenizer *tokenizer;
	uint64_t print, tokens;
} memo[MEMO];

uint64_t
counted_tokens(const struct tokenizer *tokenizer, struct slice text, uint64_t print)
{
	size_t i = print % MEMO;

	if (memo[i].print != print || memo[i].tokenizer != tokenizer) {
		memo[i].tokenizer = tokenizer;
		memo[i].print = print;
		memo[i].tokens = tokens_text(tokenizer, text).count;
	}
	return memo[i].tokens;
}
