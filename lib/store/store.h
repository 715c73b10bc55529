/* SPDX-License-Identifier: MIT */
/* Stored answers: key to entry, one interface for every engine (SQLite here).
 *
 * Every entry carries a checksum; damage is a miss that is counted, never a wrong answer. No
 * lock is held between two calls, so a process that waits for its pipe blocks nobody. */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/arena.h"
#include "base/digest.h"

struct store;

struct store_entry {
	unsigned char key[DIGEST_SIZE];
	struct slice scope;   /* tenant partition; "" if none */
	struct slice request; /* canonical request, compared on a hit */
	struct slice body;    /* what is given back: the answer member as it stood */
	struct slice model;   /* model that answered */
	struct slice meta;    /* JSON object of the caller: usage, cost, tags */
	int64_t stored;       /* milliseconds since 1970 */
	int64_t expires;      /* INT64_MAX: never */
};

/* Opens (creates unless read_only) the store named by url: a file. NULL and *why, the end of a
 * sentence that begins with the name (static or run lifetime). Created 0600; refuses network
 * file systems, symbolic links, files that others can read, other programs' databases and a
 * newer schema. A file that cannot be written is opened for reading alone: store_put then
 * fails. */
struct store *store_open(const char *url, bool read_only, const char **why);
/* The entry of (scope, key), whether expired or not; all slices in the arena. False: not
 * there, damaged (counted in store_damaged) or not readable now (store_trouble). */
bool store_get(struct store *s, struct slice scope, const unsigned char key[DIGEST_SIZE],
    struct arena *a, struct store_entry *e);
/* Inserts or replaces. Held in memory (at most about 4 MiB and 1,000 entries, then committed);
 * durable, and seen by store_get, after store_commit. False: *why, and nothing pending is kept.
 */
bool store_put(struct store *s, const struct store_entry *e, const char **why);
bool store_commit(struct store *s, const char **why);
/* Counts hits and misses durably, for stats: added up in memory until commit or close. */
void store_count(struct store *s, struct slice scope, bool hit);
/* What all processes counted for this scope so far and made durable; false if nothing. */
bool store_counts(struct store *s, struct slice scope, uint64_t *hits, uint64_t *misses);
uint64_t store_damaged(const struct store *s);
/* Why the last look-up could not be made at all (static), or NULL. */
const char *store_trouble(const struct store *s);
/* Commits and closes; false and *why if that failed. NULL is fine. */
bool store_close(struct store *s, const char **why);

#endif
