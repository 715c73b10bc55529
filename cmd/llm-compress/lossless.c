/* SPDX-License-Identifier: MIT */
#include "cmd/llm-compress/lossless.h"

#include "text/blocks.h"
#include "cmd/llm-compress/fold.h"
#include "text/whitespace.h"

/* The shortest form of the value in w->json; *made: it has tables. */
static struct slice
shortest(struct work *w, bool tables, bool *made)
{
	struct buf b = { 0 };

	*made = fold_write(json_root(&w->json), tables, w->arena, &b);
	return work_keep(w, &b);
}

static bool
scan(struct work *w, struct slice text)
{
	const char *why;
	size_t where;

	if (!text.len || (text.ptr[0] != '{' && text.ptr[0] != '['))
		return false;
	return json_scan(&w->json, text, &why, &where);
}

struct slice
stretches_rewrite(struct work *w, struct slice text, stretch_fn *shorter)
{
	struct json_search search;
	struct slice found;
	struct buf out = { 0 };
	const char *from = text.ptr;

	if (!fold_search(&search, text, w->arena))
		return text;
	while (fold_find(&search, &found)) {
		struct slice value = shorter(w, found);

		if (value.ptr == found.ptr)
			continue;
		buf_add(&out, slice_of(from, (size_t)(found.ptr - from)));
		buf_add(&out, value);
		from = found.ptr + found.len;
	}
	if (from == text.ptr)
		return text;
	buf_add(&out, slice_of(from, (size_t)(text.ptr + text.len - from)));
	return work_keep(w, &out);
}

static struct slice
shorter(struct work *w, struct slice found, bool tables)
{
	struct slice value;
	bool made;

	if (!scan(w, found))
		return found;
	value = shortest(w, tables, &made);
	return slice_eq(value, found) || made != tables ||
		       work_count(w, value) >= work_count(w, found)
		   ? found
		   : value;
}

static struct slice
without_blanks(struct work *w, struct slice found)
{
	return shorter(w, found, false);
}

static struct slice
with_tables(struct work *w, struct slice found)
{
	return shorter(w, found, true);
}

/* Earlier answers keep their form, so that the next one does not copy ours. */
static void
fold_piece(struct work *w, struct piece *p, bool tables)
{
	struct slice value;
	bool made;

	if (!work_may(w, p, false) || p->part.kind == PART_ASSISTANT ||
	    (tables && (p->part.kind == PART_SYSTEM || !fold_may_have_rows(p->now))))
		return;
	if (scan(w, slice_trim(p->now))) {
		value = shortest(w, tables, &made);
		if (made == tables)
			work_offer(w, p, value);
	} else if (p->part.kind != PART_RESULT) {
		work_offer(
		    w, p, stretches_rewrite(w, p->now, tables ? with_tables : without_blanks));
	}
}

void
json_run(struct work *w)
{
	for (size_t i = 0; i < w->count; i++)
		fold_piece(w, &w->pieces[i], false);
}

static bool
has_tables(const struct work *w)
{
	for (size_t i = 0; i < w->count; i++) {
		struct slice s = w->pieces[i].now;

		if (s.len && !work_gone(w, &w->pieces[i]) &&
		    slice_search(s, SLICE("\"columns\"")) < s.len &&
		    slice_search(s, SLICE("\"rows\"")) < s.len)
			return true;
	}
	return false;
}

void
tables_run(struct work *w)
{
	if (has_tables(w))
		return;
	for (size_t i = 0; i < w->count; i++)
		fold_piece(w, &w->pieces[i], true);
}

/* What a tool gave back may be a file that is edited by its exact bytes. */
void
whitespace_run(struct work *w)
{
	for (size_t i = 0; i < w->count; i++) {
		struct piece *p = &w->pieces[i];

		if (work_may(w, p, false) && p->part.kind != PART_RESULT)
			work_offer(
			    w, p, whitespace_fold(p->now, w->api == API_COMPLETION, w->arena));
	}
}

static bool
may_have_blocks(const struct work *w, const struct piece *p)
{
	return p->now.ptr && p->part.kind != PART_RESULT && !work_gone(w, p);
}

/* Whether two lines are equal; false too where a reference stands already. */
static bool
worth_blocks(struct work *w)
{
	struct blocks_look look = { .arena = w->arena };
	bool twice = false;

	for (size_t i = 0; i < w->count; i++) {
		struct piece *p = &w->pieces[i];

		if (p->now.ptr && !work_gone(w, p) && blocks_referred(p->now)) {
			work_refuse(w, "a text has such a reference already");
			return false;
		}
		twice = twice || (may_have_blocks(w, p) && blocks_look(&look, p->now));
	}
	return twice;
}

void
blocks_run(struct work *w)
{
	struct blocks *b;

	if (w->api == API_COMPLETION || !worth_blocks(w))
		return;
	b = blocks_new(w->arena);
	for (size_t i = 0; i < w->count; i++) {
		struct piece *p = &w->pieces[i];

		if (!may_have_blocks(w, p))
			continue;
		if (p->part.kind == PART_ASSISTANT)
			blocks_add(b, p->now);
		else
			work_offer(w, p, blocks_fold(b, p->now));
	}
}
