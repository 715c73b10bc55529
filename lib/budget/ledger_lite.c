/* SPDX-License-Identifier: MIT */
/* The ledger as an SQLite file. What is damaged is refused, since too little spent would be a
 * limit passed: tables and indexes are read through when it is opened, and each row has a proof
 * of what stands in it. */
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "budget/ledger_engine.h"
#include "store/db.h"

#define PROOF_BUDGET "stable_hash(lines)"
#define PROOF_SUM "stable_hash(name,key,start,usd,calls,tokens)"
#define PROOF_HOLD "stable_hash(until,usd,calls,tokens)"
#define PROOF_REPEAT "stable_hash(name,key,start,digest,times)"

/* Version 1 had no proofs. */
static const char *const upgrades[] = {
	"ALTER TABLE budget ADD COLUMN proof INTEGER;UPDATE budget SET proof=" PROOF_BUDGET ";"
	"ALTER TABLE sum ADD COLUMN proof INTEGER;UPDATE sum SET proof=" PROOF_SUM ";"
	"ALTER TABLE hold ADD COLUMN proof INTEGER;UPDATE hold SET proof=" PROOF_HOLD ";"
	"ALTER TABLE repeat ADD COLUMN proof INTEGER;UPDATE repeat SET proof=" PROOF_REPEAT,
};
static const struct db_format format = {
	.application = 0x6c6c6d6c, /* "llml" */
	.version = 2,
	.upgrades = upgrades,
	.make =
	    "CREATE TABLE budget(id INTEGER PRIMARY KEY, lines BLOB NOT NULL, proof INTEGER);"
	    "CREATE TABLE sum(name BLOB NOT NULL, key BLOB NOT NULL, start INTEGER NOT "
	    "NULL, usd BLOB NOT NULL, calls INTEGER NOT NULL, tokens INTEGER NOT NULL,"
	    " proof INTEGER, PRIMARY KEY(name,key,start)) WITHOUT ROWID;"
	    "CREATE TABLE hold(id INTEGER PRIMARY KEY AUTOINCREMENT, until INTEGER NOT NULL,"
	    " usd BLOB NOT NULL, calls INTEGER NOT NULL, tokens INTEGER NOT NULL, proof "
	    "INTEGER);"
	    "CREATE TABLE part(name BLOB NOT NULL, key BLOB NOT NULL, start INTEGER NOT "
	    "NULL, hold INTEGER NOT NULL, PRIMARY KEY(name,key,start,hold)) WITHOUT ROWID;"
	    "CREATE INDEX part_hold ON part(hold);"
	    "CREATE TABLE repeat(name BLOB NOT NULL, key BLOB NOT NULL, start INTEGER NOT "
	    "NULL, digest BLOB NOT NULL, times INTEGER NOT NULL, proof INTEGER,"
	    " PRIMARY KEY(name,key,start,digest)) WITHOUT ROWID",
};

