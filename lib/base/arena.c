/* SPDX-License-Identifier: MIT */
#include "base/arena.h"

#include <stdarg.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/mem.h"

#define BLOCK_FIRST (16u << 10)
#define BLOCK_KEPT (1u << 20)
#define MORE_FIRST 16

struct arena_block {
	struct arena_block *older;
	size_t size; /* of data */
	alignas(16) char data[];
};

static void
add_block(struct arena *a, size_t least)
{
	/* twice the last block keeps the number of blocks logarithmic */
	size_t size = a->block ? a->block->size * 2 : BLOCK_FIRST;
	struct arena_block *b;

	while (size < least)
		size *= 2;
	b = mem_alloc(sizeof(*b) + size);
	b->older = a->block;
	b->size = size;
	a->block = b;
	a->next = b->data;
	a->end = b->data + size;
}

void *
arena_alloc(struct arena *a, size_t size)
{
	void *p;

	if (size > SIZE_MAX / 4)
		diag_die(STATUS_FAILED, "out of memory");
	size = (size + 15) & ~(size_t)15;
	if (!a->block || (size_t)(a->end - a->next) < size)
		add_block(a, size);
	p = a->next;
	a->next += size;
	return p;
}

void *
arena_zero(struct arena *a, size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes))
		diag_die(STATUS_FAILED, "out of memory");
	return memset(arena_alloc(a, bytes), 0, bytes);
}

void *
arena_twice(struct arena *a, void *list, size_t *room, size_t size)
{
	size_t count = *room;
	void *grown;

	*room = count ? 2 * count : MORE_FIRST;
	if (*room > SIZE_MAX / size)
		diag_die(STATUS_FAILED, "out of memory");
	grown = arena_alloc(a, *room * size);
	if (count)
		memcpy(grown, list, count * size);
	return grown;
}

struct slice
arena_copy(struct arena *a, struct slice s)
{
	char *p = arena_alloc(a, s.len + 1);

	if (s.len)
		memcpy(p, s.ptr, s.len);
	p[s.len] = '\0';
	return slice_of(p, s.len);
}

struct slice
arena_printf(struct arena *a, const char *format, ...)
{
	va_list args, again;
	int n;
	char *p;

	va_start(args, format);
	va_copy(again, args);
	n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (n < 0)
		n = 0;
	p = arena_alloc(a, (size_t)n + 1);
	p[0] = '\0';
	vsnprintf(p, (size_t)n + 1, format, again);
	va_end(again);
	return slice_of(p, (size_t)n);
}

static void
drop_blocks(struct arena *a, struct arena_block *keep)
{
	for (struct arena_block *b = a->block, *older; b; b = older) {
		older = b->older;
		if (b != keep)
			free(b);
	}
	a->block = keep;
	if (keep)
		keep->older = NULL;
	a->next = keep ? keep->data : NULL;
	a->end = keep ? keep->data + keep->size : NULL;
}

void
arena_reset(struct arena *a)
{
	struct arena_block *keep = a->block;

	while (keep && keep->size > BLOCK_KEPT)
		keep = keep->older;
	drop_blocks(a, keep);
}

void
arena_close(struct arena *a)
{
	drop_blocks(a, NULL);
}
