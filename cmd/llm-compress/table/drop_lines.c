/* SPDX-License-Identifier: MIT */
/* Lines of a log: errors and what follows them, rare kinds, far numbers. */
#include <stdlib.h>

#include "cmd/llm-compress/table/drop.h"

#define FIELDS 12

struct kind {
	uint64_t mask;
	size_t line;
};

static int
by_mask(const void *a, const void *b)
{
	const struct kind *x = a, *y = b;

	if (x->mask != y->mask)
		return x->mask < y->mask ? -1 : 1;
	return (x->line > y->line) - (x->line < y->line);
}

/* The k-th run of digits as a number; names that were made up have none. */
static double
field(struct slice s, size_t k)
{
	for (size_t i = 0, made; i < s.len; i++) {
		double n = 0;

		if ((made = drop_made_up(s, i)) != 0) {
			i += made - 1;
			continue;
		}
		if (s.ptr[i] < '0' || s.ptr[i] > '9')
			continue;
		for (; i < s.len && s.ptr[i] >= '0' && s.ptr[i] <= '9'; i++)
			n = n * 10 + (s.ptr[i] - '0');
		if (!k--)
			return n;
	}
	return 0;
}

/* Lines of one kind: those with a number that is far from the others'. */
static void
judge_kind(
    const struct slice *line, const struct kind *list, size_t n, struct arena *a, bool *stay)
{
	double *v = arena_alloc(a, (n + 1) * sizeof(*v));
	bool *far = arena_zero(a, n + 1, 1);

	for (size_t k = 0; k < FIELDS; k++) {
		for (size_t i = 0; i < n; i++)
			v[i] = field(line[list[i].line], k);
		drop_far(v, n, a, far);
	}
	for (size_t i = 0; i < n; i++)
		stay[list[i].line] |= far[i];
}

static size_t
indent(struct slice s)
{
	size_t n = 0;

	while (n < s.len && (s.ptr[n] == ' ' || s.ptr[n] == '\t'))
		n++;
	return n;
}

/* A line that goes on with what the one at `head` says: indented deeper, or a step of a trace.
 */
static bool
goes_on(struct slice s, struct slice head)
{
	struct slice bare = slice_drop(s, indent(s));

	return !bare.len || indent(s) > indent(head) ||
	       slice_starts(bare, SLICE("Caused by")) || slice_starts(bare, SLICE("at ")) ||
	       slice_starts(bare, SLICE("..."));
}

/* Errors, and what goes on with them. */
static void
mark_bad(const struct slice *line, size_t n, bool *stay)
{
	size_t head = n; /* the error that is told; n: none */

	for (size_t i = 0; i < n; i++) {
		if (drop_tells_bad(line[i])) {
			if (head == n || !goes_on(line[i], line[head]))
				head = i;
		} else if (head < n && !goes_on(line[i], line[head])) {
			head = n;
		}
		stay[i] = head < n;
	}
}

bool
drop_judge_lines(const struct slice *line, size_t n, struct arena *a, bool *stay)
{
	struct kind *list = arena_alloc(a, (n + 1) * sizeof(*list));
	size_t like = 0, few = n / 100 > 2 ? n / 100 : 2;

	for (size_t i = 0; i < n; i++)
		list[i] = (struct kind){ drop_mask(line[i]), i };
	mark_bad(line, n, stay);
	qsort(list, n, sizeof(*list), by_mask);
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i; end < n && list[end].mask == list[i].mask;)
			end++;
		if (end - i <= few) {
			for (size_t k = i; k < end; k++)
				stay[list[k].line] = true;
			continue;
		}
		like += end - i;
		stay[list[i].line] = true; /* one of its kind */
		judge_kind(line, list + i, end - i, a, stay);
	}
	return like * 2 >= n;
}