enum query {
	Q_BUDGET,
	Q_SUM,
	Q_HELD,
	Q_REPEAT,
	Q_SET_REPEAT,
	Q_HOLD,
	Q_LAST,
	Q_PART,
	Q_FIND_HOLD,
	Q_PARTS,
	Q_SET_SUM,
	Q_DROP_HOLD,
	Q_DROP_PARTS,
	Q_SET_BUDGET,
	Q_OLD_PARTS,
	Q_OLD_HOLDS,
	Q_OLD_REPEATS,
	Q_KEYS,
	QUERIES
};
static const char *const sql[QUERIES] = {
	[Q_BUDGET] = "SELECT lines FROM budget WHERE id=1",
	[Q_SUM] = "SELECT usd,calls,tokens FROM sum WHERE name=?1 AND key=?2 AND start=?3",
	[Q_HELD] = "SELECT h.usd,h.calls,h.tokens FROM part p JOIN hold h ON h.id=p.hold"
		   " WHERE p.name=?1 AND p.key=?2 AND p.start=?3 AND h.until>?4",
	[Q_REPEAT] = "SELECT times FROM repeat WHERE name=?1 AND key=?2 AND start=?3 AND "
		     "digest=?4",
	[Q_SET_REPEAT] = "INSERT INTO repeat VALUES(?1,?2,?3,?4,1,stable_hash(?1,?2,?3,?4,1))"
			 " ON CONFLICT DO UPDATE SET times=times+1,"
			 "proof=stable_hash(name,key,start,digest,times+1)",
	[Q_HOLD] = "INSERT INTO hold(until,usd,calls,tokens,proof)"
		   " VALUES(?1,?2,?3,?4,stable_hash(?1,?2,?3,?4))",
	[Q_LAST] = "SELECT last_insert_rowid()",
	[Q_PART] = "INSERT INTO part VALUES(?1,?2,?3,?4)",
	[Q_FIND_HOLD] = "SELECT usd,calls,tokens FROM hold WHERE id=?1",
	[Q_PARTS] = "SELECT name,key,start FROM part WHERE hold=?1",
	[Q_SET_SUM] =
	    "INSERT INTO sum VALUES(?1,?2,?3,?4,?5,?6,stable_hash(?1,?2,?3,?4,?5,?6))"
	    " ON CONFLICT DO UPDATE SET usd=?4,calls=?5,tokens=?6,proof=excluded.proof",
	[Q_DROP_HOLD] = "DELETE FROM hold WHERE id=?1",
	[Q_DROP_PARTS] = "DELETE FROM part WHERE hold=?1",
	[Q_SET_BUDGET] = "INSERT INTO budget VALUES(1,?1,stable_hash(?1))"
			 " ON CONFLICT DO UPDATE SET lines=?1,proof=excluded.proof",
	[Q_OLD_PARTS] = "DELETE FROM part WHERE hold IN (SELECT id FROM hold WHERE until<?1)",
	[Q_OLD_HOLDS] = "DELETE FROM hold WHERE until<?1",
	[Q_OLD_REPEATS] = "DELETE FROM repeat WHERE name=?1 AND start<?2",
	[Q_KEYS] = "SELECT key FROM sum WHERE name=?1 AND start=?2 UNION SELECT key FROM part"
		   " WHERE name=?1 AND start=?2 ORDER BY 1",
};

struct lite {
	struct ledger_store base;
	struct db *db;
	struct db_query *q[QUERIES];
};

/* A row whose proof is another one, or a part whose hold is gone. */
static const char damaged[] =
    "SELECT 1 FROM budget WHERE proof IS NOT " PROOF_BUDGET
    " UNION ALL SELECT 1 FROM sum WHERE proof IS NOT " PROOF_SUM
    " UNION ALL SELECT 1 FROM hold WHERE proof IS NOT " PROOF_HOLD
    " UNION ALL SELECT 1 FROM repeat WHERE proof IS NOT " PROOF_REPEAT
    " UNION ALL SELECT 1 FROM part WHERE hold NOT IN (SELECT id FROM hold) LIMIT 1";

static bool
is_whole(struct db *db, const char **why)
{
	struct db_query *q = db_whole(db, why) ? db_prepare(db, damaged, why) : NULL;
	enum db_step step = q ? db_step(q, why) : DB_FAILED;

	if (step == DB_ROW)
		*why = "is damaged";
	db_finish(q);
	return step == DB_DONE;
}

static struct lite *
lite_of(struct ledger_store *s)
{
	return (struct lite *)s;
}

static void
lite_close(struct ledger_store *s)
{
	struct lite *l = lite_of(s);

	for (size_t i = 0; i < QUERIES; i++)
		db_finish(l->q[i]);
	db_close(l->db);
	free(l);
}

static bool
lite_begin(struct ledger_store *s, bool write, const char **why)
{
	return write ? db_begin(lite_of(s)->db, why) : db_read_begin(lite_of(s)->db, why);
}

static enum ledger_commit
lite_commit(struct ledger_store *s, const char **why)
{
	return db_commit(lite_of(s)->db, why) ? COMMIT_DONE : COMMIT_FAILED;
}

static void
lite_rollback(struct ledger_store *s)
{
	db_rollback(lite_of(s)->db);
}

static bool
lite_lines(struct ledger_store *s, struct slice *lines, const char **why)
{
	struct db_query *q = lite_of(s)->q[Q_BUDGET];
	enum db_step step = db_step(q, why);

	*lines = slice_of(NULL, 0);
	if (step == DB_ROW)
		*lines = arena_copy(s->arena, db_bytes(q, 0));
	db_reset(q);
	return step == DB_ROW || step == DB_DONE;
}

