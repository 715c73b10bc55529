/* SPDX-License-Identifier: MIT */
/* Where the result of each request stands: result files are read once to note the place of each
 * line, and a line is read again when its request comes. 24 bytes a result, and 32 to 64 for
 * its id, of which a bound may leave most on disk. */
#ifndef LLM_BATCH_INDEX_H
#define LLM_BATCH_INDEX_H

#include "base/options.h"
#include "ids.h"
#include "result.h"
#include "spool.h"
#include "stream/stream.h"

struct place {
	uint64_t offset; /* in its file */
	uint32_t number; /* of the line; UINT32_MAX: that or more */
	uint32_t length;
	unsigned file : 30;
	unsigned good : 1, claimed : 1;
};

struct index {
	struct ids ids;
	struct cells places; /* by index of ids */
	const char *const *files;
	size_t file_count;
	int *fds; /* by file; -1: its lines are in the spool */
	struct spool spool;
	struct buf line; /* index_line */
	uint64_t lines, repeated;
};

/* Reads all result lines of the operands; memory: bytes that the tables may take, 0: no bound.
 * Of two results for one request the first success stays, the other goes to the rejects; the
 * same line again is counted. */
void index_open(struct index *x, const struct option_list *operands, uint64_t memory);
/* The place for a request's id; false if there is none. claimed tells whether an earlier
 * request had it; from now on one has. */
bool index_claim(struct index *x, struct slice id, struct place *out);
/* The line that stands there, valid until the next call. A file that changed meanwhile ends
 * the run with status 3. */
struct slice index_line(struct index *x, const struct place *p);
/* Rejects the results that no request has claimed. */
void index_strangers(struct index *x, struct stream *s);
void index_close(struct index *x);

#endif
