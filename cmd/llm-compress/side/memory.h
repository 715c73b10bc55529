/* SPDX-License-Identifier: MIT */
/* --memory FILE: what is known of each session, one line each:
 *
 *	{"tenant":"t","session":"s","messages":40,"print":"…","summary":"…","facts":{"name":"value"}}
 *
 * print is the digest of the first `messages` messages, which the summary stands for. A session
 *of one tenant is none of another's. The file is read whole and written whole, 0600. */
#ifndef LLM_COMPRESS_MEMORY_H
#define LLM_COMPRESS_MEMORY_H

#include "cmd/llm-compress/work.h"

struct fact {
	struct slice name, value; /* value: JSON */
};
struct remembered {
	struct slice tenant, session;
	uint64_t messages;
	struct slice print, summary; /* "" if there is none */
	struct fact *facts;          /* in order of first sight */
	size_t fact_count;
};
struct memory;
/* A file that does not exist is empty. Ends the run with status 3 where it cannot be read, 2
 * where a line is none of its form. */
struct memory *memory_open(const char *file);
/* That of the record's tenant and session, made if it is new; NULL where it names no session.
 */
struct remembered *memory_of(struct memory *m, const struct work *w);
/* The last value of a name wins; null forgets it. Copies both. */
void memory_fact(struct memory *m, struct remembered *r, struct slice name, struct slice value);
/* The summary stands for the first `messages` messages of the record. Copies. */
void memory_summary(struct memory *m, struct remembered *r, const struct work *w,
    uint64_t messages, struct slice summary);
/* How many messages of this record the remembered summary stands for; 0: it is of another one.
 */
uint64_t memory_covers(const struct remembered *r, const struct work *w);
/* False with errno. */
bool memory_save(struct memory *m, const char *file);
void memory_close(struct memory *m);

#endif
