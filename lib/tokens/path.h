/* SPDX-License-Identifier: MIT */
/* The two inner loops of counting, for each kind of machine: same results, other speed. */
#ifndef TOKENS_PATH_H
#define TOKENS_PATH_H

#include "base/simd.h"
#include "tokens/split_family.h"
#include "tokens/vocab.h"

/* Pieces that a call of cut may write, at least the first of them wanted. */
#define CUT_WANTED 256
#define CUT_MOST (CUT_WANTED + 64)

/* The next pieces of a text: those to look up, from where to where, and the tokens of all
 * others. Of a piece of 4 GiB or more, which is alone, only next tells. */
struct pieces {
	uint32_t from[CUT_MOST], to[CUT_MOST];
	size_t count;
	uint64_t tokens;
	place next; /* the end of the last of all */
};

/* What an encoding says of short pieces, beside that a byte is a token. */
struct path_short {
	bool numbers;        /* one to three digits are one */
	const uint32_t *two; /* VOCAB_NONE: these two bytes are two tokens, else one (see of_two
				in vocab.h); NULL: not told */
};

/* Cuts on from p, which is before end; offsets are from p. */
typedef void path_cut(place p, place end, const struct path_short *s, struct pieces *pieces);

/* Adds up the tokens of those pieces of cut that the table has; the numbers of the others go to
 * missed, and *misses says how many. */
typedef uint64_t path_probe(const struct table *t, place p, place end,
    const struct pieces *pieces, uint16_t *missed, size_t *misses);

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
