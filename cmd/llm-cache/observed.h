/* SPDX-License-Identifier: MIT */
/* What verdicts say of semantic hits, kept in the store by embedding, and what was learned. */
#ifndef OBSERVED_H
#define OBSERVED_H

#include "cache.h"
#include "meaning/learn.h"
#include "vectors.h"

struct observed;

struct observed *observed_open(double bound);
/* Takes the verdicts in the file to the store. One that was read before counts once; a wrong
 * one ends the entry that its hit made. */
void observed_read(struct observed *o, struct shelf *shelf, const char *file);
/* What was learned about the embedding of the vector. */
struct learn *observed_learn(struct observed *o, struct shelf *shelf, const struct vector *v);
/* From here on the store asks for this score of the embedding, until verdicts say otherwise. A
 * store that cannot be written ends the run with status 3. */
void observed_tune(const char *store_name, struct slice embedding, float score);
/* The number that names an entry to it. */
uint64_t observed_entry(const unsigned char key[DIGEST_SIZE]);
/* Says what is known of wrong hits, by hit and by look-up. */
void observed_say(const struct observed *o, uint64_t hits, uint64_t looked);
void observed_close(struct observed *o);

#endif
