/* SPDX-License-Identifier: MIT */
/* Records with a key of 64 bits, sorted and put by in temporary files, found again by their
 * key.
 *
 * A set that has outgrown memory is written as a run: its records in order, and in memory a
 * filter of eight bits for each. Runs of a size are merged into one of twice the size, so that
 * there are few. Files lie in TMPDIR, else /tmp, and have no name any more once they are open.
 */
#ifndef COST_SPILL_H
#define COST_SPILL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SPILL_RUNS 40
struct spill_run {
	int fd;
	uint64_t count;
	uint64_t *filter; /* blocks of 512 bits */
	uint64_t blocks;
};
/* Zeroed but for `size` it is ready. */
struct spill {
	size_t size; /* bytes of a record, which begins with its key: a multiple of 8 */
	struct spill_run run[SPILL_RUNS];
	size_t count;
};
/* Where a record stands. */
struct spill_place {
	const struct spill_run *run;
	uint64_t index;
};

/* Sorts the records in place and puts them by. Keys are spread evenly, as hashes are, and no
 * key is there already. False with errno if there is no room; nothing is kept then. */
bool spill_add(struct spill *s, void *records, size_t count);
/* The record of this key; false if there is none. A file that cannot be read ends the run of
 * the tool with status 3. */
bool spill_find(const struct spill *s, uint64_t key, void *record, struct spill_place *place);
/* Another record with the same key in its place; fails as spill_find does. */
void spill_replace(const struct spill *s, const struct spill_place *place, const void *record);
void spill_close(struct spill *s);

#endif
