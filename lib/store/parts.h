/* SPDX-License-Identifier: MIT */
/* What the files of the store on SQLite share; nobody else includes it.
 *
 * The file: `entry` is a small index (id of the key to seq) that stays in memory, `value` holds
 * the entries in the order in which they came, so that a batch of new ones changes few pages.
 * `heat` says how often eviction spares an entry. */
#ifndef STORE_PARTS_H
#define STORE_PARTS_H

#include "base/buf.h"
#include "base/hash.h"
#include "store/db.h"
#include "store/entry.h"
#include "store/store.h"

/* Names of the numbers in the table `state`. */
enum { STATE_ENTRIES = 1, STATE_BYTES, STATE_HAND, STATE_DAMAGED, STATE_BOUNDED };

#define HEAT_NEW 1
#define HEAT_MOST 3

/* One entry on its way into the file; its packed bytes stand in store.pending. */
struct row {
	int64_t id, seq; /* seq: once it is written */
	int64_t stored, expires;
	unsigned char sum[ENTRY_SUM];
	size_t start, key, scope, model, meta, request, body; /* start, then lengths */
};

struct ids {
	int64_t *list;
	size_t count;
};

struct store {
	struct db *db;
	bool old; /* of version 1, read as it is */
	struct db_query *get, *next;
	struct db_query *find, *insert, *index, *erase, *unindex, *warm, *state, *count;
	/* look-ups */
	bool hurry, reading;
	unsigned looked;
	int64_t since; /* ticks */
	int64_t calm;  /* ticks until which look-ups are single: somebody writes */
	uint64_t waits;
	bool bounded;
	struct ids used; /* ids of entries that were found since the last commit */
	uint64_t damaged, damaged_told;
	const char *trouble;
	/* writes */
	struct buf pending;
	struct row *rows;
	size_t row_count, row_limit;
	struct ids released;
	uint64_t most_entries, most_bytes;
	int64_t bound_now;
	bool above; /* the last commit left more than the bounds allow */
	/* tallies */
	struct hash_map groups;
	struct store_tally *tallies;
	uint64_t owner;
};

/* store_read.c */
bool read_open(struct store *s, const char **why);
bool row_sound(struct db_query *q, struct arena *a, struct store_entry *e, bool whole);
/* Columns that row_sound reads, in this order, from 0 on. */
#define ROW_COLUMNS "key,scope,stored,expires,model,meta,sum,request,body"
#define ROW_COUNT 9

/* store_write.c: inside a transaction */
bool write_open(struct store *s, const char **why);
bool erase_value(struct store *s, int64_t seq, const char **why);
bool state_add(struct store *s, int name, int64_t number, const char **why);
bool state_get(struct store *s, int name, int64_t *number, const char **why);
/* One number of the first row of sql; false and *why, or *none where there is no row. */
bool ask_number(
    struct store *s, const char *sql, int64_t *number, bool *none, const char **why);
void ids_add(struct ids *ids, int64_t id);

/* store_bound.c */
bool bound_write(struct store *s, size_t written, const char **why);
/* store_tally.c */
bool tally_open(struct store *s, const char **why);
bool tally_write(struct store *s, const char **why);
void tally_clear(struct store *s);
/* store_claim.c */
bool claim_end(struct store *s, const char **why);

#endif
