/* SPDX-License-Identifier: MIT */
/* Stored answers: key to entry, one interface, and an engine for each kind of URL: a file is an
 * SQLite database, redis:// and unix:// are a server that many machines share.
 *
 * Every entry carries a checksum; damage is a miss that is counted, never a wrong answer. No
 * lock is held between two calls, so a process that waits for its pipe blocks nobody; only
 * look-ups share one for some milliseconds, see store_pause. */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/arena.h"
#include "base/digest.h"
#include "money/usd.h"

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
 * newer schema. A store of an older schema is brought up to date in place, or read as it is
 * where it is opened for reading. A file that cannot be written is opened for reading alone:
 * store_put then fails.
 *
 * redis://[USER@]HOST[:PORT][/DB] and unix://[USER@]/PATH[?db=DB] are Redis 7 or Valkey, with
 * the password of LLM_REDIS_PASSWORD. The timeout is how long one exchange with it may take
 * (50 ms): after it the connection is gone, and every call fails. */
struct store *store_open(const char *url, bool read_only, const char **why);
/* The same with another timeout in milliseconds, for a file how long a lock is waited for (5
 * s); 0: the usual one. */
struct store *store_open_within(
    const char *url, bool read_only, int64_t timeout, const char **why);
bool store_is_remote(const char *url);
/* False and *why where no store can have this name: a kind that this build does not know, a URL
 * that is none, a password in it. */
bool store_url_good(const char *url, const char **why);
/* The name as messages may show it, without a password; run lifetime. */
const char *store_shown(const char *url);
/* Commits and closes; false and *why if that failed. NULL is fine. */
bool store_close(struct store *s, const char **why);
bool store_read_only(const struct store *s);

/* The entry of (scope, key), whether expired or not; all slices in the arena. False: not
 * there, damaged (counted in store_damaged) or not readable now (store_trouble). A store with
 * a bound notes that the entry is in use. */
bool store_get(struct store *s, struct slice scope, const unsigned char key[DIGEST_SIZE],
    struct arena *a, struct store_entry *e);
/* Many at once, which is one exchange with a server. */
struct store_ask {
	struct slice scope;
	const unsigned char *key; /* DIGEST_SIZE */
	bool again; /* part of a look-up that was counted: its damage is not anew */
	bool found;
	bool damaged;             /* there, but not to be read */
	struct store_entry entry; /* where found */
};
void store_look_up(struct store *s, struct store_ask *asks, size_t count, struct arena *a);
/* Look-ups from here on may share a lock, and one state of the store, for 2 ms of work;
 * store_pause gives it back. The caller pauses before each thing that may wait. */
void store_hurry(struct store *s);
void store_pause(struct store *s);
/* Inserts or replaces, and ends a claim on the key. Held in memory (at most about 8 MiB and
 * 16,384 entries, then committed); durable, and seen by store_get, after store_commit. False:
 * *why, and nothing pending is kept. */
bool store_put(struct store *s, const struct store_entry *e, const char **why);
bool store_commit(struct store *s, const char **why);
/* Every commit from here on makes room while there are more entries or bytes than these (0: no
 * bound): it goes on through the entries in the order in which they came, spares each as often
 * as it was lately used (3 times at most, a new one once), and deletes the rest. The work of
 * one commit is bounded; store_close goes on until the bounds hold. now: what expired by then
 * goes first. */
void store_bound(struct store *s, uint64_t entries, uint64_t bytes, int64_t now);

/* Damaged entries and notes that this process met, in look-ups and in walks. */
uint64_t store_damaged(const struct store *s);
/* Why the last look-up could not be made at all (static), or NULL. */
const char *store_trouble(const struct store *s);

/* What look-ups of one group came to. */
struct store_group {
	struct slice scope; /* "": none */
	struct slice rule;  /* of the route; "": none */
	struct slice model; /* that was asked */
};
struct store_tally {
	uint64_t hits, misses;
	uint64_t cold;          /* those misses that came before the first hit of the group */
	uint64_t input, output; /* tokens that hits saved */
	uint64_t unpriced;      /* hits whose dollars are not known */
	struct usd usd;         /* dollars that the others saved */
};
/* Adds look-ups; their member cold is not read. Added up in memory, durable after store_commit.
 */
void store_count(
    struct store *s, const struct store_group *group, const struct store_tally *tally);
/* Calls each for what all processes counted and made durable, by scope, rule and model in byte
 * order. False and *why where it cannot be read. */
typedef void (*store_tally_fn)(
    void *context, const struct store_group *group, const struct store_tally *tally);
bool store_tallies(struct store *s, store_tally_fn each, void *context, const char **why);
struct store_size {
	uint64_t entries, bytes; /* bytes as stored, without the overhead of the file */
	uint64_t damaged;        /* look-ups of all processes that met a damaged entry */
};
bool store_size(struct store *s, struct store_size *size, const char **why);

/* The next entry in the order in which they came; *at begins as STORE_FIRST. Damaged ones are
 * counted and left out. False at the end, or where store_trouble says. */
#define STORE_FIRST INT64_MIN
bool store_next(struct store *s, int64_t *at, struct arena *a, struct store_entry *e);
/* Deletes for good the entries that wanted chooses (it gets them without request and body; with
 * dry nothing is deleted). When it returns true no file of the store holds their bytes any
 * more, because the file is written anew. *count: how many. */
typedef bool (*store_wanted_fn)(void *context, const struct store_entry *e);
bool store_purge(struct store *s, store_wanted_fn wanted, void *context, bool dry,
    uint64_t *count, const char **why);
/* Deletes the tallies of a scope; for good with the next store_purge. */
bool store_forget(struct store *s, struct slice scope, const char **why);

/* Leases of requests that are being answered, so that several processes do not all ask. A lease
 * ends with store_put of its key, with store_release, and when its time is over: the process
 * that held it may have died. Times in milliseconds since 1970. */
enum store_claim {
	STORE_MINE,   /* now, or before: this process may ask */
	STORE_OTHERS, /* another process has it until then */
	STORE_FAILED  /* *why */
};
enum store_claim store_claim(struct store *s, struct slice scope,
    const unsigned char key[DIGEST_SIZE], int64_t now, int64_t length, const char **why);
/* With the next commit. */
void store_release(struct store *s, struct slice scope, const unsigned char key[DIGEST_SIZE]);

#endif
