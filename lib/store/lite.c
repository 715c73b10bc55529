/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "base/mem.h"
#include "store/lite.h"

#define TABLES                                                                              \
	"CREATE TABLE entry(id INTEGER PRIMARY KEY, seq INTEGER NOT NULL,"                  \
	" heat INTEGER NOT NULL);"                                                          \
	"CREATE TABLE value(seq INTEGER PRIMARY KEY, id INTEGER NOT NULL,"                  \
	" size INTEGER NOT NULL, stored INTEGER NOT NULL, expires INTEGER NOT NULL,"        \
	" key BLOB NOT NULL, scope BLOB NOT NULL, model BLOB NOT NULL, meta BLOB NOT NULL," \
	" sum BLOB NOT NULL, request BLOB NOT NULL, body BLOB NOT NULL);"                   \
	"CREATE TABLE tally(scope BLOB NOT NULL, rule BLOB NOT NULL, model BLOB NOT NULL,"  \
	" hits INTEGER NOT NULL, misses INTEGER NOT NULL, cold INTEGER NOT NULL,"           \
	" input INTEGER NOT NULL, output INTEGER NOT NULL, unpriced INTEGER NOT NULL,"      \
	" usd_high INTEGER NOT NULL, usd_low INTEGER NOT NULL,"                             \
	" PRIMARY KEY(scope,rule,model)) WITHOUT ROWID;"                                    \
	"CREATE TABLE claim(id INTEGER PRIMARY KEY, owner INTEGER NOT NULL,"                \
	" made INTEGER NOT NULL, until INTEGER NOT NULL);"                                  \
	"CREATE TABLE state(name INTEGER PRIMARY KEY, number INTEGER NOT NULL);"            \
	"INSERT INTO state VALUES(1,0),(2,0),(3,0),(4,0),(5,0);"

/* Version 1 had one table of entries, in the order of their ids, and tallies by scope. */
static const char *const upgrades[] = {
	"ALTER TABLE entry RENAME TO entry1;"
	"ALTER TABLE tally RENAME TO tally1;" TABLES
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
};

static const struct db_format format = {
	.application = 0x6c6c6d63, /* "llmc" */
	.version = 3,
	.make = TABLES,
	.upgrades = upgrades,
};

static void
lite_close(struct store *base)
{
	struct lite *s = lite_of(base);
	struct db_query *const queries[] = { s->get, s->get_at, s->next, s->find, s->insert,
		s->index, s->erase, s->unindex, s->warm, s->state, s->count, s->allot };

	for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++)
		db_finish(queries[i]);
	lite_index_free(s);
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
	s->old = db_format_version(db) == 1;
	if (read_open(s, why) &&
	    (s->base.read_only || (write_open(s, why) && tally_open(s, why))))
		return &s->base;
	lite_close(&s->base);
	return NULL;
}
