/* SPDX-License-Identifier: MIT */
#include "rank/choose.h"

#include <stdlib.h>

#include "base/ascii.h"

uint64_t
rank_words(struct slice text)
{
	uint64_t n = 0;
	bool blank = true;

	for (size_t i = 0; i < text.len; i++) {
		bool now = ascii_blank(text.ptr[i]);

		n += blank && !now;
		blank = now;
	}
	return n;
}

struct chooser {
	const struct units *u;
	const struct rank_order *o;
	const struct rank_budget *b;
	bool *keep;
	uint64_t spent; /* with marks */
};

/* Gaps that unit i opens or closes if it is taken: -1, 0 or 1. A gap is a run of units left
 * out, also at either end. */
static int
gap_change(const struct chooser *c, size_t i)
{
	bool left = i == 0 || c->keep[i - 1];
	bool right = i + 1 == c->u->count || c->keep[i + 1];

	return 1 - (int)left - (int)right;
}

static void
take(struct chooser *c, size_t i)
{
	int gap = gap_change(c, i);

	c->spent += c->b->cost[i];
	if (gap > 0)
		c->spent += c->b->mark;
	else if (gap < 0)
		c->spent -= c->b->mark;
	c->keep[i] = true;
}

/* Takes the unit, the headings over it and the ends of those. */
static void
take_all(struct chooser *c, uint32_t i)
{
	while (i != UNITS_NONE && !c->keep[i]) {
		uint32_t end = c->o->end[i];

		take(c, i);
		if (end != UNITS_NONE && !c->keep[end])
			take(c, end);
		i = c->u->list[i].heading;
	}
}

#define CHAIN 64
#define MISSES 48 /* units in a row of scores that did not fit: there is no room */

/* Whether the unit with the heading next over it is too much, whatever gaps they close. */
static bool
is_hopeless(const struct chooser *c, uint32_t i)
{
	uint32_t h = c->u->list[i].heading;
	bool alone = h == UNITS_NONE || c->keep[h];
	uint64_t least = c->spent + c->b->cost[i] + (alone ? 0 : c->b->cost[h]);

	/* each of the two closes one gap at most; so would ends, and headings further up */
	return least > c->b->total + 2 * c->b->mark &&
	       (alone ||
		   (c->u->list[h].heading == UNITS_NONE && c->o->end[h] == UNITS_NONE));
}

/* Takes it where it fits. */
static bool
try_all(struct chooser *c, uint32_t i)
{
	uint32_t taken[CHAIN];
	uint64_t before = c->spent;
	size_t n = 0;

	if (!c->keep[i] && is_hopeless(c, i))
		return false;
	for (uint32_t k = i; k != UNITS_NONE && !c->keep[k] && n + 2 < CHAIN;
	     k = c->u->list[k].heading) {
		uint32_t end = c->o->end[k];

		take(c, k);
		taken[n++] = k;
		if (end != UNITS_NONE && !c->keep[end]) {
			take(c, end);
			taken[n++] = end;
		}
	}
	if (c->spent <= c->b->total)
		return true;
	while (n--)
		c->keep[taken[n]] = false;
	c->spent = before;
	return false;
}

static bool
is_better(const struct rank_candidate *a, const struct rank_candidate *b)
{
	return a->score != b->score ? a->score > b->score : a->unit < b->unit;
}

static int
by_score(const void *a, const void *b)
{
	return is_better(a, b) ? -1 : 1;
}

/* Share of the words of the unit that stand in what is taken already. */
static float
seen_share(const struct rank_order *o, const bool *seen, size_t unit)
{
	size_t n = o->from[unit + 1] - o->from[unit], known = 0;

	for (uint32_t j = o->from[unit]; j < o->from[unit + 1]; j++)
		known += seen[o->subject[j]];
	return n ? (float)known / (float)n : 0;
}

static void
see(const struct rank_order *o, bool *seen, size_t unit)
{
	for (uint32_t j = o->from[unit]; j < o->from[unit + 1]; j++)
		seen[o->subject[j]] = true;
}

/* Moves the candidate at the front down to its place with its new score; a little way only. */
static void
sink(struct rank_candidate *list, size_t n, float score)
{
	struct rank_candidate first = list[0];
	size_t i = 0;

	first.score = score;
	while (i + 1 < n && is_better(&list[i + 1], &first)) {
		list[i] = list[i + 1];
		i++;
	}
	list[i] = first;
}

