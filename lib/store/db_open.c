/* SPDX-License-Identifier: MIT */
/* Opening a file: its place, its journal, and the tables of the format. */
#include <endian.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/when.h"
#include "store/db_parts.h"
#include "store/place.h"

#define BUSY_MS 5000
#define WAL_SINCE 3051003 /* versions before this can corrupt a WAL database */

/* Short pauses of uneven length: SQLite's own handler backs off to 100 ms, and a process that
 * sleeps so long among many busy ones hardly ever gets its turn. */
static int
on_busy(void *context, int times)
{
	struct db *d = context;
	int64_t now = when_ticks();
	struct timespec pause = { 0, (1 + (now ^ getpid()) % 7) * 1000000L };

	if (times == 0) {
		d->busy_since = now;
		d->waits++;
	}
	if (now - d->busy_since > d->patience)
		return 0;
	nanosleep(&pause, NULL);
	return 1;
}

static void
stable_hash(sqlite3_context *context, int count, sqlite3_value **values)
{
	uint64_t h = 0;

	for (int i = 0; i < count; i++) {
		bool whole = sqlite3_value_type(values[i]) == SQLITE_INTEGER;
		uint64_t number = whole ? htole64((uint64_t)sqlite3_value_int64(values[i])) : 0;
		const void *bytes = whole ? &number : sqlite3_value_blob(values[i]);
		int size = whole ? (int)sizeof(number) : sqlite3_value_bytes(values[i]);

		h = hash_stable(h, slice_of(bytes ? bytes : "", bytes ? (size_t)size : 0));
	}
	sqlite3_result_int64(context, (sqlite3_int64)h);
}

static int
add_functions(sqlite3 *handle)
{
	return sqlite3_create_function_v2(handle, "stable_hash", -1,
	    SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL, stable_hash, NULL, NULL, NULL);
}

static bool
version_good(const struct db *d, const char **why)
{
	static char text[96];
	const struct db_format *f = d->format;

	if (d->version == f->version ||
	    (d->version > 0 && d->version < f->version && f->upgrades))
		return true;
	snprintf(text, sizeof(text), "has version %d of the format, and this program knows %d",
	    d->version, f->version);
	*why = text;
	return false;
}

/* False and *why where the file is none of this format; version 0 where it is still empty. */
static bool
schema_check(struct db *d, const char **why)
{
	int application, tables, code;

	code = db_ask(d, "PRAGMA application_id", &application);
	if (code == SQLITE_OK)
		code = db_ask(d, "PRAGMA user_version", &d->version);
	if (code == SQLITE_OK)
		code = db_ask(d, "SELECT count(*) FROM sqlite_schema", &tables);
	if (code != SQLITE_OK) {
		*why = db_reason(code);
		return false;
	}
	if (application == 0 && d->version == 0 && tables == 0)
		return true;
	if (application != d->format->application) {
		*why = "is a database of another program";
		return false;
	}
	return version_good(d, why);
}

/* Makes the tables, or brings those of an older version up to date. */
static int
schema_write(struct db *d)
{
	char mark[96];
	int code = SQLITE_OK;

	if (d->version == 0)
		code = db_run(d, d->format->make);
	else
		for (int v = d->version; code == SQLITE_OK && v < d->format->version; v++)
			code = db_run(d, d->format->upgrades[v - 1]);
	snprintf(mark, sizeof mark, "PRAGMA application_id=%d;PRAGMA user_version=%d",
	    (int)d->format->application, d->format->version);
	return code == SQLITE_OK ? db_run(d, mark) : code;
}

/* Several processes may find the file empty or old at once: the first to lock it writes. */
static bool
schema_renew(struct db *d, const char **why)
{
	int code = db_run(d, "BEGIN IMMEDIATE");

	if (code == SQLITE_OK) {
		if (!schema_check(d, why)) {
			db_run(d, "ROLLBACK");
			return false;
		}
		if (d->version != d->format->version)
			code = schema_write(d);
		if (code == SQLITE_OK && d->format->renew && d->version > 0 &&
		    d->version != d->format->version && !d->format->renew(d, why)) {
			db_run(d, "ROLLBACK");
			return false;
		}
		if (code == SQLITE_OK)
			code = db_run(d, "COMMIT");
		if (code != SQLITE_OK)
			db_run(d, "ROLLBACK");
	}
	d->version = d->format->version;
	if (code != SQLITE_OK)
		*why = db_reason(code);
	return code == SQLITE_OK;
}

/* From here on d is a copy of the file, which nobody else sees and which goes when it is
 * closed: what is only read is brought up to date there. */
