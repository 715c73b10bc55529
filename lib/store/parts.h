/* SPDX-License-Identifier: MIT */
/* What the files of the store share, whatever the engine; nobody else includes it. */
#ifndef STORE_PARTS_H
#define STORE_PARTS_H

#include "base/buf.h"
#include "base/hash.h"
#include "store/entry.h"
#include "store/notes.h"
#include "store/store.h"

#define HEAT_NEW 1
#define HEAT_MOST 3

/* One entry on its way into the store; its packed bytes stand in store.pending. */
struct row {
	int64_t id, seq; /* seq: once it is written */
	int64_t stored, expires;
	size_t start, len;
};

/* One note on its way; its bytes stand in store.note_bytes. */
struct note_row {
	unsigned char space[NOTE_NAME], name[NOTE_NAME], sum[NOTE_NAME];
	int64_t id; /* of the entry, 0: of none */
	size_t start, len;
	bool drop;
};

struct ids {
	int64_t *list;
	size_t count;
};

/* An engine. Each failure is false and *why; nothing is written after one. */
struct store_engine {
	void (*look_up)(struct store *s, struct store_ask *asks, size_t count, struct arena *a);
	void (*pause)(struct store *s);
	bool (*write)(struct store *s, const char **why); /* all that is pending */
	bool (*tallies)(struct store *s, store_tally_fn each, void *context, const char **why);
	bool (*size)(struct store *s, struct store_size *size, const char **why);
	bool (*next)(struct store *s, int64_t *at, struct arena *a, struct store_entry *e);
	bool (*purge)(struct store *s, store_wanted_fn wanted, void *context, bool dry,
	    uint64_t *count, const char **why);
	bool (*forget)(struct store *s, struct slice scope, const char **why);
	enum store_claim (*claim)(
	    struct store *s, int64_t id, int64_t now, int64_t length, const char **why);
	/* Notes (notes.h), or NULL where the engine holds none; what is put comes with write.
	 */
	bool (*notes)(struct store *s, const unsigned char *space, int64_t *since,
	    store_note_fn each, void *context, const char **why);
	bool (*note)(struct store *s, const unsigned char *space, const unsigned char *name,
	    struct arena *a, struct slice *bytes, const char **why);
	void (*close)(struct store *s);
};

/* The first member of each engine's own struct. */
struct store {
	const struct store_engine *engine;
	bool read_only, hurry;
	size_t rows_least, rows_most; /* of one commit */
	uint64_t damaged;             /* met, in look-ups and in walks */
	uint64_t looks_damaged, looks_told;
	const char *trouble;
	/* writes */
	struct buf pending;
	struct row *rows;
	size_t row_count, row_limit;
	struct ids used; /* ids of entries that were found since the last commit */
	struct ids released;
	uint64_t most_entries, most_bytes;
	int64_t bound_now;
	bool above; /* the last commit left more than the bounds allow */
	struct buf note_bytes;
	struct note_row *notes;
	size_t note_count;
	/* tallies */
	struct hash_map groups;
	struct store_tally *tallies;
	uint64_t owner;
};

struct store *lite_open(const char *name, bool read_only, int64_t timeout, const char **why);
struct store *redis_open(const char *url, bool read_only, int64_t timeout, const char **why);
bool redis_url_good(const char *url, const char **why);

/* store.c */
struct slice row_bytes(const struct store *s, const struct row *r);
/* As it counts against a bound: its parts alone. */
int64_t row_size(const struct row *r);
void used_ids_add(struct ids *ids, int64_t id);
/* A number that no other process has, never 0. */
uint64_t store_owner(struct store *s);
/* notes.c: over space, name, entry and bytes; and what is pending is forgotten. */
void note_sum(const unsigned char *space, const unsigned char *name, int64_t id,
    struct slice bytes, unsigned char sum[NOTE_NAME]);
void notes_clear(struct store *s);
/* store_tally.c: what group i stands for */
struct store_group tally_group(const struct store *s, size_t i);
void tally_clear(struct store *s);
/* A dollar amount as cents and 10^-18 cents. */
#define TALLY_LOW INT64_C(1000000000000000000)

#endif
