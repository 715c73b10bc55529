/* SPDX-License-Identifier: MIT */
/* What keeps a ledger: an SQLite file, or a Redis server. Private to the ledger.
 *
 * All calls between begin and commit see one state; what they write is there after commit or
 * not at all. Reads come before writes. Each failure is false and *why. Slices given back live
 * in the ledger's arena. */
#ifndef BUDGET_LEDGER_ENGINE_H
#define BUDGET_LEDGER_ENGINE_H

#include "base/arena.h"
#include "budget/ledger.h"

/* How long a reservation can still be settled after its lease, in milliseconds. */
#define LEDGER_KEPT ((int64_t)7 * 86400 * 1000)

struct ledger_place {
	struct slice name, key;
	int64_t start;
};
enum ledger_commit { COMMIT_DONE, COMMIT_AGAIN, COMMIT_FAILED };

/* The first member of each engine's own struct. */
struct ledger_store {
	const struct ledger_engine *engine;
	struct arena *arena;
};
struct ledger_engine {
	bool (*begin)(struct ledger_store *s, bool write, const char **why);
	/* COMMIT_AGAIN: others wrote meanwhile, and all is to be done anew */
	enum ledger_commit (*commit)(struct ledger_store *s, const char **why);
	void (*rollback)(struct ledger_store *s);
	bool (*lines)(struct ledger_store *s, struct slice *lines, const char **why);
	bool (*set_lines)(struct ledger_store *s, struct slice lines, const char **why);
	bool (*sums)(struct ledger_store *s, const struct ledger_place *p, int64_t now,
	    struct ledger_amount *spent, struct ledger_amount *held, const char **why);
	bool (*repeats)(struct ledger_store *s, const struct ledger_place *p,
	    const unsigned char *digest, uint64_t *times, const char **why);
	/* after add_hold */
	bool (*add_repeat)(struct ledger_store *s, const struct ledger_place *p,
	    const unsigned char *digest, const char **why);
	bool (*add_hold)(struct ledger_store *s, int64_t now, int64_t until,
	    const struct ledger_amount *amount, const struct ledger_place *places, size_t count,
	    int64_t *id, const char **why);
	bool (*find_hold)(struct ledger_store *s, int64_t id, struct ledger_amount *reserved,
	    bool *known, const char **why);
	/* Adds the amount to all its places, and takes it out. */
	bool (*end_hold)(struct ledger_store *s, int64_t id, const struct ledger_amount *actual,
	    const char **why);
	/* The keys that have a sum or a hold, in byte order. */
	bool (*keys)(struct ledger_store *s, struct slice name, int64_t start,
	    struct slice **keys, size_t *count, const char **why);
	void (*close)(struct ledger_store *s);
};

struct ledger_store *ledger_lite_open(
    const char *name, enum ledger_mode mode, const char **why);
struct ledger_store *ledger_redis_open(
    const char *url, enum ledger_mode mode, const char **why);

void ledger_add(struct ledger_amount *sum, const struct ledger_amount *a);

#endif
