/* SPDX-License-Identifier: MIT */
/* The ledger as an SQLite file. What is damaged is refused, since too little spent would be a
 * limit passed: tables and indexes are read through when it is opened, and each row has a proof
 * of what stands in it. */
#include <endian.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/mem.h"
#include "budget/ledger_engine.h"
#include "store/db.h"

#define PROOF 8

/* Rows of version 1 have no proof, until they are written again. */
static const char *const upgrades[] = {
	"ALTER TABLE budget ADD COLUMN proof BLOB;ALTER TABLE sum ADD COLUMN proof BLOB;"
	"ALTER TABLE hold ADD COLUMN proof BLOB;ALTER TABLE repeat ADD COLUMN proof BLOB;",
};
static const struct db_format format = {
	.application = 0x6c6c6d6c, /* "llml" */
	.version = 2,
	.upgrades = upgrades,
	.make =
	    "CREATE TABLE budget(id INTEGER PRIMARY KEY, lines BLOB NOT NULL, proof BLOB);"
	    "CREATE TABLE sum(name BLOB NOT NULL, key BLOB NOT NULL, start INTEGER NOT "
	    "NULL, usd BLOB NOT NULL, calls INTEGER NOT NULL, tokens INTEGER NOT NULL,"
	    " proof BLOB, PRIMARY KEY(name,key,start)) WITHOUT ROWID;"
	    "CREATE TABLE hold(id INTEGER PRIMARY KEY AUTOINCREMENT, until INTEGER NOT NULL,"
	    " usd BLOB NOT NULL, calls INTEGER NOT NULL, tokens INTEGER NOT NULL, proof BLOB);"
	    "CREATE TABLE part(name BLOB NOT NULL, key BLOB NOT NULL, start INTEGER NOT "
	    "NULL, hold INTEGER NOT NULL, PRIMARY KEY(name,key,start,hold)) WITHOUT ROWID;"
	    "CREATE INDEX part_hold ON part(hold);"
	    "CREATE TABLE repeat(name BLOB NOT NULL, key BLOB NOT NULL, start INTEGER NOT "
	    "NULL, digest BLOB NOT NULL, times INTEGER NOT NULL, proof BLOB,"
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
	[Q_BUDGET] = "SELECT lines,proof FROM budget WHERE id=1",
	[Q_SUM] =
	    "SELECT usd,calls,tokens,proof FROM sum WHERE name=?1 AND key=?2 AND start=?3",
	/* a part without its hold is damage, and is given for that */
	[Q_HELD] = "SELECT h.usd,h.calls,h.tokens,h.proof,h.until"
		   " FROM part p LEFT JOIN hold h ON h.id=p.hold WHERE p.name=?1 AND p.key=?2"
		   " AND p.start=?3 AND (h.until IS NULL OR h.until>?4)",
	[Q_REPEAT] = "SELECT times,proof FROM repeat WHERE name=?1 AND key=?2 AND start=?3 AND "
		     "digest=?4",
	[Q_SET_REPEAT] =
	    "INSERT INTO repeat VALUES(?1,?2,?3,?4,?5,?6) ON CONFLICT DO UPDATE SET "
	    "times=?5,proof=?6",
	[Q_HOLD] = "INSERT INTO hold(until,usd,calls,tokens,proof) VALUES(?1,?2,?3,?4,?5)",
	[Q_LAST] = "SELECT last_insert_rowid()",
	[Q_PART] = "INSERT INTO part VALUES(?1,?2,?3,?4)",
	[Q_FIND_HOLD] = "SELECT usd,calls,tokens,proof,until FROM hold WHERE id=?1",
	[Q_PARTS] = "SELECT name,key,start FROM part WHERE hold=?1",
	[Q_SET_SUM] = "INSERT INTO sum VALUES(?1,?2,?3,?4,?5,?6,?7) ON CONFLICT DO UPDATE SET "
		      "usd=?4,calls=?5,tokens=?6,proof=?7",
	[Q_DROP_HOLD] = "DELETE FROM hold WHERE id=?1",
	[Q_DROP_PARTS] = "DELETE FROM part WHERE hold=?1",
	[Q_SET_BUDGET] =
	    "INSERT INTO budget VALUES(1,?1,?2) ON CONFLICT DO UPDATE SET lines=?1,proof=?2",
	[Q_OLD_PARTS] = "DELETE FROM part WHERE hold IN (SELECT id FROM hold WHERE until<?1)",
	[Q_OLD_HOLDS] = "DELETE FROM hold WHERE until<?1",
	[Q_OLD_REPEATS] = "DELETE FROM repeat WHERE name=?1 AND start<?2",
	[Q_KEYS] = "SELECT key FROM sum WHERE name=?1 AND start=?2 UNION SELECT key FROM part"
		   " WHERE name=?1 AND start=?2 ORDER BY 1",
};

