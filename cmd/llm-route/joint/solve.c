/* SPDX-License-Identifier: MIT */
#include "cmd/llm-route/joint/solve.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"

/* A step of a row from one option of its hull to the next better one. */
struct step {
	struct usd cost;
	uint32_t row, quality, level; /* level: to this point of the row's hull */
};

struct joint {
	struct joint_option *point; /* the hulls of all rows, one behind the other */
	size_t count, room;
	struct row {
		size_t begin;
		uint32_t count, at; /* points of its hull; which one is chosen */
	} * row;
	size_t rows, row_room;
	struct step *step;
	size_t steps;
};

struct joint *
joint_open(void)
{
	return mem_zero(sizeof(struct joint));
}

static int
by_cost(const void *a, const void *b)
{
	const struct joint_option *x = a, *y = b;
	int order = usd_cmp(x->cost, y->cost);

	if (order)
		return order;
	if (x->quality != y->quality)
		return x->quality > y->quality ? -1 : 1;
	return x->index < y->index ? -1 : x->index > y->index;
}

/* Is b above the line from a to c? Then it is on the hull. Costs of a row stay below 10^10
 * dollars, so that the products fit. */
static bool
above(const struct joint_option *a, const struct joint_option *b, const struct joint_option *c)
{
	__int128 ab = (__int128)(b->quality - a->quality) * usd_sub(c->cost, b->cost).units;
	__int128 bc = (__int128)(c->quality - b->quality) * usd_sub(b->cost, a->cost).units;

	return ab > bc;
}

void
joint_add(struct joint *j, const struct joint_option *options, size_t count)
{
	struct joint_option *p;
	struct row *row;
	size_t n = 0;

	assert(count > 0);
	if (j->count + count > j->room) {
		j->room = (j->count + count) * 2;
		j->point = mem_grow(j->point, j->room, sizeof(*j->point));
	}
	if (j->rows == j->row_room) {
		j->row_room = j->row_room ? j->row_room * 2 : 1024;
		j->row = mem_grow(j->row, j->row_room, sizeof(*j->row));
	}
	p = j->point + j->count;
	memcpy(p, options, count * sizeof(*p));
	qsort(p, count, sizeof(*p), by_cost);
	for (size_t i = 0; i < count; i++) {
		struct joint_option one = p[i];

		if (n && one.quality <= p[n - 1].quality)
			continue; /* dearer, and no better */
		while (n >= 2 && !above(&p[n - 2], &p[n - 1], &one))
			n--;
		p[n++] = one;
	}
	row = &j->row[j->rows++];
	*row = (struct row){ j->count, (uint32_t)n, 0 };
	j->count += n;
}

/* Most quality for a dollar first; rows in their order where it is the same. */
static int
by_worth(const void *a, const void *b)
{
	const struct step *x = a, *y = b;
	__int128 left = (__int128)x->quality * y->cost.units;
	__int128 right = (__int128)y->quality * x->cost.units;

	if (left != right)
		return left > right ? -1 : 1;
	if (x->row != y->row)
		return x->row < y->row ? -1 : 1;
	return x->level < y->level ? -1 : x->level > y->level;
}

static void
prepare(struct joint *j, struct joint_result *r)
{
	*r = (struct joint_result){ .rows = j->rows };
	free(j->step);
	j->step = mem_alloc((j->count + 1) * sizeof(*j->step));
	j->steps = 0;
	for (size_t i = 0; i < j->rows; i++) {
		const struct joint_option *p = j->point + j->row[i].begin;

		j->row[i].at = 0;
		r->least = usd_add(r->least, p[0].cost);
		r->quality += p[0].quality;
		r->most += p[j->row[i].count - 1].quality;
		for (uint32_t k = 1; k < j->row[i].count; k++)
			j->step[j->steps++] = (struct step){ usd_sub(p[k].cost, p[k - 1].cost),
				(uint32_t)i, p[k].quality - p[k - 1].quality, k };
	}
	r->cost = r->least;
	qsort(j->step, j->steps, sizeof(*j->step), by_worth);
}

static void
climb(struct joint *j, const struct step *s, struct joint_result *r)
{
	j->row[s->row].at = s->level;
	r->cost = usd_add(r->cost, s->cost);
	r->quality += s->quality;
}

bool
joint_spend(struct joint *j, struct usd sum, struct joint_result *r)
{
	uint64_t bound = 0;
	bool full = false;

	prepare(j, r);
	if (usd_cmp(r->least, sum) > 0)
		return false;
	for (size_t i = 0; i < j->steps; i++) {
		const struct step *s = &j->step[i];
		struct usd left = usd_sub(sum, r->cost);

		if (usd_cmp(s->cost, left) <= 0 && j->row[s->row].at + 1 == s->level) {
			climb(j, s, r);
			continue;
		}
		if (!full) {
			/* of the first step that is too dear the relaxation takes a share */
			full = true;
			bound =
			    r->quality +
			    (uint64_t)(((__int128)s->quality * left.units + s->cost.units - 1) /
				       s->cost.units);
		}
	}
	r->quality_gap = full ? bound - r->quality : 0;
	return true;
}

/* Steps back that the aim can spare, the least worth first. */
static void
give_back(struct joint *j, uint64_t quality, struct joint_result *r)
{
	for (size_t i = j->steps; i-- > 0;) {
		const struct step *s = &j->step[i];

		if (j->row[s->row].at != s->level || r->quality - s->quality < quality)
			continue;
		j->row[s->row].at--;
		r->cost = usd_sub(r->cost, s->cost);
		r->quality -= s->quality;
	}
}

bool
joint_reach(struct joint *j, uint64_t quality, struct joint_result *r)
{
	struct usd bound;

	prepare(j, r);
	bound = r->cost;
	if (r->most < quality)
		return false;
	for (size_t i = 0; i < j->steps && r->quality < quality; i++) {
		const struct step *s = &j->step[i];
		uint64_t wanted = quality - r->quality;

		if (wanted >= s->quality)
			bound = usd_add(r->cost, s->cost);
		else
			bound.units =
			    r->cost.units + s->cost.units * (__int128)wanted / s->quality;
		climb(j, s, r);
	}
	give_back(j, quality, r);
	r->cost_gap = usd_sub(r->cost, bound);
	return true;
}

uint32_t
joint_choice(const struct joint *j, size_t row)
{
	assert(row < j->rows);
	return j->point[j->row[row].begin + j->row[row].at].index;
}

size_t
joint_bytes(const struct joint *j)
{
	return j->room * sizeof(*j->point) + j->row_room * sizeof(*j->row) +
	       (j->count + 1) * sizeof(*j->step);
}

void
joint_free(struct joint *j)
{
	if (!j)
		return;
	free(j->point);
	free(j->row);
	free(j->step);
	free(j);
}
