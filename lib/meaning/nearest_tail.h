/* SPDX-License-Identifier: MIT */
/* The tail pass of nearest_path.h, the same for each instruction set: TARGET says what counts
 * the bits. */
#ifndef LLM_MEANING_NEAREST_TAIL_H
#define LLM_MEANING_NEAREST_TAIL_H

#include "meaning/nearest_path.h"

static TARGET void
tail(const uint64_t *rows, size_t words, const uint64_t *query, struct candidate *list,
    size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const uint64_t *row = rows + list[i].row * words;

		for (size_t w = 0; w < words; w++)
			list[i].distance += (uint32_t)__builtin_popcountll(row[w] ^ query[w]);
	}
}

#endif
