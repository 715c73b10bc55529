/* SPDX-License-Identifier: MIT */
/* tune: from labelled pairs or judged hits to the score from which hits are made. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "meaning/gate.h"
#include "meaning/nearest.h"
#include "observed.h"
#include "semantic.h"
#include "verdicts.h"
#include "wrong.h"

#define CURVE 20

static const char *store_name;
static uint64_t bound = 20000;

const struct option tune_options[] = {
	STORE_OPTIONS(store_name),
	{ 0, "error-bound", OPTION_SHARE, "P", &bound,
	    "wrong ones among the hits that may be, at 95 % confidence (2%)", NULL },
	VECTOR_OPTIONS,
	{ 0 },
};

struct point {
	float score;
	bool right;
};

struct tune {
	struct vectors *vectors;
	struct point *points;
	size_t count, room;
	struct slice name; /* of the embedding; run lifetime */
	uint64_t refused, refused_right, other, missing, no_vector;
};

static void
add_point(struct tune *t, float score, bool right)
{
	if (t->count == t->room) {
		t->room = t->room ? t->room * 2 : 256;
		t->points = mem_grow(t->points, t->room, sizeof(*t->points));
	}
	t->points[t->count++] = (struct point){ score, right };
}

/* One run tunes one embedding: that of the first line. */
static bool
is_named(struct tune *t, struct slice name)
{
	static struct arena names;

	if (!t->name.ptr)
		t->name = arena_copy(&names, name);
	if (slice_eq(t->name, name))
		return true;
	t->other++;
	return false;
}

static void
add_pair(struct tune *t, struct record *r, const struct verdict_line *v)
{
	struct vector a, b;
	const char *why;

	if (!vectors_of(t->vectors, r->root, v->text, NULL, r->arena, &a, &why) ||
	    !vectors_of(t->vectors, r->root, v->other, NULL, r->arena, &b, &why) ||
	    a.dims != b.dims || !slice_eq(a.name, b.name)) {
		t->no_vector++;
		return;
	}
	if (!is_named(t, a.name))
		return;
	/* what the gate refuses is no hit at any score */
	if (gate_conflict(gate_read(v->text, r->arena), gate_read(v->other, r->arena)) !=
	    GATE_NONE) {
		t->refused++;
		t->refused_right += v->right;
		return;
	}
	add_point(t, nearest_score(a.row, b.row, a.dims), v->right);
}

static enum verdict
judge(void *context, struct record *r)
{
	struct tune *t = context;
	struct verdict_line v;

	switch (verdict_read(r->root, r->arena, &v)) {
	case VERDICT_NONE: return DROP;
	case VERDICT_MISSING:
	case VERDICT_UNKNOWN: t->missing++; return DROP;
	case VERDICT_GOOD: break;
	}
	if (v.text.ptr)
		add_pair(t, r, &v);
	else if (v.has_score && slice_eqz(v.tier, "vectors") && is_named(t, v.embedding))
		add_point(t, (float)v.score, v.right);
	return DROP;
}

static int
by_score(const void *a, const void *b)
{
	const struct point *x = a, *y = b;

	return x->score < y->score ? 1 : x->score > y->score ? -1 : 0;
}

struct step {
	float score;
	struct wrong hits; /* from that score on; none is a step that is not there */
};

/* What the first n of the sorted points come to. */
static struct step
step_of(const struct tune *t, size_t n)
{
	struct step s = { .score = t->points[n - 1].score, .hits.judged = n };

	for (size_t i = 0; i < n; i++)
		s.hits.wrong += !t->points[i].right;
	/* its upper end holds with 95 % */
	s.hits.range = interval_exact(s.hits.wrong, n, .90);
	return s;
}

/* The lowest score at which the bound is kept with confidence; no hits where there is none. */
static struct step
choose(const struct tune *t)
{
	struct step best = { .score = 0 };
	uint64_t wrong = 0;

	for (size_t n = 1; n <= t->count; n++) {
		wrong += !t->points[n - 1].right;
		if (n < t->count && t->points[n].score >= t->points[n - 1].score)
			continue;
		if ((double)wrong <= (double)n * (double)bound / 1e6 &&
		    interval_exact(wrong, n, .90).high <= (double)bound / 1e6)
			best = step_of(t, n);
	}
	return best;
}

