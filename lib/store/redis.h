/* SPDX-License-Identifier: MIT */
/* What the files of the store on Redis share; nobody else includes it.
 *
 * All names begin with REDIS_NAME; a cluster keeps them in one slot. ID is 16 hexadecimal
 *digits.
 *
 *	format     "1"
 *	e:ID       an entry (entry.h), which the server itself deletes at its end
 *	order      ID by the number with which it came
 *	mark       "size heat expires" by ID
 *	number     entries, bytes, last, hand, damaged, bounded
 *	tally      counts by group and letter (redis_tally.c)
 *	c:ID       the owner of a lease */
#ifndef STORE_REDIS_H
#define STORE_REDIS_H

#include "store/parts.h"
#include "store/redis_wire.h"

#define REDIS_NAME "{llm-cache}:"
#define REDIS_ID 16
#define REDIS_KEY (sizeof(REDIS_NAME) - 1 + 2 + REDIS_ID)
#define REDIS_CHUNK 64 /* entries of one exchange */

/* One entry of the walk through all. */
struct redis_step {
	int64_t seq;
	char id[REDIS_ID + 1];
	struct slice bytes; /* ptr NULL: gone */
};
struct redis {
	struct store base;
	struct wire *wire;
	bool bounded, marked; /* marked: the format is in the store */
	struct arena arena;   /* of the walk */
	struct redis_step steps[REDIS_CHUNK];
	size_t step_count, step_next;
	int64_t step_after; /* the seq before steps[step_next] */
};

static inline struct redis *
redis_of(struct store *s)
{
	return (struct redis *)s;
}

/* redis_name.c */
void redis_id(int64_t id, char out[REDIS_ID + 1]);
/* Name of a key: letter, ':', id. */
struct slice redis_key(char letter, int64_t id, char out[REDIS_KEY + 1]);

/* redis.c: true where the entries are of this format; write says so in a store that is new. */
bool redis_format(struct redis *s, bool write, const char **why);
/* redis_read.c; redis_ask_after asks for the members of an ordered list behind seq with their
 * numbers, and the caller sends it */
void redis_ask_after(struct redis *s, struct slice key, int64_t seq, int most);
void redis_look_up(struct store *s, struct store_ask *asks, size_t count, struct arena *a);
bool redis_next(struct store *s, int64_t *at, struct arena *a, struct store_entry *e);
/* The next step behind seq; NULL at the end or, with *why, where it cannot be read. */
const struct redis_step *redis_step(struct redis *s, int64_t seq, const char **why);
/* redis_write.c */
bool redis_write(struct store *s, const char **why);
enum store_claim redis_claim(
    struct store *s, int64_t id, int64_t now, int64_t length, const char **why);
/* redis_upkeep.c */
bool redis_sweep(struct redis *s, size_t written, const char **why);
bool redis_purge(struct store *s, store_wanted_fn wanted, void *context, bool dry,
    uint64_t *count, const char **why);
bool redis_size(struct store *s, struct store_size *size, const char **why);
/* redis_notes.c */
bool redis_notes_write(struct redis *s, const char **why);
bool redis_notes(struct store *s, const unsigned char *space, int64_t *since,
    store_note_fn each, void *context, const char **why);
bool redis_note(struct store *s, const unsigned char *space, const unsigned char *name,
    struct arena *a, struct slice *bytes, const char **why);
/* redis_tally.c */
void redis_tally_add(struct redis *s);
bool redis_tallies(struct store *s, store_tally_fn each, void *context, const char **why);
bool redis_forget(struct store *s, struct slice scope, const char **why);

#endif
