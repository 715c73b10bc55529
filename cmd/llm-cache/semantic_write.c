/* SPDX-License-Identifier: MIT */
/* What get --semantic says of a question, as members of llm.cache. */
#include <stdio.h>

#include "base/when.h"
#include "keep.h"
#include "semantic.h"

static void
write_score(struct writer *w, const char *name, float score)
{
	char text[16];

	snprintf(text, sizeof(text), "%.4f", (double)score);
	write_name(w, name);
	write_raw(w, slice_z(text));
}

void
semantic_write_found(struct writer *w, const struct semantic_found *f)
{
	char key[KEY_TEXT];

	key_write(f->entry.key, key);
	write_name(w, "tier");
	write_z(w, f->tier);
	write_score(w, "score", f->score);
	write_name(w, "from");
	write_z(w, key);
	write_name(w, "embedding");
	write_string(w, f->vector.name);
	if (strcmp(f->tier, "vectors") == 0)
		write_score(w, "closeness", f->closeness);
}

void
semantic_write_origin(struct writer *w, const struct note *note)
{
	if (!note->writer.ptr)
		return;
	write_name(w, "vetted");
	write_bool(w, true);
	write_name(w, "writer");
	write_raw(w, note->writer);
}

void
semantic_write_hit(struct writer *w, const struct semantic_found *f)
{
	char when[25];
	struct note note;

	note_read(f->entry.meta, &note);
	semantic_write_found(w, f);
	if (strcmp(f->tier, "vectors") == 0)
		write_score(w, "threshold", f->threshold);
	if (f->explored) {
		write_name(w, "explored");
		write_bool(w, true);
	}
	semantic_write_origin(w, &note);
	write_name(w, "question");
	write_string(w, f->text);
	when_write(f->entry.stored, when);
	write_name(w, "stored");
	write_z(w, when);
}

static void
write_hex(struct writer *w, const void *bytes, size_t n, struct buf *room)
{
	char *out;

	buf_clear(room);
	out = buf_room(room, 2 * n + 1);
	digest_hex(bytes, n, out);
	write_z(w, out);
}

void
semantic_write_miss(struct writer *w, const struct semantic_found *f)
{
	static struct buf hex;

	if (f->state == SEMANTIC_CHECK) {
		write_name(w, "check");
		write_object(w);
		semantic_write_hit(w, f);
		write_name(w, "answer");
		write_raw(w, f->entry.body);
		write_object_end(w);
	}
	if (f->refused && f->state == SEMANTIC_MISS) {
		write_name(w, "gate");
		write_z(w, f->refused);
	}
	if (!f->has_question)
		return;
	write_name(w, "semantic");
	write_object(w);
	write_name(w, "embedding");
	write_string(w, f->vector.name);
	write_name(w, "space");
	write_hex(w, f->space, sizeof(f->space), &hex);
	write_name(w, "text");
	write_string(w, f->question.text);
	write_name(w, "vector");
	write_hex(w, f->vector.row, f->vector.dims, &hex);
	write_object_end(w);
}
