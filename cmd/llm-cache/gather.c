/* SPDX-License-Identifier: MIT */
#include "gather.h"

#include <inttypes.h>

#include "base/when.h"
#include "keep.h"
#include "segment.h"
#include "question.h"

/* The place up to which entries were looked at is a note, one for each kind of vectors. */
static void
name_place(const struct vector *v, bool turns, struct store_note *note)
{
	struct buf b = { 0 };
	unsigned char digest[DIGEST_SIZE];

	buf_printf(&b, "gathered %d %zu ", turns, v->dims);
	buf_add(&b, v->name);
	digest_of(buf_slice(&b), digest);
	memcpy(note->space, digest, NOTE_NAME);
	memcpy(note->name, digest + NOTE_NAME, NOTE_NAME);
	buf_free(&b);
}

static bool
place_read(struct store *store, const struct store_note *place, struct arena *a, int64_t *at,
    const char **why)
{
	struct slice bytes;

	if (!store_note_find(store, place->space, place->name, a, &bytes, why))
		return false;
	*at = STORE_FIRST;
	if (bytes.len == sizeof(*at))
		memcpy(at, bytes.ptr, sizeof(*at));
	return true;
}

struct gathering {
	struct store *store;
	struct vectors *vectors;
	bool turns;
	uint64_t count;
};

/* False: *why, the store failed. What has no question is left alone. */
static bool
gather_entry(
    struct gathering *g, const struct store_entry *e, struct arena *a, const char **why)
{
	struct value none = { 0 };
	struct question question;
	struct note note;
	struct vector v;
	struct slice known;
	unsigned char space[16];
	const char *reason;

	note_read(e->meta, &note);
	/* one that a semantic hit made is no second witness; one in doubt waits for its verdict
	 */
	if (note.via.ptr || note.doubted || !entry_in_time(e, when_now()) ||
	    question_of_key(e->request, g->turns, a, &question) ||
	    !vectors_of(g->vectors, none, question.text, g->store, a, &v, &reason))
		return true;
	segment_space(&v, question.rest, space);
	if (!store_note_find(g->store, space, e->key, a, &known, why))
		return false;
	if (known.ptr)
		return true;
	g->count++;
	return segment_keep(g->store, space, e->scope, e->key, question.text,
	    slice_of((char *)v.row, v.dims), why);
}

static bool
gather_all(struct gathering *g, const char **why)
{
	struct arena a = { 0 };
	struct store_note place = { .about = false };
	struct value none = { 0 };
	struct store_entry e;
	struct vector v;
	int64_t at, from;
	bool ok = true;

	if (!vectors_of(g->vectors, none, SLICE("the"), NULL, &a, &v, why))
		return true; /* its name stands for those of all */
	name_place(&v, g->turns, &place);
	ok = place_read(g->store, &place, &a, &at, why);
	from = at;
	while (ok) {
		arena_reset(&a);
		if (!store_next(g->store, &at, &a, &e)) {
			*why = store_trouble(g->store);
			ok = !*why;
			break;
		}
		ok = gather_entry(g, &e, &a, why);
	}
	if (ok && at != from) {
		place.bytes = slice_of((char *)&at, sizeof(at));
		ok = store_note(g->store, &place, why) && store_commit(g->store, why);
	}
	arena_close(&a);
	return ok;
}

void
gather(struct shelf *shelf, struct vectors *vectors, bool turns)
{
	struct gathering g = { shelf->store, vectors, turns, 0 };
	const char *why = NULL;

	if (!g.store || store_is_remote(shelf->name) || store_read_only(g.store) ||
	    vectors_option() || tool_common()->dry_run)
		return;
	if (!gather_all(&g, &why))
		shelf_fail(shelf, why);
	else if (g.count)
		diag_note("semantic: %" PRIu64
			  " question%s of answers that were put without them",
		    g.count, g.count == 1 ? "" : "s");
}
