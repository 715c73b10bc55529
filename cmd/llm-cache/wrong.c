/* SPDX-License-Identifier: MIT */
#include "wrong.h"

double
wrong_share(const struct wrong *x)
{
	return x->judged ? (double)x->wrong / (double)x->judged : 0;
}

void
wrong_members(struct writer *w, const char *judged, const struct wrong *x)
{
	member_count(w, judged, x->judged);
	member_count(w, "wrong", x->wrong);
	member_real(w, "wrong_per_hit", wrong_share(x));
	member_real(w, "low", x->range.low);
	member_real(w, "high", x->range.high);
}

void
wrong_headings(struct table *t, size_t at, const char *judged, bool people)
{
	const char *const headings[WRONG_COLUMNS] = { judged, "wrong",
		people ? "per hit" : "wrong_per_hit", "low", "high" };

	for (size_t i = 0; i < WRONG_COLUMNS; i++) {
		t->heading[at + i] = slice_z(headings[i]);
		t->right[at + i] = true;
	}
}

void
wrong_cells(struct table *t, struct slice *cell, const struct wrong *x, bool people)
{
	const uint64_t counts[] = { x->judged, x->wrong };
	const double shares[] = { wrong_share(x), x->range.low, x->range.high };

	for (size_t i = 0; i < 2; i++)
		cell[i] = cell_figure((struct figure){ .kind = FIGURE_COUNT, .n = counts[i] },
		    people, 0, t->arena);
	for (size_t i = 0; i < 3; i++)
		cell[2 + i] = (people ? cell_share : cell_real)(shares[i], t->arena);
}
