/* SPDX-License-Identifier: MIT */
/* A long table of small cells of one size, all zero at first: in memory as long as it fits in
 * what it may take, then in a temporary file without a name ($TMPDIR, else /tmp), of which as
 * much stays in memory as it may take. A failing disk ends the run with status 3. */
#ifndef LLM_BATCH_CELLS_H
#define LLM_BATCH_CELLS_H

#include "base/slice.h"

struct cells {
	size_t size;                /* bytes of a cell, at most 4096 */
	uint64_t count;             /* cells that memory has room for */
	uint64_t bound;             /* bytes of memory at most; 0: no bound */
	char *data;                 /* all cells, or the blocks of the file that are at hand */
	struct cells_block *blocks; /* NULL while all is in memory */
	size_t block_count;
	int fd;
};

/* For count cells, which may grow later. */
void cells_open(struct cells *c, size_t size, uint64_t count, uint64_t bound);
/* Room for cells up to count. What stands there stays. */
void cells_grow(struct cells *c, uint64_t count);
/* The cell, which may be read until the next call for c. */
const void *cells_get(struct cells *c, uint64_t i);
/* The same, and it may be changed too. */
void *cells_change(struct cells *c, uint64_t i);
void cells_close(struct cells *c);

#endif
