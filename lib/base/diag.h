/* SPDX-License-Identifier: MIT */
/* Messages to people and the exit status, the same in all five tools.
 *
 * A message is `tool: place: what went wrong`, one line, on standard error. Control
 * characters and invalid UTF-8 of its text are replaced before they reach a terminal. */
#ifndef BASE_DIAG_H
#define BASE_DIAG_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

/* Exit statuses; see llm-tools(7). */
enum status {
	STATUS_OK = 0,
	STATUS_NO = 1,       /* the tool judged, and the answer is no */
	STATUS_USAGE = 2,    /* bad option or configuration; nothing was read */
	STATUS_FAILED = 3,   /* disk, network, store or memory failed */
	STATUS_REJECTED = 4, /* some records were rejected or have no price */
	STATUS_LATER = 5     /* not finished yet */
};

/* First statement of main: the name that starts each message. Ignores nothing, sets nothing else. */
void diag_tool(const char *name);
const char *diag_tool_name(void);
void diag_quiet(bool quiet);     /* -q: diag_note says nothing */
void diag_verbose(bool verbose); /* -v: diag_detail speaks */

/* An error or warning: always said. */
void diag_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The same with errno's text behind it. */
void diag_warn_errno(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* For people: not said under -q. */
void diag_note(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Only said under -v. */
void diag_detail(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* One of perhaps millions: the first 20 of a kind (a string literal) are said, the rest are
 * counted and the count is said by diag_finish. */
void diag_repeated(const char *kind, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Says it and ends the process with that status; standard output is left as it is. */
_Noreturn void diag_die(enum status status, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
_Noreturn void diag_die_errno(enum status status, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Remembers that this status holds. Where several hold: 2, 3, 1, 5, 4, 0. */
void status_raise(enum status status);
/* What main returns. */
enum status status_get(void);

/* Says the counts that diag_repeated kept back. Idempotent. */
void diag_finish(void);

/* A copy of text fit for a terminal, in a static ring of eight places: control characters
 * and invalid UTF-8 become '?', longer than 200 bytes is cut with an ellipsis. */
const char *diag_clean(struct slice text);

#endif
