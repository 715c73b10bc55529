/* SPDX-License-Identifier: MIT */
/* Formulas: what a line has of maths beside words. */
#ifndef TASK_MATHS_H
#define TASK_MATHS_H

#include "base/slice.h"

/* How many operators stand between operands ("3x - 4y = 1" has two), and commands of LaTeX
 * such as \frac. An operand is a number, a letter by itself, or what stands in parentheses; a
 * hyphen or a slash counts between blanks alone, and beside another sign of these alone, so
 * that dates, ranges, paths and dashes are none. */
unsigned maths_in(struct slice line);

#endif
