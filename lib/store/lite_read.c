/* SPDX-License-Identifier: MIT */
/* Look-ups and the walk through all entries. */
#include "base/when.h"
#include "store/lite.h"

#define TURN 2   /* milliseconds that look-ups keep others from committing */
#define CALM 500 /* milliseconds without such turns after a writer was met */

bool
read_open(struct lite *s, const char **why)
{
	int64_t bounded = 0;

	s->get = db_prepare(s->db,
	    "SELECT bytes,heat,e.id FROM entry e CROSS JOIN value v ON v.seq=e.seq"
	    " WHERE e.id=?1",
	    why);
	s->next = db_prepare(
	    s->db, "SELECT seq,bytes FROM value WHERE seq>?1 ORDER BY seq LIMIT 1", why);
	if (!s->get || !s->next)
		return false;
	s->bytes = db_column_open(s->db, "value", "bytes");
	if (!state_get(s, STATE_BOUNDED, &bounded, why))
		return false;
	s->bounded = bounded != 0;
	return true;
}

void
lite_pause(struct store *base)
{
	struct lite *s = lite_of(base);

	if (s->reading) {
		db_column_end(s->bytes);
		db_read_end(s->db);
	}
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
found_bytes(struct lite *s, struct slice bytes, int64_t id, int64_t heat, struct store_ask *ask,
    struct arena *a)
{
	if (!entry_read(bytes, a, &ask->entry, true)) {
		ask->damaged = true;
		return;
	}
	ask->found = is_asked(ask, &ask->entry);
	if (ask->found && s->bounded && !s->base.read_only && heat < HEAT_MOST)
		used_ids_add(&s->base.used, id);
}

/* One walk where the index knows the place. False where the file must be asked: what stands
 * there now may be another's, or nothing. */
static bool
get_at(struct lite *s, int64_t id, struct store_ask *ask, struct arena *a)
{
	int64_t seq = s->reading ? lite_index_find(s, id) : 0;
	struct slice bytes;

	if (!seq || !db_column_read(s->bytes, seq, a, &bytes) ||
	    !entry_has_key(bytes, ask->key))
		return false;
	found_bytes(s, bytes, id, 0, ask, a);
	return ask->found;
}

static void
get_one(struct lite *s, struct store_ask *ask, struct arena *a)
{
	int64_t id = entry_id(ask->scope, ask->key);
	const char *why;

	turn_begin(s);
	s->index_asked++;
	if (get_at(s, id, ask, a) || ask->damaged)
		return;
	db_bind_number(s->get, 1, id);
	switch (db_step(s->get, &why)) {
	case DB_ROW:
		found_bytes(s, arena_copy(a, db_bytes(s->get, 0)), db_number(s->get, 2),
		    db_number(s->get, 1), ask, a);
		break;
	case DB_DAMAGED: ask->damaged = true; break;
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
		step = db_step_behind(s->next, 0, at, &why);
		if (step == DB_ROW) {
			found = entry_read(arena_copy(a, db_bytes(s->next, 1)), a, e, true);
			s->base.damaged += !found;
		}
		db_reset(s->next);
	} while (step == DB_ROW && !found);
	if (step == DB_FAILED || step == DB_DAMAGED)
		s->base.trouble = why;
	return found;
}