static bool
lite_set_lines(struct ledger_store *s, struct slice lines, const char **why)
{
	struct db_query *q = lite_of(s)->q[Q_SET_BUDGET];

	db_bind(q, 1, lines);
	return db_do(q, why);
}

/* The row's three columns. False where they are none of ours. */
static bool
amount_read(struct db_query *q, struct ledger_amount *a)
{
	a->calls = (uint64_t)db_number(q, 1);
	a->tokens = (uint64_t)db_number(q, 2);
	return usd_read(db_bytes(q, 0), &a->usd);
}

static void
bind_amount(struct db_query *q, int i, const struct ledger_amount *a, char text[64])
{
	db_bind(q, i, slice_z(usd_write(a->usd, text)));
	db_bind_number(q, i + 1, (int64_t)a->calls);
	db_bind_number(q, i + 2, (int64_t)a->tokens);
}

static void
bind_place(struct db_query *q, const struct ledger_place *p)
{
	db_bind(q, 1, p->name);
	db_bind(q, 2, p->key);
	db_bind_number(q, 3, p->start);
}

/* Adds up all rows of a query. */
static bool
total(struct db_query *q, struct ledger_amount *sum, const char **why)
{
	struct ledger_amount one;
	enum db_step step;

	*sum = (struct ledger_amount){ 0 };
	while ((step = db_step(q, why)) == DB_ROW) {
		if (!amount_read(q, &one)) {
			*why = "is damaged";
			step = DB_DAMAGED;
			break;
		}
		ledger_add(sum, &one);
	}
	db_reset(q);
	return step == DB_DONE;
}

static bool
lite_sums(struct ledger_store *s, const struct ledger_place *p, int64_t now,
    struct ledger_amount *spent, struct ledger_amount *held, const char **why)
{
	struct lite *l = lite_of(s);

	bind_place(l->q[Q_SUM], p);
	if (!total(l->q[Q_SUM], spent, why))
		return false;
	bind_place(l->q[Q_HELD], p);
	db_bind_number(l->q[Q_HELD], 4, now);
	return total(l->q[Q_HELD], held, why);
}

static struct slice
digest_bytes(const unsigned char *digest)
{
	return slice_of((const char *)digest, DIGEST_SIZE);
}

static bool
lite_repeats(struct ledger_store *s, const struct ledger_place *p, const unsigned char *digest,
    uint64_t *times, const char **why)
{
	struct db_query *q = lite_of(s)->q[Q_REPEAT];
	enum db_step step;

	bind_place(q, p);
	db_bind(q, 4, digest_bytes(digest));
	step = db_step(q, why);
	*times = step == DB_ROW ? (uint64_t)db_number(q, 0) : 0;
	db_reset(q);
	return step == DB_ROW || step == DB_DONE;
}

static bool
lite_add_repeat(struct ledger_store *s, const struct ledger_place *p,
    const unsigned char *digest, const char **why)
{
	struct lite *l = lite_of(s);

	db_bind(l->q[Q_OLD_REPEATS], 1, p->name);
	db_bind_number(l->q[Q_OLD_REPEATS], 2, p->start);
	bind_place(l->q[Q_SET_REPEAT], p);
	db_bind(l->q[Q_SET_REPEAT], 4, digest_bytes(digest));
	return db_do(l->q[Q_OLD_REPEATS], why) && db_do(l->q[Q_SET_REPEAT], why);
}

static bool
lite_add_hold(struct ledger_store *s, int64_t now, int64_t until,
    const struct ledger_amount *amount, const struct ledger_place *places, size_t count,
    int64_t *id, const char **why)
{
	struct lite *l = lite_of(s);
	char text[64];

	db_bind_number(l->q[Q_OLD_PARTS], 1, now - LEDGER_KEPT);
	db_bind_number(l->q[Q_OLD_HOLDS], 1, now - LEDGER_KEPT);
	if (!db_do(l->q[Q_OLD_PARTS], why) || !db_do(l->q[Q_OLD_HOLDS], why))
		return false;
	db_bind_number(l->q[Q_HOLD], 1, until);
	bind_amount(l->q[Q_HOLD], 2, amount, text);
	if (!db_do(l->q[Q_HOLD], why) || db_step(l->q[Q_LAST], why) != DB_ROW)
		return false;
	*id = db_number(l->q[Q_LAST], 0);
	db_reset(l->q[Q_LAST]);
	for (size_t i = 0; i < count; i++) {
		bind_place(l->q[Q_PART], &places[i]);
		db_bind_number(l->q[Q_PART], 4, *id);
		if (!db_do(l->q[Q_PART], why))
			return false;
	}
	return true;
}

