/* SPDX-License-Identifier: MIT */
/* What a report leaves out or takes with a grain of salt: named, counted, shown with it. */
#ifndef COST_LEFT_H
#define COST_LEFT_H

#include "base/hash.h"
#include "json/write.h"
#include "once.h"
#include "row.h"

/* Pairs of model and reason that are named; further ones are counted together. */
#define LEFT_LIMIT 1000
/* Kinds that people are shown, the largest; the others are one line. JSON has all. */
#define LEFT_SHOWN 10

struct left {
	uint64_t skipped;      /* objects that are no call */
	uint64_t unanswered;   /* requests without an answer */
	uint64_t repeats;      /* lines of calls that were counted before */
	uint64_t replays;      /* answered by our cache, as copies or by drafts: $0 */
	struct hash_map pairs; /* model, newline, reason */
	uint64_t *requests;    /* by index of the pair */
	struct hash_map notes; /* "before the first known price" … */
	uint64_t *noted;
};

/* Counts the row; one without a price raises status 4. */
void left_count(struct left *l, const struct row *row);
/* The line count of values that are no object, which the stream skipped, and the repeats. */
void left_close(struct left *l, const struct stream *s, const struct once_book *b);
/* As the member `left_out` of a JSON report. */
void left_json(const struct left *l, struct writer *w);
/* As lines for people, nothing if nothing was left out. */
void left_people(const struct left *l, const char *bullet, struct buf *out);
/* As lines of a partial report; and one such line added. False if it is none. */
void left_partial(const struct left *l, struct buf *out);
bool left_read_partial(struct left *l, struct value line, struct arena *a);
void left_free(struct left *l);

#endif
