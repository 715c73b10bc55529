/* SPDX-License-Identifier: MIT */
/* Cells in rows, and what those of a column have in common. */
#ifndef LLM_COMPRESS_TABLE_COLUMNS_H
#define LLM_COMPRESS_TABLE_COLUMNS_H

#include "base/arena.h"
#include "base/slice.h"

#define GRID_COLUMNS 64

struct column {
	struct slice name;       /* JSON */
	struct slice standard;   /* the cell that an empty one stands for; ptr NULL: none */
	struct slice head, tail; /* what all cells share; head.ptr NULL: nothing */
	bool strings;            /* all values are strings without quotes */
};
struct grid {
	struct column column[GRID_COLUMNS];
	size_t width, rows;
	struct slice *cell; /* [row][column] */
	struct arena *arena;
};

/* The cell that half of the rows or more have; ptr NULL if none is. */
struct slice grid_most(const struct grid *g, size_t k);
/* What all cells begin and end with, up to the border of a word, becomes head and tail of the
 * column, and something is left between them in each; false where it is less than three bytes,
 * or nothing at the begin. */
bool grid_shared(struct grid *g, size_t k);
/* What is left of a cell between head and tail. */
struct slice grid_own(const struct grid *g, size_t row, size_t k);

#endif
