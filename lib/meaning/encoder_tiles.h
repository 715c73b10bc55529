/* SPDX-License-Identifier: MIT */
/*
 * The encoder's product of rows and a matrix, from what a path brings beside encoder_lanes.h:
 * ROWS, 4 to 6; COLUMNS; and tile(), which makes COLUMNS outputs of n rows at once, n at most
 * ROWS and known to the compiler.
 */
#ifndef LLM_MEANING_ENCODER_TILES_H
#define LLM_MEANING_ENCODER_TILES_H

#include "meaning/encoder_lanes.h"

FN void tile(const struct encoder_matrix *m, const struct encoder_packed *rows, size_t row,
    size_t column, float *out, const size_t n);

static TARGET void
multiply(
    const struct encoder_matrix *m, const struct encoder_packed *rows, size_t count, float *out)
{
	for (size_t column = 0; column < m->out; column += COLUMNS) {
		size_t row = 0, left;

		for (; row + ROWS <= count; row += ROWS)
			tile(m, rows, row, column, out, ROWS);
		left = count - row;
#if ROWS > 5
		if (left == 5)
			tile(m, rows, row, column, out, 5);
#endif
#if ROWS > 4
		if (left == 4)
			tile(m, rows, row, column, out, 4);
#endif
		if (left == 3)
			tile(m, rows, row, column, out, 3);
		else if (left == 2)
			tile(m, rows, row, column, out, 2);
		else if (left == 1)
			tile(m, rows, row, column, out, 1);
	}
}

#endif
