/* SPDX-License-Identifier: MIT */
/* What an encoding is made of; for the files that make one. */
#ifndef TOKENS_ENCODING_PARTS_H
#define TOKENS_ENCODING_PARTS_H

#include "tokens/encoding.h"
#include "tokens/split.h"
#include "tokens/vocab.h"

struct memo;
struct encoding {
	const char *name;
	split_fn *split;
	struct vocab vocab;
	struct memo *memo; /* NULL: not opened yet */
};

/* Of an image made by vocab_build; image and name live as long as the run. */
struct encoding *encoding_make(const char *name, split_fn *split, struct slice image);

#endif
