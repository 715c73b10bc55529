/* SPDX-License-Identifier: MIT */
/* What look-ups came to, by scope, rule and model. Dollars stand in the file as cents and
 * 10^-18 cents, because its numbers have 64 bits. */
#include <stdlib.h>

#include "base/mem.h"
#include "store/parts.h"

#define GROUPS 1000
#define LOW INT64_C(1000000000000000000)
#define LOW_SQL "1000000000000000000"

bool
tally_open(struct store *s, const char **why)
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

static void
add_length(struct buf *b, size_t len)
{
	buf_add(b, slice_of((const char *)&len, sizeof(len)));
}

static size_t
take_length(struct slice *key)
{
	size_t len;

	memcpy(&len, key->ptr, sizeof(len));
	*key = slice_drop(*key, sizeof(len));
	return len;
}

static struct slice
take(struct slice *key)
{
	size_t len = take_length(key);
	struct slice part = slice_take(*key, len);

	*key = slice_drop(*key, len);
	return part;
}

void
store_count(struct store *s, const struct store_group *group, const struct store_tally *tally)
{
	const struct slice parts[] = { group->scope, group->rule, group->model };
	static struct buf key;
	struct store_tally *t;
	const char *why;
	bool added;
	size_t i;

	/* many tenants must not mean much memory; counts that cannot be written are let go */
	if (s->groups.count >= GROUPS && (!store_commit(s, &why) || s->groups.count))
		tally_clear(s);
	buf_clear(&key);
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		add_length(&key, parts[i].len);
		buf_add(&key, parts[i]);
	}
	i = hash_map_add(&s->groups, buf_slice(&key), &added);
	if (added) {
		s->tallies = mem_grow(s->tallies, i + 1, sizeof(*s->tallies));
		s->tallies[i] = (struct store_tally){ 0 };
	}
	t = &s->tallies[i];
	t->cold += t->hits ? 0 : tally->misses;
	t->hits += tally->hits;
	t->misses += tally->misses;
	t->input += tally->input;
	t->output += tally->output;
	t->unpriced += tally->unpriced;
	t->usd = usd_add(t->usd, tally->usd);
}

bool
tally_write(struct store *s, const char **why)
{
	for (size_t i = 0; i < s->groups.count; i++) {
		const struct store_tally *t = &s->tallies[i];
		struct slice key = s->groups.keys[i];
		const uint64_t numbers[] = { t->hits, t->misses, t->cold, t->input, t->output,
			t->unpriced, (uint64_t)(t->usd.units / LOW),
			(uint64_t)(t->usd.units % LOW) };

		for (int n = 1; n <= 3; n++)
			db_bind(s->count, n, take(&key));
		for (int n = 0; n < 8; n++)
			db_bind_number(s->count, 4 + n, (int64_t)numbers[n]);
		if (!db_do(s->count, why))
			return false;
	}
	return true;
}

void
tally_clear(struct store *s)
{
	hash_map_free(&s->groups);
	s->groups = (struct hash_map){ 0 };
}

bool
store_tallies(struct store *s, store_tally_fn each, void *context, const char **why)
{
	struct db_query *q = db_prepare(s->db,
	    s->old ? "SELECT scope,x'',x'',hits,misses,0,0,0,hits,0,0 FROM tally ORDER BY scope"
		   : "SELECT * FROM tally ORDER BY scope,rule,model",
	    why);
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
store_size(struct store *s, struct store_size *size, const char **why)
{
	int64_t entries = 0, bytes = 0, damaged = 0;
	bool none, good;

	if (s->old)
		good = ask_number(s, "SELECT count(*) FROM entry", &entries, &none, why) &&
		       ask_number(s,
			   "SELECT ifnull(sum(length(key)+length(scope)+length(model)+"
			   "length(meta)+length(request)+length(body)),0) FROM entry",
			   &bytes, &none, why);
	else
		good = state_get(s, STATE_ENTRIES, &entries, why) &&
		       state_get(s, STATE_BYTES, &bytes, why) &&
		       state_get(s, STATE_DAMAGED, &damaged, why);
	*size = (struct store_size){ (uint64_t)entries, (uint64_t)bytes, (uint64_t)damaged };
	return good;
}

bool
store_forget(struct store *s, struct slice scope, const char **why)
{
	struct db_query *q = db_prepare(s->db, "DELETE FROM tally WHERE scope=?1", why);
	bool good = false;

	if (q) {
		db_bind(q, 1, scope);
		good = db_do(q, why);
	}
	db_finish(q);
	return good;
}
