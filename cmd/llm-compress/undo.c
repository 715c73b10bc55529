/* SPDX-License-Identifier: MIT */
/* llm-compress --undo: references and tables back to what they stand for. */
#include "cmd/llm-compress/compress.h"
#include "cmd/llm-compress/fold.h"

/* Whether the annotation says that the step ran. */
static bool
did(const struct request *q, enum step step)
{
	struct value steps = json_get(json_get(q->llm, "compress"), "steps");

	for (struct value i = json_first(steps); json_type(i); i = json_next(i))
		if (json_is(json_get(i, "name"), step_names[step]))
			return true;
	return false;
}

static void
undo_blocks(struct work *w)
{
	struct blocks *b = blocks_new(w->arena);

	for (size_t i = 0; i < w->count; i++) {
		struct piece *p = &w->pieces[i];
		struct slice out;

		if (!p->now.ptr || p->part.kind == PART_RESULT)
			continue;
		if (p->part.kind == PART_ASSISTANT)
			blocks_add(b, p->now);
		else if (blocks_expand(b, p->now, &out))
			p->now = out;
		else
			compress_refuse(w, "blocks", "a reference leads nowhere");
	}
}

/* The text in w->json without tables; what has none stays as it is. */
static bool
undo_value(struct work *w, struct slice text, struct buf *out)
{
	const char *why;
	size_t where;

	if (!text.len || !json_scan(&w->json, text, &why, &where) ||
	    !fold_has_table(json_root(&w->json)))
		return false;
	fold_undo(json_root(&w->json), w->arena, out);
	return true;
}

static void
undo_json(struct work *w, struct piece *p)
{
	struct json_search search;
	struct slice found, text = p->now;
	struct buf out = { 0 };
	const char *from = text.ptr;

	if (undo_value(w, slice_trim(text), &out)) {
		from = text.ptr + text.len;
	} else if (fold_search(&search, text, w->arena)) {
		while (fold_find(&search, &found)) {
			struct buf one = { 0 };

			if (undo_value(w, found, &one)) {
				buf_add(&out, slice_of(from, (size_t)(found.ptr - from)));
				buf_add(&out, buf_slice(&one));
				from = found.ptr + found.len;
			}
			buf_free(&one);
		}
	}
	if (from != text.ptr) {
		buf_add(&out, slice_of(from, (size_t)(text.ptr + text.len - from)));
		p->now = arena_copy(w->arena, buf_slice(&out));
	}
	buf_free(&out);
}

bool
compress_undo(struct work *w, const struct request *q, struct arena *a)
{
	bool changed = false;

	compress_collect(w, q, a);
	if (did(q, STEP_BLOCKS))
		undo_blocks(w);
	for (size_t i = 0; i < w->count; i++) {
		struct piece *p = &w->pieces[i];

		if (p->now.ptr && did(q, STEP_TABLES) && p->part.kind != PART_ASSISTANT)
			undo_json(w, p);
		changed |= p->now.ptr && !slice_eq(p->now, p->old);
	}
	return changed;
}
