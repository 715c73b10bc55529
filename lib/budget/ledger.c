/* SPDX-License-Identifier: MIT */
#include "budget/ledger.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/mem.h"
#include "base/when.h"
#include "store/db.h"

/* How long a reservation can still be settled after its lease. */
#define KEPT ((int64_t)7 * 86400 * 1000)

static const struct db_format format = {
	.application = 0x6c6c6d6c, /* "llml" */
	.version = 1,
	.make =
	    "CREATE TABLE budget(id INTEGER PRIMARY KEY, lines BLOB NOT NULL);"
	    "CREATE TABLE sum(name BLOB NOT NULL, key BLOB NOT NULL, start INTEGER NOT "
	    "NULL, usd BLOB NOT NULL, calls INTEGER NOT NULL, tokens INTEGER NOT NULL,"
	    " PRIMARY KEY(name,key,start)) WITHOUT ROWID;"
	    "CREATE TABLE hold(id INTEGER PRIMARY KEY AUTOINCREMENT, until INTEGER NOT NULL,"
	    " usd BLOB NOT NULL, calls INTEGER NOT NULL, tokens INTEGER NOT NULL);"
	    "CREATE TABLE part(name BLOB NOT NULL, key BLOB NOT NULL, start INTEGER NOT "
	    "NULL, hold INTEGER NOT NULL, PRIMARY KEY(name,key,start,hold)) WITHOUT ROWID;"
	    "CREATE INDEX part_hold ON part(hold);"
	    "CREATE TABLE repeat(name BLOB NOT NULL, key BLOB NOT NULL, start INTEGER NOT "
	    "NULL, digest BLOB NOT NULL, times INTEGER NOT NULL,"
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
	[Q_SET_REPEAT] = "INSERT INTO repeat VALUES(?1,?2,?3,?4,1) ON CONFLICT DO UPDATE SET "
			 "times=times+1",
	[Q_HOLD] = "INSERT INTO hold(until,usd,calls,tokens) VALUES(?1,?2,?3,?4)",
	[Q_LAST] = "SELECT last_insert_rowid()",
	[Q_PART] = "INSERT INTO part VALUES(?1,?2,?3,?4)",
	[Q_FIND_HOLD] = "SELECT usd,calls,tokens FROM hold WHERE id=?1",
	[Q_PARTS] = "SELECT name,key,start FROM part WHERE hold=?1",
	[Q_SET_SUM] = "INSERT INTO sum VALUES(?1,?2,?3,?4,?5,?6) ON CONFLICT DO UPDATE SET "
		      "usd=?4,calls=?5,tokens=?6",
	[Q_DROP_HOLD] = "DELETE FROM hold WHERE id=?1",
	[Q_DROP_PARTS] = "DELETE FROM part WHERE hold=?1",
	[Q_SET_BUDGET] = "INSERT INTO budget VALUES(1,?1) ON CONFLICT DO UPDATE SET lines=?1",
	[Q_OLD_PARTS] = "DELETE FROM part WHERE hold IN (SELECT id FROM hold WHERE until<?1)",
	[Q_OLD_HOLDS] = "DELETE FROM hold WHERE until<?1",
	[Q_OLD_REPEATS] = "DELETE FROM repeat WHERE name=?1 AND start<?2",
	[Q_KEYS] = "SELECT key FROM sum WHERE name=?1 AND start=?2 UNION SELECT key FROM part"
		   " WHERE name=?1 AND start=?2 ORDER BY 1",
};

struct ledger {
	struct db *db;
	struct db_query *q[QUERIES];
	struct buf lines; /* as they were last read */
	struct budget budget;
	struct arena arena; /* of one call */
	char why[320];
};

struct ledger *
ledger_open(const char *name, enum ledger_mode mode, const char **why)
{
	struct ledger *l;
	struct db *db;

	if (strstr(name, "://")) {
		*why = "is no file: this build has no other kind of ledger";
		return NULL;
	}
	if (mode == LEDGER_WRITE && access(name, F_OK) != 0) {
		*why = "does not exist";
		return NULL;
	}
	db = db_open(name, &format, mode == LEDGER_READ, why);
	if (!db)
		return NULL;
	l = mem_zero(sizeof *l);
	l->db = db;
	for (size_t i = 0; i < QUERIES; i++) {
		l->q[i] = db_prepare(db, sql[i], why);
		if (!l->q[i]) {
			ledger_close(l);
			return NULL;
		}
	}
	return l;
}

