/* SPDX-License-Identifier: MIT */
/* An append-only file of JSON lines that survives a kill at any moment: state of a job or run.
 *
 * One process at a time (a lock that dies with its owner; opening a file twice in one process
 * is not noticed). Created 0600. A last line that was cut by a kill is dropped when the file
 * is opened again. */
#ifndef STORE_JOURNAL_H
#define STORE_JOURNAL_H

#include "base/buf.h"

struct journal;

/* Opens or creates, and locks. NULL: *why (static) says what failed, as the end of a sentence
 * that begins with the file's name, with errno set (0: *why says all), or, where another
 * process still holds the lock after a second, *owner is its pid (else 0). Refuses network file
 * systems, symbolic links and files that others can read. read_only takes no lock and creates
 * nothing. */
struct journal *journal_open(const char *name, bool read_only, const char **why, long *owner);
/* All whole lines that were there at opening, in order, without blank ones. Valid until
 * journal_close. */
bool journal_next(struct journal *j, struct slice *line);
/* Appends one line (newline added; it must hold none); durable after journal_sync. False with
 * errno, and then nothing of it stands in the file. */
bool journal_add(struct journal *j, struct slice line);
bool journal_sync(struct journal *j);
/* Does not sync. NULL is fine. */
void journal_close(struct journal *j);

/* The next whole line of text that is not blank, taken off its front; false at the end or where
 * only a cut line is left. */
bool journal_split(struct slice *text, struct slice *line);

#endif