static bool
copy_aside(struct db *d, const char **why)
{
	sqlite3 *copy = NULL;
	sqlite3_backup *backup = NULL;
	int code = sqlite3_open_v2("", &copy,
	    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX |
		SQLITE_OPEN_EXRESCODE,
	    NULL);

	if (code == SQLITE_OK)
		code = add_functions(copy);
	if (code == SQLITE_OK) {
		backup = sqlite3_backup_init(copy, "main", d->handle, "main");
		code = backup ? sqlite3_backup_step(backup, -1) : sqlite3_errcode(copy);
		sqlite3_backup_finish(backup);
	}
	if (code != SQLITE_DONE) {
		*why = db_reason(code);
		sqlite3_close(copy);
		return false;
	}
	sqlite3_close(d->handle);
	d->handle = copy;
	return true;
}

static bool
schema_ready(struct db *d, const char **why)
{
	bool ours;
	/* in one transaction: between its three questions another process may make the schema
	 */
	int code = db_run(d, "BEGIN");

	if (code != SQLITE_OK) {
		*why = db_reason(code);
		return false;
	}
	ours = schema_check(d, why);
	db_run(d, "ROLLBACK");
	if (!ours)
		return false;
	if (d->read_only && d->version == 0) {
		*why = "is empty";
		return false;
	}
	if (d->version == d->format->version)
		return true;
	return (!d->read_only || copy_aside(d, why)) && schema_renew(d, why);
}

/* True where the file keeps the mode that this SQLite may use safely. */
static bool
journal_mode(struct db *d, const char **why)
{
	bool wal = sqlite3_libversion_number() >= WAL_SINCE;
	sqlite3_stmt *statement = NULL;
	const unsigned char *mode = NULL;
	bool in_wal = false;
	int code;

	code = sqlite3_prepare_v2(d->handle,
	    d->read_only ? "PRAGMA journal_mode"
			 : (wal ? "PRAGMA journal_mode=WAL" : "PRAGMA journal_mode=DELETE"),
	    -1, &statement, NULL);
	if (code == SQLITE_OK && (code = sqlite3_step(statement)) == SQLITE_ROW) {
		mode = sqlite3_column_text(statement, 0);
		in_wal = mode && sqlite3_stricmp((const char *)mode, "wal") == 0;
		code = SQLITE_OK;
	}
	sqlite3_finalize(statement);
	d->wal = in_wal;
	if (code != SQLITE_OK)
		*why = db_reason(code);
	else if (in_wal && !wal)
		*why = "is in WAL mode, which this version of SQLite can corrupt";
	else
		return true;
	return false;
}

static bool
handle_open(struct db *d, const char *path, const char **why)
{
	int flags = SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
	int code = sqlite3_open_v2(path, &d->handle,
	    flags | (d->read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE), NULL);

	if (code == SQLITE_OK) {
		sqlite3_busy_handler(d->handle, on_busy, d);
		sqlite3_db_config(d->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
		code = add_functions(d->handle);
	}
	if (code == SQLITE_OK)
		code = db_run(d, "PRAGMA trusted_schema=OFF;PRAGMA cell_size_check=ON;"
				 "PRAGMA secure_delete=ON;PRAGMA synchronous=EXTRA;"
				 "PRAGMA temp_store=MEMORY;PRAGMA cache_size=-4096;"
				 "PRAGMA mmap_size=0");
	if (code != SQLITE_OK) {
		*why = db_reason(code);
		return false;
	}
	return journal_mode(d, why) && schema_ready(d, why);
}

/* Checks the place, makes the file if it is missing, and gives its path without symbolic links
 * in the folders (SQLite refuses them on the whole way, we only at its end). */
static char *
place_of(const char *name, bool *read_only, const char **why)
{
	int fd = place_open(name, *read_only, why);
	char *path;

	if (fd < 0 && !*read_only && (errno == EACCES || errno == EROFS || errno == EPERM)) {
		fd = place_open(name, true, why);
		*read_only = true;
	}
	if (fd < 0) {
		*why = errno == ENOENT ? "does not exist" : *why;
		return NULL;
	}
	/* before SQLite opens it: closing a descriptor drops all locks of the process on the
	 * file */
	close(fd);
	path = realpath(name, NULL);
	if (!path)
		*why = "cannot be opened";
	return path;
}

struct db *
db_open(const char *name, const struct db_format *format, bool read_only, const char **why)
{
	return db_open_within(name, format, read_only, BUSY_MS, why);
}

struct db *
db_open_within(const char *name, const struct db_format *format, bool read_only,
    int64_t patience, const char **why)
{
	struct db *d;
	char *path;

	*why = NULL;
	/* once, before SQLite begins: no threads here, and nobody asks for its statistics */
	sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	path = place_of(name, &read_only, why);
	if (!path)
		return NULL;
	d = mem_zero(sizeof(*d));
	d->format = format;
	d->read_only = read_only;
	d->patience = patience;
	if (!handle_open(d, path, why)) {
		db_close(d);
		d = NULL;
	}
	free(path);
	return d;
}

void
db_close(struct db *d)
{
	if (d)
		sqlite3_close(d->handle);
	free(d);
}
