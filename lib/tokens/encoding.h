/* SPDX-License-Identifier: MIT */
/* Byte-pair encodings whose ranks are public, compiled in or given as a file.
 *
 * Exact: the ids are those of the reference implementation for every text; text that looks like
 * a special token is plain text. Invalid UTF-8 counts as its lossily decoded text. Linear in
 * the length on every input. */
#ifndef TOKENS_ENCODING_H
#define TOKENS_ENCODING_H

#include "base/slice.h"

struct encoding;

/* "o200k_base" (and "o200k_harmony", same ranks), "cl100k_base", "p50k_base" (and "p50k_edit"),
 * "r50k_base" (and "gpt2"); NULL if not compiled in. */
const struct encoding *encoding_find(struct slice name);
/* The encoding of a file, for as long as the run; told by its content it is
 * - a rank file (`.tiktoken`: a token in base 64, a blank and its rank on each line). It has no
 *   pattern: taken where its ranks are those of o200k_base, cl100k_base, p50k_base, r50k_base,
 *   Llama 3 or Qwen, or where split names the pattern (see split_named in stages.h);
 * - a tokenizer.json of PyPI tokenizers, of the byte-level BPE kind;
 * - Mistral's tekken.json.
 * NULL, and *why (valid until the next call, with the line where there is one), if it is
 * anything else or cannot be reproduced exactly. */
const struct encoding *encoding_of_file(
    struct slice file, struct slice split, const char **why);
/* The same without a pattern. */
const struct encoding *encoding_of_ranks(struct slice file, const char **why);
const char *encoding_name(const struct encoding *e);
/* How many tokens text is. Nothing is allocated that outlives the call beyond a bounded,
 * process-wide cache. */
uint64_t encoding_count(const struct encoding *e, struct slice text);
/* The ids, at most room of them into ids; returns how many there are in all. */
size_t encoding_ids(const struct encoding *e, struct slice text, uint32_t *ids, size_t room);
/* Bytes of a token id; ptr NULL if there is none. */
struct slice encoding_bytes(const struct encoding *e, uint32_t id);

#endif
