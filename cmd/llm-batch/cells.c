/* SPDX-License-Identifier: MIT */
#include "cells.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/mem.h"
#include "spool.h"

#define BLOCK 4096
#define BLOCKS_LEAST 4

struct cells_block {
	uint64_t number; /* from 1; 0: none */
	bool changed;
};

static size_t
cells_in_block(const struct cells *c)
{
	return BLOCK / c->size;
}

static bool
fits(const struct cells *c, uint64_t count)
{
	return !c->bound || count <= c->bound / c->size;
}

static void
to_file(struct cells *c)
{
	size_t n = c->bound / (BLOCK + sizeof(*c->blocks));

	c->block_count = n < BLOCKS_LEAST ? BLOCKS_LEAST : n;
	c->blocks = mem_zero(c->block_count * sizeof(*c->blocks));
	c->data = mem_alloc(c->block_count * BLOCK);
	c->fd = spool_nameless();
}

void
cells_open(struct cells *c, size_t size, uint64_t count, uint64_t bound)
{
	assert(size && size <= BLOCK);
	*c = (struct cells){ .size = size, .bound = bound, .fd = -1 };
	cells_grow(c, count);
}

/* What was in memory goes to the file. */
static void
move(struct cells *c, char *old, uint64_t count)
{
	for (uint64_t i = 0; i < count; i++)
		memcpy(cells_change(c, i), old + i * c->size, c->size);
}

void
cells_grow(struct cells *c, uint64_t count)
{
	if (c->blocks || count <= c->count)
		return;
	if (fits(c, count)) {
		c->data = mem_grow(c->data, count, c->size);
		memset(c->data + c->count * c->size, 0, (count - c->count) * c->size);
		c->count = count;
	} else {
		char *old = c->data;

		to_file(c);
		move(c, old, c->count);
		free(old);
	}
}

static void
write_block(struct cells *c, const struct cells_block *b, const char *data)
{
	size_t done = 0;

	while (done < BLOCK) {
		ssize_t n = pwrite(
		    c->fd, data + done, BLOCK - done, (off_t)((b->number - 1) * BLOCK + done));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			diag_die_errno(STATUS_FAILED, "temporary file");
		done += (size_t)n;
	}
}

/* What was never written is zero. */
static void
read_block(struct cells *c, const struct cells_block *b, char *data)
{
	size_t done = 0;

	while (done < BLOCK) {
		ssize_t n = pread(
		    c->fd, data + done, BLOCK - done, (off_t)((b->number - 1) * BLOCK + done));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			diag_die_errno(STATUS_FAILED, "temporary file");
		if (n == 0)
			break;
		done += (size_t)n;
	}
	memset(data + done, 0, BLOCK - done);
}

static char *
find(struct cells *c, uint64_t i, bool change)
{
	uint64_t number = i / cells_in_block(c) + 1;
	size_t at = (size_t)(number % c->block_count);
	struct cells_block *b = &c->blocks[at];
	char *data = c->data + at * BLOCK;

	if (b->number != number) {
		if (b->changed)
			write_block(c, b, data);
		*b = (struct cells_block){ .number = number };
		read_block(c, b, data);
	}
	b->changed = b->changed || change;
	return data + i % cells_in_block(c) * c->size;
}

const void *
cells_get(struct cells *c, uint64_t i)
{
	return c->blocks ? find(c, i, false) : c->data + i * c->size;
}

void *
cells_change(struct cells *c, uint64_t i)
{
	return c->blocks ? find(c, i, true) : c->data + i * c->size;
}

void
cells_close(struct cells *c)
{
	if (c->blocks)
		close(c->fd);
	free(c->blocks);
	free(c->data);
	*c = (struct cells){ .fd = -1 };
}
