/* SPDX-License-Identifier: MIT */
/*
 * The nearest of many vectors, by cosine. One pass over the sign bits chooses candidates, the
 * rows at 8 bits a number decide: no index to build or to corrupt, up to millions of rows. A
 * row takes its dims in bytes and an eighth of that for the signs.
 *
 * All arithmetic on rows is of whole numbers, so every path (AVX-512, AVX2, plain C, chosen at
 * run time; the variable LLM_SIMD names one) gives the same answer.
 */
#ifndef LLM_MEANING_NEAREST_H
#define LLM_MEANING_NEAREST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct nearest;

struct near {
	uint32_t row;
	float score; /* cosine of the two rows at 8 bits */
};

/* Numbers of a unit vector at 8 bits: the largest magnitude becomes 127. */
void nearest_pack(const float *unit, size_t dims, int8_t *row);
/* Cosine of two packed rows; 0 where one is all zero. */
float nearest_score(const int8_t *a, const int8_t *b, size_t dims);

/* No rows yet, of so many dims (1 to 4,096). */
struct nearest *nearest_open(size_t dims);
void nearest_free(struct nearest *n); /* NULL is fine */
/* Appends a packed row, which is copied; its number, from 0 on. */
uint32_t nearest_add(struct nearest *n, const int8_t *row);
/* The row is never found again. */
void nearest_drop(struct nearest *n, uint32_t row);
const int8_t *nearest_row(const struct nearest *n, uint32_t row);

/* The rows nearest to a packed one, best first, the earlier of two equals first; at most `most`
 * (<= 64). Returns how many. Among all rows it finds the best one in at least 99 of 100 cases,
 * and in all of them where rows are few (2,048). */
size_t nearest_find(
    const struct nearest *n, const int8_t *row, struct near *found, size_t most);
/* The same from all rows at 8 bits, without the first pass. */
size_t nearest_scan(
    const struct nearest *n, const int8_t *row, struct near *found, size_t most);

/* "avx512", "avx2" or "portable". nearest_use picks one for tests; false if this machine has it
 * not. */
const char *nearest_path(void);
bool nearest_use(const char *name);

#endif
