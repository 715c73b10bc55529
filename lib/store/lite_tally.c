/* SPDX-License-Identifier: MIT */
/* What look-ups came to, by scope, rule and model. Dollars stand in the file as cents and
 * 10^-18 cents, because its numbers have 64 bits. */
#include "store/lite.h"

#define LOW TALLY_LOW
#define LOW_SQL "1000000000000000000"

bool
tally_open(struct lite *s, const char **why)
{
	s->count = db_prepare(s->db,
	    "INSERT INTO tally VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11)"
	    " ON CONFLICT(scope,rule,model) DO UPDATE SET cold=cold+iif(hits=0,?6,0),"
	    " hits=hits+?4, misses=misses+?5, input=input+?7, output=output+?8,"
	    " unpriced=unpriced+?9, usd_high=usd_high+?10+(usd_low+?11)/" LOW_SQL ","
	    " usd_low=(usd_low+?11)%" LOW_SQL,
	    why);
	return s->count;
}

bool
tally_write(struct lite *s, const char **why)
{
	for (size_t i = 0; i < s->base.groups.count; i++) {
		const struct store_tally *t = &s->base.tallies[i];
		struct store_group group = tally_group(&s->base, i);
		const uint64_t numbers[] = { t->hits, t->misses, t->cold, t->input, t->output,
			t->unpriced, (uint64_t)(t->usd.units / LOW),
			(uint64_t)(t->usd.units % LOW) };

		db_bind(s->count, 1, group.scope);
		db_bind(s->count, 2, group.rule);
		db_bind(s->count, 3, group.model);
		for (int n = 0; n < 8; n++)
			db_bind_number(s->count, 4 + n, (int64_t)numbers[n]);
		if (!db_do(s->count, why))
			return false;
	}
	return true;
}

bool
lite_tallies(struct store *base, store_tally_fn each, void *context, const char **why)
{
	struct lite *s = lite_of(base);
	struct db_query *q =
	    db_prepare(s->db, "SELECT * FROM tally ORDER BY scope,rule,model", why);
	enum db_step step = DB_FAILED;

	while (q && (step = db_step(q, why)) == DB_ROW) {
		struct store_group group = { db_bytes(q, 0), db_bytes(q, 1), db_bytes(q, 2) };
		struct store_tally t = { .hits = (uint64_t)db_number(q, 3),
			.misses = (uint64_t)db_number(q, 4),
			.cold = (uint64_t)db_number(q, 5),
			.input = (uint64_t)db_number(q, 6),
			.output = (uint64_t)db_number(q, 7),
			.unpriced = (uint64_t)db_number(q, 8) };

		t.usd.units = (__int128)db_number(q, 9) * LOW + db_number(q, 10);
		each(context, &group, &t);
	}
	db_finish(q);
	return step == DB_DONE;
}

bool
lite_size(struct store *base, struct store_size *size, const char **why)
{
	struct lite *s = lite_of(base);
	int64_t entries = 0, bytes = 0, damaged = 0;
	bool good = state_get(s, STATE_ENTRIES, &entries, why) &&
		    state_get(s, STATE_BYTES, &bytes, why) &&
		    state_get(s, STATE_DAMAGED, &damaged, why);

	*size = (struct store_size){ (uint64_t)entries, (uint64_t)bytes, (uint64_t)damaged };
	return good;
}

bool
lite_forget(struct store *base, struct slice scope, const char **why)
{
	struct lite *s = lite_of(base);
	struct db_query *q = db_prepare(s->db, "DELETE FROM tally WHERE scope=?1", why);
	bool good = false;

	if (q) {
		db_bind(q, 1, scope);
		good = db_do(q, why);
	}
	db_finish(q);
	return good;
}
