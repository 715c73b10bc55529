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

#include "stats/distinct.h"
#include "row.h"
#include "spill.h"

/* Kept in memory: calls with an id that may not grow (8 bytes each, in a table that is at most
 * half empty), and such that may (64 bytes). What is older lies in temporary files and is found
 * there, at eight bits of memory for each call: no repeat is missed, however far apart. Two
 * calls are taken for one if 64 bits of a hash agree, once in 10^5 runs over 20 million calls.
 */
#define ONCE_LIMIT 65536
#define ONCE_GROWING 65536

enum once {
	ONCE_FIRST, /* count it */
	ONCE_AGAIN, /* it was counted */
	ONCE_LARGER /* take back *old first, then count it */
};

/* What is known of a call that may grow. */
struct once_call {
	uint64_t key;
	int64_t when;
	uint32_t place;
	uint32_t input, cached, written_5m, written_1h;
	uint32_t output, reasoning;
	uint16_t web_searches;
	uint8_t beside; /* items of usage.beside */
	bool has_noted;
	struct usd noted; /* the largest, see below */
};
/* Zeroed it is empty. */
struct once_book {
	struct distinct *ids; /* where the ids of all calls are noted too, or NULL */
	uint64_t *keys;       /* of calls that do not grow */
	size_t key_size, key_count;
	struct spill old_keys;
	struct once_call *calls; /* that may grow, by age */
	uint32_t *slots;         /* by key: place in calls + 1 */
	size_t size, count, room;
	struct spill old_calls;
	struct once_call loaded; /* the last that was found on disk */
	uint64_t repeats;
	bool full;        /* there was no room on disk: older calls are forgotten */
	uint32_t nowhere; /* place of a call that is not remembered */
};

#define ONCE_IDS 4096 /* k of the sketch of ids */
/* Judges the row. FIRST and LARGER set *place to where the caller keeps a number with the call
 * (its group): FIRST writes it, LARGER finds it there. LARGER also sets *old to the row as it
 * was counted, its price included, and row's time to the earlier of both. What row->noted says
 * is kept with a call that may grow: LARGER sets both rows' to what it was and is, the largest
 * so far, and is the judgement too where that alone has grown. */
enum once once_judge(struct once_book *b, const struct reader *d, struct row *row,
    uint32_t **place, struct row *old);
void once_free(struct once_book *b);

#endif
