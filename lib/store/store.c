/* SPDX-License-Identifier: MIT */
#include "store/store.h"

#include <stdlib.h>

#include "base/mem.h"
#include "store/parts.h"

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
};

static const struct db_format format = {
	.application = 0x6c6c6d63, /* "llmc" */
	.version = 2,
	.make = TABLES,
	.upgrades = upgrades,
};

static void
store_free(struct store *s)
{
	struct db_query *const queries[] = { s->get, s->next, s->find, s->insert, s->index,
		s->erase, s->unindex, s->warm, s->state, s->count };

	for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++)
		db_finish(queries[i]);
	db_close(s->db);
	buf_free(&s->pending);
	free(s->rows);
	free(s->used.list);
	free(s->released.list);
	hash_map_free(&s->groups);
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
	s->old = db_format_version(db) == 1;
	if (!read_open(s, why) ||
	    (!db_read_only(db) && (!write_open(s, why) || !tally_open(s, why)))) {
		store_free(s);
		s = NULL;
	}
	return s;
}

bool
store_read_only(const struct store *s)
{
	return db_read_only(s->db);
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
		while (good && s->above)
			good = store_commit(s, why);
		store_pause(s);
		store_free(s);
	}
	return good;
}
