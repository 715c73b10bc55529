/* SPDX-License-Identifier: MIT */
/* One call, counted once: lines that stand in a log again, and snapshots that grow.
 *
 * A call is known by an id of its provider. Agent transcripts (by message id, with the request
 * id where that is short) and streamed chunks repeat one call with a growing output: the
 * largest counts, at the first time. A running total of a Codex session that did not move is a
 * repeat. Result lines of a batch and logged answers are repeats where id and all counts are
 * equal. What `llm-batch run` answered is never taken for a repeat: two equal requests are
 * billed twice. */
#ifndef COST_ONCE_H
#define COST_ONCE_H

#include "row.h"

/* Calls with an id that are remembered, 64 bytes each; later ones are counted unseen. */
#define ONCE_LIMIT 4194304

enum once {
	ONCE_FIRST, /* count it */
	ONCE_AGAIN, /* it was counted */
	ONCE_LARGER /* take back *old first, then count it */
};

struct once_call; /* what is known of a call */
struct once_book {
	struct once_call **chunk;
	uint32_t *slots;
	size_t size, count;
	uint64_t repeats;
	bool full;        /* the limit was reached */
	uint32_t nowhere; /* place of a call that is not remembered */
};

/* Judges the row. FIRST and LARGER set *place to where the caller keeps a number with the call
 * (its group): FIRST writes it, LARGER finds it there. LARGER also sets *old to the row as it
 * was counted, its price included, and row's time to the earlier of both. */
enum once once_judge(struct once_book *b, const struct reader *d, struct row *row,
    uint32_t **place, struct row *old);
void once_free(struct once_book *b);

#endif
