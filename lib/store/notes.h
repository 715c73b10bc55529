/* SPDX-License-Identifier: MIT */
/* Notes: short named runs of bytes, gathered in spaces, most of them about an entry of the
 * store. Questions with their vectors are kept so, and what was learned from verdicts.
 *
 * Every put moves a note to the end of its space, so that a reader asks for what came since. A
 * note about an entry goes when the entry is deleted, in the same transaction, and is wiped
 * with it by store_purge; one that comes before its entry waits for it. */
#ifndef STORE_NOTES_H
#define STORE_NOTES_H

#include "store/store.h"

#define NOTE_NAME 16

struct store_note {
	unsigned char space[NOTE_NAME], name[NOTE_NAME];
	bool about; /* an entry: (scope, key); else the two are not read and it stays */
	struct slice scope;
	unsigned char key[DIGEST_SIZE];
	struct slice bytes; /* stored with a checksum */
};

/* Does the engine of this store hold notes at all? */
bool store_has_notes(const struct store *s);
/* Inserts, or replaces the note of this name in its space. Held in memory as store_put holds
 * entries; durable, and seen by store_notes, after store_commit. False: *why. */
bool store_note(struct store *s, const struct store_note *note, const char **why);
/* Takes the note out, with the next commit. */
bool store_note_drop(struct store *s, const unsigned char space[NOTE_NAME],
    const unsigned char name[NOTE_NAME], const char **why);
/* The bytes of one committed note, in the arena; ptr NULL where there is none, or a damaged one
 * (counted). False: *why. */
bool store_note_find(struct store *s, const unsigned char space[NOTE_NAME],
    const unsigned char name[NOTE_NAME], struct arena *a, struct slice *bytes,
    const char **why);
/* Calls each for the notes of the space that were put after *since (0: all), in that order, and
 * moves *since on. Damaged ones are left out and counted in store_damaged. Notes that were
 * taken out since are not told: who uses a note looks up its entry. False: *why. */
typedef void (*store_note_fn)(
    void *context, const unsigned char name[NOTE_NAME], struct slice bytes);
bool store_notes(struct store *s, const unsigned char space[NOTE_NAME], int64_t *since,
    store_note_fn each, void *context, const char **why);

#endif
