/* SPDX-License-Identifier: MIT */
/* The rejects file: original bytes of refused lines, and beside it FILE.why with the reasons. */
#ifndef STREAM_REJECTS_H
#define STREAM_REJECTS_H

#include "base/slice.h"

struct rejects;

/* Opens both for appending (0600), so that the stages of one pipe can share them; failure ends
 * the run with status 3. NULL for a NULL name; all functions take NULL. */
struct rejects *rejects_open(const char *name);
/* Bytes of the line, newline included, in one or many parts. A line that is given in few
 * small parts reaches the file in one write. */
void rejects_part(struct rejects *r, struct slice bytes);
/* The line is complete: where it stood and why it was refused. Failure ends the run. */
void rejects_end(struct rejects *r, const char *file, uint64_t number, const char *reason);
void rejects_close(struct rejects *r);

#endif
