/* SPDX-License-Identifier: MIT */
/* Records that are already there are looked up together, in one exchange with a shared store,
 * and then judged one by one in their order. Nothing is held while the input makes us wait. */
#ifndef AHEAD_H
#define AHEAD_H

#include "cache.h"

struct ahead_use {
	void *context;
	/* The key to ask for; false where the record is not looked up. */
	bool (*prepare)(void *context, struct record *r, struct key *k);
	/* Both are NULL where it was not asked for; not found where no store answered. */
	enum verdict (*judge)(void *context, struct record *r, const struct key *key,
	    const struct store_ask *ask);
	struct shelf *shelf;
};
struct ahead;

/* Takes the hold of the options, with which the stream is opened next. */
struct ahead *ahead_open(struct stream_options *o, const struct ahead_use *use);
void ahead_stream(struct ahead *a, struct stream *s); /* that stream */
/* Instead of stream_put. */
void ahead_put(struct ahead *a, struct record *r);
/* Judges and writes what is held: to be called before anything waits, and at the end. */
void ahead_release(struct ahead *a);
void ahead_close(struct ahead *a); /* NULL is fine */

#endif