void
ledger_close(struct ledger *l)
{
	if (!l)
		return;
	for (size_t i = 0; i < QUERIES; i++)
		db_finish(l->q[i]);
	db_close(l->db);
	budget_free(&l->budget);
	buf_free(&l->lines);
	arena_close(&l->arena);
	free(l);
}

bool
ledger_set(struct ledger *l, struct slice lines, const char **why)
{
	struct budget b;

	if (!budget_read(lines, &b, why))
		return false;
	budget_free(&b);
	if (!db_begin(l->db, why))
		return false;
	db_bind(l->q[Q_SET_BUDGET], 1, lines);
	if (!db_do(l->q[Q_SET_BUDGET], why)) {
		db_rollback(l->db);
		return false;
	}
	return db_commit(l->db, why);
}

/* The limits as the file has them now: another process may have set others. */
static bool
refresh(struct ledger *l, const char **why)
{
	struct db_query *q = l->q[Q_BUDGET];
	enum db_step step = db_step(q, why);
	struct slice lines;

	if (step != DB_ROW) {
		db_reset(q);
		if (step == DB_DONE)
			*why = "has no limits yet: 'llm-cost limit F set BUDGET' gives it some";
		return false;
	}
	lines = db_bytes(q, 0);
	if (!l->budget.line || !slice_eq(lines, buf_slice(&l->lines))) {
		budget_free(&l->budget);
		buf_clear(&l->lines);
		buf_add(&l->lines, lines);
	} else {
		lines.ptr = NULL;
	}
	db_reset(q);
	return !lines.ptr || budget_read(buf_slice(&l->lines), &l->budget, why);
}

static void
add_amount(struct ledger_amount *sum, const struct ledger_amount *a)
{
	sum->usd = usd_add(sum->usd, a->usd);
	sum->calls += a->calls;
	sum->tokens += a->tokens;
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
bind_place(struct db_query *q, struct slice name, struct slice key, int64_t start)
{
	db_bind(q, 1, name);
	db_bind(q, 2, key);
	db_bind_number(q, 3, start);
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
		add_amount(sum, &one);
	}
	db_reset(q);
	return step == DB_DONE;
}

static bool
sums_read(struct ledger *l, struct ledger_sum *s, const char **why)
{
	bind_place(l->q[Q_SUM], s->name, s->key, s->start);
	if (!total(l->q[Q_SUM], &s->spent, why))
		return false;
	bind_place(l->q[Q_HELD], s->name, s->key, s->start);
	db_bind_number(l->q[Q_HELD], 4, when_now());
	return total(l->q[Q_HELD], &s->held, why);
}

/* A reservation on its way through the limits that hold for it. */
struct reserve {
	struct ledger *l;
	const struct ledger_amount *amount;
	const unsigned char *repeat;
	enum ledger_verdict verdict;
	const char *why;
	struct ledger_sum *parts;
	size_t count;
};

static bool
passes(const struct budget_line *line, const struct ledger_amount *sum)
{
	return (line->has_usd && usd_cmp(sum->usd, line->usd) > 0) ||
	       sum->calls > line->calls || sum->tokens > line->tokens;
}

static const char *
what_passes(const struct budget_line *line, const struct ledger_amount *sum)
{
	if (line->has_usd && usd_cmp(sum->usd, line->usd) > 0)
		return "dollars";
	return sum->calls > line->calls ? "calls" : "tokens";
}

static void
refuse(struct reserve *r, enum ledger_verdict verdict, const struct ledger_sum *s,
    const char *what)
{
	if (r->verdict == LEDGER_REFUSED || r->verdict == LEDGER_FAILED)
		return;
	r->verdict = verdict;
	snprintf(r->l->why, sizeof r->l->why, "limit '%s'%s%s: no %s left for this %s",
	    diag_clean(s->name), s->key.len ? " of " : "", s->key.len ? diag_clean(s->key) : "",
	    what,
	    s->line->period == BUDGET_TOTAL ? "ledger" : budget_period_name(s->line->period));
	r->why = r->l->why;
}

