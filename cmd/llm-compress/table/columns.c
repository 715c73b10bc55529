/* SPDX-License-Identifier: MIT */
/* What the cells of a column have in common. */
#include "base/ascii.h"
#include "cmd/llm-compress/table/columns.h"

struct slice
grid_most(const struct grid *g, size_t k)
{
	struct slice lead = { NULL, 0 };
	size_t votes = 0, have = 0;

	for (size_t i = 0; i < g->rows; i++) {
		struct slice s = g->cell[i * g->width + k];

		if (!votes) {
			lead = s;
			votes = 1;
		} else if (slice_eq(s, lead)) {
			votes++;
		} else {
			votes--;
		}
	}
	for (size_t i = 0; i < g->rows; i++)
		have += slice_eq(g->cell[i * g->width + k], lead);
	return have * 2 < g->rows ? (struct slice){ NULL, 0 } : lead;
}

static bool
is_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (unsigned char)c >= 0x80;
}

/* Whether the place between two characters is inside a word; where a number meets letters it is
 * not. */
static bool
inside(char a, char b)
{
	return is_word(a) && is_word(b) && ascii_digit(a) == ascii_digit(b);
}

bool
grid_shared(struct grid *g, size_t k)
{
	struct column *c = &g->column[k];
	struct slice first = g->cell[k];
	size_t head = first.len, tail = first.len;

	for (size_t i = 1; i < g->rows && head; i++) {
		struct slice s = g->cell[i * g->width + k];
		size_t n = 0, m = 0;

		while (n < head && n < s.len && s.ptr[n] == first.ptr[n])
			n++;
		head = n;
		while (m < tail && m < s.len &&
		       s.ptr[s.len - 1 - m] == first.ptr[first.len - 1 - m])
			m++;
		tail = m;
	}
	while (head && is_word(first.ptr[head - 1]))
		head--;
	while (tail && tail < first.len &&
	       inside(first.ptr[first.len - tail - 1], first.ptr[first.len - tail]))
		tail--;
	for (size_t i = 0; i < g->rows; i++) {
		size_t n = g->cell[i * g->width + k].len;

		while (tail && head + tail >= n)
			tail--;
		if (head >= n)
			return false;
	}
	if (!head || head + tail < 3)
		return false;
	c->head = slice_take(first, head);
	c->tail = slice_drop(first, first.len - tail);
	return true;
}

struct slice
grid_own(const struct grid *g, size_t row, size_t k)
{
	const struct column *c = &g->column[k];
	struct slice s = g->cell[row * g->width + k];

	return slice_of(s.ptr + c->head.len, s.len - c->head.len - c->tail.len);
}
