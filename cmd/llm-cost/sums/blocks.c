/* SPDX-License-Identifier: MIT */
#include "blocks.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/when.h"
#include "cmd/llm-cost/rows/by.h"

#define HOUR INT64_C(3600000)

struct hours {
	size_t field;
	int64_t *hour, *block; /* in order */
	size_t count;
};

static int64_t
hour_of(struct slice key, size_t field)
{
	struct slice value = by_value(key, field);
	int64_t n = 0;

	if (!value.len || value.ptr[0] < '0' || value.ptr[0] > '9')
		return -1;
	for (size_t i = 0; i < value.len; i++)
		n = n * 10 + (value.ptr[i] - '0');
	return n;
}

static int
by_number(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

static void
find_blocks(const struct groups *g, struct hours *h)
{
	int64_t begin = INT64_MIN;

	h->hour = mem_alloc((g->keys.count + 1) * sizeof(*h->hour));
	h->block = mem_alloc((g->keys.count + 1) * sizeof(*h->block));
	for (size_t i = 0; i < g->keys.count; i++)
		if (!slice_eq(g->keys.keys[i], GROUPS_REST) &&
		    hour_of(g->keys.keys[i], h->field) >= 0)
			h->hour[h->count++] = hour_of(g->keys.keys[i], h->field);
	qsort(h->hour, h->count, sizeof(*h->hour), by_number);
	for (size_t i = 0; i < h->count; i++) {
		if (begin == INT64_MIN || h->hour[i] >= begin + BLOCK_HOURS)
			begin = h->hour[i];
		h->block[i] = begin;
	}
}

static void
rekey(void *context, struct slice old, struct buf *key)
{
	const struct hours *h = context;
	int64_t hour = hour_of(old, h->field), *found;
	char name[25];

	for (size_t f = 0; f < h->field; f++) {
		buf_add(key, by_value(old, f));
		buf_add_byte(key, '\n');
	}
	found = h->count ? bsearch(&hour, h->hour, h->count, sizeof(hour), by_number) : NULL;
	if (found) {
		when_write(h->block[found - h->hour] * HOUR, name);
		buf_printf(key, "\"%.16sZ\"\n", name);
	} else {
		buf_add(key, SLICE("null\n"));
	}
}

void
blocks_make(struct groups *g, size_t field)
{
	struct hours h = { .field = field };
	struct groups out = { 0 };

	out.total.whole = true;
	find_blocks(g, &h);
	groups_roll(&out, g, rekey, &h);
	groups_free(g);
	*g = out;
	free(h.hour);
	free(h.block);
}

void
blocks_ongoing(const struct groups *g, size_t field, int64_t now, char out[32])
{
	int64_t last = WHEN_NONE;

	out[0] = '\0';
	for (size_t i = 0; i < g->keys.count; i++) {
		struct slice value = by_value(g->keys.keys[i], field);
		int64_t start = WHEN_NONE;

		if (!slice_eq(g->keys.keys[i], GROUPS_REST) && value.len > 2 && value.len < 34)
			start = when_read(slice_of(value.ptr + 1, value.len - 2));
		if (start == WHEN_NONE || start <= last)
			continue;
		last = start;
		memcpy(out, value.ptr + 1, value.len - 2);
		out[value.len - 2] = '\0';
	}
	if (last == WHEN_NONE || now < last || now >= last + BLOCK_HOURS * HOUR)
		out[0] = '\0';
}