/* True where the request was granted as often as it may be. */
static bool
repeated(struct reserve *r, const struct ledger_sum *s)
{
	struct db_query *q = r->l->q[Q_REPEAT];
	uint64_t times = 0;

	if (!r->repeat || s->line->repeats == BUDGET_NONE)
		return false;
	bind_place(q, s->name, s->key, s->start);
	db_bind(q, 4, slice_of((const char *)r->repeat, DIGEST_SIZE));
	switch (db_step(q, &r->why)) {
	case DB_ROW: times = (uint64_t)db_number(q, 0); break;
	case DB_DONE: break;
	default: r->verdict = LEDGER_FAILED; break;
	}
	db_reset(q);
	return times >= s->line->repeats;
}

static void
judge_part(void *context, size_t line, struct slice key)
{
	struct reserve *r = context;
	struct ledger_sum *s = &r->parts[r->count++];
	struct ledger_amount sum;

	s->line = &r->l->budget.line[line];
	s->name = s->line->name;
	s->key = key;
	s->start = budget_period_start(s->line->period, when_now());
	if (!sums_read(r->l, s, &r->why)) {
		r->verdict = LEDGER_FAILED;
		return;
	}
	if (repeated(r, s)) {
		refuse(r, LEDGER_REFUSED, s, "repeats of this request");
		return;
	}
	sum = s->spent;
	add_amount(&sum, r->amount);
	if (passes(s->line, &sum)) {
		refuse(r, LEDGER_REFUSED, s, what_passes(s->line, &sum));
		return;
	}
	add_amount(&sum, &s->held);
	if (passes(s->line, &sum))
		refuse(r, LEDGER_HELD, s, what_passes(s->line, &sum));
}

static bool
write_part(struct reserve *r, const struct ledger_sum *s, int64_t id)
{
	struct ledger *l = r->l;

	bind_place(l->q[Q_PART], s->name, s->key, s->start);
	db_bind_number(l->q[Q_PART], 4, id);
	if (!db_do(l->q[Q_PART], &r->why))
		return false;
	if (!r->repeat || s->line->repeats == BUDGET_NONE)
		return true;
	db_bind(l->q[Q_OLD_REPEATS], 1, s->name);
	db_bind_number(l->q[Q_OLD_REPEATS], 2, s->start);
	bind_place(l->q[Q_SET_REPEAT], s->name, s->key, s->start);
	db_bind(l->q[Q_SET_REPEAT], 4, slice_of((const char *)r->repeat, DIGEST_SIZE));
	return db_do(l->q[Q_OLD_REPEATS], &r->why) && db_do(l->q[Q_SET_REPEAT], &r->why);
}

static bool
write_hold(struct reserve *r, int64_t lease, int64_t *id)
{
	struct ledger *l = r->l;
	int64_t now = when_now();
	char text[64];

	db_bind_number(l->q[Q_OLD_PARTS], 1, now - KEPT);
	db_bind_number(l->q[Q_OLD_HOLDS], 1, now - KEPT);
	if (!db_do(l->q[Q_OLD_PARTS], &r->why) || !db_do(l->q[Q_OLD_HOLDS], &r->why))
		return false;
	db_bind_number(l->q[Q_HOLD], 1, lease > INT64_MAX - now ? INT64_MAX : now + lease);
	bind_amount(l->q[Q_HOLD], 2, r->amount, text);
	if (!db_do(l->q[Q_HOLD], &r->why) || db_step(l->q[Q_LAST], &r->why) != DB_ROW)
		return false;
	*id = db_number(l->q[Q_LAST], 0);
	db_reset(l->q[Q_LAST]);
	for (size_t i = 0; i < r->count; i++)
		if (!write_part(r, &r->parts[i], *id))
			return false;
	return true;
}

enum ledger_verdict
ledger_reserve(struct ledger *l, budget_value_fn *value, void *call,
    const struct ledger_amount *amount, const unsigned char *repeat, int64_t lease, int64_t *id,
    const char **why)
{
	struct reserve r = { .l = l, .amount = amount, .repeat = repeat };

	if (!db_begin(l->db, why))
		return LEDGER_FAILED;
	if (!refresh(l, why)) {
		db_rollback(l->db);
		return LEDGER_FAILED;
	}
	arena_reset(&l->arena);
	r.parts = arena_alloc(&l->arena, (l->budget.count + 1) * sizeof *r.parts);
	budget_apply(&l->budget, value, call, &l->arena, judge_part, &r);
	if (r.verdict == LEDGER_GRANTED && !write_hold(&r, lease, id))
		r.verdict = LEDGER_FAILED;
	if (r.verdict == LEDGER_GRANTED && db_commit(l->db, why))
		return LEDGER_GRANTED;
	if (r.verdict == LEDGER_GRANTED)
		return LEDGER_FAILED;
	db_rollback(l->db);
	*why = r.why;
	return r.verdict;
}

