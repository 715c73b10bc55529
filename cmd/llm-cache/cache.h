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
extern const struct option stats_options[], purge_options[], export_options[], import_options[],
    warm_options[];
void stats_run(const struct option_list *operands);
void purge_run(const struct option_list *operands);
void export_run(const struct option_list *operands);
void import_run(const struct option_list *operands);
void warm_run(const struct option_list *operands);
extern const struct option verify_options[], tune_options[];
void verify_run(const struct option_list *operands);
void tune_run(const struct option_list *operands);

/* --store-timeout in milliseconds; 0: the usual one of the store. */
extern int64_t shelf_timeout;
#define STORE_OPTION(target, help)                                                          \
	{ 0, "store", OPTION_TEXT, "S", &(target), (help), "LLM_CACHE" },                   \
	{                                                                                   \
		0, "store-timeout", OPTION_DURATION, "T", &shelf_timeout,                   \
		    "leave the store out where it takes longer (50ms; 5s for a file)", NULL \
	}
#define STORE_OPTIONS(target) STORE_OPTION(target, "the store: a file, or redis://HOST/DB")

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
/* For a command that is about the store alone: where it cannot be opened the run ends with 3.
 */
struct store *shelf_need(const char *name, bool read_only);
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

/* The model asked for, or a dated name of it: gpt-4 and gpt-4-0613, not gpt-4o-mini. */
bool model_is(struct slice model, const char *want);
/* False for an entry that expired, and for one that is of later than now: a clock that went
 * back makes it younger than nothing, and no answer may outlive its time by more than that
 * time. */
bool entry_in_time(const struct store_entry *e, int64_t now);
/* hits of all, at least the share in millionths? */
bool share_reached(uint64_t hits, uint64_t all, uint64_t share);

#endif