static const char damaged[] = "is damaged";

struct lite {
	struct ledger_store base;
	struct db *db;
	struct db_query *q[QUERIES];
};

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

/* Over the bytes and the numbers of a row; a place stands first. */
static uint64_t
prove(uint64_t before, struct slice bytes, const int64_t *numbers, size_t count)
{
	before = hash_stable(before, bytes);
	for (size_t i = 0; i < count; i++) {
		uint64_t little = htole64((uint64_t)numbers[i]);

		before = hash_stable(before, slice_of((const char *)&little, sizeof little));
	}
	return before;
}

static uint64_t
prove_place(const struct ledger_place *p)
{
	return prove(prove(0, p->name, NULL, 0), p->key, &p->start, 1);
}

static struct slice
proof_write(uint64_t proof, char out[PROOF])
{
	uint64_t little = htole64(proof);

	memcpy(out, &little, PROOF);
	return slice_of(out, PROOF);
}

/* Has the row of q the proof? *why where it has another one. */
static bool
is_proved(struct db_query *q, int column, uint64_t proof, const char **why)
{
	struct slice there = db_bytes(q, column);
	char own[PROOF];

	if (there.len == 0 || slice_eq(there, proof_write(proof, own)))
		return true;
	*why = damaged;
	return false;
}

static bool
lite_lines(struct ledger_store *s, struct slice *lines, const char **why)
{
	struct db_query *q = lite_of(s)->q[Q_BUDGET];
	enum db_step step = db_step(q, why);

	*lines = slice_of(NULL, 0);
	if (step == DB_ROW && !is_proved(q, 1, prove(0, db_bytes(q, 0), NULL, 0), why))
		step = DB_DAMAGED;
	if (step == DB_ROW)
		*lines = arena_copy(s->arena, db_bytes(q, 0));
	db_reset(q);
	return step == DB_ROW || step == DB_DONE;
}

static bool
lite_set_lines(struct ledger_store *s, struct slice lines, const char **why)
{
	struct db_query *q = lite_of(s)->q[Q_SET_BUDGET];
	char proof[PROOF];

	db_bind(q, 1, lines);
	db_bind(q, 2, proof_write(prove(0, lines, NULL, 0), proof));
	return db_do(q, why);
}

/* Of an amount whose dollars are written so. */
static uint64_t
prove_amount(uint64_t before, struct slice usd, const struct ledger_amount *a)
{
	const int64_t numbers[] = { (int64_t)a->calls, (int64_t)a->tokens };

	return prove(before, usd, numbers, 2);
}

/* The row's first three columns, proved by the fourth after what was proved before. False where
 * they are none of ours. */
static bool
amount_read(struct db_query *q, uint64_t before, struct ledger_amount *a, const char **why)
{
	struct slice usd = db_bytes(q, 0);

	a->calls = (uint64_t)db_number(q, 1);
	a->tokens = (uint64_t)db_number(q, 2);
	if (usd_read(usd, &a->usd))
		return is_proved(q, 3, prove_amount(before, usd, a), why);
	*why = damaged;
	return false;
}

/* The bytes of an amount that is bound. */
struct bound {
	char usd[64], proof[PROOF];
};

static void
bind_amount(
    struct db_query *q, int i, const struct ledger_amount *a, uint64_t before, struct bound *b)
{
	struct slice usd = slice_z(usd_write(a->usd, b->usd));

	db_bind(q, i, usd);
	db_bind_number(q, i + 1, (int64_t)a->calls);
	db_bind_number(q, i + 2, (int64_t)a->tokens);
	db_bind(q, i + 3, proof_write(prove_amount(before, usd, a), b->proof));
}

/* What stands before the amount of a hold. */
static uint64_t
prove_until(int64_t until)
{
	return prove(0, SLICE(""), &until, 1);
}

static void
bind_place(struct db_query *q, const struct ledger_place *p)
{
	db_bind(q, 1, p->name);
	db_bind(q, 2, p->key);
	db_bind_number(q, 3, p->start);
}

