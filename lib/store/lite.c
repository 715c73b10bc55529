/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "base/mem.h"
#include "store/lite.h"

#define REST                                                                               \
	"CREATE TABLE entry(id INTEGER PRIMARY KEY, seq INTEGER NOT NULL,"                 \
	" heat INTEGER NOT NULL);"                                                         \
	"CREATE TABLE tally(scope BLOB NOT NULL, rule BLOB NOT NULL, model BLOB NOT NULL," \
	" hits INTEGER NOT NULL, misses INTEGER NOT NULL, cold INTEGER NOT NULL,"          \
	" input INTEGER NOT NULL, output INTEGER NOT NULL, unpriced INTEGER NOT NULL,"     \
	" usd_high INTEGER NOT NULL, usd_low INTEGER NOT NULL,"                            \
	" PRIMARY KEY(scope,rule,model)) WITHOUT ROWID;"                                   \
	"CREATE TABLE claim(id INTEGER PRIMARY KEY, owner INTEGER NOT NULL,"               \
	" made INTEGER NOT NULL, until INTEGER NOT NULL);"                                 \
	"CREATE TABLE state(name INTEGER PRIMARY KEY, number INTEGER NOT NULL);"           \
	"INSERT INTO state VALUES(1,0),(2,0),(3,0),(4,0),(5,0);"
#define VALUE                                                              \
	"CREATE TABLE value(seq INTEGER PRIMARY KEY, id INTEGER NOT NULL," \
	" size INTEGER NOT NULL, expires INTEGER NOT NULL, bytes BLOB NOT NULL);"
/* Of versions 2 and 3: a column for each part. */
#define OLD_VALUE                                                                           \
	"CREATE TABLE value(seq INTEGER PRIMARY KEY, id INTEGER NOT NULL,"                  \
	" size INTEGER NOT NULL, stored INTEGER NOT NULL, expires INTEGER NOT NULL,"        \
	" key BLOB NOT NULL, scope BLOB NOT NULL, model BLOB NOT NULL, meta BLOB NOT NULL," \
	" sum BLOB NOT NULL, request BLOB NOT NULL, body BLOB NOT NULL);"

/* Version 1 had one table of entries, in the order of their ids, and tallies by scope. */
static const char *const upgrades[] = {
	"ALTER TABLE entry RENAME TO entry1;"
	"ALTER TABLE tally RENAME TO tally1;" REST OLD_VALUE
	"INSERT INTO value SELECT row_number() OVER (ORDER BY stored,id), id,"
	" length(key)+length(scope)+length(model)+length(meta)+length(request)+length(body),"
	" stored,expires,key,scope,model,meta,sum,request,body FROM entry1;"
	"INSERT INTO entry SELECT id,seq,1 FROM value ORDER BY id;"
	"INSERT INTO tally SELECT scope,x'',x'',hits,misses,0,0,0,hits,0,0 FROM tally1;"
	"UPDATE state SET number=(SELECT count(*) FROM value) WHERE name=1;"
	"UPDATE state SET number=(SELECT ifnull(sum(size),0) FROM value) WHERE name=2;"
	"DROP TABLE entry1;"
	"DROP TABLE tally1;",
	/* version 3 has other checksums, which older programs take for damage */
	"SELECT 1;",
	/* the rows follow: join_parts */
	"ALTER TABLE value RENAME TO value3;" VALUE,
};

static bool
join_row(struct db_query *from, struct db_query *to, struct buf *bytes, const char **why)
{
	struct slice parts[ENTRY_PARTS], sum = db_bytes(from, 5);
	unsigned char own[ENTRY_SUM] = { 0 };

	for (int i = 0; i < ENTRY_PARTS; i++)
		parts[i] = db_bytes(from, 6 + i);
	/* one of another length is damaged, and remains so */
	if (sum.len == ENTRY_SUM)
		memcpy(own, sum.ptr, ENTRY_SUM);
	buf_clear(bytes);
	entry_join(own, db_number(from, 3), db_number(from, 4), parts, bytes);
	for (int i = 0; i < 3; i++)
		db_bind_number(to, 1 + i, db_number(from, i));
	db_bind_number(to, 4, db_number(from, 4));
	db_bind(to, 5, buf_slice(bytes));
	return db_do(to, why);
}

/* Up to version 3 each part had a column. */
static bool
join_parts(struct db *db, const char **why)
{
	struct db_query *to = db_prepare(db, "INSERT INTO value VALUES(?1,?2,?3,?4,?5)", why);
	struct db_query *from = to ? db_prepare(db,
					 "SELECT seq,id,size,stored,expires,sum,key,scope,"
					 "model,meta,request,body FROM value3 ORDER BY seq",
					 why)
				   : NULL;
	enum db_step step = DB_FAILED;
	int64_t at = INT64_MIN;
	struct buf bytes = { 0 };
	struct db_query *drop;
	bool good = false;

	while (from && (step = db_step_behind(from, 0, &at, why)) == DB_ROW)
		if (!join_row(from, to, &bytes, why))
			break;
	db_finish(from);
	db_finish(to);
	buf_free(&bytes);
	drop = step == DB_DONE ? db_prepare(db, "DROP TABLE value3", why) : NULL;
	if (drop)
		good = db_do(drop, why);
	db_finish(drop);
	return good;
}

static const struct db_format format = {
	.application = 0x6c6c6d63, /* "llmc" */
	.version = 4,
	.make = REST VALUE,
	.upgrades = upgrades,
	.renew = join_parts,
};

static void
lite_close(struct store *base)
{
	struct lite *s = lite_of(base);
	struct db_query *const queries[] = { s->get, s->next, s->find, s->insert, s->index,
		s->erase, s->unindex, s->warm, s->state, s->count, s->allot };

	for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++)
		db_finish(queries[i]);
	lite_index_free(s);
	db_column_close(s->bytes);
	db_close(s->db);
	free(s);
}

static const struct store_engine engine = {
	.look_up = lite_look_up,
	.pause = lite_pause,
	.write = lite_write,
	.tallies = lite_tallies,
	.size = lite_size,
	.next = lite_next,
	.purge = lite_purge,
	.forget = lite_forget,
	.claim = lite_claim,
	.notes = lite_notes,
	.note = lite_note,
	.close = lite_close,
};

struct store *
lite_open(const char *name, bool read_only, int64_t timeout, const char **why)
{
	struct db *db = timeout ? db_open_within(name, &format, read_only, timeout, why)
				: db_open(name, &format, read_only, why);
	struct lite *s;

	if (!db)
		return NULL;
	s = mem_zero(sizeof(*s));
	s->base.engine = &engine;
	s->base.rows_least = 1000;
	s->base.rows_most = 32768;
	s->db = db;
	s->base.read_only = db_read_only(db);
	if (read_open(s, why) &&
	    (s->base.read_only || (write_open(s, why) && tally_open(s, why))))
		return &s->base;
	lite_close(&s->base);
	return NULL;
}