static void
write_step(struct writer *w, const struct step *s)
{
	write_object(w);
	member_real(w, "score", (double)s->score);
	wrong_members(w, "hits", &s->hits);
	write_object_end(w);
}

static void
print_json(const struct tune *t, const struct step *best, struct buf *out)
{
	struct writer w = { .out = out };

	write_object(&w);
	write_name(&w, "embedding");
	write_string(&w, t->name);
	member_count(&w, "labels", t->count);
	member_count(&w, "refused_by_gate", t->refused);
	member_count(&w, "refused_though_right", t->refused_right);
	member_real(&w, "bound", (double)bound / 1e6);
	write_name(&w, "chosen");
	if (best->hits.judged)
		write_step(&w, best);
	else
		write_null(&w);
	write_name(&w, "curve");
	write_array(&w);
	for (size_t i = 1; i <= CURVE; i++) {
		struct step s = step_of(t, (t->count * i + CURVE - 1) / CURVE);

		write_step(&w, &s);
	}
	write_array_end(&w);
	write_object_end(&w);
	buf_add_byte(out, '\n');
}

static void
add_row(struct table *t, const char *mark, const struct step *s, bool people)
{
	struct slice *row = table_row(t);

	row[0] = slice_z(mark);
	row[1] = arena_printf(t->arena, "%.4f", (double)s->score);
	wrong_cells(t, row + 2, &s->hits, people);
}

static void
print_table(const char *format, const struct tune *t, const struct step *best, struct buf *out)
{
	bool people = strcmp(format, "csv") != 0;
	struct arena a = { 0 };
	struct table table;

	table_open(&table, 2 + WRONG_COLUMNS, &a);
	table.heading[0] = people ? SLICE("") : SLICE("step");
	table.heading[1] = SLICE("score");
	table.right[1] = true;
	wrong_headings(&table, 2, "hits", people);
	for (size_t i = 1; i <= CURVE; i++) {
		struct step s = step_of(t, (t->count * i + CURVE - 1) / CURVE);

		add_row(&table, people ? "" : "curve", &s, people);
	}
	if (best->hits.judged)
		add_row(&table, "chosen", best, people);
	if (people)
		buf_printf(out,
		    "%s: %zu labels; the gate refuses %" PRIu64 " more, %" PRIu64
		    " of them right\n",
		    diag_clean(t->name), t->count, t->refused, t->refused_right);
	if (strcmp(format, "md") == 0)
		buf_add_byte(out, '\n');
	table_as(format, &table, out);
	table_close(&table);
	arena_close(&a);
}

void
tune_run(const struct option_list *operands)
{
	static const char *const formats[] = { "table", "json", "csv", "md", NULL };
	const char *format = tool_format(formats);
	struct stream_options o = tool_stream(operands, NO_OBJECT_SKIP);
	struct tune t = { .vectors = vectors_open() };
	/* so many right ones and no wrong one show that the bound is kept */
	double least = ceil(log(.05) / log1p(-(double)bound / 1e6));
	struct buf out = { 0 };
	struct step best;

	semantic_check_bound(bound);
	o.no_output = true;
	stream_each(&o, judge, &t);
	if (t.other)
		diag_note("%" PRIu64 " lines of other embeddings than %s left out", t.other,
		    diag_clean(t.name));
	if (t.missing)
		diag_note(
		    "%" PRIu64 " lines without a verdict that is known left out", t.missing);
	if ((double)t.count < least) {
		diag_warn("not tuned: a bound of %.2f%% needs %.0f labels, and there are %zu",
		    (double)bound / 1e4, least, t.count);
		status_raise(STATUS_NO);
	} else {
		qsort(t.points, t.count, sizeof(*t.points), by_score);
		best = choose(&t);
		if (strcmp(format, "json") == 0)
			print_json(&t, &best, &out);
		else
			print_table(format, &t, &best, &out);
		fwrite(out.data, 1, out.len, stdout);
		buf_free(&out);
		if (best.hits.judged == 0) {
			diag_warn("no score keeps the bound of %.2f%% with these labels",
			    (double)bound / 1e4);
			status_raise(STATUS_NO);
		} else if (store_name && !tool_common()->dry_run) {
			observed_tune(store_name, t.name, best.score);
		}
	}
	vectors_close(t.vectors);
	free(t.points);
}