static bool
settle_part(struct ledger *l, struct slice name, struct slice key, int64_t start,
    const struct ledger_amount *actual, const char **why)
{
	struct ledger_amount sum;
	char text[64];

	bind_place(l->q[Q_SUM], name, key, start);
	if (!total(l->q[Q_SUM], &sum, why))
		return false;
	add_amount(&sum, actual);
	bind_place(l->q[Q_SET_SUM], name, key, start);
	bind_amount(l->q[Q_SET_SUM], 4, &sum, text);
	return db_do(l->q[Q_SET_SUM], why);
}

static bool
settle_parts(struct ledger *l, int64_t id, const struct ledger_amount *actual, const char **why)
{
	struct db_query *q = l->q[Q_PARTS];
	enum db_step step;
	bool good = true;

	db_bind_number(q, 1, id);
	while (good && (step = db_step(q, why)) != DB_DONE)
		good = step == DB_ROW &&
		       settle_part(l, arena_copy(&l->arena, db_bytes(q, 0)),
			   arena_copy(&l->arena, db_bytes(q, 1)), db_number(q, 2), actual, why);
	db_reset(q);
	if (!good)
		return false;
	db_bind_number(l->q[Q_DROP_PARTS], 1, id);
	db_bind_number(l->q[Q_DROP_HOLD], 1, id);
	return db_do(l->q[Q_DROP_PARTS], why) && db_do(l->q[Q_DROP_HOLD], why);
}

bool
ledger_settle(struct ledger *l, int64_t id, const struct ledger_amount *actual, bool *known,
    const char **why)
{
	struct db_query *q = l->q[Q_FIND_HOLD];
	struct ledger_amount reserved;
	enum db_step step;

	*known = true;
	if (!db_begin(l->db, why))
		return false;
	arena_reset(&l->arena);
	db_bind_number(q, 1, id);
	step = db_step(q, why);
	if (step == DB_ROW && !amount_read(q, &reserved)) {
		*why = "is damaged";
		step = DB_DAMAGED;
	}
	db_reset(q);
	*known = step != DB_DONE;
	if (step == DB_ROW && settle_parts(l, id, actual ? actual : &reserved, why))
		return db_commit(l->db, why);
	db_rollback(l->db);
	return false;
}

/* What ledger_show is asked for. */
struct show {
	struct ledger *l;
	void (*each)(void *context, const struct ledger_sum *sum);
	void *context;
	const char **why;
};

static bool
show_key(struct show *w, const struct budget_line *line, struct slice key)
{
	struct ledger_sum s = { .line = line,
		.name = line->name,
		.key = key,
		.start = budget_period_start(line->period, when_now()) };

	if (!sums_read(w->l, &s, w->why))
		return false;
	w->each(w->context, &s);
	return true;
}

/* All keys of a line that has `by`. */
static bool
show_keys(struct show *w, const struct budget_line *line)
{
	struct ledger *l = w->l;
	struct db_query *q = l->q[Q_KEYS];
	enum db_step step;
	bool good = true;

	db_bind(q, 1, line->name);
	db_bind_number(q, 2, budget_period_start(line->period, when_now()));
	while (good && (step = db_step(q, w->why)) != DB_DONE) {
		struct slice key;

		if (step != DB_ROW) {
			good = false;
			break;
		}
		key = arena_copy(&l->arena, db_bytes(q, 0));
		if (budget_line_of(&l->budget, line->name, key) == line)
			good = show_key(w, line, key);
	}
	db_reset(q);
	return good;
}

bool
ledger_show(struct ledger *l, void (*each)(void *context, const struct ledger_sum *sum),
    void *context, const char **why)
{
	struct show w = { l, each, context, why };

	arena_reset(&l->arena);
	if (!refresh(l, why))
		return false;
	for (size_t i = 0; i < l->budget.count; i++) {
		const struct budget_line *line = &l->budget.line[i];
		struct slice own = budget_own_key(line, &l->arena);

		if (own.ptr ? !show_key(&w, line, own) : !show_keys(&w, line))
			return false;
	}
	return true;
}
