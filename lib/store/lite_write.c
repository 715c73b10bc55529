/* SPDX-License-Identifier: MIT */
/* Entries on their way into the file: gathered, then written in one transaction. */
#include <stdlib.h>

#include "base/mem.h"
#include "base/when.h"
#include "store/lite.h"

#define CROWDED 20 /* milliseconds of waiting for the lock that tell of other writers */

bool
write_open(struct lite *s, const char **why)
{
	s->find = db_prepare(s->db, "SELECT seq FROM entry WHERE id=?1", why);
	s->insert = db_prepare(
	    s->db, "INSERT INTO value(seq,id,size,expires,bytes) VALUES(?1,?2,?3,?4,?5)", why);
	s->index = db_prepare(s->db, "INSERT OR REPLACE INTO entry VALUES(?1,?2,?3)", why);
	s->erase = db_prepare(s->db, "DELETE FROM value WHERE seq=?1 RETURNING size", why);
	s->unindex = db_prepare(s->db, "DELETE FROM entry WHERE id=?1 AND seq=?2", why);
	s->warm =
	    db_prepare(s->db, "UPDATE entry SET heat=heat+1 WHERE id=?1 AND heat<?2", why);
	s->state = db_prepare(s->db, "UPDATE state SET number=number+?2 WHERE name=?1", why);
	/* more than what the file holds, which older programs add to without telling it */
	s->allot = db_prepare(s->db,
	    "INSERT INTO state SELECT ?1,ifnull(max(seq),0)+?2 FROM value WHERE true"
	    " ON CONFLICT(name) DO UPDATE SET number=max(number+?2,excluded.number)"
	    " RETURNING number",
	    why);
	return s->find && s->insert && s->index && s->erase && s->unindex && s->warm &&
	       s->state && s->allot;
}

bool
ask_number(struct lite *s, const char *sql, int64_t *number, bool *none, const char **why)
{
	struct db_query *q = db_prepare(s->db, sql, why);
	enum db_step step;

	if (!q)
		return false;
	step = db_step(q, why);
	*none = step == DB_DONE;
	if (step == DB_ROW)
		*number = db_number(q, 0);
	db_finish(q);
	return step == DB_ROW || step == DB_DONE;
}

bool
state_get(struct lite *s, int name, int64_t *number, const char **why)
{
	char sql[] = "SELECT number FROM state WHERE name=0";
	bool none;

	sql[sizeof(sql) - 2] = (char)('0' + name);
	*number = 0;
	return ask_number(s, sql, number, &none, why);
}

bool
state_add(struct lite *s, int name, int64_t number, const char **why)
{
	if (number == 0)
		return true;
	db_bind_number(s->state, 1, name);
	db_bind_number(s->state, 2, number);
	return db_do(s->state, why);
}

/* The row that step gives one number of, -1 where there is none; false and *why. */
static bool
number_of(struct db_query *q, int64_t *number, const char **why)
{
	enum db_step step = db_step(q, why);

	*number = step == DB_ROW ? db_number(q, 0) : -1;
	/* what RETURNING gives comes before the change is whole */
	if (step == DB_ROW)
		step = db_step(q, why);
	db_reset(q);
	return step == DB_DONE;
}

bool
erase_value(struct lite *s, int64_t seq, const char **why)
{
	int64_t size;

	db_bind_number(s->erase, 1, seq);
	if (!number_of(s->erase, &size, why))
		return false;
	return size < 0 ||
	       (state_add(s, STATE_ENTRIES, -1, why) && state_add(s, STATE_BYTES, -size, why));
}

static bool
value_write(struct lite *s, const struct row *r, int64_t *bytes, const char **why)
{
	*bytes += row_size(r);
	db_bind_number(s->insert, 1, r->seq);
	db_bind_number(s->insert, 2, r->id);
	db_bind_number(s->insert, 3, row_size(r));
	db_bind_number(s->insert, 4, r->expires);
	db_bind(s->insert, 5, row_bytes(&s->base, r));
	return db_do(s->insert, why);
}

/* The entry that had the id before goes, be it of this batch. */
static bool
index_write(struct lite *s, const struct row *r, const char **why)
{
	int64_t before;

	db_bind_number(s->find, 1, r->id);
	if (!number_of(s->find, &before, why) || (before >= 0 && !erase_value(s, before, why)))
		return false;
	db_bind_number(s->index, 1, r->id);
	db_bind_number(s->index, 2, r->seq);
	db_bind_number(s->index, 3, HEAT_NEW);
	return db_do(s->index, why);
}

static int
by_id(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	return x->seq < y->seq ? -1 : x->seq > y->seq;
}

/* Values as they came, then the index in its own order: neighbours share a page. */
static bool
rows_write(struct lite *s, const char **why)
{
	int64_t count = (int64_t)s->base.row_count, bytes = 0, last;

	if (count == 0)
		return true;
	db_bind_number(s->allot, 1, STATE_LAST);
	db_bind_number(s->allot, 2, count);
	if (!number_of(s->allot, &last, why))
		return false;
	for (size_t i = 0; i < s->base.row_count; i++) {
		s->base.rows[i].seq = last - count + 1 + (int64_t)i;
		if (!value_write(s, &s->base.rows[i], &bytes, why))
			return false;
	}
	qsort(s->base.rows, s->base.row_count, sizeof(*s->base.rows), by_id);
	for (size_t i = 0; i < s->base.row_count; i++)
		if (!index_write(s, &s->base.rows[i], why))
			return false;
	return state_add(s, STATE_ENTRIES, count, why) && state_add(s, STATE_BYTES, bytes, why);
}

static bool
used_write(struct lite *s, const char **why)
{
	for (size_t i = 0; i < s->base.used.count; i++) {
		db_bind_number(s->warm, 1, s->base.used.list[i]);
		db_bind_number(s->warm, 2, HEAT_MOST);
		if (!db_do(s->warm, why))
			return false;
	}
	return true;
}

static bool
all_write(struct lite *s, const char **why)
{
	return rows_write(s, why) && notes_write(s, why) && used_write(s, why) &&
	       claim_end(s, why) && bound_write(s, s->base.row_count, why) &&
	       tally_write(s, why) &&
	       state_add(s, STATE_DAMAGED,
		   (int64_t)(s->base.looks_damaged - s->base.looks_told), why);
}

/* Large batches change fewer pages an entry; among many writers small ones let all have their
 * turn. */
static void
batch_adapt(struct store *s, int64_t waited)
{
	if (waited >= CROWDED)
		s->row_limit = s->rows_least;
	else if (s->row_count >= s->row_limit && s->row_limit < s->rows_most)
		s->row_limit =
		    s->row_limit * 4 < s->rows_most ? s->row_limit * 4 : s->rows_most;
}

bool
lite_write(struct store *base, const char **why)
{
	struct lite *s = lite_of(base);
	int64_t began = when_ticks();

	lite_pause(base);
	if (!db_begin(s->db, why))
		return false;
	batch_adapt(base, when_ticks() - began);
	if (all_write(s, why))
		return db_commit(s->db, why);
	db_rollback(s->db);
	return false;
}
