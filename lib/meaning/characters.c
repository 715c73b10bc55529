/* SPDX-License-Identifier: MIT */
#include "meaning/characters.h"

#include <math.h>

#include "meaning/embed.h"
#include "meaning/gate.h"
#include "text/unicode.h"

#define SHORTEST 3
#define LONGEST 5

/* FNV-1a, 64 bits, and a last mix: the same on every machine, because vectors are stored. */
static uint64_t
mix(struct slice run)
{
	uint64_t h = UINT64_C(14695981039346656037);

	for (size_t i = 0; i < run.len; i++)
		h = (h ^ (unsigned char)run.ptr[i]) * UINT64_C(1099511628211);
	h ^= h >> 32;
	h *= UINT64_C(0x9e3779b97f4a7c15);
	return h ^ h >> 29;
}

bool
characters_vector(struct slice text, struct arena *a, float *unit)
{
	struct slice folded = gate_fold(text, a), rest;
	size_t *starts = arena_alloc(a, (folded.len + 3) * sizeof(*starts)), count = 0;
	char *padded = arena_alloc(a, folded.len + 2);

	padded[0] = padded[folded.len + 1] = ' ';
	if (folded.len)
		memcpy(padded + 1, folded.ptr, folded.len);
	for (rest = slice_of(padded, folded.len + 2); rest.len; unicode_next(&rest))
		starts[count++] = (size_t)(rest.ptr - padded);
	starts[count] = folded.len + 2;
	memset(unit, 0, CHARACTERS_DIMS * sizeof(*unit));
	for (size_t n = SHORTEST; n <= LONGEST; n++)
		for (size_t i = 0; i + n <= count; i++) {
			struct slice run =
			    slice_of(padded + starts[i], starts[i + n] - starts[i]);
			uint64_t h = mix(run);

			unit[h % CHARACTERS_DIMS] += (h >> 40 & 1 ? 1.0F : -1.0F) * (float)n;
		}
	/* a run that comes often says little more than one that comes once */
	for (size_t i = 0; i < CHARACTERS_DIMS; i++)
		unit[i] = unit[i] < 0 ? -sqrtf(-unit[i]) : sqrtf(unit[i]);
	return vector_unit(unit, CHARACTERS_DIMS);
}
