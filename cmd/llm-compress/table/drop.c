/* SPDX-License-Identifier: MIT */
#include "cmd/llm-compress/table/drop.h"

#include "cmd/llm-compress/fold.h"
#include "cmd/llm-compress/log/log.h"
#include "cmd/llm-compress/marks.h"
#include "json/edit.h"
#include "rank/score.h"

#define ENDS 2 /* rows that stay at both ends */
#define ONE_IN 20
#define ASKED 3 /* rows that stay because the question speaks of them */

bool
drop_asked(const struct settings *s)
{
	return s->drop;
}

/* The ends, and some of the rest at even distances. */
static void
keep_sample(bool *stay, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (i < ENDS || i + ENDS >= n || i % ONE_IN == ONE_IN / 2)
			stay[i] = true;
}

/* What the question names, and the few that speak to it most. */
static void
keep_asked(struct work *w, struct units *u, bool *stay)
{
	float *score = arena_alloc(w->arena, (u->count + 1) * sizeof(*score));
	struct rank_weights plain = { .k1 = 1.2f, .b = .5f, .width = 20, .unit = 1, .rare = 1 };

	rank_score(u, w->question, &plain, NULL, score);
	for (size_t round = 0; round < ASKED; round++) {
		size_t best = 0;

		for (size_t i = 1; i < u->count; i++)
			if (score[i] > score[best])
				best = i;
		if (score[best] < .5f)
			break;
		stay[best] = true;
		score[best] = 0;
	}
	for (size_t i = 0; i < u->count; i++)
		stay[i] |= u->list[i].pinned || work_protected(u->list[i].text);
}

/* Points of a line on a map are no rows. */
static bool
has_text(struct value row)
{
	for (struct value v = json_first(row); json_type(v); v = json_next(v))
		if (json_type(v) == JSON_STRING)
			return true;
	return false;
}

/* Whether all items are objects, or all arrays, or all strings, and enough of them. */
static bool
are_rows(struct value array, size_t *n)
{
	struct value first;
	enum json_type type;

	*n = 0;
	if (json_type(array) != JSON_ARRAY)
		return false;
	first = json_first(array);
	type = json_type(first);
	if (type != JSON_OBJECT && type != JSON_STRING &&
	    (type != JSON_ARRAY || !has_text(first)))
		return false;
	for (struct value v = first; json_type(v); v = json_next(v), ++*n)
		if (json_type(v) != type)
			return false;
	return *n >= DROP_ROWS;
}

/* Errors and outliers among rows, which are strings or more; false where none is like others.
 */
static bool
judge(struct value array, const struct units *u, struct arena *a, bool *stay)
{
	struct slice *line;

	if (json_type(json_first(array)) != JSON_STRING) {
		drop_judge_rows(array, u->count, a, stay);
		return true;
	}
	line = arena_alloc(a, u->count * sizeof(*line));
	for (size_t i = 0; i < u->count; i++)
		line[i] = u->list[i].text;
	return drop_judge_lines(line, u->count, a, stay);
}

/* Takes rows out of one array; how many went. */
static size_t
drop_from(struct work *w, struct value array, size_t n, struct edits *e)
{
	struct units u = { .arena = w->arena };
	bool *stay = arena_zero(w->arena, n + 1, 1);
	size_t gone = 0, i = 0;

	for (struct value v = json_first(array); json_type(v); v = json_next(v))
		units_push(&u, json_string_unescaped(json_raw(v), w->arena), UNIT_RECORD, true);
	if (!judge(array, &u, w->arena, stay))
		return 0;
	keep_asked(w, &u, stay);
	keep_sample(stay, n);
	for (struct value v = json_first(array); json_type(v); v = json_next(v), i++) {
		if (stay[i])
			continue;
		edits_remove(e, v);
		gone++;
	}
	if (gone)
		edits_insert(e, array, (struct value){ 0 },
		    arena_printf(w->arena,
			"\"" MARK_CUT
			" %zu of %zu rows left out, no error or outlier among them\"",
			gone, n));
	return gone;
}

/* Arrays and objects that are still to be looked at. */
struct waiting {
	struct value *list;
	size_t count, room;
	struct arena *arena;
};

static void
look_later(struct waiting *q, struct value v)
{
	if (json_type(v) != JSON_ARRAY && json_type(v) != JSON_OBJECT)
		return;
	q->list = arena_more(q->arena, q->list, q->count, &q->room, sizeof(*q->list));
	q->list[q->count++] = v;
}

