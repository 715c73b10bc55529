/* SPDX-License-Identifier: MIT */
/* A fast hash for tables in memory, keyed by a seed of this process, so that nobody can
 * choose colliding keys. Never for anything that is stored or shown, but for hash_stable. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/slice.h"

uint64_t hash_of(struct slice key);
/* The one that may be stored: the same for all processes and machines, of the bytes and of what
 * the bytes before them gave (0 at first). Tells damage, not malice. */
uint64_t hash_stable(uint64_t before, struct slice bytes);

/* A map from bytes to an index 0, 1, 2 … in order of first sight. A zeroed struct is empty. */
struct hash_map {
	struct hash_slot *slots;
	size_t size, count;
	struct slice *keys; /* copies, by index */
	size_t room;
};
/* The index of key, which is added if it is new (*added says so; added may be NULL). */
size_t hash_map_add(struct hash_map *m, struct slice key, bool *added);
/* The index, or SIZE_MAX. */
size_t hash_map_find(const struct hash_map *m, struct slice key);
void hash_map_free(struct hash_map *m);

#endif
