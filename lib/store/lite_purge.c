/* SPDX-License-Identifier: MIT */
#include "base/mem.h"
#include "store/lite.h"

#define BATCH 512 /* deletions of one transaction, so that other processes have their turn */

struct victim {
	int64_t seq, id;
};

struct purge {
	struct lite *store;
	struct db_query *list;
	store_wanted_fn wanted;
	void *context;
	struct arena arena;
	int64_t at;
	struct victim victims[BATCH];
	size_t count;
	bool end;
};

/* Goes on through the values until a batch is full. */
static bool
gather(struct purge *p, const char **why)
{
	enum db_step step;

	p->count = 0;
	db_bind_number(p->list, 1, p->at);
	while ((step = db_step_behind(p->list, 0, &p->at, why)) == DB_ROW) {
		struct store_entry e = { .request = SLICE("") };

		arena_reset(&p->arena);
		/* what cannot be read any more belongs to nobody, and goes */
		if (entry_read(db_bytes(p->list, 2), &p->arena, &e, false) &&
		    !p->wanted(p->context, &e))
			continue;
		p->victims[p->count++] = (struct victim){ p->at, db_number(p->list, 1) };
		if (p->count == BATCH)
			break;
	}
	db_reset(p->list);
	p->end = step == DB_DONE;
	return step == DB_DONE || step == DB_ROW;
}

static bool
erase_all(struct purge *p, const char **why)
{
	struct lite *s = p->store;

	for (size_t i = 0; i < p->count; i++) {
		db_bind_number(s->unindex, 1, p->victims[i].id);
		db_bind_number(s->unindex, 2, p->victims[i].seq);
		if (!db_do(s->unindex, why) || !erase_value(s, p->victims[i].seq, why))
			return false;
	}
	return true;
}

static bool
one_batch(struct purge *p, bool dry, const char **why)
{
	if (dry)
		return gather(p, why);
	if (!db_begin(p->store->db, why))
		return false;
	if (gather(p, why) && erase_all(p, why))
		return db_commit(p->store->db, why);
	db_rollback(p->store->db);
	return false;
}

bool
lite_purge(struct store *base, store_wanted_fn wanted, void *context, bool dry, uint64_t *count,
    const char **why)
{
	struct lite *s = lite_of(base);
	struct purge p = {
		.store = s, .wanted = wanted, .context = context, .at = STORE_FIRST
	};
	bool good = true;

	lite_pause(base);
	p.list =
	    db_prepare(s->db, "SELECT seq,id,bytes FROM value WHERE seq>?1 ORDER BY seq", why);
	good = p.list;
	while (good && !p.end) {
		good = one_batch(&p, dry, why);
		*count += good ? p.count : 0;
	}
	db_finish(p.list);
	arena_close(&p.arena);
	return good && (dry || db_wipe(s->db, why));
}