static bool
sum_read(
    struct lite *l, const struct ledger_place *p, struct ledger_amount *sum, const char **why)
{
	struct db_query *q = l->q[Q_SUM];
	enum db_step step;

	*sum = (struct ledger_amount){ 0 };
	bind_place(q, p);
	step = db_step(q, why);
	if (step == DB_ROW && !amount_read(q, prove_place(p), sum, why))
		step = DB_DAMAGED;
	db_reset(q);
	return step == DB_ROW || step == DB_DONE;
}

static bool
held_read(struct lite *l, const struct ledger_place *p, int64_t now, struct ledger_amount *held,
    const char **why)
{
	struct db_query *q = l->q[Q_HELD];
	struct ledger_amount one;
	enum db_step step;

	*held = (struct ledger_amount){ 0 };
	bind_place(q, p);
	db_bind_number(q, 4, now);
	while ((step = db_step(q, why)) == DB_ROW &&
	       amount_read(q, prove_until(db_number(q, 4)), &one, why))
		ledger_add(held, &one);
	db_reset(q);
	return step == DB_DONE;
}

static bool
lite_sums(struct ledger_store *s, const struct ledger_place *p, int64_t now,
    struct ledger_amount *spent, struct ledger_amount *held, const char **why)
{
	return sum_read(lite_of(s), p, spent, why) && held_read(lite_of(s), p, now, held, why);
}

static struct slice
digest_bytes(const unsigned char *digest)
{
	return slice_of((const char *)digest, DIGEST_SIZE);
}

static uint64_t
prove_repeat(const struct ledger_place *p, const unsigned char *digest, uint64_t times)
{
	return prove(prove_place(p), digest_bytes(digest), &(int64_t){ (int64_t)times }, 1);
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
	if (step == DB_ROW && !is_proved(q, 1, prove_repeat(p, digest, *times), why))
		step = DB_DAMAGED;
	db_reset(q);
	return step == DB_ROW || step == DB_DONE;
}

static bool
lite_add_repeat(struct ledger_store *s, const struct ledger_place *p,
    const unsigned char *digest, const char **why)
{
	struct lite *l = lite_of(s);
	char proof[PROOF];
	uint64_t times;

	if (!lite_repeats(s, p, digest, &times, why))
		return false;
	db_bind(l->q[Q_OLD_REPEATS], 1, p->name);
	db_bind_number(l->q[Q_OLD_REPEATS], 2, p->start);
	bind_place(l->q[Q_SET_REPEAT], p);
	db_bind(l->q[Q_SET_REPEAT], 4, digest_bytes(digest));
	db_bind_number(l->q[Q_SET_REPEAT], 5, (int64_t)++times);
	db_bind(l->q[Q_SET_REPEAT], 6, proof_write(prove_repeat(p, digest, times), proof));
	return db_do(l->q[Q_OLD_REPEATS], why) && db_do(l->q[Q_SET_REPEAT], why);
}

static bool
lite_add_hold(struct ledger_store *s, int64_t now, int64_t until,
    const struct ledger_amount *amount, const struct ledger_place *places, size_t count,
    int64_t *id, const char **why)
{
	struct lite *l = lite_of(s);
	struct bound bound;

	db_bind_number(l->q[Q_OLD_PARTS], 1, now - LEDGER_KEPT);
	db_bind_number(l->q[Q_OLD_HOLDS], 1, now - LEDGER_KEPT);
	if (!db_do(l->q[Q_OLD_PARTS], why) || !db_do(l->q[Q_OLD_HOLDS], why))
		return false;
	db_bind_number(l->q[Q_HOLD], 1, until);
	bind_amount(l->q[Q_HOLD], 2, amount, prove_until(until), &bound);
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
	if (step == DB_ROW && !amount_read(q, prove_until(db_number(q, 4)), reserved, why))
		step = DB_DAMAGED;
	db_reset(q);
	*known = step != DB_DONE;
	return step == DB_ROW || step == DB_DONE;
}

static bool
settle_part(struct lite *l, const struct ledger_place *p, const struct ledger_amount *actual,
    const char **why)
{
	struct ledger_amount sum;
	struct bound bound;

	if (!sum_read(l, p, &sum, why))
		return false;
	ledger_add(&sum, actual);
	bind_place(l->q[Q_SET_SUM], p);
	bind_amount(l->q[Q_SET_SUM], 4, &sum, prove_place(p), &bound);
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
	if (!db_whole(db, why)) {
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
