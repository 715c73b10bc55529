/* SPDX-License-Identifier: MIT */
#include "cmd/llm-compress/fold.h"
#include "cmd/llm-compress/lossless.h"
#include "cmd/llm-compress/table/table.h"

/* The tables of one JSON text, and their tokens, where these are fewer than those of both other
 * forms. */
static struct slice
fold_counted(struct work *w, struct slice text, uint64_t *tokens)
{
	struct buf b = { 0 }, other = { 0 };
	struct slice form = text, plain;

	if (table_fold(text, &w->json, w->arena, &b))
		form = arena_copy(w->arena, buf_slice(&b));
	buf_free(&b);
	if (form.ptr == text.ptr ||
	    (form.ptr[0] == text.ptr[0] && form.ptr[0] == '{' &&
		slice_find(text, '\n') < text.len)) /* undo finds JSON in one line */
		return text;
	plain = text;
	if (fold_write(json_root(&w->json), true, w->arena, &other))
		plain = arena_copy(w->arena, buf_slice(&other));
	buf_free(&other);
	*tokens = work_count(w, form);
	if (form.len * 3 < plain.len * 2) /* so much shorter that counting tells nothing new */
		return form;
	return *tokens < work_count(w, plain) ? form : text;
}

static struct slice
folded(struct work *w, struct slice text)
{
	uint64_t tokens;

	return fold_counted(w, text, &tokens);
}

/* A text that holds such a first line already would be read as ours. */
static bool
has_tables(const struct work *w)
{
	for (size_t i = 0; i < w->count; i++) {
		struct slice s = w->pieces[i].now;

		if (s.len && !work_gone(w, &w->pieces[i]) &&
		    memmem(s.ptr, s.len, " rows as a table; an empty cell", 31))
			return true;
	}
	return false;
}

void
rows_run(struct work *w)
{
	if (has_tables(w))
		return;
	for (size_t i = 0; i < w->count; i++) {
		struct piece *p = &w->pieces[i];
		struct slice bare;

		if (!work_may(w, p, false) || p->part.kind == PART_ASSISTANT ||
		    p->part.kind == PART_SYSTEM || !fold_may_have_rows(p->now))
			continue;
		bare = slice_trim(p->now);
		if (bare.len && (bare.ptr[0] == '[' || bare.ptr[0] == '{')) {
			uint64_t tokens;
			struct slice form = fold_counted(w, bare, &tokens);

			if (form.ptr != bare.ptr)
				work_offer_counted(w, p, form, tokens);
			if (form.ptr != bare.ptr || p->part.kind == PART_RESULT)
				continue;
		}
		if (p->part.kind != PART_RESULT)
			work_offer(w, p, stretches_rewrite(w, p->now, folded));
	}
}