static void
fill(struct chooser *c, struct rank_candidate *list, size_t n)
{
	const struct units *u = c->u;
	bool diverse = c->b->diverse > 0 && c->o->subject;
	bool *seen = arena_zero(u->arena, u->words + 1, 1);
	bool *judged = arena_zero(u->arena, u->count + 1, 1);
	size_t misses = 0;

	for (size_t i = 0; i < n && misses < MISSES;) {
		uint32_t unit = list[i].unit;

		if (diverse && !judged[unit]) {
			judged[unit] = true;
			sink(list + i, n - i > MISSES ? MISSES : n - i,
			    list[i].score - c->b->diverse * seen_share(c->o, seen, unit));
			continue;
		}
		i++;
		if (c->keep[unit])
			continue;
		if (!try_all(c, unit))
			misses++;
		else if (diverse)
			see(c->o, seen, unit);
	}
}

static void
read_subjects(const struct units *u, struct rank_order *o)
{
	uint32_t n = 0;

	o->subject = arena_alloc(u->arena, (u->from[u->count] + 1) * sizeof(*o->subject));
	o->from = arena_alloc(u->arena, (u->count + 1) * sizeof(*o->from));
	for (size_t i = 0; i < u->count; i++) {
		o->from[i] = n;
		for (uint32_t j = u->from[i]; j < u->from[i + 1]; j++) {
			o->subject[n] = u->word[j];
			n += u->word[j] >= u->common;
		}
	}
	o->from[u->count] = n;
}

struct rank_order
rank_order(const struct units *u, const float *score)
{
	struct rank_order o = { 0 };

	o.list = arena_alloc(u->arena, (u->count + 1) * sizeof(*o.list));
	o.end = arena_alloc(u->arena, (u->count + 1) * sizeof(*o.end));
	memset(o.end, 0xFF, (u->count + 1) * sizeof(*o.end));
	for (size_t i = 0; i < u->count; i++) {
		const struct unit *t = &u->list[i];

		if (t->kind == UNIT_END && t->heading != UNITS_NONE)
			o.end[t->heading] = (uint32_t)i;
		else if (t->kind != UNIT_HEADING && !slice_eq(t->text, SLICE(RANK_MARK)))
			o.list[o.count++] =
			    (struct rank_candidate){ score[i], (uint32_t)i };
	}
	qsort(o.list, o.count, sizeof(*o.list), by_score);
	if (u->word)
		read_subjects(u, &o);
	return o;
}

uint64_t
rank_choose(const struct units *u, const struct rank_order *o, const struct rank_budget *b,
    bool *keep)
{
	struct chooser c = { .u = u, .o = o, .b = b, .keep = keep };
	struct rank_candidate *list = arena_alloc(u->arena, (o->count + 1) * sizeof(*list));

	memcpy(list, o->list, o->count * sizeof(*list));
	memset(keep, 0, u->count);
	c.spent = u->count ? b->mark : 0;
	for (size_t i = 0; i < u->count; i++)
		if (u->list[i].pinned)
			take_all(&c, (uint32_t)i);
	fill(&c, list, o->count);
	return c.spent;
}

/* Whether the two units stand in one paragraph, so that the gap between them is no line. */
static bool
same_line(const struct units *u, size_t a, size_t b)
{
	const struct unit *x = &u->list[a], *y = &u->list[b];
	const char *from = x->text.ptr + x->text.len;

	return x->section == y->section && x->kind == UNIT_SENTENCE &&
	       y->kind == UNIT_SENTENCE && !memchr(from, '\n', (size_t)(y->text.ptr - from));
}

void
rank_write(const struct units *u, size_t first, size_t last, const bool *keep,
    struct slice text, struct buf *out)
{
	const char *done = text.ptr; /* up to here all that stays is written */
	size_t before = SIZE_MAX;    /* the unit that was written last */
	bool gap = false;

	for (size_t i = first; i < last; i++) {
		const struct unit *t = &u->list[i];

		if (!keep[i]) {
			gap = true;
			continue;
		}
		if (!gap) {
			buf_add(out, slice_of(done, (size_t)(t->text.ptr - done)));
		} else if (before != SIZE_MAX && same_line(u, before, i)) {
			buf_add(out, SLICE(" " RANK_MARK " "));
		} else {
			if (before != SIZE_MAX)
				buf_add_byte(out, '\n');
			buf_add(out, SLICE(RANK_MARK "\n"));
		}
		buf_add(out, t->text);
		done = t->text.ptr + t->text.len;
		before = i;
		gap = false;
	}
	if (!gap)
		buf_add(out, slice_of(done, (size_t)(text.ptr + text.len - done)));
	else
		buf_add(out, before == SIZE_MAX ? SLICE(RANK_MARK) : SLICE("\n" RANK_MARK));
}
