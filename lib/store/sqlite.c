/* SPDX-License-Identifier: MIT */
#include "store/store.h"

#include <assert.h>
#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/when.h"
#include "store/entry.h"
#include "store/pack.h"
#include "store/place.h"

#define APPLICATION 0x6c6c6d63 /* "llmc" */
#define SCHEMA 1
#define BUSY_MS 5000
#define PENDING_BYTES ((size_t)4 << 20)
#define PENDING_ROWS 1000
#define SCOPES 1000
#define WAL_SINCE 3051003 /* versions before this can corrupt a WAL database */

/* One entry on its way into the file; its packed bytes stand in store.pending. */
struct row {
	int64_t id;
	int64_t stored, expires;
	unsigned char sum[ENTRY_SUM];
	size_t start, key, scope, model, meta, request, body; /* start, then lengths */
};

struct tally {
	uint64_t hits, misses;
};

struct store {
	sqlite3 *db;
	bool read_only;
	sqlite3_stmt *get, *put, *count;
	struct buf pending;
	struct row *rows;
	size_t row_count;
	struct hash_map scopes;
	struct tally *tallies;
	size_t counted; /* look-ups that are not durable yet */
	uint64_t damaged;
	const char *trouble;
	int64_t busy_since; /* ticks; 0: not waiting */
};

