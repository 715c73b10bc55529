/* SPDX-License-Identifier: MIT */
/* Memory with the lifetime of one record: taken piecewise, given back all at once. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/slice.h"

struct arena_block;
struct arena {
	struct arena_block *block; /* newest first */
	char *next;                /* free bytes of the newest block */
	char *end;
};

/* A zeroed struct arena is empty and ready. */

/* size bytes, aligned to 16, not cleared; valid until arena_reset. Exhaustion ends the run. */
void *arena_alloc(struct arena *a, size_t size);
/* The same, cleared, for count things of size bytes each; overflow ends the run. */
void *arena_zero(struct arena *a, size_t count, size_t size);
/* A copy of the *room things of size bytes in list with twice the room; NULL and 0 begin one.
 */
void *arena_twice(struct arena *a, void *list, size_t *room, size_t size);
/* Room for one thing more behind the count things of size bytes in list: list itself, or, where
 * count has come to *room, a copy with twice the room. */
static inline void *
arena_more(struct arena *a, void *list, size_t count, size_t *room, size_t size)
{
	return count < *room ? list : arena_twice(a, list, room, size);
}
/* A copy of s (followed by a NUL that is not counted). */
struct slice arena_copy(struct arena *a, struct slice s);
/* Formatted as by printf, NUL-ended. */
struct slice arena_printf(struct arena *a, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Gives back all that was taken; keeps one block of at most 1 MiB for the next record. */
void arena_reset(struct arena *a);
/* Gives back everything. */
void arena_close(struct arena *a);

#endif
