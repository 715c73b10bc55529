/* SPDX-License-Identifier: MIT */
/* Look-ups and the walk through all entries. */
#include "base/when.h"
#include "store/pack.h"
#include "store/lite.h"

#define TURN 2   /* milliseconds that look-ups keep others from committing */
#define CALM 500 /* milliseconds without such turns after a writer was met */

bool
read_open(struct lite *s, const char **why)
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
	if (!s->old)
		s->get_at = db_prepare(
		    s->db, "SELECT " ROW_COLUMNS ",0,id FROM value WHERE seq=?1", why);
	if (!s->get || !s->next || (!s->old && !s->get_at))
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

	e->stored = db_number(q, 2);
	e->expires = db_number(q, 3);
	if (parts[0].len != DIGEST_SIZE)
		return false;
	if (whole && (sum.len != ENTRY_SUM || !entry_sound(e->stored, e->expires, parts,
						  (const unsigned char *)sum.ptr)))
		return false;
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
lite_pause(struct store *base)
{
	struct lite *s = lite_of(base);

	if (s->reading)
		db_read_end(s->db);
	s->reading = false;
}

/* A process may lose its processor in the middle of a turn, and writers wait for it. */
static void
turn_begin(struct lite *s)
{
	const char *why;
	int64_t now;

	/* the clock is asked now and then: a look-up is far shorter than a turn */
	if (!s->base.hurry || (s->reading && ++s->looked % 16 != 0))
		return;
	now = when_ticks();
	if (s->waits != db_waits(s->db)) {
		s->waits = db_waits(s->db);
		s->calm = now + CALM;
	}
	if (s->reading && now - s->since >= TURN)
		lite_pause(&s->base);
	if (s->reading || now < s->calm)
		return;
	s->reading = db_read_begin(s->db, &why);
	s->since = now;
	if (s->reading)
		lite_index_grow(s);
}

static bool
is_asked(const struct store_ask *ask, const struct store_entry *e)
{
	return memcmp(e->key, ask->key, DIGEST_SIZE) == 0 && slice_eq(e->scope, ask->scope);
}

static void
found_row(struct lite *s, struct db_query *q, struct store_ask *ask, struct arena *a)
{
	if (!row_sound(q, a, &ask->entry, true)) {
		s->base.damaged++;
		return;
	}
	ask->found = is_asked(ask, &ask->entry);
	if (ask->found && s->bounded && !s->base.read_only &&
	    db_number(q, ROW_COUNT) < HEAT_MOST)
		used_ids_add(&s->base.used, db_number(q, ROW_COUNT + 1));
}

/* One walk where the index knows the place. False where the file must be asked: what stands
 * there now may be another's, or nothing. */
static bool
get_at(struct lite *s, int64_t id, struct store_ask *ask, struct arena *a)
{
	int64_t seq = lite_index_find(s, id);
	const char *why;

	if (!seq)
		return false;
	db_bind_number(s->get_at, 1, seq);
	if (db_step(s->get_at, &why) == DB_ROW &&
	    slice_eq(db_bytes(s->get_at, 0), slice_of((const char *)ask->key, DIGEST_SIZE)))
		found_row(s, s->get_at, ask, a);
	db_reset(s->get_at);
	return ask->found;
}

static void
get_one(struct lite *s, struct store_ask *ask, struct arena *a)
{
	int64_t id = entry_id(ask->scope, ask->key);
	uint64_t damaged = s->base.damaged;
	const char *why;

	turn_begin(s);
	s->index_asked++;
	if (get_at(s, id, ask, a) || damaged != s->base.damaged)
		return;
	db_bind_number(s->get, 1, id);
	switch (db_step(s->get, &why)) {
	case DB_ROW: found_row(s, s->get, ask, a); break;
	case DB_DAMAGED: s->base.damaged++; break;
	case DB_FAILED: s->base.trouble = why; break;
	case DB_DONE: break;
	}
	db_reset(s->get);
}

void
lite_look_up(struct store *base, struct store_ask *asks, size_t count, struct arena *a)
{
	struct lite *s = lite_of(base);

	for (size_t i = 0; i < count && !base->trouble; i++)
		get_one(s, &asks[i], a);
}

bool
lite_next(struct store *base, int64_t *at, struct arena *a, struct store_entry *e)
{
	struct lite *s = lite_of(base);
	enum db_step step;
	const char *why;
	bool found = false;

	do {
		db_bind_number(s->next, 1, *at);
		step = db_step_behind(s->next, ROW_COUNT, at, &why);
		if (step == DB_ROW) {
			found = row_sound(s->next, a, e, true);
			s->base.damaged += !found;
		}
		db_reset(s->next);
	} while (step == DB_ROW && !found);
	if (step == DB_FAILED || step == DB_DAMAGED)
		s->base.trouble = why;
	return found;
}
