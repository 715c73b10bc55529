/* SPDX-License-Identifier: MIT */
#include "cache.h"

#include <stdlib.h>

#include "base/mem.h"

#define MOST ((size_t)1 << 20)

static const unsigned char nothing[16];

/* The place of the key, or the free place where it belongs. A key is a hash already. */
static unsigned char *
slot_of(unsigned char (*slots)[16], size_t size, const unsigned char *key)
{
	uint64_t at;

	memcpy(&at, key, sizeof(at));
	for (at &= size - 1; memcmp(slots[at], nothing, 16) != 0; at = (at + 1) & (size - 1))
		if (memcmp(slots[at], key, 16) == 0)
			break;
	return slots[at];
}

static void
enlarge(struct seen *seen)
{
	size_t size = seen->size ? seen->size * 2 : 1024;
	unsigned char(*slots)[16] = mem_zero(size * sizeof(*slots));

	for (size_t i = 0; i < seen->size; i++)
		if (memcmp(seen->slots[i], nothing, 16) != 0)
			memcpy(slot_of(slots, size, seen->slots[i]), seen->slots[i], 16);
	free(seen->slots);
	seen->slots = slots;
	seen->size = size;
}

bool
seen_before(struct seen *seen, const unsigned char key[DIGEST_SIZE])
{
	unsigned char *slot;

	if (seen->count < MOST && seen->count * 2 >= seen->size)
		enlarge(seen);
	slot = slot_of(seen->slots, seen->size, key);
	if (memcmp(slot, key, 16) == 0)
		return true;
	if (seen->count < MOST) {
		memcpy(slot, key, 16);
		seen->count++;
	}
	return false;
}

void
seen_free(struct seen *seen)
{
	free(seen->slots);
	*seen = (struct seen){ 0 };
}
