/* SPDX-License-Identifier: MIT */
/* Cutting text in stages, each of which cuts the pieces of the one before: the pre_tokenizer of
 * a tokenizer.json. */
#ifndef TOKENS_STAGES_H
#define TOKENS_STAGES_H

#include "tokens/regex.h"
#include "tokens/split.h"

#define STAGES 8

/* What becomes of matches and of the gaps between them ("behavior" of PyPI tokenizers). */
enum stage_join { JOIN_NONE, JOIN_ALIKE, JOIN_BEFORE, JOIN_BEHIND };

struct stage {
	split_fn *split; /* of a known family; NULL: regex */
	struct regex *regex;
	enum stage_join join; /* of regex */
	bool invert;          /* a gap counts as a match */
};

struct stages;
/* A copy of count stages, 1 to STAGES; takes their regexes. */
struct stages *stages_new(const struct stage *stage, unsigned count);
void stages_free(struct stages *s);
/* The splitter; pattern is a struct stages, in which it keeps its place. */
split_fn split_stages;
/* One piece, the whole text. */
split_fn split_whole;

/* The splitter whose pieces are those of this pattern (its known spellings, listed in
 * stages.c), and its name; NULL where there is none. */
split_fn *split_of_pattern(struct slice pattern, const char **name);
/* The splitter of an encoding or family of this name: "o200k_base", "cl100k_base", "gpt2",
 * "llama-3", "qwen", "tekken"; NULL where there is none. */
split_fn *split_named(struct slice name);

#endif
