/* SPDX-License-Identifier: MIT */
/* From an answered record to an entry of the store: what put and import share. */
#ifndef KEEP_H
#define KEEP_H

#include "cache.h"
#include "ttl_rules.h"
#include "vectors.h"

struct keep {
	struct shelf shelf;
	struct ttl_rules *rules;                     /* NULL: none */
	int64_t ttl;                                 /* where no rule matches */
	uint64_t stored, unfinished, refused, fresh; /* fresh: time to live 0 */
	struct buf meta;
	bool vetted;             /* for all scopes */
	struct vectors *vectors; /* NULL: only questions that get --semantic signed are kept */
};

/* Stores the answer of the record if it is a finished one, and counts what became of it. An
 * answer that is not kept ends a claim on its key all the same. */
void keep_answer(struct keep *keep, struct record *r, const struct request *q);
/* Says what was not stored, and why; frees. */
void keep_close(struct keep *keep);

/* What the entry says beside the answer, appended to out: the members usage, input, output
 * (tokens), usd (null where there is no price) and tags. */
void note_write(const struct request *q, struct arena *a, struct buf *out);
/* The same read back, and what others added; slices are of meta. */
struct note {
	struct slice usage; /* raw JSON, "null" where there is none */
	uint64_t input, output;
	bool priced;
	struct usd usd;
	struct slice writer; /* of a vetted entry: who wrote it, as JSON; else ptr NULL */
	struct slice via;    /* object of the semantic hit that made the entry, or ptr NULL */
	bool doubted; /* let through to be judged: its question is kept by its verdict alone */
};
void note_read(struct slice meta, struct note *note);
/* The tag of that name as it stands in the record, quotes included, or ptr NULL. The slice is
 * valid until the next call of a note function. */
struct slice note_tag(struct slice meta, struct slice name);

#endif
