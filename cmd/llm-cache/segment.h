/* SPDX-License-Identifier: MIT */
/* Questions that may be compared with each other: those with one embedding and one rest of the
 * request, scope included. Each run holds those it needs in memory. */
#ifndef SEGMENT_H
#define SEGMENT_H

#include "meaning/nearest.h"
#include "store/notes.h"
#include "vectors.h"

struct item {
	unsigned char key[DIGEST_SIZE]; /* of its entry */
	struct slice text;
	bool gone;
};

struct segment;
struct segments; /* of a run */

struct segments *segments_open(void);
void segments_free(struct segments *all); /* NULL is fine */

/* Name of a space: embedding, its dimensions, and the rest of the request. */
void segment_space(
    const struct vector *v, const unsigned char rest[DIGEST_SIZE], unsigned char space[16]);
/* The questions of the space, what other processes added lately too. NULL: *why, the store
 * cannot be read. */
struct segment *segment_of(struct segments *all, struct store *store,
    const unsigned char space[16], size_t dims, const char **why);
const struct item *segment_item(const struct segment *s, uint32_t i);
/* The entry is gone: the question is never found again. */
void segment_drop(struct segment *s, uint32_t i);
/* The question with this folded text, or UINT32_MAX. */
uint32_t segment_folded(const struct segment *s, struct slice folded);
/* Questions that may be near duplicates of the folded text; returns how many (at most most). */
size_t segment_near(const struct segment *s, struct slice folded, uint32_t *list, size_t most);
size_t segment_nearest(
    const struct segment *s, const int8_t *row, struct near *found, size_t most);

/* A question as a note about its entry. */
bool segment_keep(struct store *store, const unsigned char space[16], struct slice scope,
    const unsigned char key[DIGEST_SIZE], struct slice text, struct slice row,
    const char **why);

#endif
