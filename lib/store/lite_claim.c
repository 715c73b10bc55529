/* SPDX-License-Identifier: MIT */
#include "store/lite.h"

/* Of a lease that began after now the clock went back: it ends, as an entry of then does. */
static enum store_claim
state_of(struct lite *s, struct db_query *q, int64_t id, int64_t now, const char **why)
{
	enum store_claim claim = STORE_MINE;
	enum db_step step;

	db_bind_number(q, 1, id);
	step = db_step(q, why);
	if (step == DB_FAILED || step == DB_DAMAGED)
		claim = STORE_FAILED;
	else if (step == DB_ROW && (uint64_t)db_number(q, 0) != store_owner(&s->base) &&
		 db_number(q, 1) <= now && now < db_number(q, 2))
		claim = STORE_OTHERS;
	db_reset(q);
	return claim;
}

static bool
write_claim(struct lite *s, int64_t id, int64_t now, int64_t length, const char **why)
{
	struct db_query *old =
	    db_prepare(s->db, "DELETE FROM claim WHERE until<=?1 OR made>?1 OR id=?2", why);
	struct db_query *q =
	    old ? db_prepare(s->db, "INSERT INTO claim VALUES(?1,?2,?3,?4)", why) : NULL;
	bool good = false;

	if (q) {
		db_bind_number(old, 1, now);
		db_bind_number(old, 2, id);
		db_bind_number(q, 1, id);
		db_bind_number(q, 2, (int64_t)store_owner(&s->base));
		db_bind_number(q, 3, now);
		db_bind_number(q, 4, length > INT64_MAX - now ? INT64_MAX : now + length);
		good = db_do(old, why) && db_do(q, why);
	}
	db_finish(old);
	db_finish(q);
	return good;
}

enum store_claim
lite_claim(struct store *base, int64_t id, int64_t now, int64_t length, const char **why)
{
	struct lite *s = lite_of(base);
	enum store_claim claim;
	struct db_query *q;

	lite_pause(base);
	q = db_prepare(s->db, "SELECT owner,made,until FROM claim WHERE id=?1", why);
	if (!q)
		return STORE_FAILED;
	claim = state_of(s, q, id, now, why);
	if (claim == STORE_MINE) {
		claim = STORE_FAILED;
		if (db_begin(s->db, why)) {
			claim = state_of(s, q, id, now, why);
			if (claim == STORE_MINE && !write_claim(s, id, now, length, why))
				claim = STORE_FAILED;
			if (claim != STORE_MINE)
				db_rollback(s->db);
			else if (!db_commit(s->db, why))
				claim = STORE_FAILED;
		}
	}
	db_finish(q);
	return claim;
}

bool
claim_end(struct lite *s, const char **why)
{
	struct db_query *q;
	int64_t one;
	bool none, good = true;

	if (s->base.row_count == 0 && s->base.released.count == 0)
		return true;
	if (!ask_number(s, "SELECT 1 FROM claim LIMIT 1", &one, &none, why))
		return false;
	if (none)
		return true;
	q = db_prepare(s->db, "DELETE FROM claim WHERE id=?1", why);
	good = q;
	for (size_t i = 0; good && i < s->base.row_count + s->base.released.count; i++) {
		db_bind_number(q, 1,
		    i < s->base.row_count ? s->base.rows[i].id
					  : s->base.released.list[i - s->base.row_count]);
		good = db_do(q, why);
	}
	db_finish(q);
	return good;
}