static bool
lite_find_hold(struct ledger_store *s, int64_t id, struct ledger_amount *reserved, bool *known,
    const char **why)
{
	struct db_query *q = lite_of(s)->q[Q_FIND_HOLD];
	enum db_step step;

	db_bind_number(q, 1, id);
	step = db_step(q, why);
	if (step == DB_ROW && !amount_read(q, reserved)) {
		*why = "is damaged";
		step = DB_DAMAGED;
	}
	db_reset(q);
	*known = step != DB_DONE;
	return step == DB_ROW || step == DB_DONE;
}

static bool
settle_part(struct lite *l, const struct ledger_place *p, const struct ledger_amount *actual,
    const char **why)
{
	struct ledger_amount sum;
	char text[64];

	bind_place(l->q[Q_SUM], p);
	if (!total(l->q[Q_SUM], &sum, why))
		return false;
	ledger_add(&sum, actual);
	bind_place(l->q[Q_SET_SUM], p);
	bind_amount(l->q[Q_SET_SUM], 4, &sum, text);
	return db_do(l->q[Q_SET_SUM], why);
}

static bool
lite_end_hold(
    struct ledger_store *s, int64_t id, const struct ledger_amount *actual, const char **why)
{
	struct lite *l = lite_of(s);
	struct db_query *q = l->q[Q_PARTS];
	enum db_step step;
	bool good = true;

	db_bind_number(q, 1, id);
	while (good && (step = db_step(q, why)) != DB_DONE) {
		struct ledger_place p;

		good = step == DB_ROW;
		if (!good)
			break;
		p = (struct ledger_place){ arena_copy(s->arena, db_bytes(q, 0)),
			arena_copy(s->arena, db_bytes(q, 1)), db_number(q, 2) };
		good = settle_part(l, &p, actual, why);
	}
	db_reset(q);
	if (!good)
		return false;
	db_bind_number(l->q[Q_DROP_PARTS], 1, id);
	db_bind_number(l->q[Q_DROP_HOLD], 1, id);
	return db_do(l->q[Q_DROP_PARTS], why) && db_do(l->q[Q_DROP_HOLD], why);
}

static bool
lite_keys(struct ledger_store *s, struct slice name, int64_t start, struct slice **keys,
    size_t *count, const char **why)
{
	struct db_query *q = lite_of(s)->q[Q_KEYS];
	enum db_step step;

	*keys = NULL;
	*count = 0;
	db_bind(q, 1, name);
	db_bind_number(q, 2, start);
	while ((step = db_step(q, why)) == DB_ROW) {
		*keys = mem_grow(*keys, *count + 1, sizeof **keys);
		(*keys)[(*count)++] = arena_copy(s->arena, db_bytes(q, 0));
	}
	db_reset(q);
	return step == DB_DONE;
}

static const struct ledger_engine engine = {
	.begin = lite_begin,
	.commit = lite_commit,
	.rollback = lite_rollback,
	.lines = lite_lines,
	.set_lines = lite_set_lines,
	.sums = lite_sums,
	.repeats = lite_repeats,
	.add_repeat = lite_add_repeat,
	.add_hold = lite_add_hold,
	.find_hold = lite_find_hold,
	.end_hold = lite_end_hold,
	.keys = lite_keys,
	.close = lite_close,
};

struct ledger_store *
ledger_lite_open(const char *name, enum ledger_mode mode, const char **why)
{
	struct lite *l;
	struct db *db;

	if (mode == LEDGER_WRITE && access(name, F_OK) != 0) {
		*why = "does not exist";
		return NULL;
	}
	db = db_open(name, &format, mode == LEDGER_READ, why);
	if (!db)
		return NULL;
	if (!is_whole(db, why)) {
		db_close(db);
		return NULL;
	}
	l = mem_zero(sizeof *l);
	l->base.engine = &engine;
	l->db = db;
	for (size_t i = 0; i < QUERIES; i++) {
		l->q[i] = db_prepare(db, sql[i], why);
		if (!l->q[i]) {
			lite_close(&l->base);
			return NULL;
		}
	}
	return &l->base;
}
