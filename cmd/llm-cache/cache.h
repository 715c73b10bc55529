/* SPDX-License-Identifier: MIT */
/* The commands of llm-cache, and what get and put share. */
#ifndef CACHE_H
#define CACHE_H

#include "key.h"
#include "store/store.h"
#include "tool/tool.h"

extern const struct option get_options[], put_options[], mark_options[];
void get_run(const struct option_list *operands);
void put_run(const struct option_list *operands);
void mark_run(const struct option_list *operands);
extern const struct option ttl_options[], hits_options[];
void ttl_run(const struct option_list *operands);
void hits_run(const struct option_list *operands);
void no_command(const struct option_list *operands);
/* Date of the table of the providers' cache rules: "cache rules of 2026-11-01". */
const char *rules_version(void);

/* The store of a run, left out for the rest of it once it fails: records pass all the same,
 * one message says why, and the status is 3. */
struct shelf {
	const char *name;
	struct store *store; /* NULL: left out */
};
/* Usage error if name is NULL. */
void shelf_open(struct shelf *shelf, const char *name, bool read_only);
void shelf_fail(struct shelf *shelf, const char *why);
void shelf_commit(struct shelf *shelf);
/* Commits, closes, names damage that was met. */
void shelf_close(struct shelf *shelf);

/* Keys that were met in this run, for --collapse. A zeroed struct is empty. At most a million
 * are held (32 MiB); those that come after are not remembered. */
struct seen {
	unsigned char (*slots)[16];
	size_t size, count;
};
/* True if the key was there before; adds it. */
bool seen_before(struct seen *seen, const unsigned char key[DIGEST_SIZE]);
void seen_free(struct seen *seen);

#endif
