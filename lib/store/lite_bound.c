/* SPDX-License-Identifier: MIT */
/* Room for new entries. A hand goes round through the values in the order in which they came: a
 * generalised clock. It is a number in the file, so that all processes move one hand. */
#include "base/mem.h"
#include "store/lite.h"

#define WORK 1024 /* values that one commit looks at, beside four for each it wrote */

struct sweep {
	struct db_query *list, *cool;
	int64_t hand, entries, bytes;
};

static bool
is_above(const struct lite *s, const struct sweep *w)
{
	return (uint64_t)w->entries > s->base.most_entries ||
	       (uint64_t)w->bytes > s->base.most_bytes;
}

struct candidate {
	int64_t seq, id, size, expires, heat;
};

/* The values behind the hand; 0 at the end of them. */
static bool
look(struct sweep *w, struct candidate list[64], size_t *count, const char **why)
{
	enum db_step step;
	int64_t at = w->hand;

	db_bind_number(w->list, 1, at);
	for (*count = 0; (step = db_step_behind(w->list, 0, &at, why)) == DB_ROW; ++*count)
		list[*count] = (struct candidate){ db_number(w->list, 0), db_number(w->list, 1),
			db_number(w->list, 2), db_number(w->list, 3), db_number(w->list, 4) };
	db_reset(w->list);
	return step == DB_DONE;
}

static bool
judge(struct lite *s, struct sweep *w, const struct candidate *c, const char **why)
{
	w->hand = c->seq;
	if (c->heat > 0 && c->expires > s->base.bound_now) {
		db_bind_number(w->cool, 1, c->id);
		return db_do(w->cool, why);
	}
	w->entries--;
	w->bytes -= c->size;
	db_bind_number(s->unindex, 1, c->id);
	db_bind_number(s->unindex, 2, c->seq);
	return erase_value(s, c->seq, why) && db_do(s->unindex, why);
}

static bool
sweep(struct lite *s, struct sweep *w, size_t work, const char **why)
{
	struct candidate list[64];
	size_t count = 1, laps = 0;

	while (work > 0 && is_above(s, w) && laps < 2) {
		if (!look(w, list, &count, why))
			return false;
		if (count == 0) {
			laps++;
			w->hand = STORE_FIRST;
		}
		for (size_t i = 0; i < count && work > 0 && is_above(s, w); i++, work--) {
			laps = 0;
			if (!judge(s, w, &list[i], why))
				return false;
		}
	}
	/* nothing left to delete: the numbers are of a file that somebody repaired */
	s->base.above = is_above(s, w) && laps < 2;
	return true;
}

bool
bound_write(struct lite *s, size_t written, const char **why)
{
	struct sweep w = { 0 };
	int64_t hand;
	bool good;

	s->base.above = false;
	if (!s->base.most_entries)
		return true;
	if (!state_get(s, STATE_ENTRIES, &w.entries, why) ||
	    !state_get(s, STATE_BYTES, &w.bytes, why) || !state_get(s, STATE_HAND, &hand, why))
		return false;
	if (!s->bounded) {
		if (!state_add(s, STATE_BOUNDED, 1, why))
			return false;
		s->bounded = true;
	}
	if (!is_above(s, &w))
		return true;
	w.hand = hand;
	w.list = db_prepare(s->db,
	    "SELECT v.seq,v.id,v.size,v.expires,ifnull(e.heat,0) FROM value v LEFT JOIN entry e"
	    " ON e.id=v.id AND e.seq=v.seq WHERE v.seq>?1 ORDER BY v.seq LIMIT 64",
	    why);
	w.cool =
	    w.list ? db_prepare(s->db, "UPDATE entry SET heat=heat-1 WHERE id=?1", why) : NULL;
	good = w.cool && sweep(s, &w, WORK + 4 * written, why) &&
	       state_add(s, STATE_HAND, w.hand - hand, why);
	db_finish(w.list);
	db_finish(w.cool);
	return good;
}
