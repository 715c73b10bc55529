/* SPDX-License-Identifier: MIT */
/* Questions of answers that came to the store without them: by put of a log that never met
 * get --semantic, or before anybody thought of it. Their requests are in the store. */
#ifndef GATHER_H
#define GATHER_H

#include "cache.h"
#include "vectors.h"

/* Keeps, about each entry that came since the last time, its question with its vector. Says how
 * many, if any. Only with the built-in table, whose vectors cost next to nothing, and on a file
 * that can be written. */
void gather(struct shelf *shelf, struct vectors *vectors, bool turns);

#endif
