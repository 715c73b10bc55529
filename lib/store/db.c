/* SPDX-License-Identifier: MIT */
/* Transactions, queries and columns. */
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "store/db_parts.h"

struct db_query {
	sqlite3_stmt *handle;
};

const char *
db_reason(int code)
{
	switch (code & 0xff) {
	case SQLITE_FULL: return "cannot be written: the disk is full";
	case SQLITE_BUSY:
	case SQLITE_LOCKED: return "was locked by other processes for too long";
	case SQLITE_READONLY:
	case SQLITE_PERM: return "cannot be written";
	case SQLITE_CORRUPT: return "is damaged";
	case SQLITE_NOTADB: return "is damaged, or no store at all";
	case SQLITE_CANTOPEN: return "cannot be opened";
	case SQLITE_NOMEM: return "needs more memory than there is";
	case SQLITE_TOOBIG: return "takes no entry of that size";
	default: return "cannot be read or written";
	}
}

int
db_run(struct db *d, const char *sql)
{
	return sqlite3_exec(d->handle, sql, NULL, NULL, NULL);
}

int
db_ask(struct db *d, const char *sql, int *number)
{
	sqlite3_stmt *statement;
	int code = sqlite3_prepare_v2(d->handle, sql, -1, &statement, NULL);

	*number = 0;
	if (code == SQLITE_OK && (code = sqlite3_step(statement)) == SQLITE_ROW) {
		*number = sqlite3_column_int(statement, 0);
		code = SQLITE_OK;
	}
	sqlite3_finalize(statement);
	return code == SQLITE_DONE ? SQLITE_OK : code;
}

bool
db_read_only(const struct db *d)
{
	return d->read_only;
}

static bool
fine(int code, const char **why)
{
	if (code != SQLITE_OK)
		*why = db_reason(code);
	return code == SQLITE_OK;
}

bool
db_begin(struct db *d, const char **why)
{
	/* what is changed should not leave memory before the end; what is only read comes from
	 * the system's own memory, and costs least where it always lands in the same place */
	if (!d->roomy)
		db_run(d, "PRAGMA cache_size=-49152");
	d->roomy = true;
	return fine(db_run(d, "BEGIN IMMEDIATE"), why);
}

bool
db_commit(struct db *d, const char **why)
{
	if (fine(db_run(d, "COMMIT"), why))
		return true;
	db_rollback(d);
	return false;
}

void
db_rollback(struct db *d)
{
	if (!sqlite3_get_autocommit(d->handle))
		db_run(d, "ROLLBACK");
}

bool
db_read_begin(struct db *d, const char **why)
{
	return fine(db_run(d, "BEGIN"), why);
}

void
db_read_end(struct db *d)
{
	db_rollback(d);
}

/* secure_delete alone is not enough: where cells move between pages, copies of them stay in the
 * unused middle of a page. Only a file that is written anew has none. */
bool
db_wipe(struct db *d, const char **why)
{
	int busy = 0, code;

	code = db_run(d, "PRAGMA temp_store=FILE;VACUUM;PRAGMA temp_store=MEMORY");
	if (code == SQLITE_OK && d->wal)
		code = db_ask(d, "PRAGMA wal_checkpoint(TRUNCATE)", &busy);
	if (code == SQLITE_OK && busy)
		code = SQLITE_BUSY;
	return fine(code, why);
}

bool
db_whole(struct db *d, const char **why)
{
	struct db_query *q = db_prepare(d, "PRAGMA integrity_check(1)", why);
	bool whole;

	if (!q)
		return false;
	whole = db_step(q, why) == DB_ROW;
	if (whole && !slice_eqz(db_bytes(q, 0), "ok")) {
		*why = db_reason(SQLITE_CORRUPT);
		whole = false;
	}
	db_finish(q);
	return whole;
}

struct db_query *
db_prepare(struct db *d, const char *sql, const char **why)
{
	struct db_query *q = mem_zero(sizeof(*q));
	int code =
	    sqlite3_prepare_v3(d->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &q->handle, NULL);

	if (fine(code, why))
		return q;
	db_finish(q);
	return NULL;
}

void
db_finish(struct db_query *q)
{
	if (q)
		sqlite3_finalize(q->handle);
	free(q);
}

void
db_bind(struct db_query *q, int i, struct slice bytes)
{
	sqlite3_bind_blob64(q->handle, i, bytes.ptr ? bytes.ptr : "", bytes.len, SQLITE_STATIC);
}

void
db_bind_number(struct db_query *q, int i, int64_t number)
{
	sqlite3_bind_int64(q->handle, i, number);
}

enum db_step
db_step(struct db_query *q, const char **why)
{
	int code = sqlite3_step(q->handle);

	if (code == SQLITE_ROW)
		return DB_ROW;
	if (code == SQLITE_DONE)
		return DB_DONE;
	*why = db_reason(code);
	return (code & 0xff) == SQLITE_CORRUPT || (code & 0xff) == SQLITE_NOTADB ? DB_DAMAGED
										 : DB_FAILED;
}

enum db_step
db_step_behind(struct db_query *q, int column, int64_t *at, const char **why)
{
	enum db_step step = db_step(q, why);
	int64_t here;

	if (step != DB_ROW)
		return step;
	here = db_number(q, column);
	if (here <= *at) {
		*why = db_reason(SQLITE_CORRUPT);
		return DB_DAMAGED;
	}
	*at = here;
	return DB_ROW;
}

bool
db_do(struct db_query *q, const char **why)
{
	enum db_step step = db_step(q, why);

	db_reset(q);
	return step == DB_DONE;
}

void
db_reset(struct db_query *q)
{
	sqlite3_reset(q->handle);
	sqlite3_clear_bindings(q->handle);
}

uint64_t
db_waits(const struct db *d)
{
	return d->waits;
}

struct slice
db_bytes(struct db_query *q, int i)
{
	const void *bytes = sqlite3_column_blob(q->handle, i);

	return slice_of(
	    bytes ? bytes : "", bytes ? (size_t)sqlite3_column_bytes(q->handle, i) : 0);
}

int64_t
db_number(struct db_query *q, int i)
{
	return sqlite3_column_int64(q->handle, i);
}

struct db_column {
	struct db *db;
	const char *table, *column;
	sqlite3_blob *blob;
};

struct db_column *
db_column_open(struct db *d, const char *table, const char *column)
{
	struct db_column *c = mem_zero(sizeof(*c));

	*c = (struct db_column){ .db = d, .table = table, .column = column };
	return c;
}

bool
db_column_read(struct db_column *c, int64_t row, struct arena *a, struct slice *bytes)
{
	int code = c->blob ? sqlite3_blob_reopen(c->blob, row)
			   : sqlite3_blob_open(
				 c->db->handle, "main", c->table, c->column, row, 0, &c->blob),
	    size = code == SQLITE_OK ? sqlite3_blob_bytes(c->blob) : 0;
	char *room = arena_alloc(a, (size_t)size + 1);

	if (code == SQLITE_OK && sqlite3_blob_read(c->blob, room, size, 0) == SQLITE_OK) {
		*bytes = slice_of(room, (size_t)size);
		return true;
	}
	/* after a failure it gives nothing more */
	db_column_end(c);
	return false;
}

void
db_column_end(struct db_column *c)
{
	sqlite3_blob_close(c->blob);
	c->blob = NULL;
}

void
db_column_close(struct db_column *c)
{
	if (c)
		db_column_end(c);
	free(c);
}

const char *
db_version(void)
{
	static char text[32];

	snprintf(text, sizeof(text), "SQLite %s", sqlite3_libversion());
	return text;
}
