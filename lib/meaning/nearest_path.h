/* SPDX-License-Identifier: MIT */
/* Private to nearest: what an instruction set brings. */
#ifndef LLM_MEANING_NEAREST_PATH_H
#define LLM_MEANING_NEAREST_PATH_H

#include <stddef.h>
#include <stdint.h>

#include "base/simd.h"

/* Sign bits stand in blocks of eight rows: word 0 of the eight, word 1 of the eight … */
#define BLOCK_ROWS 8

struct candidate {
	uint32_t row, distance;
};

/* Rows of blocks [from, to) that differ from the query in at most `bound` bits go to out, in
 * order. Stops where fewer than BLOCK_ROWS places of `room` are left after *count; returns the
 * first block that was not looked at. words: of a row, all of them looked at. */
typedef size_t (*nearest_bits_fn)(const uint64_t *blocks, size_t from, size_t to, size_t words,
    const uint64_t *query, uint32_t bound, struct candidate *out, size_t *count, size_t room);
/* Adds to each of the list the bits in which its row of tail, of so many words, differs. */
typedef void (*nearest_tail_fn)(const uint64_t *tail, size_t words, const uint64_t *query,
    struct candidate *list, size_t count);
/* Sum of products; n is a multiple of 64. */
typedef int32_t (*nearest_dot_fn)(const int8_t *a, const int8_t *b, size_t n);

struct nearest_path {
	nearest_bits_fn bits;
	nearest_tail_fn tail;
	nearest_dot_fn dot;
};

extern const struct nearest_path nearest_portable;
#if SIMD_X86
extern const struct nearest_path nearest_avx2, nearest_avx512;
#endif

#endif
