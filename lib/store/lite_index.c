/* SPDX-License-Identifier: MIT */
/* Where the entries stand, in memory: a run of many look-ups reads the index of the file once
 * instead of walking down its tree for each. It only ever saves time: what it does not know,
 * and what is no longer there, is asked of the file. */
#include <stdlib.h>

#include "base/mem.h"
#include "store/lite.h"

#define LEAST 4096              /* look-ups before it pays */
#define MOST ((int64_t)1 << 20) /* entries: 32 MiB */
#define PIECE 4096              /* of one turn */

void
lite_index_free(struct lite *s)
{
	db_finish(s->index_list);
	free(s->where);
	s->where = NULL;
}

/* A multiplier of this process: nobody can choose entries that meet. */
static size_t
place_of(const struct lite *s, int64_t id)
{
	return (size_t)((uint64_t)id * s->index_seed >> s->index_shift);
}

static bool
start(struct lite *s)
{
	int64_t entries = 0;
	const char *why;

	s->index_off = true;
	if (!state_get(s, STATE_ENTRIES, &entries, &why) || entries < LEAST || entries > MOST)
		return false;
	s->index_list = db_prepare(
	    s->db, "SELECT id,seq FROM entry WHERE id>?1 ORDER BY id LIMIT ?2", &why);
	if (!s->index_list)
		return false;
	s->index_shift = 63;
	while ((int64_t)1 << (64 - s->index_shift) < 2 * entries)
		s->index_shift--;
	s->index_seed = store_owner(&s->base) | 1;
	s->index_room = (size_t)1 << (64 - s->index_shift);
	s->where = mem_zero(s->index_room * sizeof(*s->where));
	s->index_at = INT64_MIN;
	s->index_off = false;
	return true;
}

static void
add(struct lite *s, int64_t id, int64_t seq)
{
	size_t at = place_of(s, id);

	while (s->where[at].seq && s->where[at].id != id)
		at = (at + 1) & (s->index_room - 1);
	s->where[at] = (struct lite_place){ id, seq };
}

void
lite_index_grow(struct lite *s)
{
	enum db_step step = DB_FAILED;
	const char *why;
	int n = 0;

	if (s->index_off || s->index_asked < LEAST || (!s->where && !start(s)))
		return;
	db_bind_number(s->index_list, 1, s->index_at);
	db_bind_number(s->index_list, 2, PIECE);
	/* others may have added more since: half of the room stays free */
	while (s->index_count < s->index_room / 2 &&
	       (step = db_step_behind(s->index_list, 0, &s->index_at, &why)) == DB_ROW) {
		add(s, s->index_at, db_number(s->index_list, 1));
		s->index_count++;
		n++;
	}
	db_reset(s->index_list);
	s->index_off = step != DB_DONE || n < PIECE;
}

int64_t
lite_index_find(const struct lite *s, int64_t id)
{
	size_t at;

	if (!s->where)
		return 0;
	for (at = place_of(s, id); s->where[at].seq; at = (at + 1) & (s->index_room - 1))
		if (s->where[at].id == id)
			return s->where[at].seq;
	return 0;
}
