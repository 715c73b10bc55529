/* SPDX-License-Identifier: MIT */
/* The lexical gate on two texts, the halves of the input: its answer is the same from both
 * sides, and no text conflicts with itself. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "meaning/gate.h"
#include "text/unicode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct arena arena;
	struct slice all = slice_of((const char *)data, size), a, b;
	size_t half = slice_find(all, '\n');
	const struct gate_text *x, *y;
	float share;

	arena_reset(&arena);
	a = slice_take(all, half);
	b = slice_drop(all, half + 1);
	if (!unicode_valid(a) || !unicode_valid(b)) /* no string of JSON is that */
		return -1;
	x = gate_read(a, &arena);
	y = gate_read(b, &arena);
	assert(gate_conflict(x, y) == gate_conflict(y, x));
	assert(gate_conflict(x, x) == GATE_NONE);
	share = gate_overlap(x, y);
	assert(share >= 0 && share <= 1);
	gate_fold(a, &arena);
	return 0;
}
