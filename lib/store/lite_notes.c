/* SPDX-License-Identifier: MIT */
/* Notes in SQLite. Their table is made when the first is put: a store without them is as it
 * was. What is about an entry goes with it by a trigger, so in the same transaction. */
#include "store/lite.h"

static const char *const make[] = {
	("CREATE TABLE IF NOT EXISTS note(seq INTEGER PRIMARY KEY AUTOINCREMENT,"
	 " space BLOB NOT NULL, name BLOB NOT NULL, id INTEGER NOT NULL, sum BLOB NOT NULL,"
	 " bytes BLOB NOT NULL)"),
	/* seq is the last column of each index by itself */
	"CREATE INDEX IF NOT EXISTS note_space ON note(space)",
	"CREATE UNIQUE INDEX IF NOT EXISTS note_name ON note(space,name)",
	"CREATE INDEX IF NOT EXISTS note_entry ON note(id) WHERE id<>0",
	("CREATE TRIGGER IF NOT EXISTS note_end AFTER DELETE ON entry BEGIN"
	 " DELETE FROM note WHERE id=OLD.id AND id<>0; END"),
};

static bool
tables_make(struct lite *s, const char **why)
{
	for (size_t i = 0; i < sizeof(make) / sizeof(*make); i++) {
		struct db_query *q = db_prepare(s->db, make[i], why);
		bool good = q && db_do(q, why);

		db_finish(q);
		if (!good)
			return false;
	}
	return true;
}

static struct slice
name_of(const unsigned char *bytes)
{
	return slice_of((const char *)bytes, NOTE_NAME);
}

static bool
note_write(struct lite *s, const struct note_row *n, struct db_query *drop,
    struct db_query *insert, const char **why)
{
	db_bind(drop, 1, name_of(n->space));
	db_bind(drop, 2, name_of(n->name));
	if (!db_do(drop, why))
		return false;
	if (n->drop)
		return true;
	db_bind(insert, 1, name_of(n->space));
	db_bind(insert, 2, name_of(n->name));
	db_bind_number(insert, 3, n->id);
	db_bind(insert, 4, name_of(n->sum));
	db_bind(insert, 5, slice_of(s->base.note_bytes.data + n->start, n->len));
	return db_do(insert, why);
}

bool
notes_write(struct lite *s, const char **why)
{
	struct db_query *drop, *insert;
	bool good;

	if (s->base.note_count == 0)
		return true;
	if (!tables_make(s, why))
		return false;
	drop = db_prepare(s->db, "DELETE FROM note WHERE space=?1 AND name=?2", why);
	insert =
	    drop ? db_prepare(s->db,
		       "INSERT INTO note(space,name,id,sum,bytes) VALUES(?1,?2,?3,?4,?5)", why)
		 : NULL;
	good = drop && insert;
	for (size_t i = 0; good && i < s->base.note_count; i++)
		good = note_write(s, &s->base.notes[i], drop, insert, why);
	db_finish(drop);
	db_finish(insert);
	return good;
}

/* Gives the row of q, unless it is damaged. */
static void
row_give(struct lite *s, struct db_query *q, const unsigned char *space, store_note_fn each,
    void *context)
{
	struct slice name = db_bytes(q, 1), sum = db_bytes(q, 3), bytes = db_bytes(q, 4);
	unsigned char want[NOTE_NAME], own[NOTE_NAME];

	if (name.len == NOTE_NAME && sum.len == NOTE_NAME) {
		memcpy(own, name.ptr, NOTE_NAME);
		note_sum(space, own, db_number(q, 2), bytes, want);
		if (memcmp(want, sum.ptr, NOTE_NAME) == 0) {
			each(context, own, bytes);
			return;
		}
	}
	s->base.damaged++;
}

/* Is there a table to read at all? */
static bool
table_there(struct lite *s, bool *there, const char **why)
{
	int64_t tables = 0;
	bool none;

	lite_pause(&s->base);
	if (!ask_number(
		s, "SELECT count(*) FROM sqlite_schema WHERE name='note'", &tables, &none, why))
		return false;
	*there = tables > 0;
	return true;
}

/* Gives one note of the space by its name, or, name NULL, all behind *since. */
static bool
rows_give(struct lite *s, const unsigned char *space, const unsigned char *name, int64_t *since,
    store_note_fn each, void *context, const char **why)
{
	struct db_query *q;
	enum db_step step;
	bool there;

	if (!table_there(s, &there, why))
		return false;
	if (!there)
		return true;
	q = db_prepare(s->db,
	    name ? "SELECT seq,name,id,sum,bytes FROM note WHERE space=?1 AND name=?2"
		 : "SELECT seq,name,id,sum,bytes FROM note WHERE space=?1 AND seq>?2"
		   " ORDER BY seq",
	    why);
	if (!q)
		return false;
	db_bind(q, 1, name_of(space));
	if (name)
		db_bind(q, 2, name_of(name));
	else
		db_bind_number(q, 2, *since);
	while ((step = db_step_behind(q, 0, since, why)) == DB_ROW)
		row_give(s, q, space, each, context);
	db_finish(q);
	return step == DB_DONE;
}

bool
lite_notes(struct store *base, const unsigned char *space, int64_t *since, store_note_fn each,
    void *context, const char **why)
{
	return rows_give(lite_of(base), space, NULL, since, each, context, why);
}

struct wanted {
	struct arena *arena;
	struct slice *bytes;
};

static void
take(void *context, const unsigned char *name, struct slice bytes)
{
	struct wanted *w = context;

	(void)name;
	*w->bytes = arena_copy(w->arena, bytes);
}

bool
lite_note(struct store *base, const unsigned char *space, const unsigned char *name,
    struct arena *a, struct slice *bytes, const char **why)
{
	struct wanted w = { a, bytes };
	int64_t from = STORE_FIRST;

	return rows_give(lite_of(base), space, name, &from, take, &w, why);
}
