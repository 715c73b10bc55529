/* SPDX-License-Identifier: MIT */
/* Rows of JSON: errors and outliers, column by column. */
#include <stdlib.h>

#include "cmd/llm-compress/table/drop.h"

#define COLUMNS 64

struct kind {
	uint64_t mask;
	size_t row;
};

static int
by_mask(const void *a, const void *b)
{
	const struct kind *x = a, *y = b;

	if (x->mask != y->mask)
		return x->mask < y->mask ? -1 : 1;
	return (x->row > y->row) - (x->row < y->row);
}

static size_t
rare(size_t n)
{
	return n / 100 > 2 ? n / 100 : 2;
}

/* Rows whose kind few others have; where there are nearly as many kinds as rows none is. */
static void
mark_rare(struct kind *list, size_t n, bool *stay)
{
	size_t kinds = 0;

	qsort(list, n, sizeof(*list), by_mask);
	for (size_t i = 0; i < n; i++)
		kinds += !i || list[i].mask != list[i - 1].mask;
	if (kinds * 4 > n)
		return;
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i; end < n && list[end].mask == list[i].mask;)
			end++;
		for (size_t k = i; k < end && end - i <= rare(n); k++)
			stay[list[k].row] = true;
	}
}

/* Of an object its names, of an array its length. */
static uint64_t
shape_of(struct value row)
{
	uint64_t h = 1;

	if (json_type(row) != JSON_OBJECT)
		return json_length(row);
	for (struct value n = json_first(row); json_type(n); n = json_next(n))
		h = (h ^ drop_mask(json_raw(n))) * 0x9E3779B97F4A7C15u;
	return h;
}

static struct value
member(struct value row, size_t k)
{
	struct value n = json_first(row);

	while (k-- && json_type(n))
		n = json_next(n);
	return json_type(n) && json_type(row) == JSON_OBJECT ? json_member_value(n) : n;
}

/* Column k: far numbers, or rare kinds of values; of free text those of an odd length. */
static void
judge_column(const struct value *row, size_t n, size_t k, struct arena *a, bool *stay)
{
	struct kind *kind = arena_alloc(a, (n + 1) * sizeof(*kind));
	double *number = arena_alloc(a, (n + 1) * sizeof(*number));
	bool numbers = true;

	for (size_t i = 0; i < n; i++) {
		struct value v = member(row[i], k);

		numbers &= json_type(v) == JSON_NUMBER && json_double(v, &number[i]);
		kind[i] = (struct kind){ drop_mask(json_raw(v)) ^ (uint64_t)json_type(v), i };
		if (!numbers)
			number[i] = (double)json_raw(v).len;
	}
	if (numbers) {
		drop_far(number, n, a, stay);
		return;
	}
	mark_rare(kind, n, stay);
	for (size_t i = 0; i < n; i++)
		number[i] = (double)json_raw(member(row[i], k)).len;
	drop_far(number, n, a, stay);
}

void
drop_judge_rows(struct value array, size_t n, struct arena *a, bool *stay)
{
	struct value *row = arena_alloc(a, (n + 1) * sizeof(*row));
	struct kind *kind = arena_alloc(a, (n + 1) * sizeof(*kind));
	size_t i = 0, width;

	for (struct value v = json_first(array); json_type(v) && i < n; v = json_next(v), i++) {
		row[i] = v;
		kind[i] = (struct kind){ shape_of(v), i };
		stay[i] |= drop_tells_bad(json_raw(v));
	}
	mark_rare(kind, n, stay);
	width = json_length(row[0]);
	for (size_t k = 0; k < width && k < COLUMNS; k++)
		judge_column(row, n, k, a, stay);
}
