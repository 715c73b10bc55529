/* SPDX-License-Identifier: MIT */
#include "store/store.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/hash.h"
#include "base/mem.h"
#include "store/db.h"
#include "store/entry.h"
#include "store/pack.h"

#define PENDING_BYTES ((size_t)4 << 20)
#define PENDING_ROWS 1000
#define SCOPES 1000

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
	struct db *db;
	struct db_query *get, *put, *count;
	struct buf pending;
	struct row *rows;
	size_t row_count;
	struct hash_map scopes;
	struct tally *tallies;
	size_t counted; /* look-ups that are not durable yet */
	uint64_t damaged;
	const char *trouble;
};

static const struct db_format format = {
	.application = 0x6c6c6d63, /* "llmc" */
	.version = 1,
	.make = "CREATE TABLE entry(id INTEGER PRIMARY KEY, stored INTEGER NOT NULL,"
		" expires INTEGER NOT NULL, key BLOB NOT NULL, scope BLOB NOT NULL,"
		" model BLOB NOT NULL, meta BLOB NOT NULL, sum BLOB NOT NULL,"
		" request BLOB NOT NULL, body BLOB NOT NULL);"
		"CREATE TABLE tally(scope BLOB PRIMARY KEY, hits INTEGER NOT NULL,"
		" misses INTEGER NOT NULL) WITHOUT ROWID",
};

static bool
queries_make(struct store *s, const char **why)
{
	s->get = db_prepare(s->db,
	    "SELECT key,scope,stored,expires,model,meta,sum,request,body FROM entry WHERE "
	    "id=?1",
	    why);
	if (!s->get || db_read_only(s->db))
		return s->get;
	s->put = db_prepare(s->db,
	    "INSERT OR REPLACE INTO entry(id,stored,expires,key,scope,model,meta,sum,"
	    "request,body) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10)",
	    why);
	s->count = db_prepare(s->db,
	    "INSERT INTO tally VALUES(?1,?2,?3) ON CONFLICT(scope) DO UPDATE SET"
	    " hits=hits+?2, misses=misses+?3",
	    why);
	return s->put && s->count;
}

static void
store_free(struct store *s)
{
	db_finish(s->get);
	db_finish(s->put);
	db_finish(s->count);
	db_close(s->db);
	buf_free(&s->pending);
	free(s->rows);
	hash_map_free(&s->scopes);
	free(s->tallies);
	free(s);
}

struct store *
store_open(const char *url, bool read_only, const char **why)
{
	struct store *s;
	struct db *db;

	if (strstr(url, "://")) {
		*why = "is no file: this build has no other kind of store";
		return NULL;
	}
	db = db_open(url, &format, read_only, why);
	if (!db)
		return NULL;
	s = mem_zero(sizeof(*s));
	s->db = db;
	if (!queries_make(s, why)) {
		store_free(s);
		s = NULL;
	}
	return s;
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
row_read(struct db_query *g, struct arena *a, struct store_entry *e)
{
	struct slice parts[ENTRY_PARTS] = { db_bytes(g, GET_KEY), db_bytes(g, GET_SCOPE),
		db_bytes(g, GET_MODEL), db_bytes(g, GET_META), db_bytes(g, GET_REQUEST),
		db_bytes(g, GET_BODY) };
	struct slice sum = db_bytes(g, GET_SUM);
	unsigned char want[ENTRY_SUM];

	e->stored = db_number(g, GET_STORED);
	e->expires = db_number(g, GET_EXPIRES);
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
	const char *why;
	bool found = false;

	s->trouble = NULL;
	db_bind_number(s->get, 1, entry_id(scope, key));
	switch (db_step(s->get, &why)) {
	case DB_ROW:
		found = row_read(s->get, a, e);
		s->damaged += !found;
		found =
		    found && memcmp(e->key, key, DIGEST_SIZE) == 0 && slice_eq(e->scope, scope);
		break;
	case DB_DAMAGED: s->damaged++; break;
	case DB_FAILED: s->trouble = why; break;
	case DB_DONE: break;
	}
	db_reset(s->get);
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

	if (db_read_only(s->db)) {
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

static bool
row_write(struct store *s, const struct row *r, const char **why)
{
	struct slice parts[ENTRY_PARTS];

	row_parts(s, r, parts);
	db_bind_number(s->put, 1, r->id);
	db_bind_number(s->put, 2, r->stored);
	db_bind_number(s->put, 3, r->expires);
	db_bind(s->put, 4, parts[0]);
	db_bind(s->put, 5, parts[1]);
	db_bind(s->put, 6, parts[2]);
	db_bind(s->put, 7, parts[3]);
	db_bind(s->put, 8, slice_of((const char *)r->sum, ENTRY_SUM));
	db_bind(s->put, 9, parts[4]);
	db_bind(s->put, 10, parts[5]);
	return db_do(s->put, why);
}

static bool
tallies_write(struct store *s, const char **why)
{
	for (size_t i = 0; s->counted && i < s->scopes.count; i++) {
		db_bind(s->count, 1, s->scopes.keys[i]);
		db_bind_number(s->count, 2, (int64_t)s->tallies[i].hits);
		db_bind_number(s->count, 3, (int64_t)s->tallies[i].misses);
		if (!db_do(s->count, why))
			return false;
	}
	return true;
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

static bool
pending_write(struct store *s, const char **why)
{
	if (!db_begin(s->db, why))
		return false;
	for (size_t i = 0; i < s->row_count; i++) {
		if (!row_write(s, &s->rows[i], why)) {
			db_rollback(s->db);
			return false;
		}
	}
	if (!tallies_write(s, why)) {
		db_rollback(s->db);
		return false;
	}
	return db_commit(s->db, why);
}

bool
store_commit(struct store *s, const char **why)
{
	bool good;

	if (s->row_count == 0 && (s->counted == 0 || db_read_only(s->db)))
		return true;
	good = pending_write(s, why);
	if (good)
		tallies_clear(s);
	pending_clear(s);
	return good;
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
	const char *why;
	struct db_query *q =
	    db_prepare(s->db, "SELECT hits,misses FROM tally WHERE scope=?1", &why);
	bool found = false;

	if (!q)
		return false;
	db_bind(q, 1, scope);
	if (db_step(q, &why) == DB_ROW) {
		*hits = (uint64_t)db_number(q, 0);
		*misses = (uint64_t)db_number(q, 1);
		found = true;
	}
	db_finish(q);
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
