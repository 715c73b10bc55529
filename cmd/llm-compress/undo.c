/* SPDX-License-Identifier: MIT */
/* llm-compress --undo: references and tables back to what they stand for. */
#include "cmd/llm-compress/undo.h"

#include "cmd/llm-compress/annotate.h"
#include "cmd/llm-compress/table/table.h"
#include "text/blocks.h"
#include "cmd/llm-compress/fold.h"
#include "cmd/llm-compress/log/log.h"
#include "cmd/llm-compress/lossless.h"

/* false where a reference leads nowhere: that text stays. */
static bool
undo_blocks(struct work *w)
{
	struct blocks *b = blocks_new(w->arena);
	bool fine = true;

	for (size_t i = 0; i < w->count; i++) {
		struct piece *p = &w->pieces[i];
		struct slice out;

		if (!p->now.ptr || p->part.kind == PART_RESULT)
			continue;
		if (p->part.kind == PART_ASSISTANT) {
			blocks_add(b, p->now);
		} else if (blocks_expand(b, p->now, &out)) {
			p->counted = p->counted && slice_eq(out, p->now);
			p->now = out;
		} else {
			work_refuse_as(w, STEP_BLOCKS, "a reference leads nowhere");
			fine = false;
		}
	}
	return fine;
}

bool
undo_references(struct work *w)
{
	struct work_mark *mark = work_mark(w);

	if (!undo_blocks(w)) {
		work_back(w, mark);
		return false;
	}
	work_recount(w);
	work_ask(w);
	w->unfolded = true;
	return true;
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

static struct slice
undo_json(struct work *w, struct slice text)
{
	struct json_search search;
	struct slice found;
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
		text = arena_copy(w->arena, buf_slice(&out));
	}
	buf_free(&out);
	return text;
}

static struct slice
undo_rows(struct work *w, struct slice text)
{
	struct buf out = { 0 };

	if (table_undo(text, &w->json, w->arena, &out))
		text = arena_copy(w->arena, buf_slice(&out));
	buf_free(&out);
	return text;
}

struct slice
undo_text(struct work *w, struct slice text)
{
	if (annotated(w->request, STEP_LOG))
		text = log_plain(w, text);
	if (annotated(w->request, STEP_TABLES))
		text = undo_json(w, text);
	if (annotated(w->request, STEP_ROWS))
		text = undo_rows(w, text);
	return text;
}

bool
undo_texts(struct work *w)
{
	bool changed = false;

	if (annotated(w->request, STEP_BLOCKS))
		undo_blocks(w);
	for (size_t i = 0; i < w->count; i++) {
		struct piece *p = &w->pieces[i];

		if (p->now.ptr && p->part.kind != PART_ASSISTANT)
			p->now = undo_text(w, p->now);
		changed |= p->now.ptr && !slice_eq(p->now, p->old);
	}
	return changed;
}
