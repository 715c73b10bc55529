/* SPDX-License-Identifier: MIT */
/* Look-ups and the walk through all entries. */
#include "base/when.h"
#include "store/pack.h"
#include "store/parts.h"

#define TURN 2   /* milliseconds that look-ups keep others from committing */
#define CALM 500 /* milliseconds without such turns after a writer was met */

bool
read_open(struct store *s, const char **why)
{
	int64_t bounded = 0;

	s->get = db_prepare(s->db,
	    s->old ? "SELECT " ROW_COLUMNS ",0,0 FROM entry WHERE id=?1"
		   : "SELECT " ROW_COLUMNS ",heat,e.id FROM entry e CROSS JOIN value v"
		     " ON v.seq=e.seq WHERE e.id=?1",
	    why);
	s->next = db_prepare(s->db,
	    s->old ? "SELECT " ROW_COLUMNS ",id FROM entry WHERE id>?1 ORDER BY id LIMIT 1"
		   : "SELECT " ROW_COLUMNS ",seq FROM value WHERE seq>?1 ORDER BY seq LIMIT 1",
	    why);
	if (!s->get || !s->next)
		return false;
	if (!s->old && !state_get(s, STATE_BOUNDED, &bounded, why))
		return false;
	s->bounded = bounded != 0;
	return true;
}

/* False where the row is damaged. */
bool
row_sound(struct db_query *q, struct arena *a, struct store_entry *e, bool whole)
{
	struct slice parts[ENTRY_PARTS] = { db_bytes(q, 0), db_bytes(q, 1), db_bytes(q, 4),
		db_bytes(q, 5), db_bytes(q, 7), db_bytes(q, 8) };
	struct slice sum = db_bytes(q, 6);
	unsigned char want[ENTRY_SUM];

	e->stored = db_number(q, 2);
	e->expires = db_number(q, 3);
	if (parts[0].len != DIGEST_SIZE)
		return false;
	if (whole) {
		entry_sum(e->stored, e->expires, parts, want);
		if (sum.len != ENTRY_SUM || memcmp(sum.ptr, want, ENTRY_SUM) != 0)
			return false;
	}
	memcpy(e->key, parts[0].ptr, DIGEST_SIZE);
	e->scope = arena_copy(a, parts[1]);
	e->model = arena_copy(a, parts[2]);
	e->meta = arena_copy(a, parts[3]);
	if (!whole)
		return true;
	return pack_read(arena_copy(a, parts[4]), a, &e->request) &&
	       pack_read(arena_copy(a, parts[5]), a, &e->body);
}

void
store_hurry(struct store *s)
{
	s->hurry = true;
}

void
store_pause(struct store *s)
{
	if (s->reading)
		db_read_end(s->db);
	s->reading = false;
}

/* A process may lose its processor in the middle of a turn, and writers wait for it. */
static void
turn_begin(struct store *s)
{
	const char *why;
	int64_t now;

	/* the clock is asked now and then: a look-up is far shorter than a turn */
	if (!s->hurry || (s->reading && ++s->looked % 16 != 0))
		return;
	now = when_ticks();
	if (s->waits != db_waits(s->db)) {
		s->waits = db_waits(s->db);
		s->calm = now + CALM;
	}
	if (s->reading && now - s->since >= TURN)
		store_pause(s);
	if (s->reading || now < s->calm)
		return;
	s->reading = db_read_begin(s->db, &why);
	s->since = now;
}

static bool
found_row(struct store *s, struct slice scope, const unsigned char key[DIGEST_SIZE],
    struct arena *a, struct store_entry *e)
{
	if (!row_sound(s->get, a, e, true)) {
		s->damaged++;
		return false;
	}
	if (memcmp(e->key, key, DIGEST_SIZE) != 0 || !slice_eq(e->scope, scope))
		return false;
	if (s->bounded && !db_read_only(s->db) && db_number(s->get, ROW_COUNT) < HEAT_MOST)
		ids_add(&s->used, db_number(s->get, ROW_COUNT + 1));
	return true;
}

bool
store_get(struct store *s, struct slice scope, const unsigned char key[DIGEST_SIZE],
    struct arena *a, struct store_entry *e)
{
	const char *why;
	bool found = false;

	s->trouble = NULL;
	turn_begin(s);
	db_bind_number(s->get, 1, entry_id(scope, key));
	switch (db_step(s->get, &why)) {
	case DB_ROW: found = found_row(s, scope, key, a, e); break;
	case DB_DAMAGED: s->damaged++; break;
	case DB_FAILED: s->trouble = why; break;
	case DB_DONE: break;
	}
	db_reset(s->get);
	return found;
}

bool
store_next(struct store *s, int64_t *at, struct arena *a, struct store_entry *e)
{
	enum db_step step;
	const char *why;
	bool found = false;

	s->trouble = NULL;
	do {
		db_bind_number(s->next, 1, *at);
		step = db_step(s->next, &why);
		if (step == DB_ROW) {
			*at = db_number(s->next, ROW_COUNT);
			found = row_sound(s->next, a, e, true);
			s->damaged += !found;
		}
		db_reset(s->next);
	} while (step == DB_ROW && !found);
	if (step == DB_FAILED || step == DB_DAMAGED)
		s->trouble = why;
	return found;
}