static const char *
reason(int code)
{
	switch (code & 0xff) {
	case SQLITE_FULL: return "cannot be written: the disk is full";
	case SQLITE_BUSY:
	case SQLITE_LOCKED: return "was locked by another process for 5 seconds";
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

/* Short pauses of uneven length: SQLite's own handler backs off to 100 ms, and a process that
 * sleeps so long among many busy ones hardly ever gets its turn. */
static int
on_busy(void *context, int times)
{
	struct store *s = context;
	int64_t now = when_ticks();
	struct timespec pause = { 0, (1 + (now ^ getpid()) % 7) * 1000000L };

	if (times == 0)
		s->busy_since = now;
	if (now - s->busy_since > BUSY_MS)
		return 0;
	nanosleep(&pause, NULL);
	return 1;
}

static int
run_sql(struct store *s, const char *sql)
{
	return sqlite3_exec(s->db, sql, NULL, NULL, NULL);
}

static int
pragma_number(struct store *s, const char *sql, int *number)
{
	sqlite3_stmt *statement;
	int code = sqlite3_prepare_v2(s->db, sql, -1, &statement, NULL);

	*number = 0;
	if (code == SQLITE_OK && (code = sqlite3_step(statement)) == SQLITE_ROW) {
		*number = sqlite3_column_int(statement, 0);
		code = SQLITE_OK;
	}
	sqlite3_finalize(statement);
	return code == SQLITE_DONE ? SQLITE_OK : code;
}

/* False and *why where the file is no store of ours; *fresh where it is still empty. */
static bool
schema_check(struct store *s, bool *fresh, const char **why)
{
	static char newer[96];
	int application, version, tables, code;

	code = pragma_number(s, "PRAGMA application_id", &application);
	if (code == SQLITE_OK)
		code = pragma_number(s, "PRAGMA user_version", &version);
	if (code == SQLITE_OK)
		code = pragma_number(s, "SELECT count(*) FROM sqlite_schema", &tables);
	if (code != SQLITE_OK) {
		*why = reason(code);
		return false;
	}
	*fresh = application == 0 && version == 0 && tables == 0;
	if (*fresh)
		return true;
	if (application != APPLICATION) {
		*why = "is a database of another program";
	} else if (version > SCHEMA) {
		snprintf(newer, sizeof(newer),
		    "has version %d of the format, and this program knows %d", version, SCHEMA);
		*why = newer;
	} else {
		return true;
	}
	return false;
}

#define TEXT(x) TEXT_(x)
#define TEXT_(x) #x

static int
schema_make(struct store *s)
{
	return run_sql(s,
	    "CREATE TABLE entry(id INTEGER PRIMARY KEY, stored INTEGER NOT NULL,"
	    " expires INTEGER NOT NULL, key BLOB NOT NULL, scope BLOB NOT NULL,"
	    " model BLOB NOT NULL, meta BLOB NOT NULL, sum BLOB NOT NULL,"
	    " request BLOB NOT NULL, body BLOB NOT NULL);"
	    "CREATE TABLE tally(scope BLOB PRIMARY KEY, hits INTEGER NOT NULL,"
	    " misses INTEGER NOT NULL) WITHOUT ROWID;"
	    "PRAGMA application_id=" TEXT(APPLICATION) ";"
						       "PRAGMA user_version=" TEXT(SCHEMA));
}

/* Several processes may find the file empty at once: the first to lock it makes the schema. */
static bool
schema_ready(struct store *s, const char **why)
{
	bool fresh, ours;
	int code;

	/* in one transaction: between its three questions another process may make the schema
	 */
	code = run_sql(s, "BEGIN");
	if (code != SQLITE_OK) {
		*why = reason(code);
		return false;
	}
	ours = schema_check(s, &fresh, why);
	run_sql(s, "ROLLBACK");
	if (!ours || !fresh)
		return ours;
	if (s->read_only) {
		*why = "is empty";
		return false;
	}
	code = run_sql(s, "BEGIN IMMEDIATE");
	if (code == SQLITE_OK) {
		if (!schema_check(s, &fresh, why)) {
			run_sql(s, "ROLLBACK");
			return false;
		}
		code = fresh ? schema_make(s) : SQLITE_OK;
		if (code == SQLITE_OK)
			code = run_sql(s, "COMMIT");
		if (code != SQLITE_OK)
			run_sql(s, "ROLLBACK");
	}
	if (code != SQLITE_OK)
		*why = reason(code);
	return code == SQLITE_OK;
}

/* True where the file keeps the mode that this SQLite may use safely. */
static bool
journal_mode(struct store *s, const char **why)
{
	bool wal = sqlite3_libversion_number() >= WAL_SINCE;
	sqlite3_stmt *statement = NULL;
	const unsigned char *mode = NULL;
	bool in_wal = false;
	int code;

	code = sqlite3_prepare_v2(s->db,
	    s->read_only ? "PRAGMA journal_mode"
			 : (wal ? "PRAGMA journal_mode=WAL" : "PRAGMA journal_mode=DELETE"),
	    -1, &statement, NULL);
	if (code == SQLITE_OK && (code = sqlite3_step(statement)) == SQLITE_ROW) {
		mode = sqlite3_column_text(statement, 0);
		in_wal = mode && sqlite3_stricmp((const char *)mode, "wal") == 0;
		code = SQLITE_OK;
	}
	sqlite3_finalize(statement);
	if (code != SQLITE_OK)
		*why = reason(code);
	else if (in_wal && !wal)
		*why = "is in WAL mode, which this version of SQLite can corrupt";
	else
		return true;
	return false;
}

static bool
statements_make(struct store *s, const char **why)
{
	int code = sqlite3_prepare_v3(s->db,
	    "SELECT key,scope,stored,expires,model,meta,sum,request,body FROM entry WHERE "
	    "id=?1",
	    -1, SQLITE_PREPARE_PERSISTENT, &s->get, NULL);

	if (code == SQLITE_OK && !s->read_only)
		code = sqlite3_prepare_v3(s->db,
		    "INSERT OR REPLACE INTO entry(id,stored,expires,key,scope,model,meta,sum,"
		    "request,body) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10)",
		    -1, SQLITE_PREPARE_PERSISTENT, &s->put, NULL);
	if (code == SQLITE_OK && !s->read_only)
		code = sqlite3_prepare_v3(s->db,
		    "INSERT INTO tally VALUES(?1,?2,?3) ON CONFLICT(scope) DO UPDATE SET"
		    " hits=hits+?2, misses=misses+?3",
		    -1, SQLITE_PREPARE_PERSISTENT, &s->count, NULL);
	if (code != SQLITE_OK)
		*why = reason(code);
	return code == SQLITE_OK;
}

static void
store_free(struct store *s)
{
	sqlite3_finalize(s->get);
	sqlite3_finalize(s->put);
	sqlite3_finalize(s->count);
	sqlite3_close(s->db);
	buf_free(&s->pending);
	free(s->rows);
	hash_map_free(&s->scopes);
	free(s->tallies);
	free(s);
}

static bool
database_open(struct store *s, const char *path, const char **why)
{
	int flags = SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
	int code = sqlite3_open_v2(path, &s->db,
	    flags | (s->read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE), NULL);

	if (code == SQLITE_OK) {
		sqlite3_busy_handler(s->db, on_busy, s);
		sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
		code = run_sql(s, "PRAGMA trusted_schema=OFF;PRAGMA cell_size_check=ON;"
				  "PRAGMA secure_delete=ON;PRAGMA synchronous=FULL;"
				  "PRAGMA temp_store=MEMORY;PRAGMA cache_size=-4096;"
				  "PRAGMA mmap_size=0");
	}
	if (code != SQLITE_OK) {
		*why = reason(code);
		return false;
	}
	return journal_mode(s, why) && schema_ready(s, why) && statements_make(s, why);
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

struct store *
store_open(const char *url, bool read_only, const char **why)
{
	char *path;
	struct store *s;

	*why = NULL;
	if (strstr(url, "://")) {
		*why = "is no file: this build has no other kind of store";
		return NULL;
	}
	path = place_of(url, &read_only, why);
	if (!path)
		return NULL;
	s = mem_zero(sizeof(*s));
	s->read_only = read_only;
	if (!database_open(s, path, why)) {
		store_free(s);
		s = NULL;
	}
	free(path);
	return s;
}

static struct slice
column(sqlite3_stmt *statement, int i)
{
	const void *bytes = sqlite3_column_blob(statement, i);

	return slice_of(
	    bytes ? bytes : "", bytes ? (size_t)sqlite3_column_bytes(statement, i) : 0);
}

enum {
	GET_KEY,
	GET_SCOPE,
	GET_STORED,
	GET_EXPIRES,
	GET_MODEL,
	GET_META,
	GET_SUM,
	GET_REQUEST,
	GET_BODY
};

/* False where the row is damaged. */
static bool
row_read(sqlite3_stmt *g, struct arena *a, struct store_entry *e)
{
	struct slice parts[ENTRY_PARTS] = { column(g, GET_KEY), column(g, GET_SCOPE),
		column(g, GET_MODEL), column(g, GET_META), column(g, GET_REQUEST),
		column(g, GET_BODY) };
	struct slice sum = column(g, GET_SUM);
	unsigned char want[ENTRY_SUM];

	e->stored = sqlite3_column_int64(g, GET_STORED);
	e->expires = sqlite3_column_int64(g, GET_EXPIRES);
	entry_sum(e->stored, e->expires, parts, want);
	if (sum.len != ENTRY_SUM || memcmp(sum.ptr, want, ENTRY_SUM) != 0 ||
	    parts[0].len != DIGEST_SIZE)
		return false;
	memcpy(e->key, parts[0].ptr, DIGEST_SIZE);
	e->scope = arena_copy(a, parts[1]);
	e->model = arena_copy(a, parts[2]);
	e->meta = arena_copy(a, parts[3]);
	return pack_read(arena_copy(a, parts[4]), a, &e->request) &&
	       pack_read(arena_copy(a, parts[5]), a, &e->body);
}

bool
store_get(struct store *s, struct slice scope, const unsigned char key[DIGEST_SIZE],
    struct arena *a, struct store_entry *e)
{
	bool found = false;
	int code;

	s->trouble = NULL;
	sqlite3_bind_int64(s->get, 1, entry_id(scope, key));
	code = sqlite3_step(s->get);
	if (code == SQLITE_ROW) {
		found = row_read(s->get, a, e);
		s->damaged += !found;
		found =
		    found && memcmp(e->key, key, DIGEST_SIZE) == 0 && slice_eq(e->scope, scope);
	} else if ((code & 0xff) == SQLITE_CORRUPT || (code & 0xff) == SQLITE_NOTADB) {
		s->damaged++;
	} else if (code != SQLITE_DONE) {
		s->trouble = reason(code);
	}
	sqlite3_reset(s->get);
	return found;
}

static struct slice
pending_part(const struct store *s, size_t *at, size_t len)
{
	struct slice part = slice_of(s->pending.data + *at, len);

	*at += len;
	return part;
}

static void
row_parts(const struct store *s, const struct row *r, struct slice parts[ENTRY_PARTS])
{
	size_t at = r->start;

	parts[0] = pending_part(s, &at, r->key);
	parts[1] = pending_part(s, &at, r->scope);
	parts[2] = pending_part(s, &at, r->model);
	parts[3] = pending_part(s, &at, r->meta);
	parts[4] = pending_part(s, &at, r->request);
	parts[5] = pending_part(s, &at, r->body);
}

static size_t
add_packed(struct buf *b, struct slice plain)
{
	size_t before = b->len;

	pack_write(plain, b);
	return b->len - before;
}

bool
store_put(struct store *s, const struct store_entry *e, const char **why)
{
	struct slice parts[ENTRY_PARTS];
	struct row *r;

	if (s->read_only) {
		*why = "cannot be written";
		return false;
	}
	if (!s->rows)
		s->rows = mem_alloc(PENDING_ROWS * sizeof(*s->rows));
	r = &s->rows[s->row_count++];
	*r = (struct row){ .id = entry_id(e->scope, e->key),
		.stored = e->stored,
		.expires = e->expires,
		.start = s->pending.len,
		.key = DIGEST_SIZE,
		.scope = e->scope.len,
		.model = e->model.len,
		.meta = e->meta.len };
	buf_add(&s->pending, slice_of((const char *)e->key, DIGEST_SIZE));
	buf_add(&s->pending, e->scope);
	buf_add(&s->pending, e->model);
	buf_add(&s->pending, e->meta);
	r->request = add_packed(&s->pending, e->request);
	r->body = add_packed(&s->pending, e->body);
	row_parts(s, r, parts);
	entry_sum(r->stored, r->expires, parts, r->sum);
	if (s->row_count < PENDING_ROWS && s->pending.len < PENDING_BYTES)
		return true;
	return store_commit(s, why);
}

static void
bind(sqlite3_stmt *statement, int i, struct slice bytes)
{
	sqlite3_bind_blob64(statement, i, bytes.ptr ? bytes.ptr : "", bytes.len, SQLITE_STATIC);
}

static int
row_write(struct store *s, const struct row *r)
{
	struct slice parts[ENTRY_PARTS];
	int code;

	row_parts(s, r, parts);
	sqlite3_bind_int64(s->put, 1, r->id);
	sqlite3_bind_int64(s->put, 2, r->stored);
	sqlite3_bind_int64(s->put, 3, r->expires);
	bind(s->put, 4, parts[0]);
	bind(s->put, 5, parts[1]);
	bind(s->put, 6, parts[2]);
	bind(s->put, 7, parts[3]);
	bind(s->put, 8, slice_of((const char *)r->sum, ENTRY_SUM));
	bind(s->put, 9, parts[4]);
	bind(s->put, 10, parts[5]);
	code = sqlite3_step(s->put);
	sqlite3_reset(s->put);
	sqlite3_clear_bindings(s->put);
	return code == SQLITE_DONE ? SQLITE_OK : code;
}

static int
tallies_write(struct store *s)
{
	int code = SQLITE_OK;

	for (size_t i = 0; s->counted && code == SQLITE_OK && i < s->scopes.count; i++) {
		bind(s->count, 1, s->scopes.keys[i]);
		sqlite3_bind_int64(s->count, 2, (sqlite3_int64)s->tallies[i].hits);
		sqlite3_bind_int64(s->count, 3, (sqlite3_int64)s->tallies[i].misses);
		code = sqlite3_step(s->count);
		sqlite3_reset(s->count);
		code = code == SQLITE_DONE ? SQLITE_OK : code;
	}
	return code;
}

static void
tallies_clear(struct store *s)
{
	hash_map_free(&s->scopes);
	s->scopes = (struct hash_map){ 0 };
	s->counted = 0;
}

static void
pending_clear(struct store *s)
{
	s->row_count = 0;
	buf_clear(&s->pending);
	/* one record of 200 MB must not stay for the rest of the run */
	if (s->pending.cap > 2 * PENDING_BYTES)
		buf_free(&s->pending);
}

bool
store_commit(struct store *s, const char **why)
{
	int code;

	if (s->row_count == 0 && (s->counted == 0 || s->read_only))
		return true;
	code = run_sql(s, "BEGIN IMMEDIATE");
	for (size_t i = 0; code == SQLITE_OK && i < s->row_count; i++)
		code = row_write(s, &s->rows[i]);
	if (code == SQLITE_OK)
		code = tallies_write(s);
	if (code == SQLITE_OK)
		code = run_sql(s, "COMMIT");
	if (code != SQLITE_OK) {
		*why = reason(code);
		if (!sqlite3_get_autocommit(s->db))
			run_sql(s, "ROLLBACK");
	} else {
		tallies_clear(s);
	}
	pending_clear(s);
	return code == SQLITE_OK;
}

void
store_count(struct store *s, struct slice scope, bool hit)
{
	bool added;
	const char *why;
	size_t i;

	/* many tenants must not mean much memory; counts that cannot be written are let go */
	if (s->scopes.count >= SCOPES && !store_commit(s, &why))
		tallies_clear(s);
	i = hash_map_add(&s->scopes, scope, &added);
	if (added) {
		s->tallies = mem_grow(s->tallies, i + 1, sizeof(*s->tallies));
		s->tallies[i] = (struct tally){ 0, 0 };
	}
	s->tallies[i].hits += hit;
	s->tallies[i].misses += !hit;
	s->counted++;
}

bool
store_counts(struct store *s, struct slice scope, uint64_t *hits, uint64_t *misses)
{
	sqlite3_stmt *statement;
	bool found = false;

	if (sqlite3_prepare_v2(s->db, "SELECT hits,misses FROM tally WHERE scope=?1", -1,
		&statement, NULL) != SQLITE_OK)
		return false;
	bind(statement, 1, scope);
	if (sqlite3_step(statement) == SQLITE_ROW) {
		*hits = (uint64_t)sqlite3_column_int64(statement, 0);
		*misses = (uint64_t)sqlite3_column_int64(statement, 1);
		found = true;
	}
	sqlite3_finalize(statement);
	return found;
}

uint64_t
store_damaged(const struct store *s)
{
	return s->damaged;
}

const char *
store_trouble(const struct store *s)
{
	return s->trouble;
}

bool
store_close(struct store *s, const char **why)
{
	bool good = true;

	if (s) {
		good = store_commit(s, why);
		store_free(s);
	}
	return good;
}

const char *
store_version(void)
{
	static char text[32];

	snprintf(text, sizeof(text), "SQLite %s", sqlite3_libversion());
	return text;
}