/* Takes rows out of the outermost arrays of w->json that have them; how many went. */
static size_t
drop_rows(struct work *w, struct buf *out)
{
	struct waiting q = { .arena = w->arena };
	struct edits e = { 0 };
	size_t n, gone = 0;

	look_later(&q, json_root(&w->json));
	while (q.count) {
		struct value v = q.list[--q.count];
		bool object = json_type(v) == JSON_OBJECT;

		if (are_rows(v, &n)) {
			gone += drop_from(w, v, n, &e);
			continue;
		}
		for (struct value k = json_first(v); json_type(k); k = json_next(k))
			look_later(&q, object ? json_member_value(k) : k);
	}
	if (gone)
		edits_apply(&e, &w->json, out);
	edits_free(&e);
	return gone;
}

/* Lines of code fences, and of JSON that goes on over several lines. */
static void
keep_structure(struct work *w, struct slice text, const struct lines *l, bool *stay)
{
	struct json_search search;
	struct slice found;
	const char *why;
	size_t where, i = 0;

	for (size_t k = 0; k < l->count; k++)
		stay[k] |= (l->list[k].flags & LINE_FENCED) != 0;
	if (!fold_search(&search, text, w->arena))
		return;
	while (fold_find(&search, &found)) {
		if (slice_find(found, '\n') == found.len ||
		    !json_scan(&w->json, found, &why, &where))
			continue;
		while (l->list[i].text.ptr < found.ptr)
			i++;
		for (; i < l->count && l->list[i].text.ptr < found.ptr + found.len; i++)
			stay[i] = true;
	}
}

/* The first one says it in full. */
static void
write_gap(size_t gap, bool first, struct buf *out)
{
	if (gap)
		buf_printf(out, MARK_CUT " %zu line%s%s\n", gap, gap == 1 ? "" : "s",
		    first ? " left out, no error or outlier among them" : "");
}

/* Takes lines out of a log; how many went. */
static size_t
drop_lines(struct work *w, struct slice text, struct buf *out)
{
	struct units u = { .arena = w->arena };
	struct lines lines = lines_read(text, w->arena);
	size_t n = lines.count, gone = 0, gap = 0;
	struct slice *line = arena_alloc(w->arena, (n + 1) * sizeof(*line));
	bool *stay = arena_zero(w->arena, n + 1, 1);

	for (size_t i = 0; i < n; i++)
		line[i] = slice_of(
		    lines.list[i].text.ptr, lines.list[i].text.len + lines.list[i].end);
	if (n < DROP_ROWS || !drop_judge_lines(line, n, w->arena, stay))
		return 0;
	for (size_t i = 0; i < n; i++)
		units_push(&u, line[i], UNIT_RECORD, true);
	keep_structure(w, text, &lines, stay);
	keep_asked(w, &u, stay);
	keep_sample(stay, n);
	for (size_t i = 0; i < n; i++) {
		if (!stay[i]) {
			gap++;
			gone++;
			continue;
		}
		write_gap(gap, gone == gap, out);
		gap = 0;
		buf_add(out, line[i]);
	}
	write_gap(gap, gone == gap, out);
	return gone;
}

/* JSON loses rows and stays JSON; anything else loses lines. */
static size_t
drop_some(struct work *w, struct slice text, struct buf *out)
{
	struct slice bare = slice_trim(text);
	const char *why;
	size_t where;

	if (mark_says_cut(text))
		return 0;
	if (bare.len && (bare.ptr[0] == '[' || bare.ptr[0] == '{') &&
	    json_scan(&w->json, bare, &why, &where))
		return drop_rows(w, out);
	return drop_lines(w, text, out);
}

void
drop_run(struct work *w)
{
	for (size_t i = 0; i < w->count; i++) {
		struct piece *p = &w->pieces[i];
		struct buf b = { 0 };
		uint64_t before;
		size_t gone;

		if (p->part.kind != PART_RESULT || !work_may(w, p, true) || log_has(p->now))
			continue;
		gone = drop_some(w, p->now, &b);
		before = gone ? work_piece_tokens(w, p) : 0;
		if (gone && work_offer(w, p, arena_copy(w->arena, buf_slice(&b))))
			work_rule(
			    w, SLICE("rows left out"), gone, before - work_piece_tokens(w, p));
		buf_free(&b);
	}
}
