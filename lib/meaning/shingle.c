/* SPDX-License-Identifier: MIT */
#include "meaning/shingle.h"

#include <stdlib.h>

#include "meaning/gate_parts.h"

#define RUN 5
#define ROWS 3 /* of a band */
#define SLIP 5 /* letters that a word with a slip of the pen has at least */

static uint64_t
mixed(uint64_t h)
{
	h ^= h >> 33;
	h *= UINT64_C(0xff51afd7ed558ccd);
	h ^= h >> 33;
	h *= UINT64_C(0xc4ceb9fe1a85ec53);
	return h ^ h >> 33;
}

static uint64_t
run_at(struct slice s, size_t i)
{
	uint64_t h = 0;

	memcpy(&h, s.ptr + i, RUN);
	return mixed(h + 1);
}

bool
shingle_sketch(struct slice s, uint64_t bands[SHINGLE_BANDS])
{
	uint64_t least[SHINGLE_BANDS * ROWS];

	if (s.len < SHINGLE_LEAST)
		return false;
	memset(least, 0xff, sizeof(least));
	for (size_t i = 0; i + RUN <= s.len; i++) {
		uint64_t h = run_at(s, i), step = mixed(h) | 1;

		for (size_t k = 0; k < SHINGLE_BANDS * ROWS; k++, h += step)
			least[k] = h < least[k] ? h : least[k];
	}
	for (size_t b = 0; b < SHINGLE_BANDS; b++)
		bands[b] = mixed(least[b * ROWS] ^ mixed(least[b * ROWS + 1]) ^
				 mixed(mixed(least[b * ROWS + 2])) ^ b);
	return true;
}

static int
by_size(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static size_t
runs_of(struct slice s, uint64_t *list)
{
	size_t count = 0, kept = 0;

	for (size_t i = 0; i + RUN <= s.len; i++)
		list[count++] = run_at(s, i);
	if (count)
		qsort(list, count, sizeof(*list), by_size);
	for (size_t i = 0; i < count; i++)
		if (i == 0 || list[i] != list[i - 1])
			list[kept++] = list[i];
	return kept;
}

float
shingle_share(struct slice a, struct slice b, struct arena *arena)
{
	uint64_t *x = arena_alloc(arena, (a.len + 1) * sizeof(*x));
	uint64_t *y = arena_alloc(arena, (b.len + 1) * sizeof(*y));
	size_t n = runs_of(a, x), m = runs_of(b, y), common = 0;

	for (size_t i = 0, k = 0; i < n && k < m;) {
		uint64_t left = x[i], right = y[k];

		common += left == right;
		i += left <= right;
		k += right <= left;
	}
	return n + m ? (float)common / (float)(n + m - common) : 0;
}

/* One letter is another, is missing, or two have changed places. */
static bool
is_slip(struct slice a, struct slice b)
{
	size_t head = 0, tail = 0;
	size_t shorter = a.len < b.len ? a.len : b.len, longer = a.len + b.len - shorter;

	if (shorter < SLIP || longer - shorter > 1)
		return false;
	while (head < shorter && a.ptr[head] == b.ptr[head])
		head++;
	while (tail < shorter - head && a.ptr[a.len - 1 - tail] == b.ptr[b.len - 1 - tail])
		tail++;
	if (longer - head - tail <= 1)
		return true;
	return a.len == b.len && a.len - head - tail == 2 && a.ptr[head] == b.ptr[head + 1] &&
	       a.ptr[head + 1] == b.ptr[head];
}

static bool
says_too(const struct gate_word *w, const struct gate_text *t)
{
	if (w->flags & WORD_STOP && !(w->flags & WORD_NAME))
		return true;
	for (size_t i = 0; i < t->word_count; i++)
		if (slice_eq(t->words[i].stem, w->stem) ||
		    (!(w->flags & WORD_NAME) && is_slip(t->words[i].text, w->text)))
			return true;
	return false;
}

bool
shingle_same(const struct gate_text *a, const struct gate_text *b)
{
	for (size_t i = 0; i < a->word_count; i++)
		if (!says_too(&a->words[i], b))
			return false;
	for (size_t i = 0; i < b->word_count; i++)
		if (!says_too(&b->words[i], a))
			return false;
	return true;
}
