/* SPDX-License-Identifier: MIT */
#include "sums.h"

#include <stdlib.h>

#include "base/mem.h"

struct sums
sums_of(const struct row *row)
{
	const struct usage *u = &row->usage;
	struct sums s = {
		.requests = 1, .errors = row->failed, .unpriced = row->unpriced != NULL
	};

	if (row->kind == ROW_CALL && row->has_usage && !u->flaw) {
		s.input = u->input;
		s.cached = u->cached;
		s.written = u->written_5m + u->written_1h;
		s.output = u->output;
		s.reasoning = u->reasoning;
	}
	if (!row->unpriced)
		s.cost = row->bill.usd;
	if (row->wasted) {
		s.wasted = 1;
		s.wasted_cost = s.cost;
	}
	return s;
}

void
sums_add(struct sums *s, const struct sums *more)
{
	s->requests += more->requests;
	s->input += more->input;
	s->cached += more->cached;
	s->written += more->written;
	s->output += more->output;
	s->reasoning += more->reasoning;
	s->unpriced += more->unpriced;
	s->errors += more->errors;
	s->wasted += more->wasted;
	s->cost = usd_add(s->cost, more->cost);
	s->wasted_cost = usd_add(s->wasted_cost, more->wasted_cost);
}

void
sums_take(struct sums *s, const struct sums *less)
{
	s->requests -= less->requests;
	s->input -= less->input;
	s->cached -= less->cached;
	s->written -= less->written;
	s->output -= less->output;
	s->reasoning -= less->reasoning;
	s->unpriced -= less->unpriced;
	s->errors -= less->errors;
	s->wasted -= less->wasted;
	s->cost = usd_sub(s->cost, less->cost);
	s->wasted_cost = usd_sub(s->wasted_cost, less->wasted_cost);
}

uint32_t
groups_find(struct groups *g, struct slice key)
{
	size_t i;

	if (g->keys.count >= GROUPS_LIMIT) {
		i = hash_map_find(&g->keys, key);
		if (i != SIZE_MAX)
			return (uint32_t)i;
		key = GROUPS_REST;
		g->merged++;
	}
	i = hash_map_add(&g->keys, key, NULL);
	if (i >= g->room) {
		size_t room = g->room ? g->room * 2 : 64;

		g->list = mem_grow(g->list, room, sizeof(*g->list));
		memset(g->list + g->room, 0, (room - g->room) * sizeof(*g->list));
		g->room = room;
	}
	return (uint32_t)i;
}

void
groups_add(struct groups *g, uint32_t index, const struct row *row, const struct row *old)
{
	struct group *group = &g->list[index];
	struct sums s = sums_of(row);

	sums_add(&group->sums, &s);
	sums_add(&g->total.sums, &s);
	if (old) {
		s = sums_of(old);
		sums_take(&group->sums, &s);
		sums_take(&g->total.sums, &s);
	} else if (row->has_latency && row->kind == ROW_CALL) {
		latency_add(&group->latency, row->latency, 1);
		latency_add(&g->total.latency, row->latency, 1);
	}
}

void
groups_free(struct groups *g)
{
	for (size_t i = 0; i < g->keys.count; i++)
		latency_free(&g->list[i].latency);
	latency_free(&g->total.latency);
	free(g->list);
	hash_map_free(&g->keys);
	*g = (struct groups){ 0 };
}
