/* SPDX-License-Identifier: MIT */
/* Any bytes: ids are in range, the same a second time, and the same piecewise. */
#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"
#include "meaning/table.h"
#include "meaning/wordpiece.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct wordpiece *words;
	struct slice text = slice_of((const char *)data, size), head;
	/* no byte makes more than three jamo, each a piece */
	size_t room = 3 * size + 1;
	uint32_t *a = mem_alloc(room * sizeof *a), *b = mem_alloc(room * sizeof *b);
	struct wordpiece_count all, again, first, rest;

	if (!words)
		words = wordpiece_map(slice_of(table_vocabulary, table_vocabulary_size));
	all = wordpiece_ids(words, text, a, room);
	assert(all.pieces < room && all.poor <= all.pieces);
	for (size_t i = 0; i < all.pieces; i++)
		assert(a[i] < wordpiece_size(words));
	again = wordpiece_ids(words, text, b, room);
	assert(again.pieces == all.pieces && again.poor == all.poor);
	assert(memcmp(a, b, all.pieces * sizeof *a) == 0);
	head = slice_take(text, slice_find(text, ' '));
	first = wordpiece_ids(words, head, b, room);
	rest = wordpiece_ids(
	    words, slice_drop(text, head.len), b + first.pieces, room - first.pieces);
	assert(first.pieces + rest.pieces == all.pieces);
	assert(memcmp(a, b, all.pieces * sizeof *a) == 0);
	free(a);
	free(b);
	return 0;
}
