/* SPDX-License-Identifier: MIT */
#include "store/notes.h"

#include <stdlib.h>

#include "base/mem.h"
#include "store/parts.h"

#define NOTES_MOST 4096 /* of one commit */

bool
store_has_notes(const struct store *s)
{
	return s->engine->notes;
}

void
note_sum(const unsigned char *space, const unsigned char *name, int64_t id, struct slice bytes,
    unsigned char sum[NOTE_NAME])
{
	static struct buf all;
	unsigned char digest[DIGEST_SIZE];

	buf_clear(&all);
	buf_add(&all, slice_of((const char *)space, NOTE_NAME));
	buf_add(&all, slice_of((const char *)name, NOTE_NAME));
	for (int i = 0; i < 8; i++)
		buf_add_byte(&all, (char)((uint64_t)id >> 8 * i));
	buf_add(&all, bytes);
	digest_of(buf_slice(&all), digest);
	memcpy(sum, digest, NOTE_NAME);
}

static bool
note_add(struct store *s, const struct store_note *note, bool drop, const char **why)
{
	struct note_row *n;

	if (s->read_only || !s->engine->notes) {
		*why = s->read_only ? "cannot be written" : "holds no questions";
		return false;
	}
	if (!s->notes)
		s->notes = mem_alloc(NOTES_MOST * sizeof(*s->notes));
	/* before, not after: it and the entry that comes next are of one transaction */
	if (s->note_count == NOTES_MOST && !store_commit(s, why))
		return false;
	n = &s->notes[s->note_count++];
	*n = (struct note_row){ .drop = drop };
	memcpy(n->space, note->space, NOTE_NAME);
	memcpy(n->name, note->name, NOTE_NAME);
	if (!drop) {
		n->id = note->about ? entry_id(note->scope, note->key) : 0;
		n->start = s->note_bytes.len;
		n->len = note->bytes.len;
		buf_add(&s->note_bytes, note->bytes);
		note_sum(n->space, n->name, n->id, note->bytes, n->sum);
	}
	return true;
}

bool
store_note(struct store *s, const struct store_note *note, const char **why)
{
	return note_add(s, note, false, why);
}

bool
store_note_drop(struct store *s, const unsigned char space[NOTE_NAME],
    const unsigned char name[NOTE_NAME], const char **why)
{
	struct store_note note = { .about = false };

	memcpy(note.space, space, NOTE_NAME);
	memcpy(note.name, name, NOTE_NAME);
	return note_add(s, &note, true, why);
}

bool
store_notes(struct store *s, const unsigned char space[NOTE_NAME], int64_t *since,
    store_note_fn each, void *context, const char **why)
{
	return !s->engine->notes || s->engine->notes(s, space, since, each, context, why);
}

bool
store_note_find(struct store *s, const unsigned char space[NOTE_NAME],
    const unsigned char name[NOTE_NAME], struct arena *a, struct slice *bytes, const char **why)
{
	*bytes = slice_z(NULL);
	return !s->engine->notes || s->engine->note(s, space, name, a, bytes, why);
}

void
notes_clear(struct store *s)
{
	s->note_count = 0;
	buf_clear(&s->note_bytes);
}
