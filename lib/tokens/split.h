/* SPDX-License-Identifier: MIT */
/* Cuts text into the pieces of the two public patterns, from left to right. */
#ifndef TOKENS_SPLIT_H
#define TOKENS_SPLIT_H

#include "base/slice.h"

/* Bytes of the piece that text begins with, at least 1. text is valid UTF-8 and not empty.
 * The rules are the alternatives of the pattern of that encoding in OpenAI's tiktoken
 * (tiktoken_ext/openai_public.py), in their order. Linear over a whole text. */
typedef size_t split_fn(struct slice text);
split_fn split_o200k;
split_fn split_cl100k;

#endif
