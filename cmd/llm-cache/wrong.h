/* SPDX-License-Identifier: MIT */
/* How many of those that were judged were wrong, as members and as columns. */
#ifndef WRONG_H
#define WRONG_H

#include "show/members.h"
#include "stats/interval.h"

struct wrong {
	uint64_t judged, wrong;
	struct interval range; /* of the share of wrong ones */
};
#define WRONG_COLUMNS 5

/* Wrong ones by judged one; 0 where none was. */
double wrong_share(const struct wrong *x);
/* judged is the name of the first member, of the first column, for people and for programs. */
void wrong_members(struct writer *w, const char *judged, const struct wrong *x);
/* The columns from at on. */
void wrong_headings(struct table *t, size_t at, const char *judged, bool people);
void wrong_cells(struct table *t, struct slice *cell, const struct wrong *x, bool people);

#endif
