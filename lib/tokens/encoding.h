/* SPDX-License-Identifier: MIT */
/* Byte-pair encodings whose ranks are public, compiled in: o200k_base and cl100k_base.
 *
 * Exact: the ids are those of the reference implementation for every text; text that looks like
 * a special token is plain text. Invalid UTF-8 counts as its lossily decoded text. Linear in
 * the length on every input. */
#ifndef TOKENS_ENCODING_H
#define TOKENS_ENCODING_H

#include "base/slice.h"

struct encoding;

/* "o200k_base", "cl100k_base" (and "o200k_harmony", same ranks); NULL if not compiled in. */
const struct encoding *encoding_find(struct slice name);
/* The encoding of a rank file (`.tiktoken`: a token in base 64, a blank and its rank on each
 * line, ranks 0, 1, 2 …), for as long as the run. Only one whose pattern its size tells is
 * taken: 199,998 ranks split as o200k_base, 100,256 as cl100k_base. NULL, and *why (valid until
 * the next call, with line number where there is one), if it is anything else. */
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
