/* SPDX-License-Identifier: MIT */
/* What the files of the store on SQLite share; nobody else includes it.
 *
 * The file: `entry` is a small index (id of the key to seq) that stays in memory, `value` holds
 * the entries in the order in which they came, so that a batch of new ones changes few pages.
 * No seq is given twice, also not that of an entry which is gone: readers remember how far they
 * came.
 * `heat` says how often eviction spares an entry. */
#ifndef STORE_LITE_H
#define STORE_LITE_H

#include "store/db.h"
#include "store/parts.h"

/* Names of the numbers in the table `state`. */
enum { STATE_ENTRIES = 1, STATE_BYTES, STATE_HAND, STATE_DAMAGED, STATE_BOUNDED, STATE_LAST };

struct lite_place {
	int64_t id, seq; /* seq 0: free */
};
struct lite {
	struct store base;
	struct db *db;
	struct db_query *get, *next;
	struct db_query *find, *insert, *index, *erase, *unindex, *warm, *state, *count, *allot;
	/* look-ups */
	bool reading;
	unsigned looked;
	int64_t since; /* ticks */
	int64_t calm;  /* ticks until which look-ups are single: somebody writes */
	uint64_t waits;
	bool bounded;
	/* lite_index.c */
	struct db_query *index_list;
	struct db_column *bytes; /* of values, read by their place in a turn */
	struct lite_place *where;
	size_t index_room, index_count;
	int index_shift;
	uint64_t index_seed, index_asked;
	int64_t index_at; /* id up to which it was read */
	bool index_off;   /* nothing more is read into it */
};

/* lite_read.c */
bool read_open(struct lite *s, const char **why);
void lite_look_up(struct store *s, struct store_ask *asks, size_t count, struct arena *a);
void lite_pause(struct store *s);
bool lite_next(struct store *s, int64_t *at, struct arena *a, struct store_entry *e);

/* lite_index.c: inside a turn of look-ups; the seq where the entry stood, 0 where not known */
void lite_index_grow(struct lite *s);
int64_t lite_index_find(const struct lite *s, int64_t id);
void lite_index_free(struct lite *s);

/* lite_write.c: inside a transaction, but for lite_write */
bool write_open(struct lite *s, const char **why);
bool lite_write(struct store *s, const char **why);
bool erase_value(struct lite *s, int64_t seq, const char **why);
bool state_add(struct lite *s, int name, int64_t number, const char **why);
bool state_get(struct lite *s, int name, int64_t *number, const char **why);
/* One number of the first row of sql; false and *why, or *none where there is no row. */
bool ask_number(struct lite *s, const char *sql, int64_t *number, bool *none, const char **why);

/* lite_notes.c */
bool notes_write(struct lite *s, const char **why);
bool lite_notes(struct store *s, const unsigned char *space, int64_t *since, store_note_fn each,
    void *context, const char **why);
bool lite_note(struct store *s, const unsigned char *space, const unsigned char *name,
    struct arena *a, struct slice *bytes, const char **why);

/* lite_bound.c */
bool bound_write(struct lite *s, size_t written, const char **why);
/* lite_tally.c */
bool tally_open(struct lite *s, const char **why);
bool tally_write(struct lite *s, const char **why);
bool lite_tallies(struct store *s, store_tally_fn each, void *context, const char **why);
bool lite_size(struct store *s, struct store_size *size, const char **why);
bool lite_forget(struct store *s, struct slice scope, const char **why);
/* lite_claim.c */
bool claim_end(struct lite *s, const char **why);
enum store_claim lite_claim(
    struct store *s, int64_t id, int64_t now, int64_t length, const char **why);
/* lite_purge.c */
bool lite_purge(struct store *s, store_wanted_fn wanted, void *context, bool dry,
    uint64_t *count, const char **why);

static inline struct lite *
lite_of(struct store *s)
{
	return (struct lite *)s;
}

#endif
