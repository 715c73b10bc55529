/* SPDX-License-Identifier: MIT */
/* A file of ours as an SQLite database: opened with care, locked by many processes at once.
 *
 * Every failure is a reason: the end of a sentence that begins with the name of the file,
 * static or of the run. */
#ifndef STORE_DB_H
#define STORE_DB_H

#include "base/arena.h"

struct db;
struct db_query; /* a prepared statement */

struct db_format {
	int32_t application; /* told by the file: another program's database is refused */
	int version;         /* a newer one is refused */
	const char *make;    /* SQL that makes the tables in an empty file */
	/* Where older versions are known: upgrades[v - 1] is SQL that makes version v + 1 of
	 * version v, from 1 on; version - 1 of them. All run in one transaction. NULL: older
	 * ones are refused. A file opened for reading alone stays as it is: a copy is brought
	 * up to date. */
	const char *const *upgrades;
	/* NULL, or what SQL alone cannot do after those: in the same transaction. False
	 * and *why. */
	bool (*renew)(struct db *d, const char **why);
};

/* Opens name, and makes it (0600) where it is missing unless read_only; NULL and *why if it
 * may not lie there (place.h), is damaged, another program's or newer. A file that cannot be
 * written is opened for reading alone. */
struct db *db_open(
    const char *name, const struct db_format *format, bool read_only, const char **why);
/* The same where locks of others are waited for so many milliseconds from the start, not 5 s.
 */
struct db *db_open_within(const char *name, const struct db_format *format, bool read_only,
    int64_t patience, const char **why);
void db_close(struct db *d); /* its queries first; NULL is fine */
bool db_read_only(const struct db *d);

/* A write transaction, waited for while others hold one; false and *why. A failed
 * db_commit has rolled back. */
bool db_begin(struct db *d, const char **why);
bool db_commit(struct db *d, const char **why);
void db_rollback(struct db *d);
/* All queries between the two see one state of the file, and others cannot commit meanwhile:
 * for a few milliseconds at most, never while waiting for anything. */
bool db_read_begin(struct db *d, const char **why);
void db_read_end(struct db *d);
/* After a commit that deleted: writes the file anew, so that neither it nor any file beside it
 * holds the old bytes any more. Others wait meanwhile. False and *why where other processes
 * read for so long that it cannot be. */
bool db_wipe(struct db *d, const char **why);

/* Reads all of the file, and tells whether its tables and indexes are whole; what stands in a
 * row has to be known by its own checksum. False and *why. */
bool db_whole(struct db *d, const char **why);

/* NULL and *why where the file cannot be read. SQL has stable_hash(…) of any values:
 * hash_stable over one after the other. */
struct db_query *db_prepare(struct db *d, const char *sql, const char **why);
void db_finish(struct db_query *q); /* NULL is fine */
/* Values of ?1, ?2 …; the bytes must live until db_reset. */
void db_bind(struct db_query *q, int i, struct slice bytes);
void db_bind_number(struct db_query *q, int i, int64_t number);

enum db_step { DB_ROW, DB_DONE, DB_DAMAGED, DB_FAILED };
/* The next row; DB_DAMAGED and DB_FAILED with *why. */
enum db_step db_step(struct db_query *q, const char **why);
/* The same for a walk in the order of a number, which is this column: it becomes *at. A row
 * that is not behind *at is DB_DAMAGED: in a damaged file a walk can go round for ever. */
enum db_step db_step_behind(struct db_query *q, int column, int64_t *at, const char **why);
/* One step without rows, and reset; false and *why. */
bool db_do(struct db_query *q, const char **why);
void db_reset(struct db_query *q);
/* How often a lock was waited for so far. */
uint64_t db_waits(const struct db *d);
/* A column of the row, from 0 on; bytes are valid until the next step or reset. */
struct slice db_bytes(struct db_query *q, int i);
int64_t db_number(struct db_query *q, int i);

/* One column of bytes of a table, read by the number of the row: quicker than a query, and only
 * between db_read_begin and db_read_end, with db_column_end before that. */
struct db_column;
struct db_column *db_column_open(struct db *d, const char *table, const char *column);
/* The bytes, in the arena; false where there is no such row, or it cannot be read. */
bool db_column_read(struct db_column *c, int64_t row, struct arena *a, struct slice *bytes);
void db_column_end(struct db_column *c);
void db_column_close(struct db_column *c); /* NULL is fine */

const char *db_version(void); /* "SQLite 3.40.1" */

#endif
