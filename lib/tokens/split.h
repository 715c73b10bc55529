/* SPDX-License-Identifier: MIT */
/* Cuts text into the pieces of a pattern, from left to right. */
#ifndef TOKENS_SPLIT_H
#define TOKENS_SPLIT_H

#include "base/slice.h"

/* Writes to ends the offsets in text at which the next pieces end, at most room (at least 1)
 * of them, from the offset `from` on, which is 0 or an end that was written before. Returns how
 * many; 0 at the end of the text only. text is valid UTF-8. pattern is what the splitter was
 * made of; the compiled-in ones need none. Linear over a whole text. */
typedef size_t split_fn(
    const void *pattern, struct slice text, size_t from, size_t *ends, size_t room);

/* The alternatives of the pattern of that encoding in OpenAI's tiktoken
 * (tiktoken_ext/openai_public.py), in their order. gpt2 is that of r50k_base and p50k_base. */
split_fn split_o200k;
split_fn split_cl100k;
split_fn split_gpt2;
/* Llama 3: cl100k's, but blanks that end the text are cut behind their last newline like all
 * others ("\s*[\r\n]+|\s+(?!\S)|\s+" and no "\s+$" before it). */
split_fn split_llama3;
/* Qwen 2, 2.5, 3: Llama 3's with one digit a piece ("\p{N}"). */
split_fn split_qwen;
/* Mistral's tekken: o200k's without contractions and with one digit a piece. */
split_fn split_tekken;

#endif
