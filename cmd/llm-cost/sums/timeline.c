/* SPDX-License-Identifier: MIT */
#include "timeline.h"

#include <stdlib.h>

#include "base/mem.h"

struct cell {
	uint32_t group; /* + 1; 0 is free */
	int64_t start;
	struct usd cost;
};

static struct cell *
cell_at(struct cell *cells, size_t size, uint32_t group, int64_t start)
{
	uint64_t h = ((uint64_t)start / 900000 * UINT64_C(0x9E3779B97F4A7C15)) ^
		     (group + UINT64_C(1)) * UINT64_C(0xC2B2AE3D27D4EB4F);
	size_t at = (h ^ h >> 29) & (size - 1);

	while (cells[at].group && (cells[at].group != group + 1 || cells[at].start != start))
		at = (at + 1) & (size - 1);
	return &cells[at];
}

static void
enlarge(struct timeline *t)
{
	size_t size = t->size ? t->size * 2 : 256;
	struct cell *cells = mem_zero(size * sizeof(*cells));

	for (size_t i = 0; i < t->size; i++)
		if (t->cells[i].group)
			*cell_at(cells, size, t->cells[i].group - 1, t->cells[i].start) =
			    t->cells[i];
	free(t->cells);
	t->cells = cells;
	t->size = size;
}

static void
add_cell(struct timeline *t, uint32_t group, int64_t start, struct usd cost)
{
	struct cell *c;

	if (t->used * 4 >= t->size * 3)
		enlarge(t);
	c = cell_at(t->cells, t->size, group, start);
	if (!c->group) {
		if (t->used == TIMELINE_CELLS)
			return;
		t->used++;
		c->group = group + 1;
		c->start = start;
	}
	c->cost = usd_add(c->cost, cost);
}

static void
period_of(enum period period, int64_t when, int64_t *start, int64_t *end)
{
	char name[32];

	if (period == PERIOD_HOUR) {
		*end = period_next(PERIOD_HOUR, when);
		*start = *end - 3600000;
	} else {
		period_name(period, when, name, start, end);
	}
}

struct point *
timeline_point(struct timeline *t, int64_t when)
{
	size_t low = 0, high = t->count;
	struct point p = { 0 };

	if (t->last < t->count && t->list[t->last].start <= when && when < t->list[t->last].end)
		return &t->list[t->last];
	while (low < high) {
		size_t middle = (low + high) / 2;

		if (t->list[middle].end <= when)
			low = middle + 1;
		else
			high = middle;
	}
	t->last = low;
	if (low < t->count && t->list[low].start <= when)
		return &t->list[low];
	if (t->count == TIMELINE_LIMIT)
		return NULL;
	if (t->count == t->room) {
		t->room = t->room ? t->room * 2 : 64;
		t->list = mem_grow(t->list, t->room, sizeof(*t->list));
	}
	memmove(&t->list[low + 1], &t->list[low], (t->count - low) * sizeof(*t->list));
	t->count++;
	period_of(t->period, when, &p.start, &p.end);
	t->list[low] = p;
	return &t->list[low];
}

/* One row, or one less: a point holds what is counted as unsigned, which wraps back. */
static void
count_row(struct timeline *t, uint32_t group, const struct row *row, uint64_t sign)
{
	static const struct usd zero;
	struct sums s = sums_of(row);
	struct usd cost = sign == 1 ? s.cost : usd_sub(zero, s.cost);
	struct point *p;

	if (!row->own_time)
		return;
	p = timeline_point(t, row->when);
	if (!p) {
		t->lost += sign;
		return;
	}
	p->requests += sign * s.requests;
	p->input += sign * s.input;
	p->cached += sign * s.cached;
	p->cost = usd_add(p->cost, cost);
	if (t->by_group && cost.units)
		add_cell(t, group, p->start, cost);
}

void
timeline_add(struct timeline *t, uint32_t group, const struct row *row, const struct row *old)
{
	count_row(t, group, row, 1);
	if (old)
		count_row(t, group, old, UINT64_MAX);
}

struct usd
timeline_cell(const struct timeline *t, uint32_t group, int64_t start)
{
	if (!t->size)
		return (struct usd){ 0 };
	return cell_at(t->cells, t->size, group, start)->cost;
}

static void
coarsen_once(struct timeline *t, enum period period)
{
	struct timeline out = { .period = period, .by_group = t->by_group, .lost = t->lost };

	for (size_t i = 0; i < t->count; i++) {
		const struct point *from = &t->list[i];
		struct point *to = timeline_point(&out, from->start);

		to->requests += from->requests;
		to->input += from->input;
		to->cached += from->cached;
		to->cost = usd_add(to->cost, from->cost);
	}
	for (size_t i = 0; i < t->size; i++)
		if (t->cells[i].group)
			add_cell(&out, t->cells[i].group - 1,
			    timeline_point(&out, t->cells[i].start)->start, t->cells[i].cost);
	timeline_free(t);
	*t = out;
}

/* Points that a chart of the whole stretch would have, with the empty ones. */
static uint64_t
stretch(const struct timeline *t)
{
	static const int64_t length[] = { 1, 3600000, 86400000, 604800000, 2629746000 };

	if (!t->count)
		return 0;
	return (uint64_t)(t->list[t->count - 1].start - t->list[0].start) /
		   (uint64_t)length[t->period] +
	       1;
}

void
timeline_coarsen(struct timeline *t, size_t most)
{
	while (t->period < PERIOD_MONTH && stretch(t) > most)
		coarsen_once(t, t->period + 1);
}

void
timeline_free(struct timeline *t)
{
	free(t->list);
	free(t->cells);
	*t = (struct timeline){ 0 };
}
