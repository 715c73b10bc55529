/* SPDX-License-Identifier: MIT */
/* A finished report in its formats. */
#ifndef COST_PRINT_H
#define COST_PRINT_H

#include "by.h"
#include "left.h"
#include "sums.h"

struct print {
	const struct by *by;
	const struct groups *groups;
	const struct left *left;
	const size_t *order; /* of the groups */
	size_t count;        /* how many there are; 0 without --by */
	size_t shown;
};

extern const char *const print_formats[]; /* table first, NULL-ended */
/* Appends the report in this format, one of print_formats; it ends with a newline. */
void print_as(const char *format, const struct print *p, struct buf *out);

#endif
