/* SPDX-License-Identifier: MIT */
/* The two inner loops of counting, for each kind of machine: same results, other speed. */
#ifndef TOKENS_PATH_H
#define TOKENS_PATH_H

#include "base/simd.h"
#include "tokens/split_family.h"
#include "tokens/table.h"

/* Ends that a call of cut may write, at least the first of them wanted. */
#define CUT_WANTED 256
#define CUT_MOST (CUT_WANTED + 64)

/* Writes to ends, relative to p, where the next pieces of the text from p to end stop; returns
 * how many, and sets *next to the end of the last. A piece of 4 GiB or more comes alone, and
 * only *next tells its end. None at the end of the text only. */
typedef size_t path_cut(place p, place end, uint32_t *ends, place *next);

/* Adds up the tokens of those pieces of cut that the table has; the numbers of the others go to
 * missed, and *misses says how many. */
typedef uint64_t path_probe(const struct table *t, place p, place end, const uint32_t *ends,
    size_t count, uint16_t *missed, size_t *misses);

struct path {
	path_cut *o200k, *cl100k, *gpt2, *llama3, *qwen, *tekken;
	path_probe *probe;
	bool (*utf8)(place p, size_t len); /* is it valid; NULL: not told */
};
extern const struct path path_portable, path_avx2, path_avx512;

/* The best of this machine, or what LLM_SIMD in the environment names. */
const struct path *path_chosen(void);
const char *path_chosen_name(void);
/* Is text valid UTF-8? */
bool path_utf8(struct slice text);
/* "portable", "avx2" or "avx512" from now on; false if the machine cannot. */
bool path_use(const char *name);

#endif
